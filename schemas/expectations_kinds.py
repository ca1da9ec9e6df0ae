"""The kinds of expectations: one class each, a row of a contract's `expectations` each.

To add a kind: a class here with its predicate, its place in the union of `schemas.expectations`, its counterpart in
`schemas.expectations_gx`, and a case in the test that holds both evaluators equal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BeforeValidator, Field, field_validator, model_validator

from schemas.code_lists import code_list
from schemas.expectations_base import (
    ERRORS_COLUMN,
    ArrowColumns,
    ColumnExpectation,
    DistinctValueExpectation,
    ExpectationBase,
    ExpectationResult,
    Flags,
    Share,
)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RELATIVE_DATE = re.compile(r"as_of(?:(?P<sign>[+-])(?P<number>[0-9]{1,5})(?P<unit>[dmy]))?")


def _date_bound(value: object) -> object:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = value.isoformat()  # YAML reads an unquoted 2026-01-31 as a date
    if isinstance(value, str):
        try:
            readable = _DATE.fullmatch(value) or _RELATIVE_DATE.fullmatch(value)
            if readable and 1800 <= resolve_date(value, dt.date(2026, 1, 1)).year < 2160:
                return value
        except (ValueError, OverflowError):
            pass
        raise ValueError("a date bound is a day YYYY-MM-DD of 1800 to 2159, as_of, or a distance such as as_of-115y, as_of+3m, as_of-30d")
    return value


DateBound = Annotated[str, BeforeValidator(_date_bound)]
"""A day: `2020-01-31`, `as_of`, or a distance from it in days, months or years, such as `as_of-120y`."""


def resolve_date(bound: str, as_of: dt.date) -> pd.Timestamp:
    """The day that a date bound means for a run with this as-of date."""
    relative = _RELATIVE_DATE.fullmatch(bound)
    if relative is None:
        return pd.Timestamp(bound).as_unit("ns")
    number = int(relative["number"] or 0) * (-1 if relative["sign"] == "-" else 1)
    day = pd.Timestamp(as_of)
    if relative["unit"] == "d":
        return (day + pd.DateOffset(days=number)).as_unit("ns")
    return (day + pd.DateOffset(months=number * (12 if relative["unit"] == "y" else 1))).as_unit("ns")


class RowCountBetween(ExpectationBase):
    """The table has at least `min` and at most `max` rows; catches the half-sent file and the file of another regency."""

    judges_rows = False
    expect: Literal["row_count_between"] = "row_count_between"
    min: int = Field(default=0, ge=0)
    max: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        _require_order(self.min, self.max)
        return self

    def judge(self, columns: ArrowColumns) -> ExpectationResult:
        """One thing is judged: the number of rows."""
        return self.judge_count(columns.rows)

    def judge_count(self, rows: int) -> ExpectationResult:
        """The result for a known number of rows."""
        fits = rows >= self.min and (self.max is None or rows <= self.max)
        return self.result(1, 0 if fits else 1, success=fits, observed=float(rows))


class ColumnsPresent(ExpectationBase):
    """The table has these columns."""

    judges_rows = False
    expect: Literal["columns_present"] = "columns_present"
    columns: tuple[str, ...] = Field(min_length=1)

    def judge(self, columns: ArrowColumns) -> ExpectationResult:
        """The columns asked for are judged."""
        return self.judge_columns(columns.frame.columns)

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns asked for."""
        return self.columns

    def judge_columns(self, present: Iterable[object]) -> ExpectationResult:
        """The result for a known set of columns."""
        missing = len(set(self.columns) - set(present))
        wanted = len(set(self.columns))
        return self.result(wanted, missing, success=missing == 0, observed=float(wanted - missing))


class ValuesUnique(DistinctValueExpectation, ColumnExpectation):
    """No value of the column stands in two rows; each row of a repeated value is unexpected."""

    expect: Literal["values_unique"] = "values_unique"

    def distinct_verdicts(self, columns: ArrowColumns) -> Flags:
        """True where the value stands in one row."""
        alone: Flags = columns.rows_of_distinct(self.column) == 1
        return alone


class ValuesInCodeList(DistinctValueExpectation, ColumnExpectation):
    """Each value is one of a code list of `schemas.code_lists`, or of the `values` given here."""

    canonical_kinds = frozenset({"code", "identifier", "text"})
    expect: Literal["values_in_code_list"] = "values_in_code_list"
    code_list: str | None = None
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.code_list is None) == (not self.values):
            raise ValueError("give either code_list (the name of an official list) or values, not both")
        if self.code_list is not None:
            try:
                code_list(self.code_list)
            except KeyError as error:
                raise ValueError(str(error.args[0])) from None
        return self

    @property
    def allowed(self) -> tuple[str, ...]:
        """What a cell may hold."""
        return code_list(self.code_list).values if self.code_list else self.values  # noqa: PD011 - not a frame

    def distinct_verdicts(self, columns: ArrowColumns) -> Flags:
        """True where the value is in the list."""
        values = columns.encoded(self.column).dictionary
        return _flags(pc.is_in(values, value_set=pa.array(self.allowed, type=values.type)))


