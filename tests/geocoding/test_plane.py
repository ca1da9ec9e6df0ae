"""Distances in metres: prevents degrees taken for metres, and a zone border that tears neighbours apart."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geocoding.plane import Plane
from schemas.areas import BANYUWANGI, Regency

PLANE = Plane.of(BANYUWANGI)
LATITUDES = st.floats(BANYUWANGI.south, BANYUWANGI.north)
LONGITUDES = st.floats(BANYUWANGI.west, BANYUWANGI.east)


def test_the_zone_that_holds_most_of_the_regency_is_taken() -> None:
    assert PLANE.epsg == 32750
    assert Plane.of(Regency(west=110.0, east=112.0)).epsg == 32749


@given(LATITUDES, LONGITUDES, st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_distances_agree_with_the_ellipsoid(latitude: float, longitude: float, north: float, east: float) -> None:
    (first,), (second,) = (PLANE.to_metres([latitude], [longitude]), PLANE.to_metres([latitude + north], [longitude + east]))
    _, _, true = pyproj.Geod(ellps="WGS84").inv(longitude, latitude, longitude + east, latitude + north)
    assert np.hypot(*(second - first)) == pytest.approx(true, rel=2e-3, abs=0.01)


@given(LATITUDES, LONGITUDES)
def test_there_and_back_is_the_same_place(latitude: float, longitude: float) -> None:
    back = PLANE.to_degrees(PLANE.to_metres([latitude], [longitude]))
    assert back[0][0] == pytest.approx(latitude, abs=1e-8)
    assert back[1][0] == pytest.approx(longitude, abs=1e-8)


def test_neighbours_on_both_sides_of_the_zone_border_are_neighbours() -> None:
    west, east = PLANE.to_metres([-8.45, -8.45], [113.9999, 114.0001])
    assert np.hypot(*(east - west)) == pytest.approx(22, abs=1)


def test_missing_stays_missing() -> None:
    metres = PLANE.to_metres([float("nan"), -8.4], [114.3, 114.3])
    assert np.isnan(metres[0]).all()
    assert np.isfinite(metres[1]).all()
    assert np.isnan(PLANE.to_degrees(metres)[0][0])
