"""NIK and family card numbers with their true structure.

NIK: six digits of the kecamatan (or city) of first registration, birth day (women: day + 40), month, year, and a serial that counts up from
0001 for each area and date. Family card: six digits of the kecamatan, day of issue, and a serial. Both stay the same for life: a NIK keeps
the area of first
registration when its holder moves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Digits = npt.NDArray[np.str_]

NIK_DIGITS = 16

# Kecamatan cut out of older ones: residents registered before that carry the number of the parent.
YOUNG_KECAMATAN: dict[str, tuple[str, int]] = {
    "35.10.22": ("35.10.01", 2004),
    "35.10.23": ("35.10.07", 2004),
    "35.10.24": ("35.10.15", 2004),
    "35.10.25": ("35.10.13", 2016),
}

# First registrations outside the regency come from the neighbours and from where people of Banyuwangi go to work.
OTHER_REGENCIES = (350900, 351100, 351200, 350800, 510100, 510300, 517100, 357800, 357300, 351500, 350700, 317300)
ELSEWHERE_SHARE = 0.08
ELSEWHERE_IN_REGENCY = 0.45


def date_digits(days: Index, is_female: Flags | None = None) -> Index:
    """DDMMYY as a number, 40 added to the day for women."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    year = (months.astype(np.int64) // 12 + 1970) % 100
    if is_female is not None:
        day = day + np.where(is_female, 40, 0)
    digits: Index = day * 10_000 + month * 100 + year
    return digits


def area_number(kecamatan_code: str) -> int:
    """``35.10.01`` as 351001."""
    return int(kecamatan_code.replace(".", ""))


def registration_area(rng: np.random.Generator, kecamatan: Index, birth_year: Index) -> tuple[Index, Flags]:
    """Where each person was first registered, and whether that is elsewhere; ``kecamatan`` as numbers like 351001."""
    area = kecamatan.copy()
    for young, (parent, since) in YOUNG_KECAMATAN.items():
        area[(kecamatan == area_number(young)) & (birth_year < since)] = area_number(parent)
    elsewhere = rng.random(len(area)) < ELSEWHERE_SHARE
    rows = np.flatnonzero(elsewhere)
    inside = rng.random(len(rows)) < ELSEWHERE_IN_REGENCY
    # One of the other 24 kecamatan, never the own one by chance.
    step = rng.integers(1, 25, len(rows))
    other_kecamatan = 351001 + (kecamatan[rows] - 351001 + step) % 25
    far = np.array(OTHER_REGENCIES)[rng.integers(0, len(OTHER_REGENCIES), len(rows))] + rng.integers(1, 25, len(rows))
    area[rows] = np.where(inside, other_kecamatan, far)
    return area, elsewhere


def counted_numbers(rng: np.random.Generator, area: Index, digits: Index) -> Index:
    """Sixteen-digit numbers: area, date digits and a serial that counts from 1 within each area and date, in random order."""
    stem = area * 1_000_000 + digits
    order = np.lexsort((rng.random(len(stem)), stem))
    ordered = stem[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.append(starts, len(ordered)))
    serial = np.arange(len(ordered)) - np.repeat(starts, sizes) + 1
    if len(serial) and serial.max() > 9_999:
        raise ValueError("more than 9,999 people share one area and date; a serial has four digits")
    numbers = np.empty(len(stem), dtype=np.int64)
    numbers[order] = ordered * 10_000 + serial
    return numbers
