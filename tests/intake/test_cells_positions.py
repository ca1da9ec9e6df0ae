"""Positions: every writing of one house reads to the same place, and nothing outside of the regency is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cells.positions import read_coordinate, read_position, settled
from schemas.areas import BANYUWANGI

HOUSE = (-8.2191667, 114.3691667)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        pytest.param("-8.2191667, 114.3691667", None, id="decimal"),
        pytest.param("-8.2191667 114.3691667", None, id="space between"),
        pytest.param("(-8.2191667; 114.3691667)", None, id="parentheses and semicolon"),
        pytest.param("-8,2191667, 114,3691667", "decimal_comma", id="decimal comma"),
        pytest.param("-8,2191667;114,3691667", "decimal_comma", id="decimal comma and semicolon"),
        pytest.param("-8,2191667,114,3691667", "decimal_comma", id="commas everywhere"),
        pytest.param("114.3691667, -8.2191667", "swapped", id="swapped"),
        pytest.param("114,3691667; -8,2191667", "decimal_comma+swapped", id="swapped with commas"),
        pytest.param("8.2191667, 114.3691667", "sign_restored", id="southern sign left out"),
        pytest.param("-82191667, 1143691667", "decimal_point_lost", id="points lost in a number column"),
        pytest.param("8°13'09.0\"S 114°22'09.0\"E", "degrees_minutes_seconds", id="degrees, English"),
        pytest.param("8° 13' 9\" LS, 114° 22' 9\" BT", "degrees_minutes_seconds", id="degrees, Indonesian"),
        pytest.param("S 8° 13.15' E 114° 22.15'", "degrees_minutes_seconds", id="decimal minutes, hemisphere first"),
        pytest.param("114°22'09\"BT 8°13'09\"LS", "degrees_minutes_seconds", id="longitude first"),
        pytest.param("8°13′09″S 114°22′09″E", "degrees_minutes_seconds", id="typographic primes"),
        pytest.param("https://www.google.com/maps?q=-8.2191667,114.3691667", "map_link", id="link q"),
        pytest.param("https://maps.google.com/?q=-8.2191667%2C114.3691667", "map_link", id="link encoded"),
        pytest.param("https://www.google.com/maps/place/Rumah/@-8.2191667,114.3691667,17z", "map_link", id="link @"),
        pytest.param("https://www.google.com/maps/search/?api=1&query=-8.2191667,114.3691667", "map_link", id="link query"),
        pytest.param("https://www.openstreetmap.org/?mlat=-8.2191667&mlon=114.3691667#map=19/-8.2/114.3", "map_link", id="openstreetmap"),
        pytest.param("geo:-8.2191667,114.3691667", "map_link", id="geo"),
    ],
)
def test_one_house_in_many_writings(written, rule):
    outcome = read_position(written, BANYUWANGI)
    assert outcome.error is None
    assert outcome.value == pytest.approx(HOUSE, abs=1e-4)
    assert outcome.rule == rule


def test_a_link_prefers_the_pin_to_the_middle_of_the_screen():
    link = "https://www.google.com/maps/place/X/@-8.3,114.2,15z/data=!3m1!4b1!4m5!3d-8.2191667!4d114.3691667"
    assert read_position(link, BANYUWANGI).value == pytest.approx(HOUSE)


@pytest.mark.parametrize(
    ("written", "error"),
    [
        pytest.param("-7.2575, 112.7521", "out_of_regency", id="Surabaya"),
        pytest.param("0, 0", "filler", id="telephone without a fix"),
        pytest.param("https://maps.app.goo.gl/Ab12Cd", "link_without_position", id="short link is not followed"),
        pytest.param("-8.2191667", "unreadable_position", id="half a position"),
        pytest.param("depan masjid", "unreadable_position", id="words"),
        pytest.param("8°73'09\"S 114°22'09\"E", "unreadable_position", id="73 minutes"),
        pytest.param("-", "filler", id="hyphen"),
    ],
)
def test_what_is_no_position_has_a_reason(written, error):
    outcome = read_position(written, BANYUWANGI)
    assert (outcome.value, outcome.error) == (None, error)


inside = st.tuples(st.floats(BANYUWANGI.south, BANYUWANGI.north), st.floats(BANYUWANGI.west, BANYUWANGI.east))


@given(inside, st.sampled_from(["plain", "comma", "swapped", "dms", "link", "unsigned"]))
def test_whatever_the_writing_the_place_is_the_same(place, style):
    latitude, longitude = round(place[0], 6), round(place[1], 6)
    plain = f"{latitude:.6f}, {longitude:.6f}"
    written = {
        "plain": plain,
        "comma": f"{latitude:.6f}; {longitude:.6f}".replace(".", ","),
        "swapped": f"{longitude:.6f}, {latitude:.6f}",
        "dms": _degrees(-latitude) + "S " + _degrees(longitude) + "E",
        "link": f"https://maps.google.com/?q={latitude:.6f},{longitude:.6f}",
        "unsigned": f"{-latitude:.6f}, {longitude:.6f}",
    }[style]
    outcome = read_position(written, BANYUWANGI)
    assert outcome.value == pytest.approx((latitude, longitude), abs=2e-5)


def _degrees(value):
    seconds = round(value * 3600, 2)
    return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60)}'{seconds % 60:.2f}\""


@given(st.text(max_size=40))
def test_any_text_gives_a_place_inside_or_a_reason(text):
    outcome = read_position(text, BANYUWANGI)
    if outcome.value is not None:
        assert BANYUWANGI.south <= outcome.value.latitude <= BANYUWANGI.north
        assert BANYUWANGI.west <= outcome.value.longitude <= BANYUWANGI.east
    read_coordinate(text, BANYUWANGI, latitude=True)


@given(st.floats(-200, 200), st.floats(-200, 200))
def test_two_numbers_settle_inside_or_not_at_all(first, second):
    outcome = settled(first, second, None, BANYUWANGI)
    assert (outcome.value is None) == (outcome.error is not None)


@pytest.mark.parametrize(
    ("written", "latitude", "value"),
    [("-8.2", True, -8.2), ("114,37", False, 114.37), ("8°13'09\" LS", True, -8.2191667), ("114°22'09\" BT", False, 114.3691667), ("-82191667", True, -8.2191667)],
)  # fmt: skip
def test_one_coordinate_alone(written, latitude, value):
    assert read_coordinate(written, BANYUWANGI, latitude=latitude).value == pytest.approx(value, abs=1e-6)
