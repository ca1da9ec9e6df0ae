"""Which coordinates can be believed.

A coordinate in a survey is a measurement by a person with a telephone: usually good to some metres, sometimes taken at the village
office for everybody, sometimes typed with two decimals, sometimes in another village. Each is either believed, or left out
with a reason that the quality report counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geocoding.boundaries import Boundaries
from geocoding.plane import FloatArray, Plane
from schemas.areas import Regency
from schemas.canonical import TEXT

OUTSIDE_REGENCY, OUTSIDE_VILLAGE, REPEATED, COARSE = "outside_regency", "outside_village", "repeated", "coarse"


@dataclass(frozen=True)
class CoordinateRules:
    """The limits between a coordinate that is believed and one that is not. Metres, unless the name says otherwise."""

    beyond_approximate: float = 3_000.0
    """How far outside its village's approximate cell a house may lie. Points spread evenly over Banyuwangi's true village
    areas lie more than 3 km outside their cell in 1.8 % of cases, nearly all in forest villages of over 100 km2."""
    beyond_real: float = 100.0
    """The same with real boundaries: they are generalised to tens of metres, and a telephone errs by 5-20 m."""
    telephone_error: float = 15.0
    """Radius of a coordinate written with five decimals or more."""
    coarsest: float = 200.0
    """A coordinate rounded further than this (two decimals: 800 m) says which hamlet, not which house."""
    most_families_at_one_point: int = 6
    """More families than this at exactly one point: the point is an office, not a home. Three generations make three cards."""

    def beyond(self, boundaries: Boundaries) -> float:
        """How far outside the stated village's boundary a coordinate may lie."""
        return self.beyond_approximate if boundaries.approximate else self.beyond_real


DEFAULT_RULES = CoordinateRules()


def judge_coordinates(
    positions: pd.DataFrame, boundaries: Boundaries, regency: Regency, rules: CoordinateRules = DEFAULT_RULES
) -> pd.DataFrame:
    """One row per row of `positions`, same index: east, north (metres), radius (metres), code, distance_m.

    `positions` has family_id, area_code (the stated village, or missing), latitude, longitude, both present. `code` is missing when the
    coordinate is believed; `distance_m` is the distance to the stated village's boundary (0 inside, NaN if no village is known).
    """
    plane = Plane.of(regency)
    latitude, longitude = positions["latitude"].to_numpy(dtype=float), positions["longitude"].to_numpy(dtype=float)
    metres = plane.to_metres(latitude, longitude)
    distance = _distance_to_village(metres, positions["area_code"], boundaries, plane)
    radius = np.maximum(rules.telephone_error, _rounding_radius(latitude, longitude))

    in_box = (latitude >= regency.south) & (latitude <= regency.north) & (longitude >= regency.west) & (longitude <= regency.east)
    families_at = positions.groupby(["latitude", "longitude"], dropna=False)["family_id"].transform("nunique").to_numpy()
    code = pd.Series(pd.NA, index=positions.index, dtype=TEXT)
    # The last that applies is the reason given, so the gravest stands last.
    code[radius > rules.coarsest] = COARSE
    code[families_at > rules.most_families_at_one_point] = REPEATED
    code[distance > rules.beyond(boundaries)] = OUTSIDE_VILLAGE
    code[~in_box] = OUTSIDE_REGENCY
    return pd.DataFrame(
        {"east": metres[:, 0], "north": metres[:, 1], "radius": radius, "code": code, "distance_m": distance}, index=positions.index
    )


def villages_of(metres: FloatArray, boundaries: Boundaries, plane: Plane, within: float) -> pd.Series:
    """The village in which each position lies, or the nearest one at most `within` metres away; missing if there is none.

    A position exactly on a common edge belongs to the village of the lower code.
    """
    codes, polygons = _village_polygons(boundaries, plane)
    found = pd.Series(pd.NA, index=pd.RangeIndex(len(metres)), dtype=TEXT)
    known = np.flatnonzero(np.isfinite(metres).all(axis=1))
    if len(known) and len(codes):
        tree = shapely.STRtree(polygons)
        which, polygon = tree.query_nearest(shapely.points(metres[known]), max_distance=max(within, 1e-9), all_matches=True)
        nearest = pd.Series(codes[polygon]).groupby(which).min()
        found.iloc[known[nearest.index.to_numpy()]] = nearest.to_numpy()
    return found


def _distance_to_village(metres: FloatArray, area_code: pd.Series, boundaries: Boundaries, plane: Plane) -> FloatArray:
    codes, polygons = _village_polygons(boundaries, plane)
    which = pd.Index(codes).get_indexer(pd.Index(area_code.astype(object)))
    distance = np.full(len(metres), np.nan)
    for index in np.unique(which[which >= 0]):  # one round per village, not per row: a prepared polygon answers a thousand points at once
        rows = np.flatnonzero((which == index) & np.isfinite(metres).all(axis=1))
        polygon = polygons[index]
        shapely.prepare(polygon)
        points = shapely.points(metres[rows])
        outside = ~shapely.intersects(polygon, points)
        distance[rows] = 0.0
        distance[rows[outside]] = shapely.distance(polygon, points[outside])
    return distance


def _village_polygons(boundaries: Boundaries, plane: Plane) -> tuple[npt.NDArray[np.object_], npt.NDArray[Any]]:
    villages = boundaries.villages
    return villages["area_code"].to_numpy(dtype=object), plane.project(villages.geometry.array)


def _rounding_radius(latitude: FloatArray, longitude: FloatArray) -> FloatArray:
    """Half the diagonal of the square in which a coordinate with so few decimals may lie (0 from five decimals on)."""
    radius = np.zeros(len(latitude))
    for decimals in (4, 3, 2, 1, 0):
        step = 10.0**-decimals
        rounded = (np.abs(latitude - np.round(latitude, decimals)) < 1e-9) & (np.abs(longitude - np.round(longitude, decimals)) < 1e-9)
        # 111,320 m are one degree of latitude; a degree of longitude is 1 % less at 8 degrees south.
        radius[rounded] = step / 2 * 111_320.0 * np.sqrt(2.0)
    return radius
