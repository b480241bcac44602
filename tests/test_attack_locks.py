"""A lock that was damaged, forged or signed by somebody else is a finding with a sentence, never a fault."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.diagnostics.message import Wrong
from kurssi.gradebook.lock import MOST_BYTES, read_lock
from strategies import examples
from test_lock import SHEET
from test_policy_analysis import file_of
from test_verify import ANYTHING, all_places, put

POLICY = (
    "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, minimum: 1, retakes: 1}, "
    "{id: essay, weight: 40, due: 2024-03-04 23:59, by: group, peer: {method: webpa, weight: 50 %}}], "
    "late: {deduct: 0.5, per: day, closes: 7 d, free: {budget: 1 d, spend: in-order}}, "
    "activity: {levels: {active: 0.5}}}"
)
OVERRIDES = "student,grade,reason,by,date\n0002,4,oral exam,Opettaja,2024-06-01\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A locked class with a grade that was set by hand."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text(file_of(POLICY), "utf-8")
    (tmp_path / "scores.csv").write_text(SHEET, "utf-8")
    (tmp_path / "overrides.csv").write_text(OVERRIDES, "utf-8")
    assert run(["lock", "x.yaml", "scores.csv", "-o", "x.lock"]) == 0
    capsys.readouterr()
    return tmp_path


def verified(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = run(["verify", "--lang", "en", "x.lock", *more])
    out, err = capsys.readouterr()
    return code, out, err


def sealed(text: str) -> str:
    """The text with the seal that fits it, as somebody who knows how it is made would write it."""
    body = text.rpartition("\nseal\t")[0] + "\n"
    return f"{body}seal\t{hashlib.sha256(body.encode('utf-8', 'surrogatepass')).hexdigest()}\n"


def is_said(answer: tuple[int, str, str]) -> None:
    """A finding or nothing at all, or a file that cannot be opened; no fault."""
    code, out, err = answer
    assert "--debug" not in err, err
    assert code in (0, 1) or "cannot be opened" in err, (code, out, err)
    assert code != 1 or "error: " in out + err


# ---- damage ------------------------------------------------------------------------------------------------


def test_no_byte_can_be_changed(folder: Path) -> None:
    raw = (folder / "x.lock").read_bytes()
    read_lock(raw)
    for place in range(len(raw)):
        for other in (raw[place] ^ 1, ord("0"), ord("\n"), ord("\t"), 0xFF):
            if other != raw[place] and place < len(raw) - 1:
                with pytest.raises(Wrong):
                    read_lock(raw[:place] + bytes([other]) + raw[place + 1 :])
    for length in range(len(raw) - 1):
        with pytest.raises(Wrong):
            read_lock(raw[:length])


@pytest.mark.parametrize("length", [0, 1, 10, 11, 12, 14, 200, -2])
def test_what_is_left_of_a_lock_is_a_finding(folder: Path, capsys: pytest.CaptureFixture[str], length: int) -> None:
    raw = (folder / "x.lock").read_bytes()
    (folder / "x.lock").write_bytes(raw[:length])
    code, out, err = verified(capsys)
    assert (code, out, err.count("\n")) == (1, "", 1)
    code, out, _ = verified(capsys, "--format", "json")
    (problem,) = json.loads(out)["problems"]
    assert (code, problem["where"], problem["severity"]) == (1, "lock", "error")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t + "x" * (MOST_BYTES + 1), "a lock has at most 64 MiB"),
        (lambda t: sealed(t.replace("version\t", "what\t")), "line 2 of the lock is not as kurssi writes it"),
        (lambda t: sealed(t.replace("\nversion\t0.1.0", "")), "this is not a lock of kurssi"),
        (lambda t: sealed(t.replace("sheet\t", "file\t")), "does not name one implementation and its sheets"),
        (lambda t: sealed(t.replace("\nfile\t", "\nsheet\t")), "does not name one implementation and its sheets"),
        (lambda t: sealed(t.replace("\tx.yaml", "\t")), "line 4 of the lock"),
        (lambda t: sealed(t.replace("\tx.yaml", "\tx\x00.yaml")), "line 4 of the lock"),
        (lambda t: sealed(t.replace('"half-up"', "NaN")), "of the lock is not as kurssi writes it"),
        (lambda t: sealed(t.replace('"half-up"', "9" * 5000)), "of the lock is not as kurssi writes it"),
        (lambda t: sealed(t.replace('"half-up"', "[" * 100_000)), "of the lock is not as kurssi writes it"),
        (lambda t: sealed(t.replace('"half-up"', '"sideways"')), 'rule.rounding: "sideways" is none of: '),
        (lambda t: sealed(t.replace('"dues": ["2024-03-04 23:59"]', '"dues": []')), "rule.parts.2.dues: a part has"),
        (lambda t: sealed(t.replace('"Europe/Helsinki"', '"../x"')), "there is no time zone"),
        (lambda t: sealed(t.replace("\nrule\trounding", "\nrule\tparts")), "of the lock is not as kurssi writes it"),
        (lambda t: sealed(t.replace("\nseal", "\ngrade\t5\t0001\nseal")), "of the lock is not as kurssi writes it"),
        (lambda t: sealed(t.replace("\nseal", "\noption\tas-of\tsoon\nseal")), "--as-of takes a date"),
        (lambda t: sealed(t.replace("\nseal", "\noption\tlayout\tnone\nseal")), "there is no layout none"),
        (lambda t: sealed(t.replace("\nseal", "\noption\tmap\tx\nseal")), "--map takes a header"),
        (lambda t: sealed(t.replace("\nseal", "\noption\trun\tx\nseal")), "of the lock is not as kurssi writes it"),
        (lambda t: t + "signature\t\n", "the lock is not as it was written"),
        (lambda t: t + "signature\tAAAA\nsignature\tAAAA\n", "the lock is not as it was written"),
        (lambda t: t + "more\tAAAA\n", "the lock is not as it was written"),
    ],
)
def test_forgeries(folder: Path, capsys: pytest.CaptureFixture[str], change: Callable[[str], str], said: str) -> None:
    (folder / "x.lock").write_text(change((folder / "x.lock").read_text("utf-8")), "utf-8")
    code, out, err = verified(capsys)
    assert (code, out) == (1, "")
    assert said in err
    assert len(err) < 400


def test_names_of_devices_and_of_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "x.lock").read_text("utf-8")
    for name in ("/dev/zero", "/", "nothing.csv", "x" * 5000):
        (folder / "x.lock").write_text(sealed(text.replace("\tscores.csv", f"\t{name}")), "utf-8")
        code, out, err = verified(capsys)
        assert (code, out) == (2, "")
        assert "cannot be opened" in err


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], parent=examples(50))
@given(data=st.data())
def test_rules_with_anything_in_them(folder: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject) -> None:
    (folder / "x.yaml").write_text(file_of(POLICY), "utf-8")
    assert run(["lock", "x.yaml", "scores.csv", "-o", "x.lock", "--force"]) == 0
    capsys.readouterr()
    lines = (folder / "x.lock").read_text("utf-8").splitlines()
    number = data.draw(st.sampled_from([n for n, line in enumerate(lines) if line.startswith("rule\t")]))
    word, name, text = lines[number].split("\t")
    value = {"it": json.loads(text)}
    place = data.draw(st.sampled_from(sorted(all_places(value), key=str)))
    value = put(value, place, data.draw(ANYTHING))
    lines[number] = f"{word}\t{name}\t{json.dumps(value['it'])}"
    (folder / "x.lock").write_text(sealed("\n".join(lines)), "utf-8")
    is_said(verified(capsys))


def test_lines_that_come_go_and_change_places(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = (folder / "x.lock").read_text("utf-8").splitlines()
    dice = random.Random(15)
    for _ in range(150):
        lines = good[:-1]
        for _ in range(dice.randint(1, 3)):
            at, to = dice.randrange(1, len(lines)), dice.randrange(1, len(lines))
            match dice.randrange(4):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(to, lines[at])
                case 2:
                    lines[at], lines[to] = lines[to], lines[at]
                case _:
                    words = lines[at].split("\t")
                    words[dice.randrange(len(words))] = dice.choice(["", "x", '"', '"\\ud800"', "[]", "\u2028", "0001"])
                    lines[at] = "\t".join(words)
        (folder / "x.lock").write_text(sealed("\n".join([*lines, "seal\t"])), "utf-8")
        is_said(verified(capsys))


def test_the_place_of_a_rule_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "x.lock").read_text("utf-8")
    (folder / "x.lock").write_text(sealed(text.replace('"minimum": "1"', '"minimum": 1', 1)), "utf-8")
    assert "error: x.lock: rule.parts.1.minimum: 1 is not an exact number" in verified(capsys)[2]


# ---- who set a grade by hand -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "Opettaja",
            "Rehtori",
            "the grade was set by hand (Opettaja, 2024-06-01), "
            "and is the same now by another decision (Rehtori, 2024-06-01)",
        ),
        (
            "2024-06-01",
            "2024-05-01",
            "the grade was set by hand (Opettaja, 2024-06-01), "
            "and is the same now by another decision (Opettaja, 2024-05-01)",
        ),
        (
            "\n0002",
            "\n0001,4,oral exam,,2024-06-02\n0002",
            "the grade was not set by hand, and now is, the same (2024-06-02)",
        ),
    ],
)
def test_by_and_date_are_locked(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    text = (folder / "x.lock").read_text("utf-8")
    assert "\noverride\t2024-06-01\tOpettaja\t0002\n" in text
    assert "oral exam" not in text
    (folder / "overrides.csv").write_text(OVERRIDES.replace(old, new), "utf-8")
    code, out, err = verified(capsys)
    assert (code, out.partition(": student ")[2][6:]) == (1, f"{said}\n")
    assert err.endswith("\n3 grades as locked; changed: overrides.csv\n")


def test_a_grade_that_needs_no_hand_now(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "overrides.csv").write_text("student,grade,reason,by,date\n", "utf-8")
    (folder / "scores.csv").write_text(SHEET.replace('0002,"Berg, B",1', '0002,"Berg, B",4'), "utf-8")
    code, out, _ = verified(capsys)
    assert code == 1
    assert "the grade was set by hand (Opettaja, 2024-06-01), and is the same without that now" in out


def test_a_lock_of_the_first_format_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "x.lock").read_text("utf-8").replace("kurssi-lock\t2", "kurssi-lock\t1")
    (folder / "x.lock").write_text(sealed(text.replace("override\t2024-06-01\tOpettaja\t0002\n", "")), "utf-8")
    (folder / "overrides.csv").write_text(OVERRIDES.replace("Opettaja", "Rehtori"), "utf-8")
    assert verified(capsys)[:2] == (0, "")


# ---- signatures --------------------------------------------------------------------------------------------

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signing needs ssh-keygen (OpenSSH)")


def key(folder: Path, name: str, comment: str) -> str:
    """A new key pair; the name of the private one."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(folder / name)], check=True)
    return name


