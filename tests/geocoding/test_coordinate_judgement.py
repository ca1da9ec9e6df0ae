"""Which coordinates are believed: prevents a village office, a typing slip or another village from becoming somebody's home."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geocoding_frames import VILLAGES, small_areas

from geocoding import Boundaries, load_boundaries
from geocoding.coordinates import COARSE, OUTSIDE_REGENCY, OUTSIDE_VILLAGE, REPEATED, judge_coordinates, villages_of
from geocoding.plane import Plane
from schemas.areas import BANYUWANGI

VILLAGE = "35.10.05.2001"
LATITUDE, LONGITUDE = VILLAGES[VILLAGE]
PLANE = Plane.of(BANYUWANGI)
KILOMETRE = 1 / 111.32


@pytest.fixture(scope="module")
def approximate() -> Boundaries:
    return load_boundaries(None, small_areas(), BANYUWANGI)


@pytest.fixture(scope="module")
def real(approximate: Boundaries) -> Boundaries:
    return Boundaries(approximate.frame, approximate=False, label_id="batas resmi", label_en="official")


def judge(boundaries: Boundaries, *positions: tuple[float, float], area: object = VILLAGE) -> pd.DataFrame:
    frame = pd.DataFrame(positions, columns=["latitude", "longitude"])
    frame["family_id"] = [f"F{number}" for number in range(len(frame))]
    frame["area_code"] = pd.array([area] * len(frame), dtype="string")
    return judge_coordinates(frame, boundaries, BANYUWANGI)


def test_a_house_in_its_village_is_believed(approximate: Boundaries) -> None:
    judged = judge(approximate, (LATITUDE + 0.00123, LONGITUDE - 0.00321)).iloc[0]
    assert pd.isna(judged["code"])
    assert judged["distance_m"] == 0
    assert judged["radius"] == 15


@pytest.mark.parametrize(
    "position",
    [(LATITUDE, 104.30001), (8.44001, LONGITUDE), (114.30001, -8.44001), (0.0, 0.0), (-8.44001, 115.2)],
    ids=["digit lost", "sign lost", "swapped", "null island", "Bali"],
)
def test_outside_the_regency_is_not_believed(approximate: Boundaries, position: tuple[float, float]) -> None:
    assert judge(approximate, position)["code"].tolist() == [OUTSIDE_REGENCY]


def test_another_village_far_away_is_not_believed_and_the_distance_is_said(approximate: Boundaries) -> None:
    judged = judge(approximate, (-8.35123, 114.28123)).iloc[0]
    assert judged["code"] == OUTSIDE_VILLAGE
    assert 3_000 < judged["distance_m"] < 10_000


def test_next_door_counts_only_where_boundaries_are_real(approximate: Boundaries, real: Boundaries) -> None:
    # 1.5 km into the neighbouring cell: with a made-up border that says nothing, with a real one it does.
    position = (LATITUDE + 0.00012, LONGITUDE + 0.02 + 1.5 * KILOMETRE)
    assert judge(approximate, position)["code"].isna().all()
    assert judge(real, position)["code"].tolist() == [OUTSIDE_VILLAGE]


def test_a_few_metres_over_a_real_border_are_the_telephones_error(real: Boundaries) -> None:
    assert judge(real, (LATITUDE + 0.00012, LONGITUDE + 0.02 + 0.03 * KILOMETRE))["code"].isna().all()


def test_one_point_for_many_families_is_an_office(approximate: Boundaries) -> None:
    office = (LATITUDE + 0.00123, LONGITUDE + 0.00321)
    assert judge(approximate, *[office] * 7)["code"].tolist() == [REPEATED] * 7
    assert judge(approximate, *[office] * 6)["code"].isna().all()


@pytest.mark.parametrize(
    ("position", "radius"),
    [((-8.4412, 114.3013), 15.0), ((-8.441, 114.301), 78.7), ((-8.4412345, 114.301), 15.0)],
    ids=["4", "3", "one only"],
)
def test_few_decimals_widen_the_radius(approximate: Boundaries, position: tuple[float, float], radius: float) -> None:
    judged = judge(approximate, position).iloc[0]
    assert pd.isna(judged["code"])
    assert judged["radius"] == pytest.approx(radius, abs=0.1)


def test_two_decimals_are_no_house(approximate: Boundaries) -> None:
    assert judge(approximate, (-8.44, 114.30))["code"].tolist() == [COARSE]


def test_without_a_stated_village_only_the_regency_counts(approximate: Boundaries) -> None:
    judged = judge(approximate, (-8.35123, 114.28123), area=pd.NA).iloc[0]
    assert pd.isna(judged["code"])
    assert np.isnan(judged["distance_m"])


def test_an_unknown_village_code_is_not_taken_for_another(approximate: Boundaries) -> None:
    assert np.isnan(judge(approximate, (-8.44123, 114.30123), area="35.10.99.2001").iloc[0]["distance_m"])


def test_a_position_finds_the_village_around_it(approximate: Boundaries) -> None:
    points = pd.DataFrame(VILLAGES.values(), columns=["latitude", "longitude"])
    found = villages_of(PLANE.to_metres(points["latitude"], points["longitude"]), approximate, PLANE, within=0.0)
    assert found.tolist() == list(VILLAGES)


def test_a_position_near_the_outline_finds_the_nearest_and_one_far_away_none(approximate: Boundaries) -> None:
    northernmost = approximate.villages.get_coordinates().sort_values("y").iloc[-1]
    longitude, north = northernmost["x"], northernmost["y"]
    metres = PLANE.to_metres([north + KILOMETRE, north + 9 * KILOMETRE, float("nan")], [longitude] * 3)
    found = villages_of(metres, approximate, PLANE, within=3_000.0)
    assert found.iloc[0] == approximate.villages["area_code"].loc[northernmost.name]
    assert found.iloc[1:].isna().all()
