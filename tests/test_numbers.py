"""Sums of fractions that are reduced once."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kurssi.values.numbers import exact_sum, sum_of_products

FRACTIONS = st.fractions(max_denominator=999) | st.integers(-9, 9).map(Fraction)


@given(st.lists(FRACTIONS))
def test_a_sum_is_that_of_the_fractions(values: list[Fraction]) -> None:
    found = exact_sum(values)
    assert found == sum(values)
    assert type(found) is Fraction


@given(st.lists(st.tuples(FRACTIONS, FRACTIONS | st.integers())))
def test_a_sum_of_products_is_that_of_the_fractions(pairs: list[tuple[Fraction, Fraction | int]]) -> None:
    assert sum_of_products(pairs) == sum(a * b for a, b in pairs)
