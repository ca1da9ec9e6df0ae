"""What reading a column of cells gives: values, error codes, and the rules of repairs; and how to do it once per distinct text.

Errors and rules are short codes (`impossible_day`, `decimal_comma`), never sentences and never values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Value = TypeVar("Value")


class Repaired(NamedTuple, Generic[Value]):
    """One cell's outcome. `error`: what is wrong with it; `rule`: what was done to it. A value may stand beside an error."""

    value: Value | None
    error: str | None = None
    rule: str | None = None


NOTHING: Repaired[Any] = Repaired(None)

FILLERS = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        ".",
        "..",
        "0",
        "00",
        "000",
        "n/a",
        "na",
        "#n/a",
        "nan",
        "null",
        "none",
        "nihil",
        "kosong",
        "tidak ada",
        "tdk ada",
        "belum ada",
    }
    | {
        "tidak punya",
        "tidak diketahui",
        "tdk diketahui",
        "tidak tahu",
        "xxx",
        "xx",
        "x",
        "?",
        "??",
        "_",
        "*",
        "unknown",
        "tidak terisi",
        "tanpa keterangan",
    }
)
"""Texts that people write where they have nothing to write; compared in lower case with single spaces."""


def is_filler(text: str) -> bool:
    """Whether a text stands for nothing."""
    return " ".join(text.casefold().split()).strip(" '`") in FILLERS


@dataclass(frozen=True)
class ParsedColumn:
    """One column of a table, read: `values` in the canonical Arrow type, `errors` and `rules` as codes, null where none."""

    values: pa.Array
    errors: pa.Array | None = None
    rules: pa.Array | None = None


def parse_distinct(cells: pa.Array, read: Callable[[str], Repaired[Any]], value_type: pa.DataType) -> ParsedColumn:
    """Apply `read` to each distinct text of a column and spread the outcomes over its rows."""
    encoded = pc.dictionary_encode(cells)
    outcomes = [read(text) for text in encoded.dictionary.to_pylist()]
    return spread(encoded.indices, outcomes, value_type)


def spread(indices: pa.Array, outcomes: Sequence[Repaired[Any]], value_type: pa.DataType) -> ParsedColumn:
    """The column whose row i has the outcome `outcomes[indices[i]]`, missing where the index is null."""
    values = pa.array([outcome.value for outcome in outcomes], value_type).take(indices)
    errors = _codes([outcome.error for outcome in outcomes], indices)
    rules = _codes([outcome.rule for outcome in outcomes], indices)
    return ParsedColumn(values, errors, rules)


def _codes(codes: list[str | None], indices: pa.Array) -> pa.Array | None:
    if not any(codes):
        return None
    return pa.array(codes, pa.large_string()).take(indices)


def flagged(column: ParsedColumn, rows: npt.NDArray[np.bool_], code: str) -> ParsedColumn:
    """The column with an error code at some rows, beside those that it has; a row keeps the first code that it got."""
    if not rows.any():
        return column
    mask = pa.array(rows)
    before = column.errors if column.errors is not None else pa.nulls(len(column.values), pa.large_string())
    errors = pc.if_else(pc.and_(mask, pc.is_null(before)), pa.scalar(code, pa.large_string()), before)
    return ParsedColumn(column.values, errors, column.rules)
