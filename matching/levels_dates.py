"""Levels of agreement of dates: what clerks do to them."""

import numpy as np

from matching.pairs import Flags, Pairs
from matching.standardise.dates import swapped
from matching.values import DateValues, Integers

PLACEHOLDERS = (101, 701, 1231)  # 1 January, 1 July, 31 December: written when only the year is known


def day_month_swapped(pairs: Pairs, _: float) -> Flags:
    """Day and month exchanged."""
    left, right = _dates(pairs)
    return np.asarray((swapped(left) == right) & (right > 0))


def first_of_year(pairs: Pairs, _: float) -> Flags:
    """One side is a placeholder (1 January, 1 July or 31 December) of the same year."""
    left, right = _dates(pairs)
    placeholder = np.isin(left % 10_000, PLACEHOLDERS) | np.isin(right % 10_000, PLACEHOLDERS)
    return np.asarray((left // 10_000 == right // 10_000) & placeholder)


def years_off(pairs: Pairs, years: float) -> Flags:
    """Same day and month, the year differs by exactly so many."""
    left, right = _dates(pairs)
    return np.asarray((left % 10_000 == right % 10_000) & (np.abs(left // 10_000 - right // 10_000) == int(years)))


def same_day_and_month(pairs: Pairs, _: float) -> Flags:
    """Same day and month, whatever the year."""
    left, right = _dates(pairs)
    return np.asarray(left % 10_000 == right % 10_000)


def two_of_three(pairs: Pairs, _: float) -> Flags:
    """Two of day, month and year are equal."""
    left, right = _dates(pairs)
    same = (left % 100 == right % 100).astype(np.int8) + (left // 100 % 100 == right // 100 % 100) + (left // 10_000 == right // 10_000)
    return np.asarray(same >= 2)


def same_year(pairs: Pairs, _: float) -> Flags:
    """The same year."""
    left, right = _dates(pairs)
    return np.asarray(left // 10_000 == right // 10_000)


def years_within(pairs: Pairs, years: float) -> Flags:
    """Years at most so far apart."""
    left, right = _dates(pairs)
    return np.asarray(np.abs(left // 10_000 - right // 10_000) <= years)


def _dates(pairs: Pairs) -> tuple[Integers, Integers]:
    if not isinstance(pairs.values, DateValues):
        raise ValueError("this level compares dates; declare the column as date")  # noqa: TRY004
    return pairs.values.numbers[pairs.left], pairs.values.numbers[pairs.right]
