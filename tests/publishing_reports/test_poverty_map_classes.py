"""Classes of the map: prevents limits that nobody can read, classes without areas, and areas without a class."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.poverty_map_classes import class_scale

COUNTS = st.lists(st.integers(5, 50_000), min_size=1, max_size=60)


@given(COUNTS)
def test_every_area_has_one_class_and_no_class_is_empty(values: list[int]) -> None:
    scale = class_scale(values, smallest_step=1.0)
    classes = scale.class_of(values)
    assert 1 <= len(scale.lower) <= 5
    assert list(scale.lower) == sorted(set(scale.lower))
    assert np.bincount(classes, minlength=len(scale.lower) + 1).tolist() == [0, *scale.counts]
    assert all(count > 0 for count in scale.counts)


@given(COUNTS)
def test_a_higher_number_is_never_in_a_lower_class(values: list[int]) -> None:
    classes = class_scale(values, smallest_step=1.0).class_of(sorted(values))
    assert (np.diff(classes) >= 0).all()


@given(COUNTS)
def test_limits_of_counts_are_whole_numbers(values: list[int]) -> None:
    assert all(limit == round(limit) for limit in class_scale(values, smallest_step=1.0).lower)


def test_limits_are_round_numbers_and_classes_are_even() -> None:
    values = np.random.default_rng(1).lognormal(8, 0.5, 217).astype(int)
    scale = class_scale(values, smallest_step=1.0)
    assert len(scale.lower) == 5
    assert all(limit % 100 == 0 for limit in scale.lower[1:])
    assert min(scale.counts) > 217 / 5 * 0.6


@pytest.mark.parametrize(("values", "classes"), [([], 0), ([np.nan], 0), ([7], 1), ([7, 7, 7], 1), ([7, 9], 2), ([5, 6, 7, 8, 9, 10], 5)])
def test_few_values_give_few_classes(values: list[float], classes: int) -> None:
    assert len(class_scale(values, smallest_step=1.0).lower) == classes


def test_a_missing_value_has_no_class() -> None:
    scale = class_scale([10.0, np.nan, 20.0], smallest_step=0.1)
    assert scale.class_of([10.0, np.nan, 20.0]).tolist() == [1, 0, 2]
