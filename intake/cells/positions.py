"""Positions of houses as surveyors write them: decimal point or comma, swapped, degrees-minutes-seconds, a link to a map.

The regency's box decides what is latitude and what longitude, and which repairs are certain: only a reading that puts the house
inside the box is taken. Outside, the position is missing with its error code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from intake.cells.parsed import Repaired, is_filler
from schemas.areas import Regency

_NUMBER = r"[-+]?\d{1,3}(?:[.,]\d+)?"
_PAIR = re.compile(rf"^\(?\s*({_NUMBER})\s*°?\s*(?:[,;/|&]|\s)\s*({_NUMBER})\s*°?\s*\)?$")
_GLUED_COMMAS = re.compile(r"^\(?\s*([-+]?\d{1,3},\d{3,})\s*[,;]\s*([-+]?\d{1,3},\d{3,})\s*\)?$")
_WHOLE_PAIR = re.compile(r"^\(?\s*([-+]?\d{6,10})\s*[,;/|\s]\s*([-+]?\d{6,11})\s*\)?$")
_LINK_PAIRS = (
    re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})"),
    re.compile(rf"[?&/](?:q|query|ll|sll|destination|daddr|center|place|search|dir)[=/](?:loc:)?\s*({_NUMBER})\s*,\s*\+?\s*({_NUMBER})"),
    re.compile(rf"@({_NUMBER}),({_NUMBER})"),
    re.compile(rf"^geo:({_NUMBER}),({_NUMBER})"),
    re.compile(rf"[?&]mlat=({_NUMBER})&mlon=({_NUMBER})"),
    re.compile(rf"#map=\d+/({_NUMBER})/({_NUMBER})"),
)
_WRITTEN_AROUND = re.compile(
    r"\b(?:koordinat|coordinates?|latitude|longitude|lintang|bujur|lokasi|posisi|titik|gps|lat|long?|lng)\b\s*[:=.]?"
    r"|\(\s*[a-z][a-z .]*\)"
    r"|(?:akurasi|accuracy|±|\+/-)\s*[:=]?\s*\d+(?:[.,]\d+)?\s*m?\b"
    r"|(?<=\s)\d{1,3}(?:[.,]\d+)?\s?m(?:eter)?$"
    r"|,\s*\d{1,2}(?:[.,]\d+)?z$",
    re.IGNORECASE,
)
"""Words beside a position: what it is, how exact it is, the zoom of a map."""
_DECIMAL_WITH_AXIS = re.compile(
    rf"(?:(?P<before>LS|LU|BT|BB|[NSEW])\s*[:.]?\s*(?P<first>{_NUMBER})|(?P<second>{_NUMBER})\s*°?\s*(?P<after>LS|LU|BT|BB|[NSEW]))"
    r"(?![a-z\d°'])\s*°?",
    re.IGNORECASE,
)
_DOTS_OF_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:\.\d{3}){2,})(?![\d.,])")
_ALIKE = str.maketrans(
    dict.fromkeys("\u2070\u00ba\u02da", "°")
    | dict.fromkeys("\u2032\u2018\u2019\u00b4`", "'")
    | dict.fromkeys("\u2033\u201c\u201d", '"')
    | dict.fromkeys("\u2212\u2013", "-")
    | {"\u00a0": " "}
)
"""Signs that look like degree, minute, second and minus."""
_ANGLE = re.compile(
    r"(?P<before>LS|LU|BT|BB|[NSEWTBU])?\s*[:.]?\s*(?P<sign>[-+])?\s*(?P<degrees>\d{1,3})\s*(?:°|d|deg|derajat|\s|:)\s*"
    r"(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:['m]|menit|\s|:)?\s*(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)(?:\s*(?:\"|''|detik)|(?-i:s(?![a-z])))?)?"
    r"\s*(?P<after>LS|LU|BT|BB|[NSEWTBU])?",
    re.IGNORECASE,
)
_SOUTH, _NORTH, _EAST, _WEST = {"ls", "s"}, {"lu", "n", "u"}, {"bt", "e", "t"}, {"bb", "w", "b"}
_EMPTY_ISLAND = 0.01
"""Degrees around 0, 0 in which a telephone without a fix puts its owner."""


class Position(NamedTuple):
    """Latitude and longitude, WGS 84 degrees."""

    latitude: float
    longitude: float


def read_position(text: str, regency: Regency) -> Repaired[Position]:
    """One cell that holds both coordinates. The rule names how it was written; the error says why there is no position."""
    plain = " ".join(text.translate(_ALIKE).strip(" '").split())
    if is_filler(plain):
        return Repaired(None, "filler" if plain else None)
    if "://" in plain or plain.lower().startswith(("www.", "geo:", "maps.", "goo.gl")):
        return _from_link(plain, regency)
    plain = _without_words(plain)
    for pattern, rule, convert in (
        (_PAIR, None, _number),
        (_GLUED_COMMAS, "decimal_comma", _number),
        (_WHOLE_PAIR, "decimal_point_lost", None),
    ):
        if (match := pattern.match(plain)) is not None:
            return _from_pair(match.group(1), match.group(2), rule, convert, regency)
    return _from_angles(plain, regency)


def read_coordinate(text: str, regency: Regency, *, latitude: bool) -> Repaired[float]:
    """One coordinate alone in its cell, as a decimal or as an angle; not yet compared with its partner."""
    plain = " ".join(text.translate(_ALIKE).strip(" '").split())
    if is_filler(plain):
        return Repaired(None, "filler" if plain else None)
    plain = _without_words(plain)
    if re.fullmatch(_NUMBER + "°?", plain):
        return Repaired(_number(plain.rstrip("°")), None, "decimal_comma" if "," in plain else None)
    if re.fullmatch(r"[-+]?\d{6,11}", plain):
        value = _point_restored(plain, regency, latitude=latitude)
        return Repaired(value, None, "decimal_point_lost") if value is not None else Repaired(None, "unreadable_position")
    if (match := _DECIMAL_WITH_AXIS.fullmatch(plain)) is not None:
        return Repaired(_decimal(match)[0], None, "hemisphere_named")
    angles = _angles_in(plain)
    if len(angles) == 1:
        return Repaired(_angle(angles[0])[0], None, "degrees_minutes_seconds")
    return Repaired(None, "unreadable_position")


def _without_words(text: str) -> str:
    """The text without the words around it, and without dots of thousands, which a spreadsheet puts into a number whose point it took."""
    bare = _WRITTEN_AROUND.sub(" ", text)
    return " ".join(_DOTS_OF_THOUSANDS.sub(lambda match: match.group(0).replace(".", ""), bare).split()).strip(" ,;")


def settled(first: float, second: float, rule: str | None, regency: Regency) -> Repaired[Position]:
    """The position of two numbers: as they stand, swapped, or with the southern sign that was left out; else outside."""
    for latitude, longitude, step in (
        (first, second, None),
        (second, first, "swapped"),
        (-first, second, "sign_restored"),
        (-second, first, "swapped+sign_restored"),
    ):
        if _inside(latitude, longitude, regency):
            rules = "+".join(part for part in (rule, step) if part)
            return Repaired(Position(round(latitude, 7), round(longitude, 7)), None, rules or None)
    if abs(first) < _EMPTY_ISLAND and abs(second) < _EMPTY_ISLAND:
        return Repaired(None, "filler")
    return Repaired(None, "out_of_regency")


def _inside(latitude: float, longitude: float, regency: Regency) -> bool:
    return regency.south <= latitude <= regency.north and regency.west <= longitude <= regency.east


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _from_pair(first: str, second: str, rule: str | None, convert: Callable[[str], float] | None, regency: Regency) -> Repaired[Position]:
    if convert is not None:
        if rule is None and ("," in first or "," in second):
            rule = "decimal_comma"
        return settled(convert(first), convert(second), rule, regency)
    for swapped in (False, True):
        latitude = _point_restored(second if swapped else first, regency, latitude=True)
        longitude = _point_restored(first if swapped else second, regency, latitude=False)
        if latitude is not None and longitude is not None:
            return settled(latitude, longitude, "decimal_point_lost+swapped" if swapped else "decimal_point_lost", regency)
    return Repaired(None, "out_of_regency")


def _point_restored(text: str, regency: Regency, *, latitude: bool) -> float | None:
    """The one place of the decimal point that puts the number inside the box, if there is just one."""
    number = abs(int(text))
    low, high = (regency.south, regency.north) if latitude else (regency.west, regency.east)
    sign = -1 if high < 0 else 1
    fitting = [sign * number / 10**places for places in range(1, 11) if low <= sign * number / 10**places <= high]
    return fitting[0] if len(fitting) == 1 else None


def _from_link(text: str, regency: Regency) -> Repaired[Position]:
    address = unquote(text)
    for pattern in _LINK_PAIRS:
        if (match := pattern.search(address)) is not None:
            return settled(_number(match.group(1)), _number(match.group(2)), "map_link", regency)
    # A shortened link holds no position; following it would tell a stranger's server which house is meant.
    return Repaired(None, "link_without_position")


def _from_angles(text: str, regency: Regency) -> Repaired[Position]:
    found: list[tuple[float, str | None]]
    decimals = list(_DECIMAL_WITH_AXIS.finditer(text))
    if len(decimals) == 2 and not re.search(r"[\d°']", _DECIMAL_WITH_AXIS.sub("", text)):
        found, rule = [_decimal(match) for match in decimals], "hemisphere_named"
    else:
        found, rule = [_angle(match) for match in _angles_in(text)], "degrees_minutes_seconds"
    if len(found) != 2:
        return Repaired(None, "unreadable_position")
    (first, first_axis), (second, second_axis) = found
    if first_axis == "longitude" or second_axis == "latitude":
        first, second, first_axis = second, first, second_axis
    position = settled(first, second, rule, regency)
    # A hemisphere that was written is no sign that was left out.
    contradicted = first_axis is not None and "sign_restored" in (position.rule or "")
    return Repaired(None, "out_of_regency") if contradicted else position


def _angles_in(text: str) -> list[re.Match[str]]:
    """The angles of a text; none at all when one of them has sixty minutes or seconds or more."""
    angles = [match for match in _ANGLE.finditer(text) if match.group("degrees")]
    sixty = any(_sixtieth(match, part) >= 60 for match in angles for part in ("minutes", "seconds"))
    return [] if sixty else angles


def _sixtieth(match: re.Match[str], part: str) -> float:
    return float((match.group(part) or "0").replace(",", "."))


def _decimal(match: re.Match[str]) -> tuple[float, str | None]:
    """A decimal number with the sign that its hemisphere gives, and the axis that the hemisphere names."""
    return _signed(abs(_number(match.group("first") or match.group("second"))), match, negative=False)


def _angle(match: re.Match[str]) -> tuple[float, str | None]:
    """Degrees with the sign that hemisphere or sign gives, and which axis the hemisphere names."""
    degrees = float(match.group("degrees")) + _sixtieth(match, "minutes") / 60 + _sixtieth(match, "seconds") / 3600
    return _signed(degrees, match, negative=match.group("sign") == "-")


def _signed(degrees: float, match: re.Match[str], *, negative: bool) -> tuple[float, str | None]:
    hemisphere = (match.group("before") or match.group("after") or "").lower()
    negative = negative or hemisphere in _SOUTH | _WEST
    axis = "latitude" if hemisphere in _SOUTH | _NORTH else "longitude" if hemisphere in _EAST | _WEST else None
    return (-degrees if negative else degrees), axis
