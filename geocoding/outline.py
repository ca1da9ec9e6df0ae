"""A plausible outline of a regency, made from its village points.

Nobody gave the project the official outline. What it knows is one point in each village: land reaches about as far
around a point as half-way to the next ones, and everything between the points is land too. A few places without villages
(volcanoes, a national park) are added as facts, or the peninsula that everybody knows from the map would be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geocoding.plane import FloatArray, Plane
from schemas.areas import Regency


@dataclass(frozen=True)
class EmptyLand:
    """Land without a village, as an authority describes it: the ellipse between these degrees, or a summit, which has no extent."""

    name: str
    south: float
    west: float
    north: float
    east: float


def _degrees(degrees: int, minutes: float, seconds: float = 0.0) -> float:
    return degrees + minutes / 60 + seconds / 3600


_PARK_HECTARES = 43_420.0
_PARK_SOUTH, _PARK_NORTH = -_degrees(8, 47), -_degrees(8, 26, 45)
_PARK_WEST, _PARK_EAST = _degrees(114, 20, 16), _degrees(114, 36)
_KM_PER_DEGREE = 111.32
_PARK_KM_WIDE = (_PARK_EAST - _PARK_WEST) * _KM_PER_DEGREE * np.cos(np.radians((_PARK_SOUTH + _PARK_NORTH) / 2))
_PARK_HEIGHT = 4 * (_PARK_HECTARES / 100) / (np.pi * _PARK_KM_WIDE) / _KM_PER_DEGREE
"""Degrees of latitude that give an ellipse of the full width of the park's bounds the park's area."""

EMPTY_LAND: dict[str, tuple[EmptyLand, ...]] = {
    "35.10": (
        EmptyLand("Taman Nasional Alas Purwo", _PARK_SOUTH, _PARK_WEST, _PARK_SOUTH + _PARK_HEIGHT, _PARK_EAST),
        EmptyLand("Gunung Raung", -_degrees(8, 7.5), _degrees(114, 2.5), -_degrees(8, 7.5), _degrees(114, 2.5)),
        EmptyLand("Gunung Ijen", -_degrees(8, 3, 30), _degrees(114, 14, 30), -_degrees(8, 3, 30), _degrees(114, 14, 30)),
    )
}
"""The national park that is the Blambangan peninsula: bounds and area of its office (SK Menteri Kehutanan 283/Kpts-II/1992:
8°26'45"-8°47'00" S, 114°20'16"-114°36'00" E, 43,420 ha). Its bounds hold sea in the north, so an ellipse of its area lies at their southern
side, where the peninsula is. The two summits on the border with Bondowoso: Pusat Vulkanologi dan Mitigasi Bencana Geologi."""

_REACH_OF_SPACING = 0.7
"""Reach around a village as a share of the mean distance to its three nearest neighbours; 0.6-0.9 were tried on Banyuwangi:
the overlap with the true outline (intersection over union) moves by less than 0.01 between them."""
_REACH_METRES = (600.0, 8_000.0)
_GAP_METRES, _ROUGHNESS_METRES = 3_000.0, 3_000.0


def plausible_outline(village_points: FloatArray, regency: Regency, plane: Plane) -> Any:
    """One polygon (or several, for far islands) in metres that holds every village point and stays in the regency's box.

    `village_points` has shape (n, 2), in metres, n >= 1.
    """
    points = np.unique(village_points, axis=0)
    empty = EMPTY_LAND.get(regency.code, ())
    edges = [_edge(place, plane) for place in empty]
    empty_points = np.vstack([np.empty((0, 2)), *edges])
    discs = shapely.buffer(shapely.points(points), _reach(points))
    lands = [shapely.buffer(shapely.convex_hull(shapely.multipoints(edge)), _REACH_METRES[0]) for edge in edges]
    between = shapely.concave_hull(shapely.multipoints(np.vstack([points, empty_points])), ratio=0.25)
    land = shapely.union_all([*discs, *lands, between])
    # Closing fills bays between neighbouring discs, opening takes away what sticks out; without both the outline is a row of arcs.
    smooth = shapely.buffer(shapely.buffer(shapely.buffer(land, _GAP_METRES), -_GAP_METRES - _ROUGHNESS_METRES), _ROUGHNESS_METRES)
    whole = shapely.union_all([smooth, *shapely.buffer(shapely.points(points), _REACH_METRES[0])])
    box = plane.project([shapely.box(regency.west, regency.south, regency.east, regency.north)])[0]
    clipped = shapely.intersection(whole, shapely.union_all([box, *shapely.buffer(shapely.points(points), _REACH_METRES[0])]))
    return shapely.simplify(clipped, 40.0)


def _edge(place: EmptyLand, plane: Plane) -> FloatArray:
    """Points on the edge of a place, in metres, shape (72, 2)."""
    turn = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    latitudes = (place.south + place.north) / 2 + (place.north - place.south) / 2 * np.sin(turn)
    longitudes = (place.west + place.east) / 2 + (place.east - place.west) / 2 * np.cos(turn)
    return plane.to_metres(latitudes.tolist(), longitudes.tolist())


def _reach(points: FloatArray) -> FloatArray:
    if len(points) == 1:
        return np.array([_REACH_METRES[0] * 4])
    neighbours = min(3, len(points) - 1)
    distances, _ = cKDTree(points).query(points, k=neighbours + 1)
    spacing: FloatArray = distances[:, 1:].mean(axis=1)
    return np.clip(spacing * _REACH_OF_SPACING, *_REACH_METRES)
