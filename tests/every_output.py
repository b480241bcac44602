"""Everything that a command prints or writes, in a table, and a folder in which all of it can be made.

A command, a format or a suffix that is not in the table fails ``tests/test_attack_outputs.py``.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kurssi.cli import run
from test_attack_folders import CLASS, YEARS, runs, systems
from test_attack_text import FIELDS

ONE, SHEET = "2024/a.yaml", "2024/s.csv"
CLASS_OF = f"{ONE} {SHEET}"
ALL_YEARS = " ".join(f"{year}/a.yaml" for year in YEARS)
POINTS, SCORE = "Kurssi Points Grade <Numeric MaxPoints:5 Weight:100>", "Kurssi [Total Pts: 5 Score] |101"
NEW = "new --code X --name X --credits 5 --start 2025-01-01 --end 2025-05-01 --id y"

PRINTED = {
    "validate": (
        f"validate {ONE}",
        f"validate {ONE} --format auto --strict",
        *(f"validate {ONE} --format {kind}" for kind in ("text", "concise", "json", "github", "sarif", "junit")),
        "validate .mend/b.yaml --diff",
        "validate .mend/b.yaml --fix --format json --select unknown-key --ignore weights-sum --stdin-filename x",
    ),
    "workload": (
        f"workload {ONE}",
        *(f"workload {ONE} --format {kind} --by-week" for kind in ("text", "json", "md")),
        *(f"workload {ONE} --spread {how}" for how in ("even", "deadlines")),
        "workload . --group Plain --strict",
        *(f"workload {ONE} --estimate --rates {rates}" for rates in ("helsinki", "wfu", "opintokeskukset", "all")),
    ),
    "grade": (
        f"grade {CLASS_OF}",
        *(f"grade {CLASS_OF} --format {kind}" for kind in ("text", "json", "csv", "md")),
        f"grade {CLASS_OF} --parts --figures --format md",
        f"grade {CLASS_OF} --since r.json --format json",
        f"grade {CLASS_OF} --feedback pages",
        "grade .",
        "grade . --format json",
        f"grade {CLASS_OF} --list peppi",
        f"grade {CLASS_OF} --list sisu --date 2024-03-20",
        f"grade {CLASS_OF} --list public --with-numbers",
        *(
            f"grade {CLASS_OF} {name.removesuffix('-table')}.csv --list {name} {into}"
            for name, into in (
                ("moodle", "--into Kurssi --part exam"),
                ("moodle-worksheet", "--into Grade --with-comments"),
                ("canvas", "--into 'Kurssi (501)'"),
                ("brightspace", f"--into '{POINTS}' --format csv"),
                ("blackboard", f"--into '{SCORE}' --format md"),
                ("itslearning-table", "--format json"),
            )
        ),
    ),
    "explain": (
        f"explain {ONE} 1 {SHEET}",
        *(f"explain {ONE} 1 {SHEET} --needed --format {kind}" for kind in ("text", "md", "json")),
    ),
    "verify": (
        "verify wrong.json",
        "verify wrong.json --format text",
        "verify r.json --format json",
        "verify wrong.lock --key k.pub",
    ),
    "lock": (f"lock {CLASS_OF} --told 2024-03-20",),
    "policy": (
        f"policy {ONE}",
        *(f"policy {CLASS_OF} --format {kind}" for kind in ("text", "json", "md")),
        f"policy {ONE} --strict",
    ),
    "compare": (
        *(f"compare 2023/a.yaml {CLASS_OF} --format {kind}" for kind in ("text", "json", "md")),
        *(f"compare {ALL_YEARS} --least 3 --format {kind}" for kind in ("text", "json", "md")),
        f"compare {ALL_YEARS} --feedback P2024=2024/feedback.csv",
    ),
    "sheet": ("sheet --layouts", f"sheet {ONE} --from moodle.csv"),
    "feedback": (
        *(f"feedback 2023/feedback.csv 2024/feedback.csv --format {kind}" for kind in ("text", "json", "md")),
        "feedback 2024/feedback.csv --column NPS=nps --scale 1-5 --invited 9 --least 3 --words-only --hide Plain",
        "feedback --template effort",
        "feedback --template ease",
    ),
    "plan": (
        *(f"plan {ONE} --format {kind}" for kind in ("text", "md", "json", "html", "ics")),
        *(f"plan . --group Plain --format {kind}" for kind in ("text", "md", "json", "html", "ics")),
        f"plan {ONE} --field assessment",
        f"plan {ONE} --agenda all",
    ),
    "new": (
        f"{NEW} --sessions 8x3 --parts 'Essay 100' -o -",
        f"new --from {ONE} --weeks 52 -o -",
        "new --example list",
        "new --example letters -o -",
    ),
    "rule": ("rule", "rule weights-sum"),
    "schema": ("schema",),
    "app": ("app --help",),
    "lsp": ("lsp --help",),
}
"""What each command prints on standard output; an editor is what reads ``lsp``, and ``app`` opens a browser."""

OF_THE_PROGRAM = ("--help", "--show-completion bash", "grade --help")


class Written(NamedTuple):
    """A command line that writes a file for ``-o``."""

    line: str
    suffixes: tuple[str, ...]
    """Of all files that it can write; none where any name will do."""
    several: bool = True
    """Whether ``-o`` may be given again."""


CLASS_REPORTS = (".json", ".csv", ".md", ".xlsx", ".html")
LISTED = (".md", ".csv", ".xlsx", ".json")

WRITTEN = {
    "validate": (Written(f"validate {ONE}", (".json", ".sarif", ".xml", ".txt")),),
    "workload": (Written(f"workload {ONE}", (".md", ".json")),),
    "grade": (
        Written(f"grade {CLASS_OF}", CLASS_REPORTS),
        Written(f"grade {CLASS_OF} --figures", CLASS_REPORTS),
        Written(f"grade {CLASS_OF} --list peppi", LISTED),
        Written(f"grade {CLASS_OF} --list sisu --date 2024-03-20", (".csv",)),
        Written(f"grade {CLASS_OF} --list public --with-numbers", LISTED),
        Written(f"grade {CLASS_OF} moodle.csv --list moodle --into Kurssi", (".csv",)),
        Written(f"grade {CLASS_OF} moodle-worksheet.csv --list moodle-worksheet", (".csv",)),
        Written(f"grade {CLASS_OF} canvas.csv --list canvas --into 'Kurssi (501)'", (".csv",)),
        Written(f"grade {CLASS_OF} brightspace.csv --list brightspace --into '{POINTS}'", (".csv", ".tsv")),
        Written(f"grade {CLASS_OF} blackboard.csv --list blackboard --into '{SCORE}'", (".csv", ".tsv", ".xls")),
        Written(f"grade {CLASS_OF} itslearning.csv --list itslearning-table", (".csv",)),
    ),
    "lock": (Written(f"lock {CLASS_OF}", ()),),
    "policy": (Written(f"policy {ONE}", (".md", ".html", ".json", ".txt")),),
    "compare": (
        Written(f"compare 2023/a.yaml {CLASS_OF}", (".md", ".json", ".txt", ".html")),
        Written(f"compare {ALL_YEARS}", (".md", ".json", ".txt", ".html")),
    ),
    "sheet": (
        Written(f"sheet {ONE} --roster {SHEET}", (".xlsx",), several=False),
        Written(f"sheet {ONE} --update entry.xlsx --roster {SHEET}", (".xlsx",), several=False),
        Written(f"sheet --anonymise {SHEET}", (), several=False),
    ),
    "feedback": (
        Written("feedback 2024/feedback.csv", (".html", ".md", ".json")),
        Written("feedback --template effort", (".txt", ".xlsx")),
    ),
    "plan": (
        Written(f"plan {ONE}", (".md", ".html", ".ics", ".json")),
        Written(f"plan {ONE} --agenda all", (".md", ".html")),
        Written("plan . --group Plain", (".md", ".html", ".ics", ".json")),
    ),
    "new": (
        Written(NEW, (), several=False),
        Written(f"new --from {ONE} --weeks 52", (), several=False),
        Written("new --example letters", (), several=False),
    ),
    "schema": (Written("schema", (".json",)),),
    "app": (Written("app", (".html",)),),
}
"""What each command with ``-o`` writes."""


def make_folder(folder: Path) -> None:
    """All that the lines of the table read, in the folder, which is the working folder."""
    runs({**dict.fromkeys(FIELDS, "Plain"), "id": "P", "level": "x"}, "Plain", folder)
    text = Path(ONE).read_text("utf-8")
    text = text.replace("kind: contact_teaching", "kind: contact_teaching, activities: [{reading: 20 pages}]")
    Path(ONE).write_text(text, "utf-8")
    Path(".mend").mkdir()
    Path(".mend/b.yaml").write_text(text.replace("credits:", "credts:"), "utf-8")
    list(systems("Kurssi", folder))
    keys = "".join(f"Plain;k{i};{i};x\n" for i in CLASS)
    Path("itslearning.csv").write_text("Nimi;Synkronointiavain;Opiskelijanumero;Koe\n" + keys, "utf-8")
    for line in (
        f"grade {CLASS_OF} -o r.json",
        f"lock {CLASS_OF} -o a.lock",
        "lock 2023/a.yaml 2023/s.csv -o wrong.lock",
        f"sheet {ONE} --roster {SHEET} -o entry.xlsx",
    ):
        assert run(shlex.split(line)) == 0, line
    Path("wrong.json").write_text(Path("r.json").read_text("utf-8").replace('"grade": 2', '"grade": 3', 1), "utf-8")
    Path("2023/s.csv").write_text(Path("2023/s.csv").read_text("utf-8").replace(",1,4", ",5,5", 1), "utf-8")


def printed() -> Iterator[str]:
    """Every line that prints something."""
    for lines in PRINTED.values():
        yield from lines
    yield from OF_THE_PROGRAM


def written() -> Iterator[Written]:
    """Every line that writes something."""
    for lines in WRITTEN.values():
        yield from lines
