"""How surveyors write the position of a house: each village in its own way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Texts = list[str | None]

GPS_ERROR_M = 6.0
METRES_PER_DEGREE = 111_320.0


def decimal_point(latitude: float, longitude: float) -> str:
    """-8.123456, 114.123456."""
    return f"{latitude:.6f}, {longitude:.6f}"


def decimal_comma(latitude: float, longitude: float) -> str:
    """-8,123456; 114,123456."""
    return f"{latitude:.6f}; {longitude:.6f}".replace(".", ",")


def swapped(latitude: float, longitude: float) -> str:
    """114.123456, -8.123456."""
    return f"{longitude:.6f}, {latitude:.6f}"


def degrees_minutes_seconds(latitude: float, longitude: float) -> str:
    """8°07'24.4"S 114°07'24.4"E; the regency lies south of the equator and east of Greenwich."""
    return f"{_sexagesimal(-latitude)}S {_sexagesimal(longitude)}E"


def map_link(latitude: float, longitude: float) -> str:
    """A link as a telephone shares it."""
    return f"https://maps.google.com/?q={latitude:.6f},{longitude:.6f}"


STYLES: tuple[tuple[Callable[[float, float], str], float], ...] = (
    (decimal_point, 0.44),
    (decimal_comma, 0.16),
    (swapped, 0.10),
    (degrees_minutes_seconds, 0.15),
    (map_link, 0.15),
)


def latitude_in_words(latitude: float, style: int) -> str:
    """A latitude in a column of its own, in one of ``COLUMN_STYLES`` ways; the regency lies south of the equator."""
    return _in_column(latitude, style, "S", "LS", -1)


def longitude_in_words(longitude: float, style: int) -> str:
    """A longitude in a column of its own, in one of ``COLUMN_STYLES`` ways; the regency lies east of Greenwich."""
    return _in_column(longitude, style, "E", "BT", 1)


COLUMN_STYLES = 5


def _in_column(degrees: float, style: int, letter: str, local: str, sign: int) -> str:
    """8°12'34.5"S, 8°12'34,5" LS, S 8 12 34.5, -8.209583, 8° 12' 35" LS."""
    seconds = _sexagesimal(sign * degrees)
    if style == 0:
        return f"{seconds}{letter}"
    if style == 1:
        return f"{seconds} {local}".replace(".", ",")
    if style == 2:
        return f"{letter} {seconds}".replace("°", " ").replace("'", " ").replace('"', "")
    if style == 3:
        return f"{degrees:.6f}"
    minutes, rest = divmod(round(sign * degrees * 3_600), 60)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}° {minutes:02d}' {rest:02d}\" {local}"


def _sexagesimal(degrees: float) -> str:
    tenths = round(degrees * 36_000)
    minutes, tenths = divmod(tenths, 600)
    degrees_part, minutes = divmod(minutes, 60)
    return f"{degrees_part}°{minutes:02d}'{tenths / 10:04.1f}\""


def measured(rng: np.random.Generator, latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Positions as a telephone measures them, a few metres off."""
    count = len(latitude)
    north, east = rng.normal(0.0, GPS_ERROR_M, count), rng.normal(0.0, GPS_ERROR_M, count)
    return latitude + north / METRES_PER_DEGREE, longitude + east / (METRES_PER_DEGREE * np.cos(np.radians(latitude)))
