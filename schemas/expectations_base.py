"""What all expectations share: a severity, a reason, a predicate over a column, and a result that is only numbers.

A predicate says of each row whether it *fits* (true), is *unexpected* (false) or cannot be judged because the cell is empty
(missing). The kinds themselves stand in `schemas.expectations_kinds`; programs import from `schemas.expectations`.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.canonical import BY_NAME
from schemas.expectations_why import Why

Severity = Literal["row", "warn", "delivery", "publication"]
"""`row`: the row goes to quarantine; `warn`: reported; `delivery`: the delivery is refused; `publication`: nothing is published."""

ERRORS_COLUMN = "errors"
"""Text column of a records frame: space-separated `column:code` of each cell that could not be used, missing when none."""

Flags = npt.NDArray[np.bool_]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


@dataclass(frozen=True)
class ExpectationResult:
    """What one expectation found, in numbers: results go into logs, metadata and reports, so they never hold a value.

    `evaluated` things were judged (non-empty values; rows for `column_filled` and `error_share_at_most`; for the table kinds
    the one row count, or the columns asked for), `unexpected` of them broke the expectation, `share` is their quotient (0 when
    nothing was judged). `observed` is what the officer reads: number of rows, share filled, share that fits, share free of the
    error.
    """

    name: str
    kind: str
    column: str | None
    severity: Severity
    evaluated: int
    unexpected: int
    share: float
    observed: float
    success: bool
    column_missing: bool = False


class ArrowColumns:
    """The columns of a frame as Arrow arrays, each converted and encoded once, however many expectations judge it."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Nothing is converted before it is asked for."""
        self.frame = frame
        self.rows = len(frame)
        self._plain: dict[str, pa.Array] = {}
        self._encoded: dict[str, pa.DictionaryArray] = {}
        self._rows_of_distinct: dict[str, npt.NDArray[np.int64]] = {}
        self._groups: dict[tuple[str, ...], npt.NDArray[np.int64]] = {}

    def __contains__(self, column: str) -> bool:
        return column in self.frame.columns

    def plain(self, column: str) -> pa.Array:
        """The column as one Arrow array with nulls for NA, NaN and NaT, whatever its pandas type."""
        if column not in self._plain:
            array = pa.array(self.frame[column], from_pandas=True)
            array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
            self._plain[column] = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
        return self._plain[column]

    def encoded(self, column: str) -> pa.DictionaryArray:
        """The column as places in the list of its distinct values; null where the cell is empty."""
        if column not in self._encoded:
            self._encoded[column] = self.plain(column).dictionary_encode()
        return self._encoded[column]

    def rows_of_distinct(self, column: str) -> npt.NDArray[np.int64]:
        """How many rows hold each distinct value, in the order of `encoded`."""
        if column not in self._rows_of_distinct:
            encoded = self.encoded(column)
            places = encoded.indices.drop_null().to_numpy(zero_copy_only=False)
            self._rows_of_distinct[column] = np.bincount(places, minlength=len(encoded.dictionary)).astype(np.int64)
        return self._rows_of_distinct[column]

    def groups(self, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """For each row the number of its combination of values in these columns; 0 for all where there are none."""
        if names not in self._groups:
            numbers = np.zeros(self.rows, np.int64)
            for name in names:
                encoded = self.encoded(name)
                places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
                _, numbers = np.unique(numbers * (len(encoded.dictionary) + 1) + places, return_inverse=True)
            self._groups[names] = numbers
        return self._groups[names]


class ExpectationBase(BaseModel):
    """The part that all kinds share: what follows when it is broken, and why it may be expected at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    judges_rows: ClassVar[bool] = True
    expect: str
    severity: Severity = "warn"
    why: Why

    @model_validator(mode="after")
    def _severity_fits(self) -> Self:
        if self.severity == "row" and not self.judges_rows:
            raise ValueError(f"{self.expect} judges the whole table, so its severity cannot be `row`: warn, delivery or publication")
        return self

    @property
    def subject(self) -> str | None:
        """The column that is judged, if it is one."""
        return None

    @property
    def name(self) -> str:
        """Stable identifier of letters, digits and underscores, also the name of the asset check.

        Holds the severity unless that is `warn`: one column may have a share below which it is reported and a lower one that refuses.
        """
        severity = None if self.severity == "warn" else self.severity
        return "_".join(part for part in (self.subject, self.detail, self.expect, severity) if part)

    @property
    def detail(self) -> str | None:
        """What tells two expectations of one kind about one column apart, for the name."""
        return None

    def on(self, as_of: dt.date) -> Self:  # noqa: ARG002 - only dates depend on it
        """The same expectation with dates that are relative to the run's as-of date made absolute."""
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that a frame must have for this to be judged."""
        return ()

    @abstractmethod
    def judge(self, columns: ArrowColumns) -> ExpectationResult:
        """The numbers for these columns; a column that the frame lacks makes the expectation fail."""

    def result(self, evaluated: int, unexpected: int, *, success: bool, observed: float, column_missing: bool = False) -> ExpectationResult:
        """A result of this expectation."""
        return ExpectationResult(
            name=self.name,
            kind=self.expect,
            column=self.subject,
            severity=self.severity,
            evaluated=evaluated,
            unexpected=unexpected,
            share=unexpected / evaluated if evaluated else 0.0,
            observed=observed,
            success=success,
            column_missing=column_missing,
        )


class RowExpectation(ExpectationBase):
    """An expectation that says of each row whether it fits; at least the share `fitting_share` of those judged must."""

    @property
    @abstractmethod
    def reads(self) -> str:
        """The one column that is read."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The one column that is read."""
        return (self.reads,)

    @property
    def fitting_share(self) -> float:
        """The smallest share of judged rows that must fit."""
        return 1.0

    @abstractmethod
    def verdicts(self, columns: ArrowColumns) -> pa.BooleanArray:
        """For each row: true when it fits, false when it does not, null when there is nothing to judge."""

    def counts(self, columns: ArrowColumns) -> tuple[int, int]:
        """How many rows were judged, and how many of them do not fit."""
        verdicts = self.verdicts(columns)
        evaluated = len(verdicts) - verdicts.null_count
        return evaluated, evaluated - int(pc.sum(verdicts).as_py() or 0)

    def judge(self, columns: ArrowColumns) -> ExpectationResult:
        """Counts what fits and what does not."""
        if self.reads not in columns:
            return self.judge_missing_column(columns.rows)
        return self.judge_counts(*self.counts(columns))

    def judge_counts(self, evaluated: int, unexpected: int) -> ExpectationResult:
        """The result for known counts; a column without any value to judge breaks nothing."""
        fitting = (evaluated - unexpected) / evaluated if evaluated else 1.0
        return self.result(evaluated, unexpected, success=fitting >= self.fitting_share, observed=fitting)

    def judge_missing_column(self, rows: int) -> ExpectationResult:  # noqa: ARG002 - `column_filled` needs the number
        """The result when the frame lacks the column: nothing was judged, and that is not a success."""
        return self.result(0, 0, success=False, observed=0.0, column_missing=True)


class DistinctValueExpectation(RowExpectation):
    """A row expectation whose verdict depends on the value alone, so that each distinct value is judged once."""

    judges_empty: ClassVar[bool] = False
    """Whether a row with an empty cell is judged too; then it fits."""

    @abstractmethod
    def distinct_verdicts(self, columns: ArrowColumns) -> Flags:
        """For each distinct value, in the order of `columns.encoded`: whether rows that hold it fit."""

    def verdicts(self, columns: ArrowColumns) -> pa.BooleanArray:
        """The verdict of each row's value."""
        spread = pa.array(self.distinct_verdicts(columns)).take(columns.encoded(self.reads).indices)
        return pc.fill_null(spread, fill_value=True) if self.judges_empty else spread

    def counts(self, columns: ArrowColumns) -> tuple[int, int]:
        """Counted by distinct value, without a verdict for each row."""
        rows_of_value = columns.rows_of_distinct(self.reads)
        evaluated = columns.rows if self.judges_empty else int(rows_of_value.sum())
        return evaluated, int(rows_of_value[~self.distinct_verdicts(columns)].sum())


class ColumnExpectation(RowExpectation):
    """A row expectation about one column of the table."""

    canonical_kinds: ClassVar[frozenset[str]] = frozenset()
    """Kinds of canonical columns that the predicate can read; empty for all."""

    column: str = Field(min_length=1)
    at_least: Share = 1.0

    @field_validator("column")
    @classmethod
    def _kind_fits(cls, column: str) -> str:
        if cls.canonical_kinds and column in BY_NAME and BY_NAME[column].kind not in cls.canonical_kinds:
            raise ValueError(f"{column} is a column of kind {BY_NAME[column].kind}; this needs {' or '.join(sorted(cls.canonical_kinds))}")
        return column

    @property
    def subject(self) -> str:
        """The judged column."""
        return self.column

    @property
    def reads(self) -> str:
        """The judged column."""
        return self.column

    @property
    def fitting_share(self) -> float:
        """As the expectation states it."""
        return self.at_least
