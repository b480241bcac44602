"""``kurssi new --example``: a recipe of the cookbook as a file of one's own, with its class to try it on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from kurssi.cli import session
from kurssi.cli.outputs import write_together
from kurssi.cli.session import Trouble
from kurssi.course.asked_parts import quoted
from kurssi.diagnostics.message import Terms, Wrong, msg

from .new_answers import filled, run_id
from .questions import tell

OWN = ("code", "name", "id")
"""What an example takes from options."""


@cache
def cookbook() -> dict[str, Any]:
    """The recipes by name: title, policy and sheets in each language (made by scripts/guide.py)."""
    found: dict[str, Any] = json.loads(files("kurssi").joinpath("cookbook.json").read_text("utf-8"))
    return found


def from_example(name: str, said: Mapping[str, str], output: str | None, force: bool) -> int:
    """Writes a recipe and its sheets; ``list`` prints what there is. The result is the exit code."""
    here = session.current
    language = "fi" if here.words.language == "fi" else "en"
    if name == "list":
        width = max(map(len, cookbook()))
        for key, recipe in cookbook().items():
            here.out(f"{key:<{width}}  {recipe[language]['title']}")
        return 0
    if name not in cookbook():
        close = get_close_matches(name, cookbook(), 3, 0.4)
        raise Trouble(
            msg("there is no example “{name}”; did you mean {close}?", name=name, close=Terms(close))
            if close
            else msg("there is no example “{name}”; kurssi new --example list names them", name=name)
        )
    recipe = cookbook()[name][language]
    try:
        run = run_id(said.get("id", name))
        own = {key: filled(said[key]) for key in ("code", "name") if key in said}
    except Wrong as wrong:
        raise Trouble(wrong.message) from None
    target = output or f"{run}.yaml"
    folder = os.path.dirname(target) if target != "-" else ""
    sheets = {sheet: f"{run}-{sheet}" for sheet in recipe["sheets"]}
    text = _renamed(recipe["policy"], name, run, own, sheets)
    if target == "-":
        here.out(text)
        return 0
    made = {os.path.join(folder, file): recipe["sheets"][sheet].encode() for sheet, file in sheets.items()}
    made[target] = text.encode()
    if code := write_together(made, force):
        return code
    tell(msg("Try it: kurssi grade {file}. Then put your own parts in their place.", file=target))
    return 0


def _renamed(text: str, name: str, run: str, own: Mapping[str, str], sheets: Mapping[str, str]) -> str:
    """The recipe under the new id, with the course's own code and name, and its sheets by their new names."""
    text = text.replace(f"id: {name}", f"id: {quoted(run)}", 1)
    head, line, rest = text.partition("\nimplementation:")
    for key, value in own.items():
        found = re.search(rf"\b{key}: ([^,}}\n]+)", head)
        if found is not None:
            head = head[: found.start(1)] + quoted(value) + head[found.end(1) :]
    body, scores, named = (head + line + rest).rpartition("\nscores: ")
    for old, new in sheets.items():
        named = named.replace(old, new if re.fullmatch(r"[A-Za-z][\w.-]*", new) else quoted(new))
    return body + scores + named


def say_next(target: str) -> None:
    """What a teacher does next."""
    folder, file = os.path.split(target)
    sheet = os.path.join(folder, file.removesuffix(".yaml") + ".xlsx")
    tell(msg("What comes next:"))
    for line in (
        msg("look through {file} and add what is missing, then: kurssi validate {file}", file=target),
        msg("a workbook to enter scores in: kurssi sheet {file} --roster LIST -o {sheet}", file=target, sheet=sheet),
        msg("the grades, also while the course runs: kurssi grade {file} {sheet}", file=target, sheet=sheet),
    ):
        tell(line, "  ")
