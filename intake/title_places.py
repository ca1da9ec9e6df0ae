"""Village and sub-district that stand in a sheet's title, above the table: `DESA SUMBERSARI KECAMATAN SRONO`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from intake.places import PlaceIndex

_END = r"(?=\s*(?:$|[,;|/\-\u2013]|\b(?:KECAMATAN|KEC|KABUPATEN|KAB|DESA|DS|KELURAHAN|KEL|TAHUN|TH|BULAN|PROVINSI|PER|RT|RW)\b))"
_KECAMATAN = re.compile(r"\b(?:KECAMATAN|KEC)\b\s*[.:]?\s*(?P<name>[A-Z][A-Z' ]*?)" + _END, re.IGNORECASE)
_VILLAGE = re.compile(r"\b(?:DESA\s*/\s*KELURAHAN|DESA|KELURAHAN)\b\s*[.:]?\s*(?P<name>[A-Z][A-Z' ]*?)" + _END, re.IGNORECASE)


class TitlePlaces(NamedTuple):
    """What the title says, if it says it."""

    village: str | None = None
    kecamatan: str | None = None


NO_PLACES = TitlePlaces()


def places_in_titles(titles: Iterable[str]) -> TitlePlaces:
    """The village and the sub-district that title lines name; None where they name none, or two that differ."""
    villages: set[str] = set()
    kecamatan: set[str] = set()
    for title in titles:
        plain = " ".join(title.upper().split())
        villages.update(match.group("name").strip() for match in _VILLAGE.finditer(plain))
        kecamatan.update(match.group("name").strip() for match in _KECAMATAN.finditer(plain))
    villages.discard("")
    kecamatan.discard("")
    return TitlePlaces(villages.pop() if len(villages) == 1 else None, kecamatan.pop() if len(kecamatan) == 1 else None)


def places_of_sheet_name(sheet: str, titles: TitlePlaces, places: PlaceIndex) -> TitlePlaces:
    """The title's places with the village that the sheet is named after, where offices give each village a sheet of its own.

    A name that may mean a sub-district says nothing, unless it says `Desa` or the title says in which sub-district it lies.
    """
    said = places_in_titles([sheet])
    village = said.village or (None if places.is_kecamatan_name(sheet) and titles.kecamatan is None else sheet)
    kecamatan = titles.kecamatan or said.kecamatan
    if places.village_code(village, kecamatan, codes="names").value is None:
        return titles
    return TitlePlaces(village, kecamatan)
