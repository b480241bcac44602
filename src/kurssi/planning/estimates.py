"""How many hours the reading, writing, watching and exams of a plan really take, by published tables of rates.

Every table is a set of facts with its source (:class:`Rates`). What the file leaves open (how dense a page is, how many
concepts are new) is not guessed: the estimate is then the range over all that it could be. What a table does not know
has no estimate. Exact fractions throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from typing import NamedTuple, TypeVar

from kurssi.course.model import ExamPreparation, ImplementationFile, Reading, Watching, WorkloadPart, Writing
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.values.numbers import rounded

from .workload import load_of

T = TypeVar("T")
Activity = Reading | Writing | Watching | ExamPreparation

FAR = Fraction(4, 3)
"""Declared and estimated hours are far apart where the one is less than the other's nearer end by this factor."""


class Range(NamedTuple):
    """From so many hours to so many."""

    low: Fraction
    high: Fraction


class Rates(NamedTuple):
    """A published table of rates: where it stands, and how it estimates one activity."""

    name: Msg
    source: str
    """Who published it, where."""
    scope: Msg
    """What it distinguishes, and what it does not know."""
    hours: Callable[[Activity, Fraction | None], Range | None]
    """The hours of an activity, with the plan's contact hours; ``None`` where the table does not know."""


def _range(values: Iterable[Fraction]) -> Range:
    found = list(values)
    return Range(min(found), max(found))


def _one_or_all(chosen: T | None, every: Iterable[T]) -> list[T]:
    """What the file says, or all that it could be."""
    return list(every) if chosen is None else [chosen]


# ---- Wake Forest / Rice --------------------------------------------------------------------------------------

WORDS_PER_MINUTE = {
    "survey": {"none": 500, "some": 350, "many": 250},
    "understand": {"none": 250, "some": 180, "many": 130},
    "engage": {"none": 130, "some": 90, "many": 65},
}
"""Words a minute by purpose and by how many concepts are new; the published pages per hour are these, rounded."""
WORDS_ON_A_PAGE = (Fraction(450), Fraction(600), Fraction(750))
"""Paperback, monograph, textbook."""
WRITING_HOURS = {
    "reflection": {"none": Fraction("0.75"), "minimal": Fraction(1), "extensive": Fraction("1.25")},
    "argument": {"none": Fraction("1.5"), "minimal": Fraction(2), "extensive": Fraction("2.5")},
    "research": {"none": Fraction(3), "minimal": Fraction(4), "extensive": Fraction(5)},
}
"""Hours per page of 250 words by kind and by how much it is drafted."""
WRITTEN_WORDS = (Fraction(250), Fraction(500))
"""Double and single line spacing."""
EXAM_HOURS = Fraction(5)
"""Study hours per exam, the estimator's default."""


def _wfu(activity: Activity, contact: Fraction | None) -> Range | None:
    del contact
    if isinstance(activity, Reading):
        speeds = [
            WORDS_PER_MINUTE[purpose][concepts]
            for purpose in _one_or_all(activity.purpose, WORDS_PER_MINUTE)
            for concepts in _one_or_all(activity.concepts, ("none", "some", "many"))
        ]
        densities = _one_or_all(activity.words_per_page, WORDS_ON_A_PAGE)
        return _range(activity.reading * words / (60 * speed) for words, speed in product(densities, speeds))
    if isinstance(activity, Writing):
        rates = [
            WRITING_HOURS[kind][drafting]
            for kind in _one_or_all(activity.kind, WRITING_HOURS)
            for drafting in _one_or_all(activity.drafting, ("none", "minimal", "extensive"))
        ]
        words = _one_or_all(activity.words_per_page, WRITTEN_WORDS)
        return _range(activity.writing * rate * page / 250 for rate, page in product(rates, words))
    if isinstance(activity, Watching):
        return Range(activity.watching.hours, activity.watching.hours)
    return Range(activity.exam * EXAM_HOURS, activity.exam * EXAM_HOURS)


# ---- University of Helsinki ----------------------------------------------------------------------------------

