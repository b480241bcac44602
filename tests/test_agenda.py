"""Agenda times (contract section 7): read exactly, added up with their open rests, turned into clock times."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.diagnostics.message import Wrong
from kurssi.diagnostics.words import Words
from kurssi.values.agenda import AgendaTime, add_up, begins, read_time

READ = {
    "20 min": (20, 20, ""),
    "20min": (20, 20, ""),
    "20 mins": (20, 20, ""),
    "20-30 min": (20, 30, ""),
    "20–30 min.": (20, 30, ""),
    "2 x 10 min": (20, 20, ""),
    "2x10min": (20, 20, ""),
    "10 min x 3": (30, 30, ""),
    "2 × 10-15 min": (20, 30, ""),
    "n. 45 min + esittely": (45, 45, "esittely"),
    "noin 45 min": (45, 45, ""),
    "~45 min": (45, 45, ""),
    "2 x 10 min + ryhmittely": (20, 20, "ryhmittely"),
    "2 x 10 min. + vastausten ryhmittely yhdessä": (20, 20, "vastausten ryhmittely yhdessä"),
    "30 min + 5 min": (35, 35, ""),
    "45 min + n. 10 min": (55, 55, ""),
    "30 min + purku + tauko": (30, 30, "purku + tauko"),
    "1 h": (60, 60, ""),
    "1,5 h": (90, 90, ""),
    "1 h 30 min": (90, 90, ""),
    "1h30min": (90, 90, ""),
    "1.5-2 h": (90, 120, ""),
    "45 min - 1 h": (45, 60, ""),
    "3 t": (180, 180, ""),
    "20 minuuttia": (20, 20, ""),
    "2 tim": (120, 120, ""),
    "0-10 min": (0, 10, ""),
    "2.5 min": (Fraction(5, 2), Fraction(5, 2), ""),
}


@pytest.mark.parametrize("text", READ)
def test_times_are_read(text: str) -> None:
    time = read_time(text)
    assert (time.least, time.most, time.rest) == READ[text]
    assert time.open is bool(READ[text][2])
    assert str(time) == text


@pytest.mark.parametrize(
    ("text", "about"), [("n. 20 min", True), ("ca 20 min", True), ("about 20 min", True), ("20 min", False)]
)
def test_an_approximate_time_says_so(text: str, about: bool) -> None:
    assert read_time(text).about is about


REFUSED = {
    "20": ("“20” has no unit", "write the minutes as 20 min"),
    "20-30": ("“20-30” has no unit", "write the minutes as 20-30 min"),
    "20 min - 30": ("“20 min - 30” has no unit", "write the unit at the end: 20-30 min"),
    "30-20 min": ("“30-20 min” runs backwards", "write the shorter time first: 20-30 min"),
    "esittely": ("“esittely” does not say how long it takes", None),
    "0 min": ("“0 min” does not say how long it takes", None),
    "": ("“” does not say how long it takes", None),
    "45 min +": ("“45 min +” does not say how long it takes", None),
    "45 min + 10 mn": ("“45 min + 10 mn” is not understood as a time", None),
    "45 min + max 10 min": (
        "“max 10 min” is not understood as a time",
        "write the time first, as in 45 min + 10 min; a rest in words has no time",
    ),
    "2 x 10 min x 3": ("“2 x 10 min x 3” is not understood as a time", None),
    "10 min 30 min": ("“10 min 30 min” is not understood as a time", None),
    "25 h": ("“25 h” is longer than a day", None),
    "9999999999999999 min": ("9999999999999999 has more than 15 digits", None),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_time_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        read_time(text)
    say = Words("en").say
    message, hint = REFUSED[text]
    assert say(caught.value.message) == message
    if hint is not None:
        assert say(caught.value.hint) == hint


def test_a_bare_number_is_no_time() -> None:
    with pytest.raises(Wrong, match="does not say how long"):
        read_time(20)


def test_open_rests_are_carried_along_and_not_counted_as_nothing() -> None:
    whole = add_up(
        [read_time("20-30 min"), None, read_time("n. 45 min + esittely"), read_time("2 x 10 min + ryhmittely")]
    )
    assert [whole.least, whole.most] == [85, 95]
    assert whole.rests == ("esittely", "ryhmittely")
    assert whole.untimed == 1
    assert whole.open


def test_an_agenda_without_rests_is_closed() -> None:
    assert not add_up([read_time("20 min")]).open
    assert add_up([None]).open
    assert add_up([]).least == 0


def test_activities_begin_where_the_ones_before_them_may_end() -> None:
    times = [read_time("20-30 min"), read_time("n. 45 min + esittely"), read_time("15 min")]
    assert [str(b.earliest) for b in begins(times)] == ["0", "20", "65", "80"]
    assert [str(b.latest) for b in begins(times)] == ["0", "30", "75", "90"]
    assert [b.open for b in begins(times)] == [False, False, True, True]


minutes = st.integers(min_value=1, max_value=300)


@given(st.lists(st.tuples(minutes, minutes, st.sampled_from(["", " + esittely", " + 5 min"]), st.integers(1, 3))))
def test_sums_and_beginnings_agree(drawn: list[tuple[int, int, str, int]]) -> None:
    """The sum is what the parts say, whatever they are, and the last beginning is the sum."""
    times: list[AgendaTime | None] = []
    least = most = 0
    for a, b, rest, times_over in drawn:
        times.append(read_time(f"{times_over} x {min(a, b)}-{max(a, b)} min{rest}"))
        plus = 5 if "min" in rest else 0
        least += times_over * min(a, b) + plus
        most += times_over * max(a, b) + plus
    whole = add_up(times)
    assert [whole.least, whole.most] == [least, most]
    assert [begins(times)[-1].earliest, begins(times)[-1].latest] == [least, most]
    assert len(whole.rests) == sum("esittely" in rest for _, _, rest, _ in drawn)


@given(st.text(alphabet="0123456789 hmintx-–+.,esityl", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        time = read_time(text)
    except Wrong:
        return
    assert 0 <= time.least <= time.most
    assert time.most > 0