@pytest.fixture
def signed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The same class, in a lock that Anna signed; Bo has a key, too."""
    key(folder, "anna", "anna@example.invalid")
    key(folder, "bo", "bo")
    assert run(["lock", "x.yaml", "scores.csv", "-o", "x.lock", "--force", "--sign", "anna"]) == 0
    capsys.readouterr()
    return folder


@needs_ssh
def test_who_signed_is_said(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (signed / "x.lock").read_text("utf-8").splitlines()[-1].startswith("signature\tU1NI")
    code, out, err = verified(capsys, "--key", "anna.pub")
    assert (code, out) == (0, "")
    assert "\n3 grades as locked; signed by anna@example.invalid, SHA256:" in err
    code, _, err = verified(capsys)
    assert code == 0
    assert "signed by the key SHA256:" in err
    assert "whose that is only --key can say" in err
    answer = json.loads(verified(capsys, "--key", "anna.pub", "--format", "json")[1])
    assert answer["signature"].startswith("signed by anna@example.invalid, SHA256:")


@needs_ssh
def test_a_colleague_can_check_it_without_kurssi(signed: Path) -> None:
    """As docs/locks.md says."""
    text = (signed / "x.lock").read_text("utf-8")
    body, _, signature = text.rpartition("signature\t")
    (signed / "x.sig").write_text(f"-----BEGIN SSH SIGNATURE-----\n{signature}-----END SSH SIGNATURE-----\n", "utf-8")
    done = subprocess.run(
        ["ssh-keygen", "-Y", "check-novalidate", "-n", "kurssi-lock", "-s", "x.sig"],
        input=body.encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@needs_ssh
def test_a_list_of_allowed_signers(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    anna, bo = (" ".join((signed / f"{name}.pub").read_text().split()[:2]) for name in ("anna", "bo"))
    (signed / "allowed").write_text(f'# teachers\nbo@x {bo}\nanna@x namespaces="kurssi-lock" {anna}\n', "utf-8")
    assert "signed by anna@x, SHA256:" in verified(capsys, "--key", "allowed")[2]
    for line in (f'anna@x namespaces="git" {anna}', f'anna@x valid-before="20200101" {anna}'):
        (signed / "allowed").write_text(line + "\n", "utf-8")
        code, out, _ = verified(capsys, "--key", "allowed")
        assert code == 1
        assert out.startswith("error: signature: ")
    (signed / "allowed").write_text(f"bo@x {bo}\nnonsense\n", "utf-8")
    assert "which is none of --key" in verified(capsys, "--key", "allowed")[1]


@needs_ssh
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("grade\t4\t0002", "grade\t3\t0002"), "the lock is not as it was written"),
        (lambda t: sealed(t.replace("grade\t4\t0002", "grade\t3\t0002")), "the lock is not signed"),
        (
            lambda t: sealed(t.replace("grade\t4\t0002", "grade\t3\t0002")) + t[t.index("signature") :],
            "the signature does not fit the lock",
        ),
        (lambda t: t[: t.index("signature")] + "signature\tAAAA\n", "the signature does not fit the lock"),
        (lambda t: t[: t.index("signature")] + "signature\t" + "A" * 99_999 + "\n", "the signature does not fit"),
        (lambda t: t[:-9] + "AAAA" + t[-5:], "the signature does not fit the lock"),
        (lambda t: t[: t.index("signature")], "the lock is not signed"),
    ],
)
def test_a_signature_that_does_not_hold(
    signed: Path, capsys: pytest.CaptureFixture[str], change: Callable[[str], str], said: str
) -> None:
    (signed / "x.lock").write_text(change((signed / "x.lock").read_text("utf-8")), "utf-8")
    code, out, err = verified(capsys, "--key", "anna.pub")
    assert code == 1
    assert said in out + err


@needs_ssh
def test_another_key(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = verified(capsys, "--key", "bo.pub")
    assert code == 1
    assert out.startswith("error: signature: signed by the key SHA256:")
    assert out.endswith("which is none of --key\n")
    for name, said in [("anna", "--key takes a public key"), ("nothing", "cannot be opened")]:
        code, _, err = verified(capsys, "--key", name)
        assert (code, said in err) == (2, True)
    assert run(["grade", "x.yaml", "scores.csv", "-o", "x.json"]) == 0
    capsys.readouterr()
    assert run(["verify", "x.json", "--key", "anna.pub", "--lang", "en"]) == 2
    assert "--key belongs to a lock; x.json is none" in capsys.readouterr().err


@needs_ssh
def test_a_key_that_cannot_sign_writes_nothing(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (signed / "broken").write_text("no key", "utf-8")
    (signed / "broken").chmod(0o600)
    for name, said in [("nothing", "make one with ssh-keygen"), ("broken", "nothing is signed with broken")]:
        assert run(["lock", "x.yaml", "scores.csv", "-o", "y.lock", "--sign", name, "--lang", "en"]) == 2
        out, err = capsys.readouterr()
        assert (out, said in err) == ("", True)
    assert not (signed / "y.lock").exists()


@needs_ssh
def test_without_the_program(signed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(signed))
    code, out, err = verified(capsys)
    assert (code, out) == (0, "")
    assert "the signature is not checked: there is no ssh-keygen on this computer" in err
    assert verified(capsys, "--key", "anna.pub")[:2] == (
        1, "error: signature: there is no ssh-keygen on this computer: install OpenSSH\n",
    )  # fmt: skip
    shutil.copy(shutil.which("true", path="/bin:/usr/bin") or "", signed / "ssh-keygen")  # one that lies in this folder
    assert verified(capsys, "--key", "anna.pub")[0] == 1
    assert run(["lock", "x.yaml", "scores.csv", "-o", "y.lock", "--sign", "anna", "--lang", "en"]) == 2
    assert "there is no ssh-keygen" in capsys.readouterr().err
