"""The period of an aid, `YYYY-MM/YYYY-MM`, from the payment stage or the month, and the year, that a list states.

PKH and Sembako are paid in four stages a year, one for each quarter.
"""

from __future__ import annotations

import re

from intake.cells.dates import month_named
from intake.cells.parsed import NOTHING, Repaired, is_filler

_NUMBER = re.compile(r"^(?:tahap|triwulan|tw|t|q|termin)?\s*[.:]?\s*([1-4])(?:[.,]0)?$", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_ROMAN_STAGE = re.compile(r"^(?:tahap|triwulan|tw|termin)?\s*[.:]?\s*(I{1,3}|IV)$", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"^(?:bulan\s*)?0?(1[0-2]|[1-9])(?:[.,]0)?$", re.IGNORECASE)
_YEAR = re.compile(r"^(20[0-9]{2})(?:[.,]0)?$")


def read_period(stage: str | None, year: str | None) -> Repaired[str]:
    """The months of stage 1-4 of a year; both must be there."""
    if stage is None or year is None or is_filler(stage) or is_filler(year):
        return NOTHING
    stated_year = _YEAR.match(year.strip())
    quarter = _quarter(stage.strip())
    if stated_year is None or quarter is None:
        return Repaired(None, "unreadable_period")
    first = 3 * quarter - 2
    return Repaired(f"{stated_year.group(1)}-{first:02d}/{stated_year.group(1)}-{first + 2:02d}")


def read_month(month: str | None, year: str | None) -> Repaired[str]:
    """The one month that a number or a name and a year say; both must be there."""
    if month is None or year is None or is_filler(month) or is_filler(year):
        return NOTHING
    stated_year = _YEAR.match(year.strip())
    if (match := _MONTH_NUMBER.match(month.strip())) is not None:
        number: Repaired[int] = Repaired(int(match.group(1)))
    else:
        number = month_named(month)
    if stated_year is None or number.value is None:
        return Repaired(None, "unreadable_period")
    stated = f"{stated_year.group(1)}-{number.value:02d}"
    return Repaired(f"{stated}/{stated}", None, number.rule)


def _quarter(text: str) -> int | None:
    if match := _NUMBER.match(text):
        return int(match.group(1))
    if match := _ROMAN_STAGE.match(text):
        return _ROMAN[match.group(1).upper()]
    return None
