"""The user's own boundary file: prevents a file of another place, or other codes, from silently misplacing people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from geocoding_frames import VILLAGES, small_areas

from geocoding import BoundaryFileError, load_boundaries
from geocoding.boundary_file import dotted_code
from schemas.areas import BANYUWANGI

Feature = dict[str, Any]


def square(latitude: float, longitude: float, half: float = 0.01) -> list[list[float]]:
    corners = [(-half, -half), (-half, half), (half, half), (half, -half), (-half, -half)]
    return [[longitude + east, latitude + north] for north, east in corners]


def feature(code: object, ring: list[list[float]], name: str = "kode") -> Feature:
    return {"type": "Feature", "properties": {"fid": 7, name: code, "NAMA": "X"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write(path: Path, features: list[Feature]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def layer(name: str = "kode", spelling: Any = str, flip: bool = False) -> list[Feature]:
    features = [feature(spelling(code), square(*point), name) for code, point in VILLAGES.items()]
    if flip:
        for item in features:
            item["geometry"]["coordinates"] = [[pair[::-1] for pair in ring] for ring in item["geometry"]["coordinates"]]
    return features


@pytest.mark.parametrize("name", ["kode", "code", "desa_code", "KDEPUM", "KODE_DESA", "id_wilayah"])
@pytest.mark.parametrize(
    "spelling", [str, lambda code: code.replace(".", ""), lambda code: int(code.replace(".", ""))], ids=["dotted", "digits", "number"]
)
def test_the_code_property_is_found_whatever_its_name(tmp_path: Path, name: str, spelling: Any) -> None:
    found = load_boundaries(write(tmp_path / "desa.geojson", layer(name, spelling)), small_areas(), BANYUWANGI)
    assert found.villages["area_code"].tolist() == sorted(VILLAGES)
    assert found.kecamatan["area_code"].tolist() == ["35.10.05", "35.10.08"]
    assert not found.approximate
    assert "desa.geojson" in found.label("id")


def test_latitude_and_longitude_in_the_wrong_order_are_put_right(tmp_path: Path) -> None:
    straight = load_boundaries(write(tmp_path / "a.geojson", layer()), small_areas(), BANYUWANGI)
    swapped = load_boundaries(write(tmp_path / "b.geojson", layer(flip=True)), small_areas(), BANYUWANGI)
    assert straight.frame.geometry.geom_equals(swapped.frame.geometry).all()


def test_an_island_in_a_row_of_its_own_belongs_to_its_village(tmp_path: Path) -> None:
    code, (latitude, longitude) = next(iter(VILLAGES.items()))
    island = feature(code, square(latitude + 0.05, longitude, 0.002))
    found = load_boundaries(write(tmp_path / "desa.geojson", [*layer(), island]), small_areas(), BANYUWANGI)
    assert found.villages.set_index("area_code").geometry[code].geom_type == "MultiPolygon"


def test_a_self_crossing_polygon_is_repaired(tmp_path: Path) -> None:
    features = layer()
    ring = features[0]["geometry"]["coordinates"][0]
    features[0]["geometry"]["coordinates"] = [[ring[0], ring[2], ring[1], ring[3], ring[0]]]
    found = load_boundaries(write(tmp_path / "desa.geojson", features), small_areas(), BANYUWANGI)
    assert found.frame.geometry.is_valid.all()
    assert set(found.villages.geometry.geom_type) <= {"Polygon", "MultiPolygon"}


def test_villages_that_the_file_lacks_have_no_polygon_and_no_other_takes_their_place(tmp_path: Path) -> None:
    found = load_boundaries(write(tmp_path / "desa.geojson", layer()[:4]), small_areas(), BANYUWANGI)
    assert found.villages["area_code"].tolist() == sorted(VILLAGES)[:4]


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([], "holds no shapes"),
        (layer(spelling=lambda code: "3510" + code[-4:] + "01"), "no property holds the codes of the 6 villages"),
        ([feature(code, square(-7.2, 112.7)) for code in VILLAGES], "lies elsewhere"),
        (
            [{**feature(code, []), "geometry": {"type": "Point", "coordinates": point[::-1]}} for code, point in VILLAGES.items()],
            "wanted: polygons",
        ),
    ],
    ids=["empty", "other code system", "another regency", "points"],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path, features: list[Feature], message: str) -> None:
    with pytest.raises(BoundaryFileError, match=message) as refused:
        load_boundaries(write(tmp_path / "batas.geojson", features), small_areas(), BANYUWANGI)
    assert "batas.geojson" in str(refused.value)


def test_a_file_that_is_no_map_is_refused(tmp_path: Path) -> None:
    (tmp_path / "batas.geojson").write_text("NIK;NAMA\n", encoding="utf-8")
    with pytest.raises(BoundaryFileError, match="not a map layer"):
        load_boundaries(tmp_path / "batas.geojson", small_areas(), BANYUWANGI)


def test_a_missing_file_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="PADAN_BOUNDARIES"):
        load_boundaries(tmp_path / "none.geojson", small_areas(), BANYUWANGI)


def test_codes_of_ten_digits_only() -> None:
    values = pd.Series(["35.10.05.2001", "3510052001", 3510052001.0, "351005", "3510052001001", "Muncar", None], dtype=object)
    assert dotted_code(values).tolist()[:3] == ["35.10.05.2001"] * 3
    assert dotted_code(values)[3:].isna().all()
