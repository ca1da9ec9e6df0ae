"""Boundaries of villages, sub-districts and the regency: the user's own, or approximate ones built from village points.

Approximate boundaries are Voronoi cells, the land that is nearer to this village's point than to any other, cut at a plausible
outline. They are good for colouring a map and for a first check of coordinates, and for nothing else, so they carry the
word "approximate" with them wherever they go.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geocoding.boundary_file import read_boundary_file
from geocoding.outline import plausible_outline
from geocoding.plane import WGS84, FloatArray, Plane
from schemas.areas import Regency


@dataclass(frozen=True)
class Boundaries:
    """Polygons of all levels in one frame: area_code, level (regency, kecamatan, village), geometry in WGS 84."""

    frame: gpd.GeoDataFrame
    approximate: bool
    label_id: str
    label_en: str

    @cached_property
    def villages(self) -> gpd.GeoDataFrame:
        """The village polygons."""
        return self._level("village")

    @cached_property
    def kecamatan(self) -> gpd.GeoDataFrame:
        """The sub-district polygons, joined from their villages so that both levels fit each other."""
        return self._level("kecamatan")

    def label(self, language: str) -> str:
        """How these boundaries are to be called wherever they are shown."""
        return self.label_en if language == "en" else self.label_id

    def _level(self, level: str) -> gpd.GeoDataFrame:
        return self.frame[self.frame["level"] == level].reset_index(drop=True)


def load_boundaries(path: Path | None, areas: pd.DataFrame, regency: Regency) -> Boundaries:
    """The user's boundary file if there is one, else approximate boundaries from the village points of `areas`.

    `areas` has area_code, level, parent_code, latitude, longitude. Raises BoundaryFileError for a file that cannot be used and
    ValueError when there is no village point at all.
    """
    villages = areas[areas["level"] == "village"].sort_values("area_code", ignore_index=True)
    if path is not None:
        layer = read_boundary_file(path, pd.Index(villages["area_code"]), regency)
        name = path.name
        return Boundaries(
            _all_levels(layer, areas), approximate=False, label_id=f"batas dari berkas {name}", label_en=f"boundaries from the file {name}"
        )
    return Boundaries(
        _all_levels(approximate_villages(villages, regency), areas),
        approximate=True,
        label_id="batas perkiraan, dibuat dari titik desa; bukan batas resmi",
        label_en="approximate boundaries, made from village points; not official",
    )


def approximate_villages(villages: pd.DataFrame, regency: Regency) -> gpd.GeoDataFrame:
    """One approximate polygon per village that has a point: area_code, geometry (WGS 84)."""
    placed = villages[villages["latitude"].notna() & villages["longitude"].notna()]
    if placed.empty:
        raise ValueError("no village has a point (latitude, longitude), so no boundaries can be made; give a file with PADAN_BOUNDARIES")
    plane = Plane.of(regency)
    points = _apart(plane.to_metres(placed["latitude"], placed["longitude"]))
    outline = plausible_outline(points, regency, plane)
    # A single point, or points on one line, have no Voronoi diagram of their own: four far points close it.
    west, south, east, north = shapely.total_bounds(np.asarray([outline]))
    width, height = east - west, north - south
    far = [(west - width, south - height), (west - width, north + height), (east + width, south - height), (east + width, north + height)]
    cells = shapely.voronoi_polygons(shapely.multipoints(np.vstack([points, far])), ordered=True)
    polygons = shapely.intersection(shapely.get_parts(cells)[: len(points)], outline)
    return gpd.GeoDataFrame({"area_code": placed["area_code"].to_numpy()}, geometry=plane.unproject(polygons), crs=WGS84)


def _apart(points: FloatArray) -> FloatArray:
    """The same points, villages that share one point moved 200 m apart, since a Voronoi diagram gives only one of them a cell."""
    repeat = pd.DataFrame(points).groupby([0, 1]).cumcount().to_numpy()
    angle = repeat * 2.4  # the golden angle: no two of a crowd fall together again
    moved: FloatArray = points + 200.0 * np.sqrt(repeat)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return moved


def _all_levels(villages: gpd.GeoDataFrame, areas: pd.DataFrame) -> gpd.GeoDataFrame:
    parent = areas.set_index("area_code")["parent_code"]
    layers = [villages.assign(level="village")]
    for level in ("kecamatan", "regency"):
        below = layers[-1].assign(area_code=layers[-1]["area_code"].map(parent)).dropna(subset=["area_code"])
        # Snapping to a millimetre-sized grid closes the slivers that two independently computed edges leave between neighbours.
        below["geometry"] = shapely.set_precision(np.asarray(below.geometry.array, dtype=object), 1e-8)
        layers.append(below.dissolve("area_code").reset_index()[["area_code", "geometry"]].assign(level=level))
    frame = pd.concat(layers, ignore_index=True)[["area_code", "level", "geometry"]]
    return gpd.GeoDataFrame(frame.astype({"area_code": "string[pyarrow]", "level": "string[pyarrow]"}), geometry="geometry", crs=WGS84)
