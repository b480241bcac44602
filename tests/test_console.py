"""The table in the terminal: what is laid out here is what rich makes of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurssi.reports.table_layout import Column, as_table, by_rich, laid_out

TEXT = st.text(alphabet="ab cdåÖ,;:–−… ", max_size=20) | st.sampled_from(["", " ", "a  b", "yksi kaksi kolme neljä"])
LONG = st.lists(st.sampled_from(["osa", "palauttamatta", "Vertaisarviointi:", "a", "hyväksiluettu;", " "]), max_size=14)
COLUMN = st.builds(
    Column,
    TEXT,
    st.sampled_from(["left", "right", "center"]),
    st.booleans(),
    st.sampled_from([None, None, 9, 13]),
    st.booleans(),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[Column], list[list[str]], int, bool]:
    """A title, columns, rows, a width, and whether there are colours."""
    color = draw(st.booleans())
    heads = draw(st.lists(COLUMN, min_size=1, max_size=6))
    heads = [head._replace(bold=head.bold and color) for head in heads] + [Column("huomautus")]
    row = st.tuples(*[TEXT] * (len(heads) - 1), LONG.map(" ".join)).map(list)
    return "id  " + draw(TEXT), heads, draw(st.lists(row, max_size=4)), draw(st.integers(20, 160)), color


@settings(max_examples=300, deadline=None)
@given(tables())
def test_what_is_laid_out_here_is_what_rich_makes_of_it(
    table: tuple[str, list[Column], list[list[str]], int, bool],
) -> None:
    ours = laid_out(*table)
    assert ours is None or ours == by_rich(*table)


HEADS = [Column("student", wraps=False), Column("name"), Column("Pienryhmätyö", "right", most=13), Column("remark")]
ROW = ["001", "Eero Esimerkki", "3", "Vertaisarviointi palauttamatta; Tentti palauttamatta"]


@pytest.mark.parametrize("width", [160, 60])
def test_most_tables_need_no_rich(width: int) -> None:
    found = laid_out("title", HEADS, [ROW], width, False)
    assert found is not None
    assert found == by_rich("title", HEADS, [ROW], width, False)


@pytest.mark.parametrize(
    ("width", "name"), [(30, "Eero Esimerkki"), (160, "李明"), (160, "a\u0301"), (160, "a\tb"), (160, "\x1b[1mx")]
)
def test_what_is_out_of_the_ordinary_is_left_to_rich(width: int, name: str) -> None:
    assert laid_out("title", HEADS, [[ROW[0], name, *ROW[2:]]], width, False) is None


@pytest.mark.parametrize("lang", ["en", "fi", "sv"])
def test_the_shipped_class_is_shown_without_rich(lang: str) -> None:
    code = f"""
import sys
from kurssi.cli import run
code = run(["grade", "implementations/KH00BT03-2024.yaml", "--lang", "{lang}", "--color", "always"])
print(code, "rich" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.split("\n")[-2] == "0 False"


@pytest.mark.parametrize("width", [40, 50, 60, 72])
def test_a_narrow_terminal_loses_no_letter_of_a_name(width: int) -> None:
    heads = [Column("opiskelija", wraps=False), Column("nimi"), Column("arvosana", "center"), Column("huomautus")]
    row = ["2600010", "Wallenius-Korpilahti, Jean-Christophe", "0", "Ohjelmointiharjoitustyö: alle 30 pistettä"]
    text = as_table("KH1", heads, [row], width, color=False)
    assert "…" not in text
    assert all(len(line) <= width for line in text.splitlines())
    letters = sorted("".join(text.rpartition("─")[2].split()))
    assert letters == sorted("".join(row).replace(" ", ""))
