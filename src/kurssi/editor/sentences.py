"""The grade in the words of the course page, by the place in the file that each sentence is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kurssi.course.check import Checked
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.words import Words
from kurssi.grading.wording import Sentence, Topic
from kurssi.reports.policy_words import about_part, in_order, whole

SHORT: frozenset[Topic] = frozenset(
    {"total", "rounding", "choice", "weight", "gate", "due", "late", "attempts", "demands"}
)
"""What is said in the line above a part; a page says more."""


class Said(NamedTuple):
    """What is said of the whole grade, or of a part."""

    path: Path
    sentences: tuple[Sentence, ...]

    def text(self, words: Words, topics: frozenset[Topic] | None = None) -> str:
        """All of it, or what belongs to some topics."""
        chosen = [sentence for sentence in self.sentences if topics is None or sentence.key in topics]
        return " ".join(words.say(sentence.text) for sentence in chosen)


def said(checked: Checked) -> Iterator[Said]:
    """What is said of the whole, and of every part; nothing where the assessment has errors.

    Of a series, which stands at one place, the first one speaks.
    """
    if checked.file is None or checked.file.assessment is None or not checked.gradable:
        return
    policy = checked.policy
    yield Said(("assessment",), tuple(whole(policy)))
    seen: set[Path] = set()
    for part, parent, _ in in_order(policy):
        if part.path not in seen:
            seen.add(part.path)
            yield Said(part.path, tuple(about_part(policy, part, parent)))
