"""Approximate boundaries: prevents maps with holes or overlaps, and boundaries that pass for official ones."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geocoding import Boundaries, load_boundaries
from geocoding.boundaries import approximate_villages
from geocoding.plane import Plane
from schemas.areas import BANYUWANGI, Regency, load_areas

PLANE = Plane.of(BANYUWANGI)


@pytest.fixture(scope="module")
def banyuwangi() -> Boundaries:
    return load_boundaries(None, load_areas(), BANYUWANGI)


def test_every_area_has_one_polygon_per_level(banyuwangi: Boundaries) -> None:
    assert banyuwangi.frame["level"].value_counts().to_dict() == {"village": 217, "kecamatan": 25, "regency": 1}
    assert not banyuwangi.frame["area_code"].duplicated().any()
    assert banyuwangi.frame.geometry.is_valid.all()
    assert not banyuwangi.frame.geometry.is_empty.any()


def test_each_village_point_lies_in_its_own_polygon(banyuwangi: Boundaries) -> None:
    areas = load_areas().set_index("area_code")
    villages = banyuwangi.villages.set_index("area_code")
    points = shapely.points(areas.loc[villages.index, "longitude"], areas.loc[villages.index, "latitude"])
    assert shapely.contains(villages.geometry.array, points).all()


def test_villages_neither_overlap_nor_leave_gaps(banyuwangi: Boundaries) -> None:
    cells = PLANE.project(banyuwangi.villages.geometry)
    regency = PLANE.project(banyuwangi.frame.loc[banyuwangi.frame["level"] == "regency"].geometry)[0]
    total = shapely.area(cells).sum()
    assert total == pytest.approx(shapely.area(shapely.union_all(cells)), rel=1e-6)
    assert total == pytest.approx(shapely.area(regency), rel=1e-4)


def test_the_land_area_is_about_the_official_one(banyuwangi: Boundaries) -> None:
    # BIG gives 3,593.849 km2 (Kepmendagri 300.2.2-2430/2025); an outline that is wrong by more than a fifth is not plausible.
    square_kilometres = shapely.area(PLANE.project(banyuwangi.villages.geometry)).sum() / 1e6
    assert 0.8 * 3_593.849 < square_kilometres < 1.2 * 3_593.849


def test_it_stays_in_the_box_of_the_regency(banyuwangi: Boundaries) -> None:
    west, south, east, north = banyuwangi.frame.total_bounds
    assert west >= BANYUWANGI.west - 0.01
    assert east <= BANYUWANGI.east + 0.01
    assert south >= BANYUWANGI.south - 0.01
    assert north <= BANYUWANGI.north + 0.01


def test_it_calls_itself_approximate_in_both_languages(banyuwangi: Boundaries) -> None:
    assert banyuwangi.approximate
    assert "batas perkiraan" in banyuwangi.label("id")
    assert "approximate" in banyuwangi.label("en")


def test_the_same_areas_give_the_same_polygons_in_any_row_order() -> None:
    areas = load_areas()
    shuffled = areas.sample(frac=1.0, random_state=3, ignore_index=True)
    first, second = (load_boundaries(None, frame, BANYUWANGI).frame for frame in (areas, shuffled))
    assert first["area_code"].tolist() == second["area_code"].tolist()
    assert (shapely.to_wkb(first.geometry.array) == shapely.to_wkb(second.geometry.array)).all()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_regency_of_few_villages_works(count: int) -> None:
    # A Voronoi diagram of one or two points, or of points on one line, has no cells by itself.
    areas = load_areas()
    villages = areas[areas["level"] == "village"].head(count).reset_index(drop=True)
    villages["latitude"] = -8.5
    villages["longitude"] = 114.1 + 0.02 * np.arange(count)
    cells = approximate_villages(villages, Regency(code="99.99"))
    assert len(cells) == count
    assert (shapely.area(cells.geometry.array) > 0).all()


def test_villages_that_share_a_point_each_get_a_polygon() -> None:
    areas = load_areas()
    villages = areas[areas["level"] == "village"].head(8).reset_index(drop=True)
    villages.loc[:4, ["latitude", "longitude"]] = (-8.5, 114.0)
    cells = approximate_villages(villages, BANYUWANGI)
    assert len(cells) == 8
    assert (shapely.area(cells.geometry.array) > 0).all()


def test_without_a_single_point_the_error_says_what_to_give() -> None:
    areas = load_areas().assign(latitude=float("nan"))
    with pytest.raises(ValueError, match="PADAN_BOUNDARIES"):
        load_boundaries(None, areas, BANYUWANGI)
