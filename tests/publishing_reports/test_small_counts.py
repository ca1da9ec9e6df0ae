"""Hidden numbers: prevents a count of three families from being read off the total, and a village from being read off its sub-district."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_frames import area_summary, summed_up

from publishing.small_counts import suppress_small_counts
from schemas.areas import load_areas

REGENCY, ONE, TWO, THREE = "35.10", "35.10.01", "35.10.02", "35.10.03"


def areas_of(shape: dict[str, list[tuple[int, int]]]) -> pd.DataFrame:
    """Kecamatan with villages of (poor, families), summed up."""
    rows: list[tuple[str, str, str | None]] = [(REGENCY, "regency", None)]
    numbers: list[tuple[str, str, str, int, int]] = []
    for kecamatan, villages in shape.items():
        rows.append((kecamatan, "kecamatan", REGENCY))
        numbers += [
            (f"{kecamatan}.{2001 + index}", "village", kecamatan, poor, families) for index, (poor, families) in enumerate(villages)
        ]
    areas = pd.DataFrame(rows, columns=["area_code", "level", "parent_code"])
    villages_frame = pd.DataFrame(numbers, columns=["area_code", "level", "parent_code", "poor_families", "families"])
    return summed_up(areas, villages_frame)


def shown(shape: dict[str, list[tuple[int, int]]]) -> pd.Series:
    return suppress_small_counts(areas_of(shape)).set_index("area_code")["poor_families"]


def test_a_small_count_is_hidden_and_the_next_smallest_with_it() -> None:
    numbers = shown({ONE: [(3, 100), (40, 100), (60, 100)], TWO: [(50, 100)]})
    assert numbers[f"{ONE}.2001"] is pd.NA
    assert numbers[f"{ONE}.2002"] is pd.NA  # or 103 - 60 - 40 = 3
    assert numbers[f"{ONE}.2003"] == 60
    assert numbers[ONE] == 103


def test_two_small_counts_whose_sum_is_small_need_a_third() -> None:
    # 1 + 2 = 3 = total - shown: that two villages have three poor families between them says too much.
    assert shown({ONE: [(1, 100), (2, 100), (40, 100), (60, 100)], TWO: [(50, 100)]}).isna().sum() == 3


def test_two_small_counts_whose_sum_is_not_small_are_enough() -> None:
    assert shown({ONE: [(4, 100), (3, 100), (40, 100)], TWO: [(50, 100)]}).isna().sum() == 2


def test_a_hidden_sub_district_hides_its_villages() -> None:
    numbers = shown({ONE: [(3, 100)], TWO: [(20, 100), (30, 100)], THREE: [(70, 100), (80, 100)]})
    assert numbers[numbers.isna()].index.tolist() == [ONE, TWO, f"{ONE}.2001", f"{TWO}.2001", f"{TWO}.2002"]


def test_no_poor_family_at_all_is_also_a_small_count() -> None:
    assert shown({ONE: [(0, 100), (40, 100), (60, 100)], TWO: [(50, 100)]}).isna().sum() == 2


def test_nearly_all_families_is_as_telling_as_nearly_none() -> None:
    assert shown({ONE: [(98, 100), (40, 100), (200, 500)], TWO: [(50, 100)]})[f"{ONE}.2001"] is pd.NA


def test_an_area_without_data_is_not_hidden_and_does_not_hide_its_neighbour() -> None:
    summary = suppress_small_counts(areas_of({ONE: [(0, 0), (30, 100)], TWO: [(0, 0)], THREE: [(50, 100)]})).set_index("area_code")
    assert not summary["hidden"].any()
    assert not summary.loc[[f"{ONE}.2001", TWO, f"{TWO}.2001"], "has_data"].any()
    assert summary.loc[f"{ONE}.2001", ["poor_families", "poor_rate", "families"]].isna().all()


def test_the_rate_goes_with_the_number() -> None:
    summary = suppress_small_counts(area_summary(v35_10_16_1007=2))
    assert summary["hidden"].sum() == 2
    assert summary.loc[summary["hidden"], ["poor_families", "poor_rate"]].isna().all(axis=None)
    assert summary.loc[summary["hidden"], "families"].notna().all()


def test_few_families_in_the_register_are_a_small_count_themselves() -> None:
    summary = suppress_small_counts(areas_of({ONE: [(3, 4), (40, 100), (60, 200)], TWO: [(50, 100)]})).set_index("area_code")
    assert summary.loc[f"{ONE}.2001", "families"] is pd.NA


def test_the_given_frame_is_not_changed() -> None:
    summary = area_summary(v35_10_16_1007=2)
    before = summary.copy()
    suppress_small_counts(summary)
    pd.testing.assert_frame_equal(summary, before)


SHAPES = st.dictionaries(
    st.sampled_from([f"35.10.{number:02d}" for number in range(1, 6)]),
    st.lists(
        st.tuples(st.one_of(st.integers(0, 9), st.integers(0, 300)), st.integers(0, 400)).map(lambda pair: (min(pair), max(pair))),
        min_size=1,
        max_size=6,
    ),
    min_size=1,
)


@given(SHAPES)
def test_nothing_hidden_can_be_worked_out_from_what_is_shown(shape: dict[str, list[tuple[int, int]]]) -> None:
    before = areas_of(shape).set_index("area_code")
    after = suppress_small_counts(before.reset_index()).set_index("area_code")
    visible = after["poor_families"].dropna()
    assert (visible >= 5).all()
    assert (visible == before.loc[visible.index, "poor_families"]).all()
    for parent, children in after[after["has_data"] & after["parent_code"].notna()].groupby("parent_code"):
        hidden = children.index[children["hidden"]]
        if after.loc[parent, "hidden"]:
            assert len(hidden) == len(children)
        elif len(hidden):
            # What the total gives away is the sum of those hidden: never one number, and never a small one.
            assert len(hidden) >= 2
            assert before.loc[hidden, "poor_families"].sum() >= 5


def test_the_same_table_is_hidden_in_the_same_way_in_any_row_order() -> None:
    summary = area_summary(v35_10_16_1007=2, v35_10_05_2001=0, v35_10_05_2002=1)
    hidden = [
        set(frame.loc[frame["hidden"], "area_code"])
        for frame in map(suppress_small_counts, (summary, summary.sample(frac=1, random_state=2)))
    ]
    assert hidden[0] == hidden[1]
    assert len(hidden[0]) == 5


@pytest.mark.parametrize("count", [0, 4])
def test_a_regency_with_hardly_any_poor_family_shows_nothing(count: int) -> None:
    villages = load_areas().query("level == 'village'").assign(families=100, poor_families=0)
    villages.iloc[0, villages.columns.get_loc("poor_families")] = count
    summary = suppress_small_counts(summed_up(load_areas(), villages))
    assert summary["hidden"].all()
