"""A plane in metres for one regency, so that distances between houses are plain arithmetic.

One UTM zone serves the whole regency, also where a zone border crosses it: 0.2 degrees outside its zone, a UTM distance
at this latitude is 0.1 % too long, one metre in a kilometre, which is far below the accuracy of any coordinate here. Two zones would
instead make neighbours on either side of the border incomparable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from schemas.areas import Regency

WGS84 = 4326
FloatArray = npt.NDArray[np.float64]


@cache
def _transformers(epsg: int) -> tuple[pyproj.Transformer, pyproj.Transformer]:
    return (
        pyproj.Transformer.from_crs(WGS84, epsg, always_xy=True),
        pyproj.Transformer.from_crs(epsg, WGS84, always_xy=True),
    )


@dataclass(frozen=True)
class Plane:
    """Metres east and north in the UTM zone `epsg`."""

    epsg: int

    @classmethod
    def of(cls, regency: Regency) -> Plane:
        """The plane of the regency: of its UTM zones, the one whose middle is nearest to the middle of the regency."""
        middle = (regency.west + regency.east) / 2
        return cls(min(regency.utm_epsg, key=lambda epsg: (abs(_middle_of_zone(epsg) - middle), epsg)))

    def to_metres(self, latitude: Iterable[float], longitude: Iterable[float]) -> FloatArray:
        """Positions of shape (n, 2), east and north in metres; NaN where a coordinate is missing."""
        north, east = np.asarray(latitude, dtype=float), np.asarray(longitude, dtype=float)
        projected = np.column_stack(_transformers(self.epsg)[0].transform(east, north))
        projected[~np.isfinite(projected).all(axis=1)] = np.nan
        return projected

    def to_degrees(self, positions: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Latitude and longitude of positions of shape (n, 2); NaN stays NaN."""
        longitude, latitude = _transformers(self.epsg)[1].transform(positions[:, 0], positions[:, 1])
        missing = ~np.isfinite(positions).all(axis=1)
        latitude, longitude = np.asarray(latitude, dtype=float), np.asarray(longitude, dtype=float)
        latitude[missing], longitude[missing] = np.nan, np.nan
        return latitude, longitude

    def project(self, geometries: Iterable[Any]) -> npt.NDArray[np.object_]:
        """Geometries in degrees (longitude, latitude), in metres."""
        return self._moved(geometries, 0)

    def unproject(self, geometries: Iterable[Any]) -> npt.NDArray[np.object_]:
        """Geometries in metres, in degrees (longitude, latitude)."""
        return self._moved(geometries, 1)

    def _moved(self, geometries: Iterable[Any], direction: int) -> npt.NDArray[np.object_]:
        transformer = _transformers(self.epsg)[direction]
        moved = shapely.transform(
            np.asarray(list(geometries), dtype=object),
            lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1])),
        )
        return np.asarray(moved, dtype=object)


def _middle_of_zone(epsg: int) -> float:
    area = pyproj.CRS.from_epsg(epsg).area_of_use
    if area is None:  # pragma: no cover - every UTM zone has one
        raise ValueError(f"EPSG:{epsg} has no area of use")
    return float((area.west + area.east) / 2)
