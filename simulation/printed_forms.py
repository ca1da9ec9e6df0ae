"""What printed forms have around their tables: signatures, dates in words, page headers, cells merged over a village."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.damage import MISSING_DATE
from simulation.sheets import Cell

Index = npt.NDArray[np.int64]

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def day_in_words(day: date) -> str:
    """2 Agustus 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dates_in_words(days: Index) -> pa.Array:
    """Days since 1970 as texts (12 Maret 2005), null where missing."""
    missing = days == MISSING_DATE
    dates = pa.array(np.where(missing, 0, days).astype(np.int32), mask=missing).cast(pa.date32())
    month = pa.array(MONTHS).take(pc.subtract(pc.month(dates), 1))
    return pc.binary_join_element_wise(pc.day(dates).cast(pa.string()), month, pc.year(dates).cast(pa.string()), " ")


def signature(column: int, day: date, office: str) -> tuple[dict[int, Cell], ...]:
    """Rows below a table: an empty one, place and day, who signs, and dotted lines for signature and number."""
    return (
        {},
        {column: f"Banyuwangi, {day_in_words(day)}"},
        {column: office},
        {},
        {},
        {column: "( ........................................ )"},
        {column: "NIP. ..............................."},
    )


def group_starts(*keys: Index) -> Index:
    """The number of the first record of each run of equal keys."""
    if not len(keys[0]):
        return np.zeros(0, dtype=np.int64)
    new = np.zeros(len(keys[0]), dtype=bool)
    new[0] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    starts: Index = np.flatnonzero(new)
    return starts


def only_first(values: pa.Array, starts: Index) -> pa.Array:
    """A column whose values stand only in the first record of each group, as merged cells have it."""
    first = np.zeros(len(values), dtype=bool)
    first[starts] = True
    return pc.if_else(pa.array(first), values, pa.scalar(None, pa.string()))
