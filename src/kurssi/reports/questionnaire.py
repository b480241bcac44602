"""The questionnaire of course feedback: as text that survey tools take in, and as a workbook to type answers into."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from kurssi.diagnostics.words import Words
from kurssi.surveys.questionnaire import Asked

_NO_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - the day of writing would make every file differ
_LONGEST_HINT = 255
ROWS = 200
"""So many rows of the workbook offer the steps to choose from."""


def choices(asked: Asked, words: Words) -> list[str]:
    """The answers that one may choose; empty for an open question."""
    if asked.words:
        return [words.say(text) for text in asked.words]
    out = [str(step) for step in asked.steps]
    if out and asked.ends:
        low, high = map(words.say, asked.ends)
        out[0], out[-1] = f"{out[0]} = {low}", f"{out[-1]} = {high}"
    return out


def as_text(questions: Sequence[Asked], words: Words) -> str:
    """Numbered questions with lettered choices, blank lines between: what a survey tool reads from a document."""
    lines = [words("Course feedback"), ""]
    for number, asked in enumerate(questions, 1):
        lines.append(f"{number}. {words.say(asked.text)}")
        lines += [f"{chr(65 + at)}. {choice}" for at, choice in enumerate(choices(asked, words))]
        lines.append("")
    return "\n".join(lines)


def as_workbook(questions: Sequence[Asked], words: Words) -> bytes:
    """A sheet with a column per question, as survey tools export it; cells offer the choices of their question."""
    import xlsxwriter  # only this report needs it

    memory = io.BytesIO()
    file = xlsxwriter.Workbook(memory, {"in_memory": True})
    file.set_properties({"title": words("Course feedback"), "author": "kurssi", "created": _NO_DAY})
    sheet = file.add_worksheet(words("answers"))
    head = file.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = file.add_format({"text_wrap": True, "valign": "top"})
    for column, asked in enumerate(questions):
        offered = choices(asked, words)
        sheet.set_column(column, column, 22 if offered else 48, plain)
        sheet.write_string(0, column, words.say(asked.text), head)
        if offered:
            steps: list[str] | list[int] = list(asked.steps) or offered
            rule = {"validate": "list", "source": steps, "input_title": words("answers")}
            rule["input_message"] = "\n".join((offered[0], offered[-1]))[:_LONGEST_HINT]
            sheet.data_validation(1, column, ROWS, column, rule)
    sheet.set_row(0, 75)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    file.close()
    return memory.getvalue()
