"""Rules for the texts of the page: what was never filled in, what a language lacks, what does not belong there."""

import re
from collections.abc import Iterator
from functools import cache

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Terms, msg

from .registry import Hit, rule


@cache
def _pattern(of: str) -> re.Pattern[str]:
    """Patterns are compiled when the first file is checked, not whenever kurssi starts."""
    return re.compile(PATTERNS[of], re.VERBOSE | re.MULTILINE)


PATTERNS = {
    "placeholder": r"""
        \b[xX]{1,2}\.[xX]{1,2}\.(?:\d{2,4}|[xXyYvV]{2,4})        # xx.xx.2025
        | \b\d{1,2}\.[xX]{1,2}\.\d{4}\b | \b[xX]{1,2}\.\d{1,2}\.\d{4}\b
        | \b[yYvV]{4}-[mMkK]{2}-[dDpP]{2}\b                      # YYYY-MM-DD
        | \bTODO\b | \bFIXME\b | \bTBD\b | \bTBA\b | \bXXX+\b
        | (?i:\blorem\ ipsum\b) | (?i:\btäydennä\b) | (?i:\bkirjoita\ tähän\b) | (?i:\bwrite\ here\b)
        | \?\?\?+ | ^[ \t]*(?:-+|–|—|\.\.\.|…|\?)[ \t]*$
    """,
    "digit": r"\d",
    "labelled": r"""
        (?i:opiskelijanumero|opiskelijanro|op\.?\ ?nro|student\ ?(?:number|id|no\.?)|studentnummer)
        \W{0,3}(?P<number>\d{4,10})\b
    """,
    "personal": r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b",
    "address": r"(?i:\b[\w.+-]+@(?:[\w-]+\.)*(?:edu|student|students|opiskelija|opisk)\.[\w.-]+\w)",
    "number": r"(?<![\w.,:/+-])(?<!\d\ )\d{6,8}(?![\w/:-])(?!\ \d)",
}


HINTS = (
    "x.", "-mm-", "-kk-", "todo", "fixme", "tbd", "tba", "xxx", "lorem", "täydennä", "kirjoita tähän", "write here",
    "???", "---",
)  # fmt: skip
"""What stands in every placeholder that is longer than three signs, in small letters."""


@rule("placeholder", Severity.warning)
def placeholder(file: ImplementationFile) -> Iterator[Hit]:
    """No text is still a placeholder: xx.xx.2025, TODO, TBA, lorem ipsum, or nothing but a dash.

    Why: students read the page as it stands. A field that has nothing to say is left out; its heading then does not
    appear.

    Fails::

        exam_schedules: Tentti xx.xx.2025

    Passes::

        exam_schedules: Tentti viikolla 11
    """
    lower = file.all_text
    if not any(hint in lower for hint in HINTS) and all(text.strip(" -–—.…?") for _, text in file.texts):
        return  # most files: the pattern costs a hundred times as much
    for path, text in file.texts:
        if match := _pattern("placeholder").search(text):
            found = match[0].strip()
            yield Hit(
                path,
                msg("“{text}” was never filled in", text=found),
                msg("write what belongs there; a key that is not needed may be left out"),
                found,
            )


@rule("name-missing-in-language", Severity.warning)
def name_missing_in_language(file: ImplementationFile) -> Iterator[Hit]:
    """A course that is taught in two languages has its name in both.

    Why: the page, the transcript and the diploma are written in each of them. name is the name in the language of the
    reports (implementation.language); names holds it in the others.

    Fails::

        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        implementation: {id: X-1, language: fi, teaching_languages: [fi, en]}

    Passes::

        course: {code: KH00BT03, name: Palvelumuotoilu, names: {en: Service Design}, credits: 5}
        implementation: {id: X-1, language: fi, teaching_languages: [fi, en]}
    """
    taught = [LANGUAGES.get(language.strip().casefold()) for language in file.implementation.teaching_languages]
    unnamed = [c for c in dict.fromkeys(taught) if c is not None and c not in file.course.names]
    if len(unnamed) < 2:  # name itself is in one of them
        return
    other = next(code for code in unnamed if code != file.implementation.language)
    yield Hit(
        ("course", "name"),
        msg(
            "the course is taught in {languages}, but has only one name", languages=Terms([_NAMES[c] for c in unnamed])
        ),
        msg("add the other name under course: names: {{{language}: …}}", language=other),
        ", ".join(unnamed),
    )


LANGUAGES = {
    **dict.fromkeys(("fi", "suomi", "finnish", "finska"), "fi"),
    **dict.fromkeys(("en", "englanti", "english", "engelska"), "en"),
    **dict.fromkeys(("sv", "ruotsi", "swedish", "svenska"), "sv"),
}
"""Words for teaching languages."""
_NAMES = {"fi": msg("Finnish"), "en": msg("English"), "sv": msg("Swedish")}


LABELS = ("opiskelijan", "nro", "student")
"""What stands before a single student number, in small letters."""


@rule("student-data", Severity.error)
def student_data(file: ImplementationFile) -> Iterator[Hit]:
    """No text names a student: no student number, no personal identity code, no student's e-mail address.

    Why: the file is shared, published and kept for years; marks and names of students stand in score sheets, which are
    kept apart. Two or more numbers of six to eight digits in one text are taken for student numbers; telephone numbers,
    dates and course codes are not.

    Fails::

        further_information: Lisäaika tenttiin, opiskelijanumero 0012345

    Passes::

        further_information: Lisäajasta sovitaan opettajan kanssa, puh. 040 1234567
    """
    lower = file.all_text
    if "@" not in lower and not any(word in lower for word in LABELS) and not _has_long_number(lower):
        return
    for path, text in file.texts:
        what = None
        if "@" not in text and not _pattern("digit").search(text):
            continue
        if any(_is_personal(match[0]) for match in _pattern("personal").finditer(text)):
            what = msg("this looks like a personal identity code")
        elif _pattern("labelled").search(text):
            what = msg("this looks like a student number")
        elif _pattern("address").search(text):
            what = msg("this looks like a student's e-mail address")
        elif sum(not _is_day(match[0]) for match in _pattern("number").finditer(text)) > 1:
            what = msg("these look like student numbers")
        if what is not None:
            yield Hit(path, what, msg("move it to the score sheet, or to a file that is not shared"))


_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)


def _has_long_number(text: str) -> bool:
    """Whether six digits stand in a row: a pattern takes twenty times as long to say that there are none."""
    return b"000000" in text.encode().translate(_ONE_DIGIT)


def _is_personal(code: str) -> bool:
    """Whether the check character of a Finnish personal identity code is right (the number modulo 31)."""
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(code[:6] + code[7:10]) % 31] == code[10]


def _is_day(number: str) -> bool:
    """Whether digits are a date without separators: 20240115 or 15012024."""
    if len(number) != 8:
        return False
    days = ((number[:4], number[4:6], number[6:]), (number[4:], number[2:4], number[:2]))
    return any(1900 <= int(y) <= 2100 and 1 <= int(m) <= 12 and 1 <= int(d) <= 31 for y, m, d in days)
