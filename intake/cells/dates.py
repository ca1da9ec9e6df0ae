"""Dates as offices write them: date cells, serial numbers, d/m/Y and m/d/Y, month names in two languages, two-digit years.

Which of `03/04/1980` is the day no cell can tell; the column can: one `25/04/1980` proves that days come first. Where the column
proves both orders, a cell that could be either has no date (`ambiguous_order`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA

from intake.cells.parsed import NOTHING, ParsedColumn, Repaired, is_filler, spread

Order = Literal["day_first", "month_first", "unknown"]

OLDEST_AGE = 125
"""Years: the oldest documented person of Indonesia's register is younger; older dates are typing errors."""
CONTRADICTION_SHARE = 0.05
"""Share of proofs of the other order from which a column's order counts as mixed; below it they are single typing errors."""
TIMESTAMP = pa.timestamp("ns")

_EPOCH_1900 = dt.date(1899, 12, 30)
_EPOCH_1904 = dt.date(1904, 1, 1)
_HIGHEST_SERIAL = 73_050  # 2099-12-31

_MONTHS = {
    1: ("januari", "january", "jan", "januwari"),
    2: ("februari", "pebruari", "february", "feb", "peb", "febuari"),
    3: ("maret", "march", "mar", "mrt", "marte"),
    4: ("april", "apr"),
    5: ("mei", "may"),
    6: ("juni", "june", "jun"),
    7: ("juli", "july", "jul"),
    8: ("agustus", "august", "agt", "agu", "ags", "aug", "agust"),
    9: ("september", "sept", "sep"),
    10: ("oktober", "october", "okt", "oct"),
    11: ("november", "nopember", "nov", "nop"),
    12: ("desember", "december", "des", "dec"),
}
_MONTH_OF = {name: month for month, names in _MONTHS.items() for name in names}
_LONG_MONTHS = tuple(name for name in _MONTH_OF if len(name) >= 5)
_MONTH_TYPING_ERRORS = 1
"""`Agustsu`, `Febuari`: one letter wrong, missing, added or swapped, in a name of five letters or more."""

_PLAIN_ISO = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}\Z")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[tT\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$")
_NUMERIC = re.compile(r"^(\d{1,2})\s*[-/.,\s]\s*(\d{1,2})\s*[-/.,\s]\s*(\d{4}|\d{2})(?:\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?$")
_NAMED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-/.,\s]*([a-z]{3,10})[-/.,\s]*(\d{4}|\d{2})$")
_NAMED_MONTH_FIRST = re.compile(r"^([a-z]{3,10})[-/.,\s]+(\d{1,2})(?:st|nd|rd|th)?[-/.,\s]+(\d{4})$")
_COMPACT = re.compile(r"^\d{8}$")
_SERIAL = re.compile(r"^\d{1,6}(?:[.,]\d+)?$")
_WEEKDAY = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*,?\s+")
_PLACE = re.compile(r"^([^\W\d_]+(?:[ .'()-]+[^\W\d_]+)*)\)?[\s,.;:/-]+(?=\d)")
"""What stands before the first digit of `Banyuwangi, 12-03-1980`."""
_FILLED_WITH_ZEROS = re.compile(r"^[0\s/.:-]+$")
_DATES_OF_NOTHING = {(1900, 1, 1), (1900, 1, 0), (1899, 12, 30), (1899, 12, 31), (1904, 1, 1)}
"""What an empty date cell becomes when it is shown as a date."""


@dataclass(frozen=True)
class DateReading:
    """How the dates of one column are to be read: the order that its evidence proves, its epoch, and the last possible day."""

    order: Order = "day_first"
    serials_expected: bool = True
    epoch_1904: bool = False
    latest: dt.date | None = None
    oldest_age: int = OLDEST_AGE


