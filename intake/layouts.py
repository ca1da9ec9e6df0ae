"""Where each canonical column was read from: the letters in a header row's layout, by which values lead back to cells."""

from __future__ import annotations

from collections.abc import Mapping

from intake.raw_sheet import column_letter
from schemas.cell_layouts import write_layout

READ_FROM: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "area_code": (("village", "kecamatan"),),
    "latitude": (("position",),),
    "longitude": (("position",),),
    "rt": (("rt_rw",), ("address",)),
    "rw": (("rt_rw",), ("address",)),
    "hamlet": (("address",),),
    "birth_date": (("employee_number",),),
    "sex": (("employee_number",),),
    "period": (("stage", "year"), ("month", "year")),
}
"""Canonical columns that may be read from other columns: the first of these sets of which one is there, when none of its own is."""


def layout_text(tables: Mapping[int, Mapping[str, Mapping[str, int]]]) -> str:
    """The layout of a header row (see `schemas.cell_layouts`), in the order of the sheet.

    `tables` holds, by the table's number in its sheet, from 1, and by mention, the main one first, the columns with their places.
    """
    letters = {number: {mention: _letters(columns) for mention, columns in mentions.items()} for number, mentions in tables.items()}
    return write_layout(letters)


def _letters(columns: Mapping[str, int]) -> dict[str, str]:
    """Column → letter, or letters joined with `+` where the value comes from several cells."""
    letters = {name: column_letter(place) for name, place in sorted(columns.items(), key=lambda item: item[1])}
    derived: dict[str, str] = {}
    for name, sources in READ_FROM.items():
        if name in letters:
            continue
        present = next((found for names in sources if (found := [letters[part] for part in names if part in letters])), None)
        if present:
            derived[name] = "+".join(present)
    return letters | derived
