"""What a table must look like before anybody may rely on it: each expectation is written once, as a typed object with its reason.

A source contract holds some, `schemas.expectations_canonical` derives the standard ones, and `evaluate` turns them into
numbers. Great Expectations suites are generated from the same objects (`schemas.expectations_gx`); a test holds both equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import pandas as pd
import pyarrow.compute as pc
from pydantic import Field, TypeAdapter

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS, PROVENANCE_COLUMNS
from schemas.expectations_base import ERRORS_COLUMN, ArrowColumns, ExpectationBase, ExpectationResult, RowExpectation, Severity
from schemas.expectations_filled import ColumnFilled
from schemas.expectations_kinds import (
    ColumnsPresent,
    DatesBetween,
    ErrorShareAtMost,
    RowCountBetween,
    ValuesBetween,
    ValuesInCodeList,
    ValuesMatch,
    ValuesUnique,
)

__all__ = [
    "ERRORS_COLUMN",
    "ColumnFilled",
    "ColumnsPresent",
    "DatesBetween",
    "ErrorShareAtMost",
    "Expectation",
    "ExpectationBase",
    "ExpectationResult",
    "RowCountBetween",
    "RowExpectation",
    "Severity",
    "ValuesBetween",
    "ValuesInCodeList",
    "ValuesMatch",
    "ValuesUnique",
    "evaluate",
    "misplaced_expectations",
    "parse_expectations",
    "unexpected_rows",
]

Expectation = Annotated[
    RowCountBetween
    | ColumnsPresent
    | ColumnFilled
    | ValuesUnique
    | ValuesInCodeList
    | ValuesMatch
    | ValuesBetween
    | DatesBetween
    | ErrorShareAtMost,
    Field(discriminator="expect"),
]
"""Any expectation; `expect` says which kind. Field type of pydantic models, so that contracts get a schema and clear messages."""

_LIST: TypeAdapter[tuple[ExpectationBase, ...]] = TypeAdapter(tuple[Expectation, ...])


def parse_expectations(raw: Sequence[dict[str, Any]]) -> tuple[ExpectationBase, ...]:
    """Expectations from what stands in YAML. Raises pydantic's ValidationError, which names the key and what is allowed."""
    return _LIST.validate_python(tuple(raw))


def misplaced_expectations(expectations: Sequence[ExpectationBase], *, is_population: bool) -> list[str]:
    """What is wrong with these expectations of one source's records, in words; empty when they fit."""
    of_records = BY_NAME.keys() | PROVENANCE_COLUMNS.keys() | {ERRORS_COLUMN}
    problems = []
    for expectation in expectations:
        subjects = set(expectation.columns) if isinstance(expectation, ColumnsPresent) else {expectation.subject or ERRORS_COLUMN}
        known = of_records | INPUT_ONLY_COLUMNS.keys() if isinstance(expectation, ErrorShareAtMost) else of_records
        problems += [f"{expectation.name}: records have no column {column}" for column in sorted(subjects - known)]
        if expectation.severity == "publication" and not (is_population and isinstance(expectation, RowCountBetween)):
            problems.append(
                f"{expectation.name}: only a missing population register may stop a publication (row_count_between of that source);"
                " use delivery, which keeps the source's last accepted delivery in force"
            )
    names = [expectation.name for expectation in expectations]
    repeated = sorted({name for name in names if names.count(name) > 1})
    return problems + [f"two expectations are called {name}; a column takes one of a kind and severity" for name in repeated]


def evaluate(frame: pd.DataFrame, expectations: Iterable[ExpectationBase], as_of: dt.date) -> list[ExpectationResult]:
    """One result per expectation, in their order. `as_of` is what relative dates count from."""
    columns = ArrowColumns(frame)
    return [expectation.on(as_of).judge(columns) for expectation in expectations]


def unexpected_rows(frame: pd.DataFrame, expectation: ExpectationBase, as_of: dt.date) -> pd.Series[bool]:
    """Which rows break the expectation (bool, index of the frame): those that severity `row` sends to quarantine.

    Raises TypeError for an expectation about the whole table, and KeyError when the frame lacks the column.
    """
    if not isinstance(expectation, RowExpectation):
        raise TypeError(f"{expectation.name} judges the whole table and not its rows")
    if expectation.reads not in frame:
        raise KeyError(f"{expectation.name}: the frame has no column {expectation.reads}")
    verdicts = expectation.on(as_of).verdicts(ArrowColumns(frame))
    broken = pc.fill_null(pc.invert(verdicts), fill_value=False)
    return pd.Series(broken.to_numpy(zero_copy_only=False), index=frame.index, name=expectation.name, dtype=bool)
