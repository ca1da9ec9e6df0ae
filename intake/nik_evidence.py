"""What a NIK says of its bearer, beside what the columns say: birth date, sex, and the area of first registration.

Each difference is a remark beside the number, never a reason to refuse it: a NIK stays when its bearer moves and when a birth date is
corrected, and residents of young sub-districts bear the code of the one that theirs was part of.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.identifiers import digits_of_arrow
from intake.cells.parsed import ParsedColumn, flagged
from intake.places import PlaceIndex
from intake.typed_table import TEXT_TYPE, TypedTable, flags_of
from schemas.areas import PROVINCES, SPLIT_FROM
from schemas.nik import birth_inside

Rows = npt.NDArray[np.int64]


def weigh_niks(typed: TypedTable, places: PlaceIndex) -> None:
    """Flag NIKs that say otherwise than the columns: birth_date_differs, sex_differs, area_unknown, area_differs (the first that holds)."""
    if "nik" not in typed.parsed:
        return
    column = typed.parsed["nik"]
    rows = np.flatnonzero(flags_of(pc.is_valid(column.values)))
    if not len(rows):
        return
    present = column.values.drop_null()
    day, month, year, woman = birth_inside(digits_of_arrow(present))
    if "birth_date" in typed.parsed:
        dates = typed.parsed["birth_date"].values.take(pa.array(rows))
        known = flags_of(pc.is_valid(dates))
        parts = [pc.fill_null(part(dates), 0).to_numpy(zero_copy_only=False) for part in (pc.day, pc.month, pc.year)]
        same = (parts[0] == day) & (parts[1] == month) & (parts[2] % 100 == year)
        column = flagged(column, _scattered(rows[known & ~same], typed.length), "birth_date_differs")
    if "sex" in typed.parsed:
        sexes = typed.parsed["sex"].values.take(pa.array(rows))
        differs = flags_of(pc.not_equal(sexes, pa.array(np.where(woman, "P", "L"), TEXT_TYPE)))
        column = flagged(column, _scattered(rows[differs], typed.length), "sex_differs")
    typed.parsed["nik"] = _weighed_area(column, rows, present, typed, places)


def _weighed_area(column: ParsedColumn, rows: Rows, present: pa.Array, typed: TypedTable, places: PlaceIndex) -> ParsedColumn:
    """Areas that do not exist, and areas other than the row's sub-district; judged once per distinct pair of the two."""
    prefixes = pc.dictionary_encode(pc.utf8_slice_codeunits(present, 0, 6))
    here = pc.dictionary_encode(pc.utf8_slice_codeunits(typed.values("area_code").take(pa.array(rows)), 0, 8))
    known, local = prefixes.dictionary.to_pylist(), [*here.dictionary.to_pylist(), None]
    unknown = np.array([not _exists(prefix, places) for prefix in known], bool)
    elsewhere = np.array([[_elsewhere(prefix, area) for area in local] for prefix in known], bool).reshape(len(known), len(local))
    first = prefixes.indices.to_numpy(zero_copy_only=False)
    second = pc.fill_null(here.indices, len(local) - 1).to_numpy(zero_copy_only=False)
    column = flagged(column, _scattered(rows[unknown[first]], typed.length), "area_unknown")
    return flagged(column, _scattered(rows[elsewhere[first, second]], typed.length), "area_differs")


def _exists(prefix: str, places: PlaceIndex) -> bool:
    """Whether an area can have this code: its province exists, and in this regency its sub-district does."""
    if prefix[:4] == places.regency_digits:
        return places.has_kecamatan(f"{prefix[:2]}.{prefix[2:4]}.{prefix[4:]}")
    return prefix[:2] in PROVINCES


def _elsewhere(prefix: str, kecamatan: str | None) -> bool:
    if kecamatan is None:
        return False
    return prefix not in {kecamatan.replace(".", ""), SPLIT_FROM.get(kecamatan, "").replace(".", "")}


def _scattered(rows: Rows, length: int) -> npt.NDArray[np.bool_]:
    flags = np.zeros(length, bool)
    flags[rows] = True
    return flags
