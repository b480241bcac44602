"""Hostile files that are neither scores nor a plan by themselves: reports, locks, overrides, peer marks, surveys."""

from __future__ import annotations

import hashlib
import json
from itertools import product

import hostile_workbooks  # noqa: F401 - some of its kinds are given to other commands, too
from hostile import HEAD, KINDS, PARTS, SIZE, enter, fill, hostile, numbered

# ---- reports -----------------------------------------------------------------------------------------------

REPORT = {
    "kurssi": 1,
    "command": "grade",
    "version": "1",
    "inputs": [],
    "policy": {"scale": "0-5", "parts": []},
    "students": [],
    "summary": {},
}


def report(**fields: object) -> str:
    """A report of which these fields are other than in any report; sealed."""
    text = json.dumps({**REPORT, **fields})
    return json.dumps({**json.loads(text), "seal": hashlib.sha256(text.encode()).hexdigest()})


def policy(*parts: object) -> dict[str, object]:
    """The policy of a report with these parts."""
    return {"scale": "0-5", "parts": parts}


for _name, _text in {
    "brackets": lambda: fill("["),
    "braces": lambda: fill('{"a":'),
    "levels in a report": lambda: '{"kurssi": 1, "command": "grade", "policy": ' + "[" * 400_000 + "]" * 400_000 + "}",
    "levels within reason": lambda: report(policy=json.loads("[" * 140 + "]" * 140)),
    "one number": lambda: fill("9"),
    "a number of many digits": lambda: '{"kurssi": 1, "command": "grade", "students": ' + "9" * 900_000 + "}",
    "a number with an exponent": lambda: '{"kurssi": 1, "command": "grade", "students": 1e999999999}',
    "a number without an end": lambda: '{"kurssi": ' + "1" * 4400 + "}",
    "no number": lambda: '{"kurssi": NaN, "command": Infinity}',
    "one text": lambda: '"' + fill("a"),
    "escapes": lambda: '"' + fill("\\u0041"),
    "halves of letters": lambda: '{"kurssi": 1, "command": "grade", "students": "' + fill("\\ud800") + '"}',
    "one key": lambda: '{"a": 1' + fill(', "a": 1') + "}",
    "keys": lambda: "{" + numbered('"k{n}": 1,') + '"z": 1}',
    "zeros": lambda: "\0" * SIZE,
    "spaces": lambda: fill(" "),
    "nothing": lambda: "",
    "null": lambda: "null",
    "utf-16": lambda: ('{"kurssi": 1, "a": "' + "a" * 100_000 + '"}').encode("utf-16"),
    "not utf-8": lambda: b'{"kurssi": "\xff"}',
    "students": lambda: report(students=[{}] * 200_000),
    "students that are text": lambda: report(students=["a"] * 150_000),
    "students that are lists": lambda: report(students=[[[]]] * 100_000),
    "students with fractions": lambda: report(students=[{"student": str(n), "grade": "1/3"} for n in range(20_000)]),
    "inputs": lambda: report(inputs=[{"path": "x.yaml", "sha256": "0" * 64}] * 9_000),
    "inputs of devices": lambda: report(inputs=[{"path": "/dev/zero", "sha256": "0" * 64}] * 9_000),
    "inputs far away": lambda: report(inputs=[{"path": "../" * 300, "sha256": "0" * 64}] * 1_000),
    "parts": lambda: report(
        policy={"scale": "0-5", "parts": [{"id": f"p{n}", "weight": "1/3"} for n in range(20_000)]}
    ),
    "a fraction of many digits": lambda: report(
        policy={"scale": "0-5", "parts": [{"id": "p", "weight": f"1/{'9' * 4000}"}]}
    ),
    "findings": lambda: report(findings=[{"rule": "x", "message": "y"}] * 25_000),
    "steps": lambda: report(students=[{"student": "1", "steps": [{"rule": "x"}] * 60_000}]),
}.items():
    enter(f"report of {_name}", ".json", _text)

# ---- locks -------------------------------------------------------------------------------------------------


def lock(*lines: str) -> str:
    """A lock of these lines, sealed."""
    text = "\n".join(["kurssi-lock\t1", "version\t0.1.0", "implementation\tx-1", *lines, ""])
    return f"{text}seal\t{hashlib.sha256(text.encode()).hexdigest()}\n"


