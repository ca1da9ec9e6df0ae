"""Families of one house: prevents a row of neighbours from growing into one giant house, and one house from being counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geocoding.shared_houses import ONE_HOUSE_METRES, group_into_houses


def group(
    points: list[tuple[float, float]], rt: list[str | None] | None = None, radius: float = 15.0, numbers: list[str | None] | None = None
) -> list[int]:
    metres = np.array(points, dtype=float).reshape(-1, 2)
    names = pd.Series(rt if rt is not None else ["1"] * len(points), dtype="string")
    house_numbers = pd.Series(numbers if numbers is not None else [None] * len(points), dtype="string")
    return group_into_houses(metres, names, np.full(len(metres), radius), house_numbers).tolist()


def test_two_families_within_ten_metres_share_a_house() -> None:
    assert group([(0, 0), (6, 7), (100, 100)]) == [0, 0, 2]


def test_eleven_metres_are_two_houses() -> None:
    assert group([(0, 0), (11, 0)]) == [0, 1]


def test_another_rt_is_another_house() -> None:
    assert group([(0, 0), (3, 0)], ["1", "2"]) == [0, 1]


def test_unknown_rt_or_position_shares_with_nobody() -> None:
    assert group([(0, 0), (3, 0)], [None, None]) == [0, 1]
    assert group([(0, 0), (np.nan, np.nan), (np.nan, np.nan)]) == [0, 1, 2]


def test_different_house_numbers_are_different_houses_however_near() -> None:
    assert group([(0, 0), (3, 0)], numbers=["12", "14"]) == [0, 1]
    assert group([(0, 0), (3, 0)], numbers=["12", "12"]) == [0, 0]
    assert group([(0, 0), (3, 0)], numbers=["12", None]) == [0, 0]


def test_coarse_coordinates_prove_nothing() -> None:
    assert group([(0, 0), (0, 0)], radius=79.0) == [0, 1]


def test_a_row_of_neighbours_is_no_house() -> None:
    houses = group([(8.0 * number, 0.0) for number in range(20)])
    assert len(set(houses)) == 10


POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=40, unique=True)


@given(POINTS, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_everyone_is_near_the_first_family_whatever_the_order_of_the_rows(points: list[tuple[float, float]], random: object) -> None:
    metres = np.array(points, dtype=float)
    houses = np.array(group(points))
    assert (houses[houses] == houses).all()
    assert (np.hypot(*(metres - metres[houses]).T) <= ONE_HOUSE_METRES).all()
    order = list(range(len(points)))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = np.array(group([points[index] for index in order]))
    assert {frozenset(np.flatnonzero(houses == house)) for house in houses} == {
        frozenset(order[index] for index in np.flatnonzero(again == house)) for house in again
    }
