"""Hostile text on its way through whole folders: years, departments, lists that go back to a system, and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kurssi.course.yaml_reader import _BAD_CHARACTER
from test_attack_text import FIELDS, SIGNS, cell, harmless, implementation, told

Capture = pytest.CaptureFixture[str]

MARKUP = (
    '<x-evil onload="x()">',
    '"><x-evil>',
    "'><x-evil>",
    "</script><x-evil>",
    "</style><x-evil>",
    "</title><x-evil>",
    "--><x-evil>",
    "<!--",
    "]]>",
    "javascript:x()",
    "{{x}}",
    "&lt;x-evil&gt;",
)
"""What a hostile name holds against a page."""
YEARS = (2022, 2023, 2024)
CLASS = range(1, 7)


class Page(HTMLParser):
    """The tags of a page and what they point at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.values: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.values += [value or "" for name, value in attrs if name in ("href", "src", "action", "data", "style")]

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")


def safe(page: str) -> None:
    """No tag, script or address of a page is made of data."""
    harmless(re.sub(r"(?m)^\s*::", "", page))  # a browser knows no lines
    read = Page(page)
    assert "x-evil" not in read.tags
    assert "comment" not in read.tags
    assert read.tags.count("script") <= 1
    assert not [name for name in read.attributes if name.startswith("on")]
    assert not [value for value in read.values if "x()" in value]


def runs(fields: dict[str, str], text: str, folder: Path) -> None:
    """Three runs of a course with the class of each, its overrides, requests and feedback."""
    n = cell(text)
    for year in YEARS:
        there = folder / str(year)
        there.mkdir(exist_ok=True)
        plan = implementation({**fields, "id": f"{fields['id']}{year}"})
        plan = plan.replace("2024-", f"{year}-").replace("8x3 h", "3 h").replace("24 h", "3 h") + "scores: s.csv\n"
        (there / "a.yaml").write_text(plan, "utf-8")
        rows = "".join(f"{i},{n},{n},{i % 6},{5 - i % 6}\n" for i in CLASS)
        for file in ("s", text):
            (there / f"{file}.csv").write_text("student,name,group,exam,essay\n" + rows, "utf-8")
        answers = "".join(f"{6 + i % 5},{i % 5 + 1},{n}\n" for i in CLASS)
        (there / "feedback.csv").write_text(f"NPS,{n},Open\n{answers}", "utf-8")
        (there / "overrides.csv").write_text(f"student,grade,reason,by,date\n2,3,{n},{n},{year}-03-20\n", "utf-8")
        log = f"student,asked,about,answered,outcome,reason,by\n1,{year}-03-12,{n},{year}-03-15,kept,{n},{n}\n"
        (there / "rectifications.csv").write_text(log + f"3,{year}-03-14,{n},,,,\n", "utf-8")


def systems(text: str, folder: Path) -> Iterator[tuple[str, str]]:
    """For each system whose list there is its export of the same class."""
    n = cell(text)
    (folder / "moodle.csv").write_text(
        f"First name,Surname,ID number,Email address,{cell(text + ' (Real)')},Last downloaded from this course\n"
        + "".join(f"{n},{n},{i},{n},2.00,1700000000\n" for i in CLASS)
    )
    yield "moodle", text
    (folder / "moodle-worksheet.csv").write_text(
        "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments\n"
        + "".join(f"Participant 1{i},{n},{i},{n},Submitted,,5.00,Yes,-,-,{n}\n" for i in CLASS)
    )
    yield "moodle-worksheet", "Grade"
    (folder / "canvas.csv").write_text(
        f"Student,ID,SIS User ID,SIS Login ID,Section,{cell(text + ' (501)')},Final Score\n"
        "    Points Possible,,,,,5.00,(read only)\n" + "".join(f"{n},90{i},{i},{n},{n},,50\n" for i in CLASS)
    )
    yield "canvas", f"{text} (501)"
    header = f"{text} Points Grade <Numeric MaxPoints:5 Weight:100>"
    (folder / "brightspace.csv").write_text(
        f"OrgDefinedId,Username,Last Name,First Name,Email,{cell(header)},End-of-Line Indicator\n"
        + "".join(f"#{i},{n},{n},{n},{n},,#\n" for i in CLASS)
    )
    yield "brightspace", header
    header = f"{text} [Total Pts: 5 Score] |101"
    (folder / "blackboard.csv").write_text(
        f"Last Name,First Name,Username,Student ID,Last Access,Availability,{cell(header)},Feedback to User\n"
        + "".join(f"{n},{n},{n},{i},x,Yes,,{n}\n" for i in CLASS)
    )
    yield "blackboard", header
    (folder / "itslearning-table.csv").write_text(
        f"Last name,First name,Username,Student ID,{n}\n" + "".join(f"{n},{n},{n},{i},\n" for i in CLASS)
    )
    yield "itslearning-table", "-"


