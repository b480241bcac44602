"""Times as they are written: every form of midnight, with and without an offset, on every Python."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.diagnostics.message import Wrong
from kurssi.sheets.dates import read_time
from kurssi.values.times import read_when
from reference import read_wall_time


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2024-03-04 24:00", "2024-03-05 00:00"),
        ("2024-03-04T24:00", "2024-03-05 00:00"),
        ("2024-03-04 24.00", "2024-03-05 00:00"),
        ("2024-03-04 24:00:00", "2024-03-05 00:00"),
        ("2024-03-04T24:00:00.000", "2024-03-05 00:00"),
        ("4.3.2024 24.00", "2024-03-05 00:00"),
        ("4.3.2024 klo 24.00", "2024-03-05 00:00"),
        ("04.03.2024, 24:00:00", "2024-03-05 00:00"),
        ("2024-02-28 24:00", "2024-02-29 00:00"),
        ("2024-12-31 24:00", "2025-01-01 00:00"),
        ("2024-03-04T24:00Z", "2024-03-05 00:00+00:00"),
        ("2024-03-04 24:00+02:00", "2024-03-05 00:00+02:00"),
        ("2024-03-04T24:00:00-0530", "2024-03-05 00:00-05:30"),
        ("2024-03-04 00:00", "2024-03-04 00:00"),
        ("2024-03-04 10:12:30.25", "2024-03-04 10:12:30.250000"),
    ],
)
def test_midnight_at_the_end_of_a_day(text: str, means: str) -> None:
    assert str(read_when(text)) == means
    if "," not in text:
        assert read_wall_time(text)[1] == datetime.fromisoformat(means)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-04 24:01",
        "2024-03-04 24:00:01",
        "2024-03-04T24:00:00.000001",
        "2024-03-04 25:00",
        "4.3.2024 24.30",
        "2024-02-30 24:00",
        "9999-12-31 24:00",
        "2024-03-04 10:00+24:00",
        "2024-03-04 10:00+02:60",
    ],
)
def test_what_no_clock_shows(text: str) -> None:
    with pytest.raises(Wrong):
        read_when(text)


@pytest.mark.parametrize(
    "text", ["13/3/2024 24:00", "13.3.24 24.00", "13. maaliskuuta 2024 klo 24.00", "Wednesday, 13 March 2024, 24:00"]
)
def test_midnight_in_the_writing_of_systems(text: str) -> None:
    assert str(read_time(text, "day")) == "2024-03-14 00:00"


ODD_SIGNS = "0123456789+-:.ZTWt ,z٣"


@given(st.sampled_from(["2024-03-05 10:12", "2024-03-05T10:12:33"]), st.data())
def test_what_is_written_in_full_is_read_as_any_other_time(text: str, data: st.DataObject) -> None:
    """A blank more in front sends a text past what Python parses."""
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + data.draw(st.sampled_from(ODD_SIGNS)) + text[at + 1 :]

    def read(text: str) -> object:
        try:
            return read_when(text)
        except Wrong as wrong:
            return wrong.message

    assert read(text.strip()) == read(" " + text.strip())


@pytest.mark.parametrize("text", ["2024-W10-1 10:12", "2024-W10-1T10:12:33", "20240-305 10:12", "2024-03-05 10+02:00"])
def test_what_only_python_takes_for_a_time(text: str) -> None:
    with pytest.raises(Wrong):
        read_when(text)


def test_midnight_has_no_half_of_the_day() -> None:
    assert read_time("13/3/2024 24:00 pm", "day") is None
    assert read_time("31/12/9999 24:00", "day") is None
