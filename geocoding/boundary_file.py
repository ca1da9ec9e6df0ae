"""A boundary file of the user's own, read whatever its property names are.

Agencies write the village code as `kode`, `KDEPUM`, `desa_code`, with dots or without. So the code property is not asked for but
found: it is the one whose values are codes of the known villages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geocoding.plane import WGS84
from schemas.areas import Regency

_PREFERRED_PROPERTIES = ("area_code", "desa_code", "kode_desa", "kode", "code", "kdepum", "kode_wilayah", "id")
_LEAST_SHARE = 0.5
"""With fewer villages found than this, the file is of another place or another code system, and using it would misplace people."""


class BoundaryFileError(ValueError):
    """A boundary file that cannot be used; the message names the file, what was found and what is needed."""


def read_boundary_file(path: Path, village_codes: pd.Index, regency: Regency) -> gpd.GeoDataFrame:
    """Village polygons: area_code, geometry (WGS 84), one row per village found, sorted by code.

    `village_codes` are the dotted codes that may occur. Several features of one village are joined; latitude and longitude in
    the wrong order are put right (several published files have them so). Raises BoundaryFileError, or FileNotFoundError.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no boundary file {path} (PADAN_BOUNDARIES)")
    try:
        features = gpd.read_file(path)
    except Exception as error:  # noqa: BLE001 - the reader raises a different class for each format that it fails on
        raise BoundaryFileError(f"{path.name}: not a map layer (GeoJSON, GeoPackage, Shapefile): {type(error).__name__}") from None
    features = features[features.geometry.notna() & ~features.geometry.is_empty]
    if features.empty:
        raise BoundaryFileError(f"{path.name}: holds no shapes; wanted: one polygon per village")
    codes = _village_codes_of(features, village_codes, path)
    features = features.set_crs(WGS84) if features.crs is None else features.to_crs(WGS84)
    geometries = shapely.make_valid(_in_the_box(np.asarray(features.geometry.array, dtype=object), regency, path))
    known = codes.notna().to_numpy()
    layer = gpd.GeoDataFrame({"area_code": codes[known].to_numpy()}, geometry=_polygons_only(geometries[known]), crs=WGS84)
    if not len(layer) or layer.geometry.is_empty.any():
        raise BoundaryFileError(f"{path.name}: some villages have no area; wanted: polygons, found points or lines")
    return layer.dissolve("area_code").reset_index()[["area_code", "geometry"]].sort_values("area_code", ignore_index=True)


def dotted_code(values: pd.Series) -> pd.Series:
    """Village codes as `35.10.01.2001`, from the same with or without dots, or as numbers; missing where it is not ten digits."""
    digits = values.astype("string").str.replace(r"\.0$", "", regex=True).str.replace(r"\D", "", regex=True)
    shaped = digits.where(digits.str.len() == 10)
    return shaped.str.replace(r"^(\d{2})(\d{2})(\d{2})(\d{4})$", r"\1.\2.\3.\4", regex=True)


def _village_codes_of(features: gpd.GeoDataFrame, village_codes: pd.Index, path: Path) -> pd.Series:
    found: list[tuple[int, int, str, pd.Series]] = []
    for name in features.columns.drop(features.geometry.name):
        codes = dotted_code(features[name])
        codes = codes.where(codes.isin(village_codes))
        preference = _PREFERRED_PROPERTIES.index(name.lower()) if name.lower() in _PREFERRED_PROPERTIES else len(_PREFERRED_PROPERTIES)
        found.append((-codes.nunique(), preference, name, codes))
    found.sort(key=lambda item: item[:3])
    if not found or -found[0][0] < _LEAST_SHARE * len(village_codes):
        names = ", ".join(f"{name} ({-matches})" for matches, _, name, _ in found) or "none"
        raise BoundaryFileError(
            f"{path.name}: no property holds the codes of the {len(village_codes)} villages (such as {village_codes[0]}); "
            f"properties, with the number of villages found: {names}"
        )
    return found[0][3]


def _in_the_box(geometries: Any, regency: Regency, path: Path) -> Any:
    box = shapely.box(regency.west, regency.south, regency.east, regency.north)
    for candidate in (geometries, shapely.transform(geometries, lambda points: points[:, ::-1])):
        middle = shapely.box(*shapely.total_bounds(candidate)).centroid
        if box.contains(middle):
            return candidate
    west, south, east, north = (round(float(edge), 2) for edge in shapely.total_bounds(geometries))
    raise BoundaryFileError(
        f"{path.name}: lies elsewhere: longitude {west} to {east}, latitude {south} to {north}; "
        f"wanted: longitude {regency.west} to {regency.east}, latitude {regency.south} to {regency.north} (PADAN_REGENCY)"
    )


def _polygons_only(geometries: Any) -> Any:
    """Without the stray lines and points that repairing a self-crossing polygon may leave behind."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    # Repair gives collections whose members may be multi-polygons themselves: take them apart twice.
    parts, inner = shapely.get_parts(parts, return_index=True)
    owner = owner[inner]
    areal = shapely.get_type_id(parts) == 3
    joined = [shapely.union_all(parts[areal & (owner == index)]) for index in range(len(geometries))]
    return np.asarray(joined, dtype=object)
