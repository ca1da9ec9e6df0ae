"""Identifier numbers as text of digits; fillers (zeros, nines, one digit throughout) and what is too short to identify are missing."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.distinct import on_distinct

MOST_DIGITS = 18  # what fits a 64-bit integer whatever the digits


def standardise_identifiers(values: pd.Series, digits: int | None = None) -> pd.Series:
    """Digits of each value; with ``digits``, numbers of any other length are missing. Letters O and I are read as 0 and 1."""
    return on_distinct(values, lambda distinct: identifier_digits(distinct, digits))


def identifier_digits(distinct: Any, digits: int | None = None) -> Any:
    """Same on distinct Arrow strings; the empty string stands for missing."""
    text = _digits(distinct)
    useless = is_filler(text)
    if digits is not None:
        useless = pc.or_(useless, pc.not_equal(pc.binary_length(text), digits))
    return pc.if_else(useless, pa.scalar(""), text)


def identifier_numbers(values: Any, digits: int | None = None) -> tuple[npt.NDArray[np.int64], int]:
    """The same as integers, -1 where missing, and the number of digits they stand for.

    Raises ValueError when the numbers have more than :data:`MOST_DIGITS` digits.
    """
    text = _digits(values)
    length = pc.binary_length(text)
    width = digits or int(pc.max(length).as_py() or 1)
    if width > MOST_DIGITS:
        raise ValueError(
            f"an identifier column holds numbers of {width} digits; up to {MOST_DIGITS} are read: declare it as `code` instead"
        )
    good = pc.equal(length, width) if digits else pc.greater(length, 0)
    if not pc.all(good).as_py():
        text = pc.if_else(good, text, pa.scalar("-1"))
    numbers = np.array(text.cast(pa.int64()).to_numpy(zero_copy_only=False))
    numbers[_is_filler_number(numbers, width)] = -1
    return numbers, width


def is_filler(text: Any) -> Any:
    """Whether digits (Arrow strings) are what people type to get past a required field.

    One digit throughout, counting up from 1, or only zeros behind the first six digits.
    """
    return pc.match_substring_regex(text, r"^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|[0-9]{6}0{4,}|(?:1234567890)?123456[0-9]*)$")


def _is_filler_number(numbers: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.bool_]:
    """Same as :func:`is_filler` on numbers of ``width`` digits."""
    ones = int("1" * width)
    filler = (numbers % ones == 0) & (numbers <= 9 * ones)
    if width >= 10:
        filler |= numbers % 10 ** (width - 6) == 0
        filler |= numbers // 10 ** (width - 6) == 123_456
    return np.asarray(filler & (numbers >= 0))


def _digits(values: Any) -> Any:
    """Digits of each Arrow string; empty where there is anything that is not read as a digit."""
    text = pc.fill_null(values, "")
    odd = pc.and_(pc.invert(pc.ascii_is_decimal(text)), pc.not_equal(text, ""))
    where = pc.indices_nonzero(odd)
    if not len(where):
        return text
    rest = pc.replace_substring_regex(pc.utf8_upper(text.take(where)), r"\.0$", "")
    rest = pc.replace_substring_regex(pc.replace_substring(rest, "O", "0"), "[IL]", "1")
    rest = pc.if_else(pc.match_substring_regex(rest, r"[A-Z+]"), "", pc.replace_substring_regex(rest, r"[^0-9]", ""))
    return pc.replace_with_mask(text, odd, rest)
