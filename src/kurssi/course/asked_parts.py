"""Parts of an assessment in a few words, as somebody types them, and as they are written into a first file.

``Essay 40, Weekly exercises 60 (12x10 p, best 10)``: a name, a weight, and what is more to say in parentheses. A name
with a comma stands in quotes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.numbers import exact, read_number
from kurssi.values.times import When, read_when

MOST_REPEATED = 60
MOST_RETAKES = 20


class Details(NamedTuple):
    """What is more to say of a part than its name and its weight."""

    times: int = 1
    """How many of them there are."""
    points: Fraction | None = None
    """The most points of one; else it takes grades."""
    best: int | None = None
    """So many of them count."""
    group: bool = False
    retakes: int = 0
    due: When | None = None
    """The deadline of the first attempt."""


class Weighed(NamedTuple):
    """A part of the assessment: its name and its weight; without one it is passed or failed."""

    name: str
    weight: Fraction | None
    details: Details | None = None
    """None where nothing was said yet."""


_SAID = {
    "due": re.compile(r"\b(?:due|deadline|määräaika|inlämningstid|deadlinen?)\b:?\s*([^,;]+)"),
    "best": re.compile(r"\b(?:best|paras|parasta|parhaat|bästa)\s*(\d+)|\b(\d+)\s*(?:best|parasta|bästa)\b"),
    "retakes": re.compile(r"\b(?:retakes?|uusinta|uusintoja|omtagning\w*)\s*(\d+)|\b(\d+)\s*(?:retake|uusin|omtag)\w*"),
    "count": re.compile(r"\b(\d+)\s*(?:x|×|\*|kpl\b|st\b)"),
    "points": re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:p|pts|pistettä|points?|poäng)\b"),
    "group": re.compile(r"\b(?:by group|group|groups|ryhmä|ryhmässä|ryhmissä|ryhmätyö|grupp|i grupp)\b"),
}
"""How each detail is said, in every language."""


def read_details(text: str) -> Details:
    """``12x10 p, best 10``, ``50 p, 2 retakes``, ``group``; nothing is one cell with a grade. Raises :class:`Wrong`."""
    left, found = text.casefold(), {}
    for name, pattern in _SAID.items():
        if match := pattern.search(left):
            found[name] = next((group for group in match.groups() if group), "yes") if match.groups() else "yes"
            left = left[: match.start()] + " " + left[match.end() :]
    hint = msg(
        "write 12x10 p, best 10, or 50 p, 2 retakes, or group, or due 2026-03-02 23:59; all else is written into the "
        "file afterwards"
    )
    if strange := [piece.strip(" .+") for piece in re.split("[,;]", left) if piece.strip(" .+")]:
        raise Wrong(msg("“{text}” is not understood", text=strange[0]), hint)
    points = Fraction(found["points"].replace(",", ".")) if "points" in found else None
    best = int(found["best"]) if "best" in found else None
    details = Details(int(found.get("count", 1)), points, best, "group" in found, int(found.get("retakes", 0)),
                      read_when(found["due"]) if "due" in found else None)  # fmt: skip
    if problem := _impossible(details):
        raise Wrong(problem, hint)
    return details


def _impossible(details: Details) -> Msg | None:
    if not 1 <= details.times <= MOST_REPEATED:
        return msg("there can be 1 to {most} of them", most=MOST_REPEATED)
    if details.best is not None and not 1 <= details.best < details.times:
        return msg("the best {best} of {count} cannot be taken", best=details.best, count=details.times)
    if details.points is not None and details.points <= 0:
        return msg("points need a maximum above 0")
    if details.retakes > MOST_RETAKES:
        return msg("there can be at most {most} retakes", most=MOST_RETAKES)
    if details.due is not None and details.times > 1:
        return msg("each of a series has a deadline of its own, which is written into the file afterwards")
    return None


def read_parts(text: str) -> tuple[Weighed, ...]:
    """``Essay 40, Exam 60 (50 p), Peer review``: names with weights; without a number it is passed or failed.

    Where nothing has a number the whole course is. Raises :class:`Wrong`.
    """
    parts = [_read_part(piece) for piece in _pieces(text)]
    total = sum((part.weight for part in parts if part.weight is not None), Fraction(0))
    if total != 100 and not pass_fail(parts):
        raise Wrong(msg("the weights sum to {total}, not 100", total=total), msg("write Essay 40, Exam 60"))
    if len({part_id(part.name) for part in parts}) < len(parts):
        raise Wrong(msg("two parts would have the same id"), msg("give them different names"))
    return tuple(parts)


_KEPT = re.compile(r'"[^"]*"|“[^”]*”|”[^”]*”|„[^“”]*[“”]|\([^()]*\)|(?<=\d),(?=\d)')
"""What no separator stands in: quotes, parentheses, and the comma of a decimal number."""


def _pieces(text: str) -> list[str]:
    """A text at its semicolons, or where it has none at its commas."""
    kept = [match.span() for match in _KEPT.finditer(text)]
    free = [at for at, sign in enumerate(text) if sign in ",;" and not any(a <= at < b for a, b in kept)]
    by = ";" if any(text[at] == ";" for at in free) else ","
    cuts = [-1, *(at for at in free if text[at] == by), len(text)]
    return [text[a + 1 : b] for a, b in pairwise(cuts)]


def _read_part(piece: str) -> Weighed:
    parted = re.fullmatch(r"\s*(.*?)\s*(?:\(([^()]*)\))?\s*", piece, re.DOTALL)
    text, said = (parted[1], parted[2]) if parted else (piece.strip(), None)
    weighed = re.fullmatch(r"(.*?\S)(?:\s*:\s*|\s+)(\d{1,3}(?:[.,]\d+)?)\s*%?", text, re.DOTALL)
    name, weight = (weighed[1], read_number(weighed[2].replace(",", "."))) if weighed else (text.rstrip(":"), None)
    if not name.strip():
        raise Wrong(msg("“{text}” does not name the parts", text=piece), msg("write Essay 40, Exam 60"))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d+)?\s*%?", name):
        hint = msg("write name and weight without a comma between them: Essay 40, Exam 60")
        raise Wrong(msg("“{text}” stands without a name", text=name), hint)
    if quotes := re.fullmatch('["“”„](.*\\S.*)["“”]', name):
        name = quotes[1].strip()
    elif set(name) & set('"“”„'):
        raise Wrong(msg("a quotation mark in “{text}” has no other", text=name), msg("put the whole name into quotes"))
    part = Weighed(name, weight)
    return part if said is None else part._replace(details=fitting(part, read_details(said)))


def fitting(part: Weighed, details: Details) -> Details:
    """The details, where a part can have them. Raises :class:`Wrong`."""
    if part.weight is None and details.points is not None:
        raise Wrong(
            msg("{part} has no number after its name, so it is passed or failed and takes no points", part=part.name),
            msg("write its weight after the name, or leave the points out"),
        )
    return details


def pass_fail(parts: Sequence[Weighed]) -> bool:
    """Whether the whole course is passed or failed: where nothing is weighed."""
    return all(part.weight is None for part in parts)


def part_id(name: str) -> str:
    """An id made from a name: ``Yksilötyöt`` gives ``yksilotyot``."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    letters = re.sub("[^a-z0-9]+", "_", plain).strip("_")
    return letters if letters[:1].isalpha() else f"part_{letters}".rstrip("_")


