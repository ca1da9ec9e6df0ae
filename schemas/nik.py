"""What stands inside an identity number: the anatomy of NIK and of the family card's number (KK).

A NIK has 16 digits: 6 for the area of *first registration*, day, month and year of birth with 40 added to a woman's day, and a
serial of 4 from 0001 (Permendagri on population administration; dukcapil.klaten.go.id). It never changes, neither on moving nor
when a birth date is corrected. So a number whose area or birth date disagrees with the person's columns is no error: it is
evidence to weigh, never a reason to refuse. A KK number is built alike, with the card's date of issue, and no 40.

All functions take whole columns: 1.8 million numbers pass through them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.canonical import TEXT

LENGTH = 16
WOMAN_DAY_OFFSET = 40
KEPT_DIGITS = 6
"""Digits that a masked number still shows: the area, as the election commission prints it (10 of 16 starred)."""

Fault = Literal["length", "not_digits", "filler", "impossible_day", "impossible_month", "serial_zero"]
FAULTS: tuple[Fault, ...] = ("length", "not_digits", "filler", "impossible_day", "impossible_month", "serial_zero")
_LENGTH, _NOT_DIGITS, _FILLER, _DAY, _MONTH, _SERIAL = range(1, 7)

_RISING = b"1234567890123456"
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int16)

Digits = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int16]


def digit_matrix(numbers: pd.Series) -> tuple[Digits, Flags]:
    """The 16 digits of each number as a matrix of n rows, and which rows are 16 ASCII digits; other rows are zeros."""
    filled = numbers.astype(TEXT).fillna("").astype(object).to_numpy()
    encoded = np.array([text.encode("ascii", "replace")[: LENGTH + 1] for text in filled], dtype=f"S{LENGTH + 1}")
    characters = encoded.view(np.uint8).reshape(len(filled), LENGTH + 1) if len(filled) else np.zeros((0, LENGTH + 1), np.uint8)
    digits = characters[:, :LENGTH] - ord("0")
    well_formed = (digits <= 9).all(axis=1) & (characters[:, LENGTH] == 0)
    return np.where(well_formed[:, None], digits, 0).astype(np.uint8), well_formed


def faults_of_digits(digits: Digits, kind: Literal["nik", "kk"] = "nik") -> npt.NDArray[np.uint8]:
    """For rows of 16 digits: 0 when the number can be one, else 1 + the place of its fault in FAULTS."""
    faults = np.zeros(len(digits), np.uint8)
    serial_zero = (digits[:, 12:] == 0).all(axis=1)
    faults[serial_zero] = _SERIAL
    if kind == "nik":
        day, month = _two(digits, 6), _two(digits, 8)
        real_day = np.where(day > WOMAN_DAY_OFFSET, day - WOMAN_DAY_OFFSET, day)
        impossible_month = (month < 1) | (month > 12)
        longest = _DAYS[np.where(impossible_month, 1, month)]
        faults[(real_day < 1) | (real_day > longest)] = _DAY
        faults[impossible_month] = _MONTH
    same = (digits == digits[:, :1]).all(axis=1)
    rising = (digits == np.frombuffer(_RISING, np.uint8) - ord("0")).all(axis=1)
    no_area = (digits[:, :4] == 0).all(axis=1)
    faults[same | rising | no_area] = _FILLER
    return faults


def nik_faults(niks: pd.Series) -> pd.Series:
    """For each NIK the reason why it can't be one (see FAULTS), missing where it can or where there is none."""
    return _faults(niks, "nik")


def kk_faults(kk_numbers: pd.Series) -> pd.Series:
    """For each KK number the reason why it can't be one: only length, digits, fillers and serial 0000 are certain."""
    return _faults(kk_numbers, "kk")


def _faults(numbers: pd.Series, kind: Literal["nik", "kk"]) -> pd.Series:
    text = numbers.astype(TEXT)
    digits, well_formed = digit_matrix(text)
    codes = np.where(well_formed, faults_of_digits(digits, kind), 0)
    only_digits = text.str.fullmatch(r"[0-9]+").fillna(False).to_numpy(dtype=bool)
    codes = np.where(~well_formed, np.where(only_digits, _LENGTH, _NOT_DIGITS), codes)
    names = np.array([None, *FAULTS], dtype=object)
    return pd.Series(names[np.where(text.isna().to_numpy(), 0, codes)], index=numbers.index, dtype=TEXT)


def birth_inside(digits: Digits) -> tuple[Numbers, Numbers, Numbers, npt.NDArray[np.bool_]]:
    """Day, month and two-digit year of birth, and whether it is a woman's number (day + 40), of n numbers of 16 digits."""
    day = _two(digits, 6)
    woman = day > WOMAN_DAY_OFFSET
    return np.where(woman, day - WOMAN_DAY_OFFSET, day), _two(digits, 8), _two(digits, 10), woman


def masked(numbers: pd.Series) -> pd.Series:
    """Numbers as people may see them: `351016**********`."""
    text = numbers.astype(TEXT)
    return (text.str.slice(0, KEPT_DIGITS) + "*" * (LENGTH - KEPT_DIGITS)).astype(TEXT)


def _two(digits: Digits, place: int) -> Numbers:
    return digits[:, place].astype(np.int16) * 10 + digits[:, place + 1]
