"""Positions must be written as surveyors do, and still be true."""

from __future__ import annotations

import re

import numpy as np
import pytest

from simulation.positions import (
    STYLES,
    decimal_comma,
    decimal_point,
    degrees_minutes_seconds,
    latitude_in_words,
    longitude_in_words,
    map_link,
    measured,
    swapped,
)


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (decimal_point, "-8.123456, 114.000010"),
        (decimal_comma, "-8,123456; 114,000010"),
        (swapped, "114.000010, -8.123456"),
        (degrees_minutes_seconds, "8°07'24.4\"S 114°00'00.0\"E"),
        (map_link, "https://maps.google.com/?q=-8.123456,114.000010"),
    ],
)
def test_styles(write: object, expected: str) -> None:
    assert callable(write)
    assert write(-8.123456, 114.00001) == expected


def test_sixty_seconds_become_a_minute() -> None:
    assert degrees_minutes_seconds(-8.99999999, 113.99999999) == "9°00'00.0\"S 114°00'00.0\"E"


def test_degrees_come_back_within_two_metres() -> None:
    for latitude in np.linspace(-8.7, -7.9, 101):
        text = degrees_minutes_seconds(float(latitude), 114.25).split("S ")[0]
        degrees, minutes, seconds = (float(part) for part in re.findall(r"[\d.]+", text))
        assert -(degrees + minutes / 60 + seconds / 3600) == pytest.approx(latitude, abs=1.5e-5)


def test_styles_cover_all_workbooks() -> None:
    assert sum(share for _, share in STYLES) == pytest.approx(1.0)


def test_measurements_are_a_few_metres_off() -> None:
    latitude, longitude = measured(np.random.default_rng(1), np.full(5_000, -8.3), np.full(5_000, 114.2))
    metres = np.hypot((latitude + 8.3) * 111_320, (longitude - 114.2) * 111_320 * np.cos(np.radians(8.3)))
    assert 6 < np.median(metres) < 9
    assert metres.max() < 40


@pytest.mark.parametrize(
    ("style", "latitude", "longitude"),
    [
        (0, "8°12'34.5\"S", "114°00'00.0\"E"),
        (1, "8°12'34,5\" LS", "114°00'00,0\" BT"),
        (2, "S 8 12 34.5", "E 114 00 00.0"),
        (3, "-8.209583", "114.000000"),
        (4, "8° 12' 35\" LS", "114° 00' 00\" BT"),
    ],
)
def test_columns_of_their_own_have_five_styles(style: int, latitude: str, longitude: str) -> None:
    assert latitude_in_words(-8.2095834, style) == latitude
    assert longitude_in_words(114.0, style) == longitude
