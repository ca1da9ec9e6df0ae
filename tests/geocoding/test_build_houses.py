"""Houses as a whole: prevents families without a house, positions without a source, and answers that hang on the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geocoding_frames import VILLAGES, families_frame, records_frame, small_areas

from geocoding import Boundaries, Houses, build_houses, load_boundaries, with_house_ids
from geocoding.houses import HOUSE_COLUMNS, PRECISIONS
from schemas.areas import BANYUWANGI

VILLAGE = "35.10.05.2001"
LATITUDE, LONGITUDE = VILLAGES[VILLAGE]
HERE = (LATITUDE + 0.0012345, LONGITUDE + 0.0023456)
TRUST = {"village_survey": 70, "dinsos_dtsen": 60}
AREAS = small_areas()
BOUNDARIES = load_boundaries(None, AREAS, BANYUWANGI)


def build(families: pd.DataFrame, records: pd.DataFrame, boundaries: Boundaries = BOUNDARIES) -> Houses:
    return build_houses(families, records, AREAS, boundaries, trust=TRUST)


def one(families: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    houses = build(families, records).houses
    assert len(houses) == 1
    return houses.iloc[0]


def a_family(**columns: object) -> pd.DataFrame:
    return families_frame(**{"area_code": [VILLAGE], "rt": ["001"], "rw": ["001"], **{name: [value] for name, value in columns.items()}})


def test_a_measured_house_gives_its_coordinate_back_and_names_its_record() -> None:
    house = one(a_family(), records_frame(family_id=["F0"], latitude=[HERE[0]], longitude=[HERE[1]]))
    assert (house["latitude"], house["longitude"]) == pytest.approx(HERE, abs=1e-7)
    assert house["position_precision"] == "gps"
    assert house["position_radius_m"] == 15
    assert house["position_source"] == "village_survey:0:0"
    assert house["area_code"] == VILLAGE


def test_a_coordinate_outside_the_village_is_flagged_and_the_village_point_stands() -> None:
    result = build(a_family(), records_frame(family_id=["F0"], latitude=[-8.35123], longitude=[114.28123], area_code=[VILLAGE]))
    house = result.houses.iloc[0]
    assert house["position_precision"] == "village"
    assert (house["latitude"], house["longitude"]) == pytest.approx((LATITUDE, LONGITUDE), abs=1e-6)
    assert pd.isna(house["position_source"])
    flag = result.coordinate_flags.iloc[0]
    assert (flag["record_id"], flag["family_id"], flag["code"]) == ("village_survey:0:0", "F0", "outside_village")


def test_with_approximate_boundaries_the_stated_village_stands() -> None:
    # 500 m into the neighbour's cell: believed, but the village stays the stated one.
    house = one(a_family(), records_frame(family_id=["F0"], latitude=[LATITUDE + 0.00011], longitude=[LONGITUDE + 0.0245]))
    assert (house["position_precision"], house["area_code"]) == ("gps", VILLAGE)


def test_a_blank_village_is_filled_from_the_position_and_says_so() -> None:
    result = build(a_family(area_code=pd.NA), records_frame(family_id=["F0"], latitude=[HERE[0]], longitude=[HERE[1]]))
    assert result.family_houses.loc[0, ["area_code", "area_source"]].tolist() == [VILLAGE, "position"]
    assert result.houses.loc[0, "area_code"] == VILLAGE


def test_a_blank_village_is_filled_from_the_records_before_the_position() -> None:
    records = records_frame(family_id=["F0"], latitude=[HERE[0]], longitude=[HERE[1]], area_code=["35.10.05.2003"])
    result = build(a_family(area_code=pd.NA), records)
    assert result.family_houses.loc[0, ["area_code", "area_source"]].tolist() == ["35.10.05.2003", "record"]


def test_families_of_one_roof_share_a_house_and_the_others_do_not() -> None:
    families = families_frame(area_code=[VILLAGE] * 3, rt=["001"] * 3, rw=["001"] * 3)
    records = records_frame(
        family_id=["F0", "F1", "F2"],
        latitude=[HERE[0], HERE[0] + 0.00004, HERE[0] + 0.001],
        longitude=[HERE[1]] * 3,
        floor=["8", pd.NA, "1"],
    )
    result = build(families, records)
    assert len(result.houses) == 2
    keys = result.family_houses.set_index("family_id")["house_key"]
    assert keys["F0"] == keys["F1"] != keys["F2"]
    assert result.houses.set_index("house_key")["floor"].loc[keys["F1"]] == "8"


def test_the_newest_coordinate_wins_then_the_most_trusted() -> None:
    records = records_frame(
        family_id=["F0"] * 4,
        source=["village_survey", "dinsos_dtsen", "village_survey", "village_survey"],
        delivered_on=[pd.Timestamp("2026-01-31"), pd.Timestamp("2026-08-31"), pd.Timestamp("2026-08-31"), pd.NaT],
        latitude=[HERE[0] + step for step in (0.001, 0.002, 0.003, 0.004)],
        longitude=[HERE[1]] * 4,
    )
    assert one(a_family(), records)["position_source"] == "village_survey:2:0"


def test_a_newest_coordinate_that_is_not_believed_leaves_the_word_to_the_older_one() -> None:
    records = records_frame(
        family_id=["F0"] * 2,
        delivered_on=[pd.Timestamp("2026-08-31"), pd.Timestamp("2025-08-31")],
        latitude=[-8.0, HERE[0]],
        longitude=[114.3, HERE[1]],
    )
    assert one(a_family(), records)["position_source"] == "village_survey:1:0"


def test_housing_columns_survive_each_on_its_own() -> None:
    records = records_frame(
        family_id=["F0"] * 3,
        source=["village_survey", "dinsos_dtsen", "dinsos_dtsen"],
        delivered_on=[pd.Timestamp("2026-08-31"), pd.Timestamp("2026-09-15"), pd.Timestamp("2026-06-15")],
        house_condition=["poor", pd.NA, pd.NA],
        floor=[pd.NA, "8", "1"],
        wall=[pd.NA, pd.NA, "4"],
        floor_area_m2=[float("nan"), 20.0, 30.0],
    )
    house = one(a_family(), records)
    assert house[["house_condition", "floor", "wall", "floor_area_m2"]].tolist() == ["poor", "8", "4", 20.0]
    assert pd.isna(house["roof"])


def test_every_family_gets_exactly_one_house_and_the_types_are_the_agreed_ones() -> None:
    families = families_frame(area_code=[VILLAGE, "35.10.08.2001", pd.NA, "nowhere"])
    result = build(families, records_frame(family_id=["F0"], latitude=[HERE[0]], longitude=[HERE[1]]))
    assert list(result.houses.columns) == ["house_key", *HOUSE_COLUMNS]
    assert result.family_houses["family_id"].tolist() == families["family_id"].tolist()
    assert set(result.family_houses["house_key"]) == set(result.houses["house_key"])
    assert set(result.houses["position_precision"]) <= set(PRECISIONS)
    unplaced = result.houses[result.houses["position_precision"] == "none"]
    assert len(unplaced) == 2
    assert unplaced[["latitude", "longitude", "position_radius_m"]].isna().all(axis=None)
    text = ["house_key", "position_precision", "area_code", "position_source", "floor", "power"]
    assert (result.houses[text].dtypes == "string[pyarrow]").all()
    assert (result.houses[["latitude", "longitude", "position_radius_m", "floor_area_m2"]].dtypes == "float64").all()


def test_without_any_record_every_family_stands_at_its_village_point() -> None:
    families = families_frame(area_code=[VILLAGE] * 5, rt=["001"] * 5)
    houses = build(families, records_frame(family_id=["F0"]).iloc[:0]).houses
    assert houses["position_precision"].tolist() == ["village"] * 5
    assert houses["position_radius_m"].between(1_000, 20_000).all()


def test_the_order_of_records_does_not_matter() -> None:
    random = np.random.default_rng(5)
    count = 200
    families = families_frame(
        area_code=[VILLAGE] * count, rt=[f"{value:03d}" for value in random.integers(1, 5, count)], rw=["001"] * count
    )
    records = records_frame(
        family_id=[f"F{value}" for value in random.integers(0, count, 150)],
        latitude=list(HERE[0] + random.uniform(-0.002, 0.002, 150).round(6)),
        longitude=list(HERE[1] + random.uniform(-0.002, 0.002, 150).round(6)),
        floor=list(random.choice(["1", "7", "8"], 150)),
    )
    first, second = build(families, records), build(families, records.sample(frac=1.0, random_state=1))
    pd.testing.assert_frame_equal(first.houses, second.houses)
    pd.testing.assert_frame_equal(first.family_houses, second.family_houses)
    assert {"gps", "rt"} <= set(first.houses["position_precision"])


def test_house_ids_replace_keys_on_both_sides() -> None:
    families = families_frame(area_code=[VILLAGE] * 2)
    result = build(families, records_frame(family_id=["F0"]))
    numbered = with_house_ids(result, pd.Series(["H7", "H9"], index=result.houses["house_key"].to_numpy()))
    assert numbered.houses["house_id"].tolist() == ["H7", "H9"]
    assert numbered.family_houses["house_id"].tolist() == ["H7", "H9"]
    with pytest.raises(ValueError, match="house_id"):
        with_house_ids(result, pd.Series(["H7", "H7"], index=result.houses["house_key"].to_numpy()))