def commands(text: str, group: str) -> list[list[str]]:
    a, b = ["2023/a.yaml", f"2023/{text}.csv"], ["2024/a.yaml", f"2024/{text}.csv"]
    years = [f"{year}/a.yaml" for year in YEARS]
    return [
        ["validate", a[0], "--format", "concise"],
        ["grade", *a, "--figures"],
        ["grade", *a, "--figures", "--format", "md"],
        ["grade", *a, "--figures", "-o", "f.md", "-o", "f.html", "-o", "r.json"],
        ["grade", *a[:1], "other.csv", "--since", "r.json"],
        ["grade", *a[:1], "other.csv", "--since", "r.json", "--format", "md"],
        ["grade", ".", "-o", "all.html"],
        ["grade", ".", "-o", "{id}.md"],
        ["grade", *a, "--feedback", "pages"],
        ["plan", ".", "--group", group],
        ["plan", ".", "--group", group, "--format", "md"],
        ["plan", ".", "--group", group, "-o", "group.html", "-o", "group.ics", "-o", "group.json"],
        ["plan", a[0], "-o", "plan.html", "-o", "plan.ics"],
        ["lock", *b, "-o", "a.lock", "--told", "2024-03-01"],
        ["verify", "a.lock"],
        ["compare", *years],
        ["compare", *years, "--format", "md"],
        ["compare", *years, "-o", "y.html", "-o", "y.md"],
        ["compare", *years, "--feedback", f"{text}=x.csv"],
        ["compare", *a[:1], *b, "-o", "two.html", "-o", "two.md"],
        ["workload", ".", "--group", group],
        ["workload", ".", "--group", group, "--format", "md"],
        ["workload", a[0], "--estimate"],
        ["explain", a[0], "1", a[1]],
        ["policy", a[0], "-o", "p.html"],
        ["sheet", "--anonymise", a[1], "-o", "look.csv"],
        ["feedback", "2022/feedback.csv", "2023/feedback.csv"],
        ["feedback", "2022/feedback.csv", "-o", "fb.html", "-o", "fb.md"],
        ["feedback", "--template", "effort", "-o", f"{text}.txt"],
    ]


@pytest.mark.parametrize("signs", [SIGNS[0::3], SIGNS[1::3], SIGNS[2::3], MARKUP], ids=["a", "b", "c", "markup"])
def test_nothing_of_a_folder_steers_what_reads_it(
    signs: tuple[str, ...], tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "A" + "z".join(sign for sign in signs if sign != "\x00") + "z"
    name = text.replace("/", "\u2215")
    fields = {**dict.fromkeys(FIELDS, _BAD_CHARACTER.sub(" ", text)), "level": "x", "id": "K"}
    runs(fields, name, tmp_path)
    scores = "".join(f"{i},{cell(text)},{cell(text)},4,{5 - i % 6}\n" for i in CLASS)
    Path("other.csv").write_text("student,name,group,exam,essay\n" + scores, "utf-8")
    for arguments in [*commands(name, fields["group"]), *lists(text, name)]:
        harmless(told(arguments, capfd))
    found = set()
    for file in tmp_path.rglob("*"):
        if file.suffix in READ:
            found.add(file.suffix if file.suffix != ".html" else file.name)
            READ[file.suffix](file.read_text("utf-8").replace("\r\n", "\n"))
    assert found >= {".md", ".txt", ".ics", "f.html", "all.html", "group.html", "plan.html", "y.html", "p.html"}
    assert signs is MARKUP or all(Path(f"back-{system}.csv").is_file() for system in ("canvas", "brightspace"))


def lists(text: str, name: str) -> Iterator[list[str]]:
    """Grades on their way back to each system."""
    for system, header in systems(text, Path()):
        into = ["--into", header] if header != "-" else []
        for more in (["--with-comments"] if "moodle" in system else [], ["-o", f"back-{system}.csv"]):
            yield ["grade", "2023/a.yaml", f"2023/{name}.csv", f"{system}.csv", "--list", system, *into, *more]


def calendar(text: str) -> None:
    """Of a calendar no line but an event's number, which nobody sees, holds a hidden sign."""
    harmless(re.sub(r"(?m)^UID:.*$", "", text.replace("\n ", "")))


READ: dict[str, Callable[[str], None]] = {".md": harmless, ".txt": harmless, ".ics": calendar, ".html": safe}
"""Files that people read, or that their programs show."""