def parse_dates(cells: pa.Array, formats: Sequence[str], *, epoch_1904: bool, latest: dt.date | None) -> ParsedColumn:
    """A column of dates. `formats` are those of the contract; `latest` is the delivery's day, after which nobody is born."""
    encoded = pc.dictionary_encode(cells)
    texts = encoded.dictionary.to_pylist()
    present = encoded.indices.drop_null().to_numpy(zero_copy_only=False)
    counts = np.bincount(present, minlength=len(texts)).tolist()
    order = order_of(texts, formats, counts)
    reading = DateReading(order, serials_expected=not formats or "serial" in formats, epoch_1904=epoch_1904, latest=latest)
    # A month-first date in a column that is day first by contract is a repair, and the other way round.
    expected: Order = "month_first" if "m/d/Y" in formats and "d/m/Y" not in formats else "day_first"
    return spread(encoded.indices, [read_date(text, reading, expected) for text in texts], TIMESTAMP)


def order_of(texts: Iterable[str], formats: Sequence[str], counts: Sequence[int] = ()) -> Order:
    """Which comes first, day or month, by the dates of the column that can be read in one way only.

    Without proof the contract's order holds; Indonesian custom is day first.
    """
    proofs: Counter[Order] = Counter()
    for place, text in enumerate(texts):
        if _PLAIN_ISO.match(text):
            continue
        match = _NUMERIC.match(without_place(text.strip()))
        if match is None:
            continue
        first, second = int(match.group(1)), int(match.group(2))
        weight = counts[place] if counts else 1
        if first > 12 >= second:
            proofs["day_first"] += weight
        elif second > 12 >= first:
            proofs["month_first"] += weight
    total = proofs["day_first"] + proofs["month_first"]
    if total:
        rarer = min(proofs["day_first"], proofs["month_first"])
        if rarer > CONTRADICTION_SHARE * total:
            return "unknown"
        return "day_first" if proofs["day_first"] > proofs["month_first"] else "month_first"
    only_month_first = "m/d/Y" in formats and not {"d/m/Y", "d-m-Y", "d/m/y"} & set(formats)
    return "month_first" if only_month_first else "day_first"


def without_place(text: str) -> str:
    """The text without a place before its date: clerks join `Tempat/Tgl Lahir` in one cell. A month or a weekday is no place."""
    match = _PLACE.match(text) if text[:1].isalpha() else None
    if match is None or month_named(match.group(1)).value is not None or _WEEKDAY.match(text.casefold()):
        return text
    return text[match.end() :]


def read_date(text: str, reading: DateReading, expected: Order = "day_first") -> Repaired[dt.datetime]:
    """One date's text, read as the column's evidence says; the outcome's error or rule names what was found."""
    if _PLAIN_ISO.match(text):  # as date cells are written, and so nearly all dates of a register
        return _checked(int(text[:4]), int(text[5:7]), int(text[8:]), None, reading)
    return _as_people_write(text, reading, expected)


def _as_people_write(text: str, reading: DateReading, expected: Order) -> Repaired[dt.datetime]:
    plain = " ".join(text.replace("\u00a0", " ").strip(" '`").casefold().split())
    if is_filler(plain) or _FILLED_WITH_ZEROS.match(plain):
        return Repaired(None, "filler") if plain else NOTHING
    if match := _NUMERIC.match(plain):
        return _numeric(int(match.group(1)), int(match.group(2)), match.group(3), reading, expected)
    if parts := _spelled_out(_WEEKDAY.sub("", plain), reading):
        return _checked(*parts, reading)
    if _COMPACT.match(plain):
        return _compact(plain, reading)
    # Never a serial number behind a word: `RT 29000` is no date.
    if (dated := without_place(plain)) != plain and not _SERIAL.match(dated):
        return _after_place(read_date(dated, reading, expected))
    return _serial(plain, reading) if _SERIAL.match(plain) else Repaired(None, "unreadable_date")


def _after_place(read: Repaired[dt.datetime]) -> Repaired[dt.datetime]:
    if read.value is None:
        return read
    return Repaired(read.value, None, "+".join(rule for rule in ("place_before_date", read.rule) if rule))


