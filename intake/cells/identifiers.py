"""NIK and KK numbers as offices write them: with dots, spaces, apostrophes, letters for digits, or spoiled by a spreadsheet.

Certain repairs are made and named. What a spreadsheet destroyed is not invented: a number cell keeps 15 digits and shows 0 as the
16th (`last_digit_lost`: the number stands, because 15 digits of it are evidence, and its error code says not to trust the last);
`3,51E+15` keeps no more than 6 digits (`scientific_notation`: missing). Only where all 16 digits stand in front of the power, as some
programs write them, nothing is lost.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.parsed import NOTHING, ParsedColumn, Repaired, flagged, is_filler, spread
from intake.raw_sheet import NUMBER_CELL, Bytes
from schemas.nik import FAULTS, LENGTH, Digits, faults_of_digits

Kind = Literal["nik", "kk"]

DAMAGED_SHARE = 0.5
"""Share of numbers ending in 0 among a column's number cells from which they are Excel's work; serials of honest NIKs are small
and rising, so about 3 % of them end in 0."""

_SCIENTIFIC = re.compile(r"^[+]?\d(?:[.,]\d+)?\s*[eE]\s*[+]?\s*\d{1,2}$")
_DECIMAL_ENDING = re.compile(r"^(\d{16})[.,]0{1,2}$")
_LABEL = re.compile(r"^(?:NO(?:MOR)?\.?\s*)?(?:NIK|KTP|KK|NOKK)\b\s*[:.=]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.\-_'`\u2018\u2019\u00b4\",;:/\u00a0\u00ad\u200b-\u200f\u2060\u202a-\u202e\ufeff]+")
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_REPEATED = re.compile(r"^(.)\1*$")


def repair_identity_number(text: str) -> Repaired[str]:
    """One number's text, outside of its column: 16 digits with the rules that led there, or an error code.

    Anatomy (day, month, serial) is judged for the whole column afterwards, in `parse_identity_numbers`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_filler(plain):
        return Repaired(None, "filler") if plain else NOTHING
    if _SCIENTIFIC.match(plain):
        return _written_out(plain)
    rules: list[str] = []
    if ending := _DECIMAL_ENDING.match(plain):
        plain = ending.group(1)
        rules.append("decimal_ending_removed")
    if (unlabelled := _LABEL.sub("", plain)) != plain:
        plain = unlabelled
        rules.append("label_removed")
    if (joined := _SEPARATORS.sub("", plain)) != plain or (joined != text and not rules):
        plain = joined
        rules.append("separators_removed")
    if not _is_digits(plain) and _is_digits(digits := plain.translate(_LETTERS)) and len(digits) == LENGTH:
        plain = digits
        rules.append("letters_read_as_digits")
    if not plain or (_REPEATED.match(plain) and (plain[0] in "0*xX9-" or len(plain) == LENGTH)):
        return Repaired(None, "filler")
    if not _is_digits(plain):
        return Repaired(None, "not_digits")
    if len(plain) != LENGTH:
        return Repaired(None, "length")
    return Repaired(plain, None, "+".join(rules) or None)


def _written_out(plain: str) -> Repaired[str]:
    """A number in scientific notation; certain only when its 16 digits are all there."""
    mantissa, _, power = plain.lower().partition("e")
    digits = re.sub(r"\D", "", mantissa)
    if int(re.sub(r"\D", "", power)) != LENGTH - 1 or len(digits) != LENGTH:
        return Repaired(None, "scientific_notation")
    if digits.endswith("0"):
        return Repaired(digits, "last_digit_lost")  # Excel itself writes its 15 digits and a 0
    return Repaired(digits, None, "power_written_out")


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def parse_identity_numbers(cells: pa.Array, types: Bytes, kind: Kind) -> ParsedColumn:
    """A column of NIKs or KK numbers: repaired, judged by anatomy, number cells weighed by the column's own evidence."""
    clean = pc.fill_null(pc.match_substring_regex(cells, "^[0-9]{16}$"), False)
    if pc.all(pc.or_(clean, pc.is_null(cells))).as_py():
        column = ParsedColumn(cells)
    else:
        # Nearly all are clean; only the distinct others are worth a look one by one.
        others = pc.dictionary_encode(pc.if_else(clean, pa.scalar(None, pa.large_string()), cells))
        repaired = spread(others.indices, [repair_identity_number(text) for text in others.dictionary.to_pylist()], pa.large_string())
        column = ParsedColumn(pc.if_else(clean, cells, repaired.values), repaired.errors, repaired.rules)
    return _judged(column, types, kind)


def _judged(column: ParsedColumn, types: Bytes, kind: Kind) -> ParsedColumn:
    present = pc.is_valid(column.values).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(present)
    if not len(rows):
        return column
    digits = digits_of_arrow(column.values.drop_null())
    faults = faults_of_digits(digits, kind)
    for place, fault in enumerate(FAULTS, start=1):
        if fault == "serial_zero" or not (faults == place).any():
            continue
        wrong = np.zeros(len(present), bool)
        wrong[rows[faults == place]] = True
        column = flagged(column, wrong, fault)
        column = ParsedColumn(pc.if_else(pa.array(wrong), pa.scalar(None, pa.large_string()), column.values), column.errors, column.rules)
    return flagged(column, _last_digit_lost(digits, faults, rows, types), "last_digit_lost")


def _last_digit_lost(digits: Digits, faults: Bytes, rows: np.ndarray, types: Bytes) -> np.ndarray:
    """Rows whose 16th digit a spreadsheet turned into 0: number cells by the column's evidence, and every serial 0000."""
    lost = np.zeros(len(types), bool)
    lost[rows[faults == FAULTS.index("serial_zero") + 1]] = True
    ends_in_zero = digits[:, LENGTH - 1] == 0
    numeric = types[rows] == NUMBER_CELL
    if numeric.any() and ends_in_zero[numeric].mean() >= DAMAGED_SHARE:
        lost[rows[numeric & ends_in_zero]] = True
    return lost


def digits_of_arrow(numbers: pa.Array) -> Digits:
    """The digits of an Arrow column without nulls whose texts are all 16 ASCII digits, as a matrix of n rows of 16."""
    offsets = np.frombuffer(numbers.buffers()[1], np.int64)[numbers.offset : numbers.offset + len(numbers) + 1]
    content = np.frombuffer(numbers.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return content.reshape(len(numbers), LENGTH) - ord("0")
