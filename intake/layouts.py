"""Where each canonical column was read from: the letters in a header row's layout, by which values lead back to cells."""

from __future__ import annotations

import json
from collections.abc import Mapping

from intake.raw_sheet import column_letter

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


def layout_text(columns: Mapping[str, int], others: Mapping[str, Mapping[str, int]] | None = None) -> str:
    """Column → letter as JSON, in the order of the sheet; letters joined with `+` where a value comes from several cells.

    `others` are the columns of further people whom each row mentions; theirs are called `mention:column`.
    """
    letters = _letters(columns)
    for mention, of_mention in (others or {}).items():
        letters |= {f"{mention}:{name}": places for name, places in _letters(of_mention).items()}
    return json.dumps(letters, ensure_ascii=False)


def _letters(columns: Mapping[str, int]) -> dict[str, str]:
    letters = {name: column_letter(place) for name, place in sorted(columns.items(), key=lambda item: item[1])}
    derived: dict[str, str] = {}
    for name, sources in READ_FROM.items():
        if name in letters:
            continue
        present = next((found for names in sources if (found := [letters[part] for part in names if part in letters])), None)
        if present:
            derived[name] = "+".join(present)
    return letters | derived