def _spelled_out(plain: str, reading: DateReading) -> tuple[int, int, int, str | None] | None:
    """Year, month, day and rule of a date that leaves no doubt about its order: year first, or the month by its name."""
    if match := _ISO.match(plain):
        return int(match.group(1)), int(match.group(2)), int(match.group(3)), None
    if (match := _NAMED.match(plain)) and (month := month_named(match.group(2))).value is not None:
        year, rule = _full_year(match.group(3), reading)
        return year, month.value, int(match.group(1)), "+".join(part for part in (month.rule, rule) if part) or None
    if (match := _NAMED_MONTH_FIRST.match(plain)) and (month := month_named(match.group(1))).value is not None:
        return int(match.group(3)), month.value, int(match.group(2)), month.rule
    return None


def month_named(text: str) -> Repaired[int]:
    """The month of an Indonesian or English name, short or long; one typing error in a long name is mended."""
    name = text.casefold().strip(" .")
    if name in _MONTH_OF:
        return Repaired(_MONTH_OF[name])
    if len(name) < 5:
        return Repaired(None, "unknown_month")
    near = {
        _MONTH_OF[known] for known in _LONG_MONTHS if OSA.distance(name, known, score_cutoff=_MONTH_TYPING_ERRORS) <= _MONTH_TYPING_ERRORS
    }
    return Repaired(near.pop(), None, "month_spelling") if len(near) == 1 else Repaired(None, "unknown_month")


def _numeric(first: int, second: int, year_text: str, reading: DateReading, expected: Order) -> Repaired[dt.datetime]:
    year, year_rule = _full_year(year_text, reading)
    if first > 12 >= second:
        order: Order = "day_first"
    elif second > 12 >= first:
        order = "month_first"
    elif first == second or reading.order != "unknown":
        order = reading.order if reading.order != "unknown" else "day_first"
    else:
        return Repaired(None, "ambiguous_order")
    day, month = (first, second) if order == "day_first" else (second, first)
    rules = [rule for rule in (year_rule, "month_first" if order == "month_first" != expected else None) if rule]
    return _checked(year, month, day, "+".join(rules) or None, reading)


def _full_year(text: str, reading: DateReading) -> tuple[int, str | None]:
    """A year of four digits; of two, the newest that is not after the last possible day."""
    if len(text) == 4:
        return int(text), None
    latest = reading.latest.year if reading.latest else 2030
    year = latest - latest % 100 + int(text)
    return (year if year <= latest else year - 100), "two_digit_year"


def _compact(text: str, reading: DateReading) -> Repaired[dt.datetime]:
    """Eight digits: 17081945 or 19450817. No plausible date is both: the last four digits of one are a year, of the other a day."""
    day_first = _checked(int(text[4:]), int(text[2:4]), int(text[:2]), "digits_only", reading)
    if day_first.value is not None:
        return day_first
    year_first = _checked(int(text[:4]), int(text[4:6]), int(text[6:]), "digits_only", reading)
    return year_first if year_first.value is not None else Repaired(None, "unreadable_date")


def _serial(text: str, reading: DateReading) -> Repaired[dt.datetime]:
    number = float(text.replace(",", "."))
    if number == int(number) and 1900 <= number <= 2100:
        return Repaired(None, "year_only")  # a serial of that size would be a day of 1905, which hardly anybody alive has
    if not 1 <= number <= _HIGHEST_SERIAL:
        return Repaired(None, "unreadable_date")
    date = (_EPOCH_1904 if reading.epoch_1904 else _EPOCH_1900) + dt.timedelta(days=int(number))
    return _checked(date.year, date.month, date.day, None if reading.serials_expected else "serial_number", reading)


def _checked(year: int, month: int, day: int, rule: str | None, reading: DateReading) -> Repaired[dt.datetime]:
    if (year, month, day) in _DATES_OF_NOTHING:
        return Repaired(None, "filler")
    if not 1 <= month <= 12 or not 1 <= day <= 31 or year < 1:
        return Repaired(None, "impossible_day")
    try:
        date = dt.datetime(year, month, day)  # noqa: DTZ001 - a birth date has no time zone
    except ValueError:
        return Repaired(None, "impossible_day")
    latest = reading.latest
    if latest is not None and date.date() > latest:
        return Repaired(None, "future_date")
    if year < (latest.year if latest else 2026) - reading.oldest_age:
        return Repaired(None, "too_old")
    return Repaired(date, None, rule)