ZEROS = "0" * 64
RULES = (
    'rule\tscale\t"0-5"',
    'rule\tpart\t{"id": "essay", "name": "Essay", "weight": 1}',
)
for _name, _text in {
    "lines": lambda: "kurssi-lock\t1\n" + fill("\n"),
    "tabs": lambda: "kurssi-lock\t1\n" + fill("\t"),
    "one line": lambda: "kurssi-lock" + fill("a"),
    "brackets": lambda: lock("rule\tscale\t" + "[" * 400_000),
    "levels": lambda: lock("rule\tscale\t" + "[" * 100_000 + "]" * 100_000),
    "a number": lambda: lock("rule\tscale\t" + "9" * 900_000),
    "grades": lambda: lock(*RULES, *(f"grade\t3\t{n}" for n in range(60_000))),
    "sheets": lambda: lock(*RULES, f"file\t{ZEROS}\tx.yaml", *[f"sheet\t{ZEROS}\ts.csv"] * 9_000),
    "sheets of devices": lambda: lock(f"file\t{ZEROS}\tx.yaml", *[f"sheet\t{ZEROS}\t/dev/zero"] * 9_000),
    "sheets far away": lambda: lock(f"file\t{ZEROS}\tx.yaml", *[f"sheet\t{ZEROS}\t{'../' * 300}etc/passwd"] * 900),
    "a sheet with a zero": lambda: lock(f"file\t{ZEROS}\tx.yaml", f"sheet\t{ZEROS}\ts\0.csv"),
    "no file": lambda: lock(*RULES, f"sheet\t{ZEROS}\ts.csv"),
    "files": lambda: lock(*[f"file\t{ZEROS}\tx.yaml"] * 10_000),
    "options": lambda: lock(*RULES, f"file\t{ZEROS}\tx.yaml", *["option\tmap\ta=b"] * 40_000),
    "an extreme day": lambda: lock(f"file\t{ZEROS}\tx.yaml", f"sheet\t{ZEROS}\ts.csv", "option\tas-of\t9999-12-31"),
    "a day that is none": lambda: lock(f"file\t{ZEROS}\tx.yaml", f"sheet\t{ZEROS}\ts.csv", "option\tas-of\t2024-99-99"),
    "parts": lambda: lock(*(f'rule\tpart\t{{"id": "p{n}", "weight": 1}}' for n in range(20_000))),
    "lines of one word": lambda: lock(*["grade"] * 90_000),
    "no rules": lambda: lock(f"file\t{ZEROS}\tx.yaml", f"sheet\t{ZEROS}\ts.csv"),
    "another format": lambda: "kurssi-lock\t" + fill("9"),
    "bytes": lambda: b"kurssi-lock\t1\n" + b"\xff" * 900_000,
    "zeros": lambda: b"kurssi-lock" + b"\0" * 900_000,
}.items():
    enter(f"lock of {_name}", ".lock", _text)

# ---- tables beside the scores ------------------------------------------------------------------------------

OVERRIDES = "student,grade,reason,by,date\n"
for _name, _text in {
    "rows": lambda: OVERRIDES + numbered("{n},3,x,y,2024-01-01\n"),
    "one row": lambda: OVERRIDES + fill("1,3,x,y,2024-01-01\n"),
    "empty rows": lambda: OVERRIDES + fill(",,,,\n"),
    "bad grades": lambda: OVERRIDES + numbered("1,z{n},x,y,2024-01-01\n"),
    "bad days": lambda: OVERRIDES + numbered("1,3,x,y,99.99.{n}\n"),
    "a long reason": lambda: OVERRIDES + "1,3," + fill("x"),
    "a long reason that ends": lambda: OVERRIDES + f"1,3,{'x' * 900_000},y,2024-01-01\n",
    "letters": lambda: fill("a"),
    "quotation marks": lambda: OVERRIDES + fill('"'),
    "columns": lambda: "student,grade,reason,by,date" + ",x" * 16_000 + "\n" + ("1" + "," * 16_000 + "\n") * 40,
    "zeros": lambda: b"student\0" * 100_000,
}.items():
    enter(f"overrides of {_name}", ".csv", _text, "overrides")

