"""Dates as numbers that can be compared part by part: ``YYYYMMDD``, missing as -1."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.distinct import arrow_text, encode

Integers = npt.NDArray[np.int64]


def encoded_dates(values: pd.Series) -> tuple[Integers, Integers]:
    """Place of each value among the distinct dates, and these as ``YYYYMMDD`` (-1 where a value is no date).

    A datetime column, or text as ``YYYY-MM-DD`` or ``YYYYMMDD``. Text of eight digits whose month or day does not exist is kept: two equal
    impossible dates are still evidence.
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        factor, days = pd.factorize(values.to_numpy().astype("datetime64[D]").astype(np.int64), sort=False)
        return factor.astype(np.int64), _from_days(np.asarray(days, dtype=np.int64))
    places, distinct = encode(arrow_text(values))
    return np.where(places < 0, len(distinct), places).astype(np.int64), np.append(_from_text(distinct), -1)


def _from_days(days: Integers) -> Integers:
    dates: Any = days.astype("datetime64[D]")
    missing = np.isnat(dates)
    dates = np.where(missing, np.datetime64("2000-01-01"), dates)
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    return np.where(missing, -1, year * 10_000 + month * 100 + day)


def _from_text(distinct: Any) -> Integers:
    digits = pc.replace_substring(distinct, "-", "")
    good = pc.match_substring_regex(digits, r"^\d{8}$")
    number = pc.if_else(good, digits, pa.scalar("-1")).cast(pa.int64())
    return np.asarray(pc.fill_null(number, -1).to_numpy(zero_copy_only=False))


def swapped(number: Integers) -> Integers:
    """The date with day and month exchanged; -1 where that is no date (day above 12)."""
    day, month, year = number % 100, number // 100 % 100, number // 10_000
    return np.where((number > 0) & (day <= 12) & (day > 0), year * 10_000 + day * 100 + month, -1)
