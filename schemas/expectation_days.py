"""On which other as-of days a table's expectations would judge every row as they did: so that a new day alone is no reason to judge again.

A relative date bound (`as_of-115y`) moves with the as-of day. As long as no date of the table lies between where it was and where it is
now, no row's verdict changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from schemas.expectations_base import ExpectationBase
from schemas.expectations_kinds import DatesBetween, resolve_date


@dataclass(frozen=True)
class DayLimit:
    """A relative bound, and the days (ISO; None: any) between which it may fall: from the first on, and before or up to the last.

    An upper bound may fall on `first` and not on `last`, a lower bound on `last` and not on `first`.
    """

    bound: str
    is_upper: bool
    first: str | None
    last: str | None

    def allows(self, as_of: dt.date) -> bool:
        """Whether this as-of day leaves every verdict as it is."""
        day = resolve_date(self.bound, as_of)
        first = pd.Timestamp.min if self.first is None else pd.Timestamp(self.first)
        last = pd.Timestamp.max if self.last is None else pd.Timestamp(self.last)
        return bool(first <= day < last if self.is_upper else first < day <= last)


def day_limits(frame: pd.DataFrame, expectations: Iterable[ExpectationBase], as_of: dt.date) -> tuple[DayLimit, ...]:
    """The limits of all relative bounds of the expectations on columns that the frame has; `as_of` itself is always allowed."""
    limits = []
    for expectation in expectations:
        if isinstance(expectation, DatesBetween) and expectation.column in frame:
            for bound, is_upper in ((expectation.min, False), (expectation.max, True)):
                if bound is not None and bound.startswith("as_of"):
                    limits.append(_limit(frame[expectation.column].dropna(), bound, is_upper=is_upper, as_of=as_of))
    return tuple(dict.fromkeys(limits))


def all_allow(limits: Sequence[DayLimit], as_of: dt.date) -> bool:
    """Whether no row of the table would be judged otherwise on this day."""
    return all(limit.allows(as_of) for limit in limits)


def _limit(dates: pd.Series, bound: str, *, is_upper: bool, as_of: dt.date) -> DayLimit:
    day = resolve_date(bound, as_of)
    before = dates <= day if is_upper else dates < day
    first, last = dates[before].max(), dates[~before].min()
    return DayLimit(bound, is_upper, *(None if pd.isna(date) else pd.Timestamp(date).isoformat() for date in (first, last)))