for _name, _text in {
    "marks": lambda: "from,to,a\n" + numbered("1,{n},3\n"),
    "marks of strangers": lambda: "from,to,a\n" + numbered("{n},1,3\n"),
    "one mark": lambda: "from,to,a\n" + fill("1,2,3\n"),
    "criteria": lambda: "from,to" + "".join(f",c{n}" for n in range(9_000)) + "\n1,2" + ",3" * 9_000 + "\n",
    "bad marks": lambda: "from,to,a\n" + numbered("1,2,z{n}\n"),
    "large marks": lambda: "from,to,a\n1,2," + "9" * 900_000 + "\n",
    "small marks": lambda: "from,to,a\n1,2,0." + "0" * 900_000 + "1\n",
    "long criteria": lambda: "from,to," + "a" * 900_000 + "\n1,2,3\n",
}.items():
    enter(f"peer marks: {_name}", ".csv", _text, "peers")

for _name, _text in {
    "one stranger": lambda: "student,essay\n" + fill("9,3\n"),
    "groups without a name": lambda: "group,essay\n" + fill(",3\n"),
}.items():
    enter(f"second sheet of {_name}", ".csv", _text, "second")
enter("peer marks: nobody", ".csv", lambda: "from,to,a\n" + fill(",,3\n"), "peers")

for _name, _text in {
    "answers": lambda: "NPS,Opinion\n" + numbered("9,good {n}\n"),
    "answers of one number": lambda: "NPS\n" + fill("9\n"),
    "different answers": lambda: "Choice\n" + numbered("answer {n}\n"),
    "several choices": lambda: "Choices\n" + numbered("a{n};b{n};c{n};\n"),
    "questions": lambda: ",".join(f"Question {n}" for n in range(16_000)) + "\n" + "5," * 15_999 + "5\n",
    "too many questions": lambda: numbered("Question {n},") + "\n5\n",
    "one question": lambda: fill("NPS,") + "\n5\n",
    "a long question": lambda: fill("a") + "\n5\n",
    "a long answer": lambda: "Opinion\n" + "a" * 900_000 + "\n",
    "mail addresses": lambda: "Opinion\n" + numbered("a{n}@b.c d@e.f\n"),
    "signs of mail": lambda: "Opinion\n" + "a." * 200_000 + "@\n",
    "signs of at": lambda: "Opinion\n" + fill("@a-"),
    "long numbers": lambda: "Opinion\n" + numbered("1234567{n}\n"),
    "digits": lambda: "Opinion\n" + "1" * 900_000 + "\n",
    "labels": lambda: "How?\n" + numbered("{n} = yes (no)\n"),
    "labels without an end": lambda: "How?\n" + "1 " * 400_000 + "\n",
    "times": lambda: "Start time,NPS\n" + numbered("2024-01-01 10:00,{n}\n"),
    "scales": lambda: "How much effort " + "0-10 " * 150_000 + "\n3\n",
    "words of questions": lambda: "how much " * 100_000 + "\n3\n",
    "large numbers": lambda: "NPS\n" + numbered("9{n}\n"),
    "empty rows": lambda: "NPS,Opinion\n" + fill(",\n"),
    "quotation marks": lambda: "NPS\n" + fill('"'),
    "zeros": lambda: "NPS\n" + fill("\0"),
}.items():
    enter(f"survey of {_name}", ".csv", _text, "survey")

for _name, _text in {
    "columns": lambda: ",".join(f"c{n}" for n in range(16_000)) + "\n1" + "," * 15_999 + "\n",
    "parts nearly": lambda: "student," + ",".join(f"Essay {n}" for n in range(9_000)) + "\n1" + ",3" * 9_000 + "\n",
    "long columns": lambda: "student," + ",".join("Essa" + "y" * 9_000 for _ in range(100)) + "\n1" + ",3" * 100 + "\n",
    "rows": lambda: "student,essay\n" + numbered("{n},3\n"),
}.items():
    enter(f"export of {_name}", ".csv", _text, "columns")
for _name, _text in {
    "rows": lambda: "student,name\n" + numbered("{n},A B\n"),
    "one row": lambda: "student,name\n" + fill("1,A B\n"),
    "long names": lambda: "student,name\n" + numbered("{n}," + "x" * 900 + "\n"),
    "control characters": lambda: "student,name\n" + numbered("{n},\x01\x1b\n"),
}.items():
    enter(f"roster of {_name}", ".csv", _text, "roster")

# ---- the same files in other places ------------------------------------------------------------------------