PAGES_PER_HOUR = {
    ("general", "skim"): (13, 15),
    ("demanding", "skim"): (10, 12),
    ("general", "deep"): (7, 9),
    ("demanding", "deep"): (6, 7),
}
"""Pages an hour by the text and by how it is read."""
PAGES_IN_TEN_HOURS = (2, 7)
"""Pages written in ten hours, from the slowest kind of text to the fastest."""
EXAM_PER_CONTACT_HOUR = (Fraction(1, 2), Fraction(2))
"""Hours of preparation per contact hour, from the lightest exam to the most demanding."""


def _helsinki(activity: Activity, contact: Fraction | None) -> Range | None:
    if isinstance(activity, Reading):
        texts = {"none": ["general"], "many": ["demanding"]}.get(activity.concepts or "", ["general", "demanding"])
        ways = {"survey": ["skim"], "understand": ["deep"], "engage": ["deep"]}
        how = ways.get(activity.purpose or "", ["skim", "deep"])
        speeds = [speed for pair in product(texts, how) for speed in PAGES_PER_HOUR[pair]]
        return _range(Fraction(activity.reading, speed) for speed in speeds)
    if isinstance(activity, Writing):
        return _range(Fraction(10 * activity.writing, pages) for pages in PAGES_IN_TEN_HOURS)
    if isinstance(activity, ExamPreparation):
        about = activity.contact_hours.hours if activity.contact_hours else contact
        return None if about is None else _range(about * factor for factor in EXAM_PER_CONTACT_HOUR)
    return None


# ---- Opintokeskukset -----------------------------------------------------------------------------------------

HOURS_PER_PAGE = {"none": Fraction("0.05"), "many": Fraction("0.11")}
"""Hours per page of easy and of demanding text (new concepts, or a foreign language)."""
LECTURE = Fraction("1.5")
"""Hours of study per hour of lecture, watched as a recording, too."""


def _opintokeskukset(activity: Activity, contact: Fraction | None) -> Range | None:
    del contact
    if isinstance(activity, Reading):
        rate = HOURS_PER_PAGE.get(activity.concepts or "")
        return _range(activity.reading * r for r in _one_or_all(rate, HOURS_PER_PAGE.values()))
    if isinstance(activity, Watching):
        return Range(activity.watching.hours * LECTURE, activity.watching.hours * LECTURE)
    return None


TABLES: dict[str, Rates] = {
    "helsinki": Rates(
        msg("University of Helsinki"),
        "teaching.helsinki.fi, Opiskelijan työmäärän mitoitus ja opintopisteet",
        msg(
            "reading by text (new concepts: none = general, many = demanding) and way (survey = skimmed, else deep); "
            "writing 2–7 pages in 10 h, by kinds that are not told apart here; exams 0.5–2 h per contact hour; "
            "nothing on watching"
        ),
        _helsinki,
    ),
    "wfu": Rates(
        msg("Wake Forest University / Rice University"),
        "Barre, Brown & Esarey, Workload Estimator 2.0, cat.wfu.edu/resources/workload2",
        msg(
            "reading by purpose, new concepts and words per page; writing by kind, drafting and words per page; "
            "watching as long as it is; 5 h per exam"
        ),
        _wfu,
    ),
    "opintokeskukset": Rates(
        msg("Opintokeskukset"),
        "opintokeskukset.fi, Opintojen mitoituslaskuri",
        msg(
            "reading by new concepts (none = easy, 0.05 h, many = demanding, 0.11 h a page); watching × 1.5; "
            "its rates for writing and exams are not known here"
        ),
        _opintokeskukset,
    ),
}
"""The tables by the name that ``rates:`` and ``--rates`` take."""


class Item(NamedTuple):
    """An activity and its hours; ``None`` where the table does not know."""

    activity: Activity
    hours: Range | None