def in_percent(parts: Sequence[Weighed]) -> bool:
    """Whether per cents are weighed: where all that weighs anything has points."""
    weighed = [part.details for part in parts if part.weight is not None]
    return bool(weighed) and all(details is not None and details.points is not None for details in weighed)


def part_lines(part: Weighed, percent: bool, together: str) -> Iterator[str]:
    """The lines of the file, without what they are indented by; ``together`` ends the id of a whole series."""
    details = part.details or Details()
    how = _graded(part, details, percent)
    weight = "" if part.weight is None else f", weight: {exact(part.weight)}"
    id_, name = part_id(part.name), quoted(part.name)
    if details.times == 1:
        yield f"- {{id: {id_}, name: {name}{weight}{how}}}"
        return
    yield f"- id: {id_}_{together}"
    yield f"  name: {name}"
    if part.weight is None:
        yield f"  need: {details.best or details.times}"
    else:
        yield f"  weight: {exact(part.weight)}"
        if details.best is not None:
            yield f"  best: {details.best}"
    yield "  parts:"
    yield f"    - {{id: {id_}, name: {name}{how}, repeat: {details.times}}}"


def _graded(part: Weighed, details: Details, percent: bool) -> str:
    words = []
    if part.weight is None:
        words.append("graded: pass-fail")
    elif details.points is not None:
        words.append(f"graded: points, max: {exact(details.points)}")
        if not percent:
            words.append("linear: {1: 50 %, 5: 90 %}")
    if details.group:
        words.append("by: group")
    if details.due is not None:
        words.append(f"due: {details.due}")
    if details.retakes:
        words.append(f"retakes: {details.retakes}")
    return "".join(f", {word}" for word in words)


def quoted(text: str) -> str:
    """A text as YAML; plain where nothing in it could be read in another way."""
    if re.fullmatch(r"[^\W\d_][\w äöåÄÖÅ-]*", text) and text.strip() == text and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