for _kind in [*KINDS.values()]:
    if _kind.suffix == ".xlsx" and any(
        word in _kind.name
        for word in (
            *(
                "merged",
                "hidden",
                "dimensions",
                "links",
                "validations",
                "conditional",
                "laughs",
                "entity",
                "at the end",
            ),
            *("at the last", "large sheets", "defined names", "fonts", "formats of cells", "claims 4294967295 strings"),
        )
    ):
        hostile(f"entry workbook: {_kind.name}", ".xlsx", "entry")(_kind.make)
for _kind in [*KINDS.values()]:
    if _kind.name in ("xlsx of cells without a place, 7 MiB", "xlsx of texts without a place, 7 MiB"):
        hostile(f"survey: {_kind.name}", ".xlsx", "survey workbook")(_kind.make)

# ---- plans that are right, and large -----------------------------------------------------------------------

PLANS = {
    "parts": lambda: PARTS + numbered("    - {{id: p{n}, name: P{n}, weight: 1, minimum: 3, required: true}}\n"),
    "parts that need nothing": lambda: PARTS + numbered("    - {{id: p{n}, name: P{n}, weight: 1}}\n"),
    "parts in parts": lambda: (
        PARTS.rstrip()
        + "".join(
            f"\n{'    ' * (n + 1)}- id: p{n}\n{'    ' * (n + 1)}  name: P{n}\n{'    ' * (n + 1)}  weight: 1\n"
            f"{'    ' * (n + 1)}  parts:"
            for n in range(31)
        )
        + f"\n{'    ' * 33}- {{id: z, name: Z, weight: 1}}\n"
    ),
    "attempts": lambda: (
        PARTS + "    - {id: p, name: P, weight: 1, retakes: [" + "{due: 2024-03-01}, " * 30_000 + "]}\n"
    ),
    "sessions": lambda: (
        HEAD + "schedule:\n  weeks: 3-11\n  sessions:\n" + numbered("    - {{week: 3, hours: 3, topic: T{n}}}\n")
    ),
    "sessions at once": lambda: (
        HEAD
        + "schedule:\n  weeks: 3-11\n  sessions:\n"
        + fill("    - {date: 2024-01-15, start: '8:30', hours: 3, topic: T}\n")
    ),
    "agendas": lambda: (
        HEAD
        + "schedule:\n  weeks: 3-11\n  sessions:\n    - {week: 3, hours: 3, topic: T, agenda: ["
        + numbered("{{title: T{n}, time: 1 min}}, ")[:900_000].rpartition("}")[0]
        + "}]}\n"
    ),
    "work": lambda: (
        HEAD
        + "workload:\n  total: 135 h\n  parts:\n"
        + numbered("    - {{name: W{n}, hours: 1 h, kind: contact_teaching}}\n")
    ),
    "outcomes": lambda: (
        "kurssi: 1\ncourse:\n  code: X\n  name: C\n  credits: 5\n  learning_outcomes:\n"
        + numbered("    - Outcome {n}\n")
        + "implementation: {id: x-1}\n"
    ),
    "a long outcome": lambda: HEAD.replace("credits: 5", "credits: 5, learning_outcomes: ['" + "a b " * 200_000 + "']"),
    "a long scale": lambda: PARTS.replace("0-5", "0-999999999") + "    - {id: p, name: P, weight: 1}\n",
    "own grades": lambda: (
        PARTS.replace("0-5", "[" + ", ".join(f"g{n}" for n in range(90_000)) + "]")
        + "    - {id: p, name: P, weight: 1}\n"
    ),
    "levels of activity": lambda: (
        PARTS
        + "    - {id: p, name: P, weight: 1}\n  activity: {levels: {"
        + ", ".join(f"l{n}: 0.5" for n in range(50_000))
        + "}}\n"
    ),
    "a linear conversion of many steps": lambda: (
        PARTS
        + "    - {id: p, name: P, weight: 1, graded: points, max: 999999, linear: {"
        + ", ".join(f"{n}: {n}" for n in range(50_000))
        + "}}\n"
    ),
    "fractions": lambda: (
        PARTS + "".join(f"    - {{id: p{n}, name: P{n}, weight: 0.{n:0>30}1}}\n" for n in range(1, 9000))
    ),
}
_ROLES = ("course page", "calendar", "hours", "policy", "course", "explained", "compared", "last year's", "form")
for (_name, _text), _role in product(PLANS.items(), _ROLES):
    enter(f"plan with {_name}: {_role}", ".yaml", _text, _role)
