"""What the entry workbook says: notes on headers, errors of cells, and the instruction sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from kurssi.diagnostics.message import Msg, PerCent, Terms, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.grading.bonus.words import bonus_in_words
from kurssi.policy.composite import Criterion
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import together
from kurssi.sheets.entry_form import LONGEST_TEXT, Column, Takes
from kurssi.values.times import describe
from kurssi.values.vocabulary import AGREED, WITHHELD

STATES: tuple[tuple[str, Msg], ...] = (
    ("-", msg("not submitted, as a statement")),
    ("?", msg("submitted, not graded yet")),
    ("EX", msg("excused: the weight is shared out over the other parts")),
    ("AHOT", msg("recognised prior learning, with the same effect (RPL means the same)")),
    ("H", msg("failed (where the scale or the part knows H; hylätty or fail everywhere)")),
    ("HYV", msg("passed, in a part that is passed or failed")),
)
"""Words of cells and what they mean."""


def note(column: Column, policy: Policy, words: Words) -> str:
    """The note on a header: scale, weight, deadline, gate, and what else the cells take."""
    part = column.part
    lines: list[object] = []
    if column.meaning == "student":
        lines = [msg("Student numbers are text: zeros in front are kept."), msg("One row per student.")]
    elif column.meaning == "group":
        lines = [msg("The small group. It links students to the scores of their group.")]
    elif column.meaning == "submitted":
        lines = [msg("When it came, with the time of day."), msg("Empty: on time."), *_due(column)]
    elif column.meaning == "late":
        lines = [msg("How late it was: hours, minutes and seconds, such as 26:05:00."), msg("Empty: on time.")]
    elif column.meaning == "due":
        lines = [msg("This row's own deadline, where it is later than the one for all."), *_due(column)]
    elif column.meaning == "score" and part is not None:
        lines = list(_score(column, part, policy, words.language))
    elif column.meaning == "activity":
        lines = [msg("One of: {words}.", words=Terms(column.takes.words)), msg("Empty: nothing is added.")]
    elif column.meaning == "attended":
        lines = [msg("Sessions attended, a whole number from 0 to {most}.", most=column.takes.most)]
    elif column.meaning == "from":
        lines = [msg("The student number of who gives the marks.")]
    elif column.meaning == "to":
        lines = [msg("The student number of who is marked.")]
    elif column.meaning == "criterion":
        lines = [msg("The mark, a number from 0.")]
    return "\n".join(words.say(line) for line in lines)


def criterion_of(column: Column) -> Criterion | None:
    """The criterion that a column is about; None for any other column."""
    rubric = column.part.rubric if column.part is not None else None
    return next((one for one in rubric.criteria if one.id == column.component), None) if rubric is not None else None


def level_lines(column: Column) -> list[str]:
    """The levels of a criterion with their texts, one a line."""
    criterion = criterion_of(column)
    texts = [text for _, text in criterion.levels] if criterion is not None else []
    return [f"{word}: {text}" for word, text in zip(column.takes.words, texts, strict=False)]


def _score(column: Column, part: Part, policy: Policy, language: str) -> Iterator[object]:
    if column.attempt > 1:
        yield msg("Attempt {n} of {part}.", n=column.attempt, part=part.name)
    if criterion_of(column) is not None:
        yield from level_lines(column)
        yield msg("Empty: nothing said.")
        return
    if column.component == AGREED:
        yield msg("What the markers have agreed on, where they are too far apart.")
    elif column.component:
        yield msg("The mark of {marker}.", marker=column.component)
    elif part.rubric is not None:
        yield msg("For a word about the whole part, such as EX; else leave it empty: the criteria make the score.")
    yield takes(column.takes, part)
    if part.by_group:
        yield msg("Scores of groups stand on their own sheet; a cell in a student's row counts instead.")
    if column.attempt == 1 and part.stepped is not None:
        yield bonus_in_words(policy, part.stepped)
    if column.attempt == 1:
        yield from _weights(part, policy)
    yield from _due(column)
    if part.required:
        yield _gate(part, policy)
    if column.attempt > 1 and part.retake_at_most is not None:
        yield msg("A retake counts at most {n}.", n=part.retake_at_most)
    yield msg(
        "Words: - not submitted, ? not graded yet, EX excused, AHOT recognised, {withheld} not released."
        " Empty: nothing said.",
        withheld=WITHHELD[language],
    )


def _due(column: Column) -> Iterator[Msg]:
    part = column.part
    due = part.dues[column.attempt - 1] if part is not None else None
    if part is None or due is None:
        return
    yield msg("Deadline: {due}.", due=due)
    if part.late is not None and part.late.closes is not None:
        yield msg("More than {time} late counts as not submitted.", time=describe(part.late.closes))


def _gate(part: Part, policy: Policy) -> Msg:
    if not part.valued:
        return msg("Must be passed.")
    if part.minimum <= (0 if part.minimum_raw else policy.lowest):
        return msg("Must be handed in.")
    if part.minimum_raw:
        return nmsg("Must be passed: at least {n} point.", "Must be passed: at least {n} points.", n=part.minimum)
    if policy.percent:
        return msg("Must be passed: at least {n} %.", n=part.minimum)
    return msg("Must be passed: at least {n}.", n=policy.scale.own_label(part.minimum) or part.minimum)


def _weights(part: Part, policy: Policy) -> Iterator[Msg]:
    """What the scores of a part weigh: in its own place, and in that of each part that takes them."""
    parent = _parent(part, policy)
    if part.weight is not None and part.bonus:
        yield msg("Bonus: adds {weight} of its value.", weight=PerCent(part.weight))
    elif part.weight is not None and parent is None:
        yield msg("Weight: {weight}.", weight=PerCent(part.weight))
    elif part.weight is not None and parent is not None:
        yield msg("Weight: {weight} of {parent}.", weight=PerCent(part.weight), parent=parent.name)
    for other in policy.takers().get(part.id, ()):
        if not other.weight or other.bonus:
            continue
        above = _parent(other, policy)
        if above is None:
            yield msg("Also counts as {part}, weight: {weight}.", part=other.name, weight=PerCent(other.weight))
        else:
            yield msg(
                "Also counts as {part}, weight: {weight} of {parent}.",
                part=other.name,
                weight=PerCent(other.weight),
                parent=above.name,
            )


def _parent(part: Part, policy: Policy) -> Part | None:
    return next((other for other in policy.all_parts() if part in other.parts), None)


def takes(cell: Takes, part: Part) -> Msg:
    """What a score cell takes, besides the words for what has no score."""
    if cell.kind == "choice":
        return msg("One of: {words}.", words=Terms(cell.words))
    if part.in_points:
        if cell.most is None:
            return msg("Points from 0, decimals too.")
        return msg("Points from 0 to {most}, decimals too.", most=cell.most)
    return msg("A grade from {least} to {most}, decimals too.", least=cell.least, most=cell.most)


def refusal(cell: Takes) -> Msg:
    """What a cell says where it is filled in wrongly."""
    if cell.kind == "score":
        also = Terms(cell.words, "  ")
        if cell.most is None:
            return msg("A number from 0, or one of:  {words}", words=also)
        return msg("A number from {least} to {most}, or one of:  {words}", least=cell.least, most=cell.most, words=also)
    if cell.kind == "choice":
        return msg("One of:  {words}", words=Terms(cell.words, "  "))
    if cell.kind == "time":
        return msg("A date with a time of day, such as {example}.", example=msg("5 Mar 2024 10:12"))
    if cell.kind == "count":
        return msg("A whole number from 0 to {most}.", most=cell.most)
    if cell.kind == "mark":
        return msg("A number from 0.")
    if cell.kind == "member":
        return msg("A student number that stands on the sheet of scores, written as there.")
    if cell.kind == "text":
        return msg("Text of up to {n} characters.", n=LONGEST_TEXT)
    if cell.kind == "email":
        return msg("An e-mail address, with @ and without spaces.")
    if cell.kind == "group":
        return msg("No group of this name stands on the sheet of groups. Keep it all the same?")
    return msg("This stands in the column already.")


def guide(policy: Policy, sheets: dict[str, str], has: frozenset[str], words: Words) -> Iterator[tuple[str, str]]:
    """The instruction sheet, line by line: (what, text). A line without a text is the heading of a section.

    ``sheets`` are the names of the worksheets by kind, ``has`` the kinds that the workbook has.
    """
    say = words.say
    yield from _sheets(sheets, has, words)
    yield say(msg("What a cell takes")), ""
    yield say(msg("empty")), say(msg("nothing said: the group's score counts; if nobody says anything, not submitted"))
    yield say(msg("a number")), say(msg("the score, with decimals where you like; 0 is a score, not an empty cell"))
    for word, meaning in STATES:
        yield word, say(meaning)
    yield WITHHELD[words.language], say(msg("handed in, but the score is not released: it stays open"))
    if any(part.late for part in policy.leaves()):
        yield (
            say(msg("a time")),
            say(
                msg(
                    "date and time of day, such as {example}; a score without a time is on time; a deadline without a "
                    "time of day ends that day",
                    example=msg("5 Mar 2024 10:12"),
                )
            ),
        )
    yield say(msg("a formula")), say(msg("better the value itself: of a formula only its last computed value is read"))
    yield say(msg("The parts")), ""
    for name, parts in together(policy.leaves(), lambda part: part, lambda part: _undated(part, policy, words)):
        if len(parts) == 1:
            yield name, " ".join(say(line) for line in _about(parts[0], policy))
            continue
        said = _undated(parts[0], policy, words)
        yield name, "\n".join([said, *(say(line) for line in _deadlines(parts))])
    yield say(msg("And then")), ""
    yield (
        say(msg("your own columns")),
        say(msg("Add them to the right, sort and filter as you like: what nothing uses is listed, and not lost.")),
    )
    yield say(msg("grades")), say(msg("kurssi grade, with the implementation file and this workbook."))
    yield (
        say(msg("new students or parts")),
        say(msg("kurssi sheet with --update and this workbook adds them and leaves alone what you entered.")),
    )


def _deadlines(parts: Sequence[Part]) -> Iterator[Msg]:
    """The deadlines of a series: in a line where they follow each other evenly, else each in one of its own."""
    dues = [(part, due) for part in parts for due in part.dues if due is not None]
    steps = {later.at.replace(tzinfo=None) - due.at.replace(tzinfo=None) for (_, due), (_, later) in pairwise(dues)}
    days = next(iter(steps)).days if len(steps) == 1 else 0
    if len(dues) > 2 and days > 0 and steps == {timedelta(days)}:
        yield nmsg(
            "Deadlines every day from {first} to {last}.",
            "Deadlines every {n} days from {first} to {last}.",
            n=days,
            first=dues[0][1],
            last=dues[-1][1],
        )
        return
    for part, due in dues:
        yield msg("{part}: {due}", part=part.name, due=due)


def _undated(part: Part, policy: Policy, words: Words) -> str:
    """What is said of a part but for its deadlines."""
    return " ".join(words.say(line) for line in _about(part, policy, dated=False))


def _sheets(sheets: dict[str, str], has: frozenset[str], words: Words) -> Iterator[tuple[str, str]]:
    """What each worksheet is for."""
    say = words.say
    scores = sheets["scores"]
    yield say(msg("The sheets")), ""
    yield scores, say(msg("One row per student, one column per part and attempt. Point at a header to see its rule."))
    if "groups" in has:
        yield (
            sheets["groups"],
            say(
                msg(
                    "One row per group: what the whole group gets. What stands in a student's own row counts instead, "
                    "for that student."
                )
            ),
        )
    if "peers" in has:
        yield (
            sheets["peers"],
            say(
                msg(
                    "One row per member who gives marks and member who is marked. Who gives marks gives them to all "
                    "others of the group; who gives none has no row."
                )
            ),
        )
    if "lists" in has:
        yield sheets["lists"], say(msg("The words that cells offer."))


def _about(part: Part, policy: Policy, *, dated: bool = True) -> Iterator[Msg]:
    """What is said of a part; with its deadline unless it stands elsewhere."""
    from kurssi.sheets.entry_form import takes as taken

    column = Column("score", part.name, taken(part, policy, "en"), part)
    if part.markers is not None:
        names = Terms(part.markers.of)
        yield msg(
            "A column for each marker ({names}), and one for what they agree on where they are apart.", names=names
        )
    if part.rubric is not None:
        yield msg("A column for each criterion, with a list of its levels.")
    yield takes(column.takes, part) if column.takes.kind == "score" else msg("See the list of words.")
    if part.stepped is not None:
        yield bonus_in_words(policy, part.stepped)
    yield from _weights(part, policy)
    yield from (line for line in _due(column) if dated or "due" not in line.args)
    if part.required:
        yield _gate(part, policy)