class PartEstimate(NamedTuple):
    """A part of the workload that says what its work is."""

    place: int
    """Its place in ``workload.parts``, from 0."""
    part: WorkloadPart
    items: tuple[Item, ...]
    hours: Range
    """The sum over what the table knows."""
    complete: bool
    """Whether the table knows every activity."""

    @property
    def declared(self) -> Fraction:
        """The hours that the part promises."""
        return self.part.hours.hours

    @property
    def too_few(self) -> bool:
        """Whether far fewer hours are promised than the estimate's least; unknown activities only add to it."""
        return self.declared * FAR < self.hours.low

    @property
    def too_many(self) -> bool:
        """Whether far more hours are promised than the estimate's most, and nothing is unknown."""
        return self.complete and self.declared > self.hours.high * FAR


class Estimate(NamedTuple):
    """The estimate of one implementation by one table."""

    rates: str
    """The table's name in :data:`TABLES`."""
    parts: tuple[PartEstimate, ...]
    without: tuple[WorkloadPart, ...]
    """Parts that do not say what their work is; they stay out of the sums."""

    @property
    def declared(self) -> Fraction:
        """What the estimated parts promise together."""
        return sum((part.declared for part in self.parts), Fraction(0))

    @property
    def hours(self) -> Range:
        """What they are estimated at together."""
        return _sum(part.hours for part in self.parts)

    @property
    def complete(self) -> bool:
        """Whether the table knows every activity."""
        return all(part.complete for part in self.parts)


def estimate(file: ImplementationFile, rates: str | None = None) -> Estimate | None:
    """The estimate by a table (default: the file's); ``None`` where no part says what its work is."""
    work, load = file.workload, load_of(file)
    if work is None or load is None or not any(part.activities for part in work.parts):
        return None
    table = TABLES[rates or work.rates]
    contact = load.contact if load.contact is not None else load.sessions
    parts = []
    for index, part in enumerate(work.parts):
        if part.activities:
            items = tuple(Item(activity, table.hours(activity, contact)) for activity in part.activities)
            known = [item.hours for item in items if item.hours is not None]
            parts.append(PartEstimate(index, part, items, _sum(known), len(known) == len(items)))
    return Estimate(rates or work.rates, tuple(parts), tuple(part for part in work.parts if not part.activities))


def _sum(ranges: Iterable[Range]) -> Range:
    listed = list(ranges)
    return Range(sum((r.low for r in listed), Fraction(0)), sum((r.high for r in listed), Fraction(0)))


# ---- in words ------------------------------------------------------------------------------------------------

SETTINGS: dict[str, Msg] = {
    "survey": msg("skimmed"),
    "understand": msg("for understanding"),
    "engage": msg("in depth"),
    "concepts-none": msg("no new concepts"),
    "concepts-some": msg("some new concepts"),
    "concepts-many": msg("many new concepts"),
    "reflection": msg("reflection"),
    "argument": msg("argument"),
    "research": msg("research"),
    "drafting-none": msg("no drafts"),
    "drafting-minimal": msg("minimal drafting"),
    "drafting-extensive": msg("extensive drafting"),
}


def told(activity: Activity) -> Msg:
    """An activity with everything that the file says about it."""
    details: list[object] = []
    keys: list[str | None] = []
    if isinstance(activity, Watching):
        return msg("watching {hours} h", hours=rounded(activity.watching.hours, 2))
    if isinstance(activity, Reading):
        head = nmsg("reading {n} page", "reading {n} pages", activity.reading)
        keys = [activity.purpose, activity.concepts and f"concepts-{activity.concepts}"]
    elif isinstance(activity, Writing):
        head = nmsg("writing {n} page", "writing {n} pages", activity.writing)
        keys = [activity.kind, activity.drafting and f"drafting-{activity.drafting}"]
    else:
        head = nmsg("preparing for {n} exam", "preparing for {n} exams", activity.exam)
        if activity.contact_hours:
            details.append(msg("about {hours} contact hours", hours=rounded(activity.contact_hours.hours, 2)))
    details += [SETTINGS[key] for key in keys if key]
    if not isinstance(activity, ExamPreparation) and activity.words_per_page:
        details.append(msg("{number} words a page", number=activity.words_per_page))
    return msg("{what} ({details})", what=head, details=Terms(details)) if details else head