class ValuesMatch(DistinctValueExpectation, ColumnExpectation):
    r"""The whole value matches a regular expression.

    RE2 syntax (no look-around, linear time: a contract cannot hang the run); write `[0-9]`, not `\d`, where only digits of the
    Latin keyboard are meant.
    """

    canonical_kinds = frozenset({"code", "identifier", "text"})
    expect: Literal["values_match"] = "values_match"
    regex: str = Field(min_length=1)

    @field_validator("regex")
    @classmethod
    def _readable(cls, regex: str) -> str:
        try:
            re.compile(regex)
            pc.match_substring_regex(pa.array([""]), f"^(?:{regex})$")
        except (re.error, pa.ArrowInvalid) as error:
            raise ValueError(f"not a regular expression that both Python and RE2 read: {error}") from None
        return regex

    def distinct_verdicts(self, columns: ArrowColumns) -> Flags:
        """True where the value matches from its first to its last character."""
        return _flags(pc.match_substring_regex(columns.encoded(self.column).dictionary, rf"\A(?:{self.regex})\z"))


class ValuesBetween(ColumnExpectation):
    """Each number lies between `min` and `max`, both allowed."""

    canonical_kinds = frozenset({"integer", "decimal"})
    expect: Literal["values_between"] = "values_between"
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        _require_order(self.min, self.max, one_needed=True)
        return self

    def verdicts(self, columns: ArrowColumns) -> pa.BooleanArray:
        """True where the number lies in the range. Numbers beyond 2^53 are not exact here; none of our columns has such."""
        return _between(columns.plain(self.column).cast(pa.float64(), safe=False), self.min, self.max)


class DatesBetween(ColumnExpectation):
    """Each date lies between `min` and `max`, both allowed; bounds may be relative to the run's as-of date."""

    canonical_kinds = frozenset({"date"})
    expect: Literal["dates_between"] = "dates_between"
    min: DateBound | None = None
    max: DateBound | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        # A fixed and a relative bound are compared where they are furthest apart: they may cross at some other as-of date.
        at_best = dt.date(2100, 1, 1) if (self.max or "").startswith("as_of") else dt.date(1950, 1, 1)
        first, last = (None if bound is None else resolve_date(bound, at_best) for bound in (self.min, self.max))
        _require_order(first, last, one_needed=True)
        return self

    def on(self, as_of: dt.date) -> Self:
        """The same expectation with absolute days."""
        days = {key: resolve_date(bound, as_of).date().isoformat() for key in ("min", "max") if (bound := getattr(self, key)) is not None}
        return self.model_copy(update=days)

    def verdicts(self, columns: ArrowColumns) -> pa.BooleanArray:
        """True where the date lies in the range. The bounds must be absolute: call `on` first."""
        first, last = (None if bound is None else pa.scalar(pd.Timestamp(bound), pa.timestamp("ns")) for bound in (self.min, self.max))
        return _between(columns.plain(self.column).cast(pa.timestamp("ns")), first, last)


class ErrorShareAtMost(DistinctValueExpectation):
    """At most this share of the rows carries an error of this column and code (either left out: of any)."""

    judges_empty = True
    expect: Literal["error_share_at_most"] = "error_share_at_most"
    column: str | None = None
    code: str | None = Field(default=None, pattern=r"^[a-z0-9_]+$")
    share: Share

    @property
    def subject(self) -> str | None:
        """The column whose errors are counted."""
        return self.column

    @property
    def detail(self) -> str | None:
        """The code, because one column has several error shares."""
        return self.code

    @property
    def reads(self) -> str:
        """The errors of a row stand in one column."""
        return ERRORS_COLUMN

    @property
    def fitting_share(self) -> float:
        """The share that must be free of it, rounded so that 1 - 0.58 is 0.42 and not a little more."""
        return round(1.0 - self.share, 12)

    @property
    def pattern(self) -> str:
        """The regular expression that finds such an error in the errors of a row."""
        column = re.escape(self.column) if self.column else "[^ :]+"
        code = re.escape(self.code) if self.code else "[^ ]+"
        return f"(?:^| ){column}:{code}(?: |$)"

    def distinct_verdicts(self, columns: ArrowColumns) -> Flags:
        """True where the row has no such error."""
        return ~_flags(pc.match_substring_regex(columns.encoded(self.reads).dictionary, self.pattern))


def _flags(verdicts: pa.BooleanArray) -> Flags:
    flags: Flags = verdicts.to_numpy(zero_copy_only=False).astype(np.bool_)
    return flags


def _between(column: pa.Array, first: object, last: object) -> pa.BooleanArray:
    checks = [pc.greater_equal(column, first)] if first is not None else []
    checks += [pc.less_equal(column, last)] if last is not None else []
    return checks[0] if len(checks) == 1 else pc.and_(*checks)


def _require_order(first: Any, last: Any, *, one_needed: bool = False) -> None:
    if one_needed and first is None and last is None:
        raise ValueError("give min, max or both")
    if first is not None and last is not None and first > last:
        raise ValueError(f"min ({first}) is greater than max ({last})")
