"""What stands where kurssi writes or looks by itself: older calendars, settings of a shell, files at the tab key."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest

from hostile_runs import in_time
from kurssi.cli import run
from kurssi.course.yaml_reader import _BAD_CHARACTER
from kurssi.gradebook.lock import read_lock
from test_attack_text import SIGNS, harmless

Capture = pytest.CaptureFixture[str]

PLAN = """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: X-1, groups: [{code: G}]}
schedule:
  weeks: 12-22
  sessions: [{date: 2024-03-28, start: 8:30, hours: 3 h, topic: One}]
assessment:
  evaluation_scale: 0-5
  timezone: Europe/Stockholm
  parts: [{id: essay, name: Essay, weight: 100, due: 2024-04-30 23:59}]
"""
SCORES = "student,name,essay\n1,A,3\n2,B,4\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "s.csv").write_text(SCORES, "utf-8")
    return tmp_path


# ---- an older calendar -------------------------------------------------------------------------------------

EVENT = "BEGIN:VEVENT\r\nUID:X-1-session-{}@kurssi\r\nDTSTART;VALUE=DATE:20240301\r\n{}END:VEVENT\r\n"


def calendar(*lines: str) -> bytes:
    """Two events with these lines: one that there still is, and one that is gone."""
    text = "".join(EVENT.format(n, "".join(f"{line}\r\n" for line in lines)) for n in (1, 9))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}END:VCALENDAR\r\n".encode("utf-8", "surrogateescape")


CALENDARS = {
    "a large number": calendar("SEQUENCE:99999999999999"),
    "the largest number": calendar("SEQUENCE:2147483647"),
    "a number of many digits": calendar("SEQUENCE:" + "9" * 5000),
    "a number below": calendar("SEQUENCE:-99999999999999"),
    "no number": calendar("SEQUENCE:x"),
    "numbers": calendar("SEQUENCE:1", "SEQUENCE:2"),
    "the year 9999": calendar().replace(b"20240301", b"99991231"),
    "the year 1": calendar().replace(b"20240301", b"00010101"),
    "another end": calendar("DTEND:99991231T235959Z", "DTEND:x"),
    "a time without a day": calendar().replace(b";VALUE=DATE:20240301", b";VALUE=TIME:101010"),
    "a length of time": calendar().replace(b";VALUE=DATE:20240301", b";VALUE=PERIOD:20240301T101010Z/PT1H"),
    "days": calendar("DTSTART;VALUE=DATE:20240302"),
    "an unknown zone": calendar().replace(b";VALUE=DATE:20240301", b";TZID=No/Where:20240301T101010"),
    "a zone of its own": calendar().replace(b";VALUE=DATE:20240301", b";TZID=../../etc/passwd:20240301T101010"),
    "an alarm": calendar("BEGIN:VALARM", "ACTION:EMAIL", "ATTENDEE:mailto:x@example.com", "END:VALARM"),
    "an attachment": calendar("ATTACH:http://a.example/x", "URL:http://a.example", "ORGANIZER:x"),
    "an event in an event": calendar("BEGIN:VEVENT", "UID:X-1-session-2@kurssi", "END:VEVENT"),
    "levels": calendar(*["BEGIN:VEVENT"] * 5000, *["END:VEVENT"] * 5000),
    "levels without an end": b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 70_000,
    "lines": calendar(*["A:B"] * 80_000),
    "lines of its own": calendar(*["SUMMARY:B"] * 40_000),
    "folds": calendar("SUMMARY:" + "\r\n " * 150_000),
    "events": b"BEGIN:VEVENT\nUID:X-1-session-1@kurssi\nDTSTART:20240101\nEND:VEVENT\n" * 14_000,
    "fewer events": b"".join(
        b"BEGIN:VEVENT\nUID:X-1-session-%d@kurssi\nDTSTART:20240101\nSEQUENCE:1\nEND:VEVENT\n" % n for n in range(4_990)
    ),
    "a long text": calendar("SUMMARY:" + "x" * 450_000),
    "signs": calendar("SUMMARY:\x1b[31m\u202e\x85\x0b"),
    "no letters": calendar("SUMMARY:\udcff"),
    "zeros": b"\0" * 900_000,
}


@pytest.mark.parametrize("arguments", [["x.yaml"], [".", "--group", "G"]], ids=["one", "group"])
@pytest.mark.parametrize("name", CALENDARS)
def test_an_older_calendar_may_hold_anything(name: str, arguments: list[str], folder: Path, capsys: Capture) -> None:
    (folder / "c.ics").write_bytes(CALENDARS[name])
    begin = time.process_time()
    assert run(["--lang", "en", "plan", *arguments, "-o", "c.ics", "--force"]) == 0, capsys.readouterr().err
    assert in_time(time.process_time() - begin, 4)
    text = (folder / "c.ics").read_text("utf-8")
    assert "UID:X-1-session-1@kurssi" in text
    assert "BEGIN:VALARM" not in text
    assert "a.example" not in text
    for number in re.findall("SEQUENCE:(.*)", text):
        assert 0 <= int(number) < 2**31


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_calendar_of_the_first_and_the_last_year(year: str, folder: Path, capsys: Capture) -> None:
    (folder / "x.yaml").write_text(PLAN.replace("2024-04-30", f"{year}-12-31"), "utf-8")
    begin = time.process_time()
    code = run(["--lang", "en", "plan", "x.yaml", "-o", "c.ics"])
    assert "fault of kurssi" not in capsys.readouterr().err
    assert code in (0, 1)
    assert in_time(time.process_time() - begin, 4)


# ---- numbers of very many digits, where a number is meant ----------------------------------------------------

DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "change",
    [
        ("evaluation_scale: 0-5", f"evaluation_scale: {{values: ['3', '{DIGITS}', '4'], passes_from: '{DIGITS}'}}"),
        ("weight: 100", f"weight: 100, label_{DIGITS}: 1"),
        ("timezone: Europe/Stockholm", f"requires: {{'{DIGITS}': {{essay: pass}}}}"),
        ("weeks: 12-22", f"weeks: {DIGITS}-22"),
        ("start: 8:30", f"start: '{DIGITS}'"),
        ("hours: 3 h", f"hours: {DIGITS} h"),
        ("due: 2024-04-30 23:59", f"due: '{DIGITS}-04-30'"),
    ],
    ids=lambda change: change[0],
)
def test_digits_without_end_are_no_fault(change: tuple[str, str], folder: Path, capsys: Capture) -> None:
    assert change[0] in PLAN
    (folder / "x.yaml").write_text(PLAN.replace(*change), "utf-8")
    for arguments in (
        ["validate", "x.yaml"],
        ["grade", "x.yaml", "s.csv", "-o", "g.xlsx", "-o", "g.json", "--force"],
        ["policy", "x.yaml"],
        ["plan", "x.yaml", "--agenda", DIGITS],
        ["sheet", "x.yaml", "-o", "e.xlsx", "--force"],
    ):
        run(["--lang", "en", *arguments])
        assert "fault of kurssi" not in capsys.readouterr().err, arguments


def test_a_width_without_end_is_no_width(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", DIGITS)
    assert run(["--lang", "en", "validate", "nowhere.yaml"]) == 2
    assert capsys.readouterr().err.startswith("error: nowhere.yaml cannot be opened")


# ---- a lock --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signs", [SIGNS[at::4] for at in range(4)], ids=ascii)
def test_a_lock_hides_no_sign_and_is_read_again(signs: tuple[str, ...], folder: Path, capsys: Capture) -> None:
    name = "A" + "z".join(sign for sign in signs if sign not in "\x00") + "z"
    quoted = '"' + "".join(f"\\U{ord(sign):08x}" for sign in _BAD_CHARACTER.sub("", name)) + '"'
    (folder / "x.yaml").write_text(PLAN.replace("name: Essay", f"name: {quoted}"), "utf-8")
    (folder / "s.csv").write_text(f'student,name,essay\n"1{name}",A,3\n2,"{name}",4\n', "utf-8")
    (folder / "overrides.csv").write_text(f'student,grade,reason,by,date\n2,5,"{name}","{name}",2024-05-05\n', "utf-8")
    assert run(["--lang", "en", "lock", "x.yaml", "s.csv", "-o", "x.lock"]) == 0
    harmless(capsys.readouterr().err)
    text = (folder / "x.lock").read_text("utf-8")
    harmless(text)
    assert read_lock(text.encode()).grades
    assert run(["--lang", "en", "verify", "x.lock"]) == 0
    harmless(capsys.readouterr().err)
    assert run(["--lang", "en", "lock", "x.yaml", "s.csv"]) == 0
    harmless(capsys.readouterr().out)


def test_a_lock_of_an_earlier_version_shows_signs_and_is_read_all_the_same(folder: Path) -> None:
    (folder / "x.yaml").write_text(PLAN.replace("name: Essay", 'name: "A\\u200bB"'), "utf-8")
    assert run(["lock", "x.yaml", "s.csv", "-o", "x.lock"]) == 0
    text = (folder / "x.lock").read_text("utf-8")
    assert "\\u200b" in text
    old = text.replace("\\u200b", "\u200b").rpartition("seal\t")[0]
    (folder / "x.lock").write_text(f"{old}seal\t{sha256(old.encode()).hexdigest()}\n", "utf-8")
    assert run(["verify", "x.lock"]) == 0


# ---- the settings of a shell -----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
def test_settings_of_a_shell_are_never_torn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    home = tmp_path / "o'brien $(touch evil)"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    settings = home / ".bashrc"
    settings.write_text("true # mine")
    settings.chmod(0o640)
    from kurssi.cli import files as writing

    sync = writing._sync
    monkeypatch.setattr(writing, "_sync", lambda file: (_ for _ in ()).throw(OSError(28, "full")))
    assert run(["--lang", "en", "--install-completion", "bash"]) == 2
    assert "fault of kurssi" not in capsys.readouterr().err
    assert settings.read_text() == "true # mine"
    assert not (home / ".bash_completions" / "kurssi.sh").exists()
    monkeypatch.setattr(writing, "_sync", sync)
    for _ in range(2):
        assert run(["--install-completion", "bash"]) == 0
    assert len(settings.read_text().splitlines()) == 2
    assert settings.stat().st_mode & 0o777 == 0o640
    done = subprocess.run(
        ["bash", "--norc", "-c", ". ./.bashrc; complete -p kurssi"], cwd=home, capture_output=True, check=False
    )
    assert b"_kurssi_completion" in done.stdout, done.stderr
    assert [path.name for path in tmp_path.rglob("evil")] == []


# ---- the tab key -----------------------------------------------------------------------------------------------


def proposed(line: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("_KURSSI_COMPLETE", "bash")
    assert run([*line, "."]) == 0
    return [text.partition("\t")[0] for text in capsys.readouterr().out.splitlines()]


def test_the_tab_key_proposes_nothing_that_a_shell_would_carry_out(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = ["0123", "$(touch evil)", "`touch evil`", "1;touch evil", "1|x", "1&x", "1>x", "*", "~", "-x y", "1'2"]
    (folder / "s.csv").write_text("student,essay\n" + "".join(f'"{n}",3\n' for n in numbers), "utf-8")
    found = proposed(["explain", "x.yaml", "s.csv"], capsys, monkeypatch)
    assert "0123" in found
    assert not [text for text in found if not text.startswith(":files") and re.search(r"[^\w@%+=:,./-]", text)]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices as POSIX has them")
@pytest.mark.parametrize("name", ["x.yaml", "s.csv"])
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "large"])
def test_the_tab_key_waits_for_nothing(
    kind: str, name: str, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / name).unlink()
    if kind == "pipe":
        os.mkfifo(folder / name)
    elif kind == "large":
        with (folder / name).open("wb") as file:
            file.truncate(1 << 34)
    else:
        (folder / name).symlink_to(kind)
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, before[1]))
    waiting = threading.Timer(20, lambda: os.open(folder / name, os.O_RDWR | os.O_NONBLOCK) if kind == "pipe" else None)
    waiting.start()
    begin = time.monotonic()
    try:
        found = proposed(["explain", "x.yaml", "s.csv"], capsys, monkeypatch)
    finally:
        waiting.cancel()
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert time.monotonic() - begin < 15
    assert found
    assert all(text.startswith(":files") for text in found)
