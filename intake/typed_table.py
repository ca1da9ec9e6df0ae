"""A table's data rows as canonical columns, with what was wrong and what was repaired in each cell."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.parsed import ParsedColumn
from intake.places import CodeSystem, PlaceIndex
from intake.title_places import NO_PLACES, TitlePlaces
from schemas.areas import Regency
from schemas.canonical import BY_NAME

TEXT_TYPE = pa.large_string()
ARROW_TYPES: Mapping[str, pa.DataType] = {
    "identifier": TEXT_TYPE,
    "text": TEXT_TYPE,
    "code": TEXT_TYPE,
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "date": pa.timestamp("ns"),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class TypingContext:
    """What typing needs besides the sheet: places, the regency's box, the delivery's day, the contract's kind of village codes."""

    places: PlaceIndex
    regency: Regency
    latest: dt.date | None
    village_codes: CodeSystem
    title: TitlePlaces = NO_PLACES


@dataclass
class TypedTable:
    """Canonical columns of a table's data rows, with the error codes and repairs of each input column, and the original cells."""

    length: int
    parsed: dict[str, ParsedColumn] = field(default_factory=dict)
    """By canonical name: the value, and the errors and rules of the cells that it came from."""
    notes: dict[str, ParsedColumn] = field(default_factory=dict)
    """Errors and rules of input columns that are no canonical ones, such as `position` and `village`; values unused."""
    originals: dict[str, pa.Array] = field(default_factory=dict)
    """The cells as they stand in the file, by contract column."""

    def values(self, name: str) -> pa.Array:
        """The canonical column, all missing when the table has no such column."""
        if name in self.parsed:
            return self.parsed[name].values
        return pa.nulls(self.length, ARROW_TYPES[BY_NAME[name].kind])

    def fill(self, name: str, values: pa.Array) -> None:
        """Give a canonical column values where it has none; its errors and rules stay."""
        before = self.parsed.get(name)
        if before is None:
            self.parsed[name] = ParsedColumn(values)
        else:
            self.parsed[name] = ParsedColumn(pc.coalesce(before.values, values), before.errors, before.rules)

    def errors(self) -> pa.Array:
        """Per row the error codes as `column:code`, separated by spaces; null where none."""
        parts = [
            pc.binary_join_element_wise(pa.scalar(name, TEXT_TYPE), column.errors, pa.scalar(":", TEXT_TYPE))
            for name, column in (*self.parsed.items(), *self.notes.items())
            if column.errors is not None
        ]
        return _joined_or_null(parts, " ", self.length)

    def repairs(self) -> pa.Array:
        """Per row a JSON list of [column, original, rule] of the cells that were repaired; null where none."""
        parts = []
        for name, column in (*self.parsed.items(), *self.notes.items()):
            if column.rules is None:
                continue
            rows = np.flatnonzero(flags_of(pc.and_(pc.is_valid(column.rules), pc.is_valid(column.values))))
            if not len(rows):
                continue
            original = self.originals[name].take(pa.array(rows)).to_pylist()
            rules = column.rules.take(pa.array(rows)).to_pylist()
            texts = np.full(self.length, None, dtype=object)
            texts[rows] = [json.dumps([name, cell, rule], ensure_ascii=False) for cell, rule in zip(original, rules, strict=True)]
            parts.append(pa.array(texts, TEXT_TYPE))
        joined = _joined_or_null(parts, ", ", self.length)
        return pc.binary_join_element_wise(pa.scalar("[", TEXT_TYPE), joined, pa.scalar("]", TEXT_TYPE), pa.scalar("", TEXT_TYPE))


def _joined_or_null(parts: list[pa.Array], separator: str, length: int) -> pa.Array:
    if not parts:
        return pa.nulls(length, TEXT_TYPE)
    # The empty text in front is there because pyarrow 26 drops a row whose parts are all null (3 rows in, 2 out).
    begin = pa.array([""], TEXT_TYPE).take(pa.array(np.zeros(length, np.int64)))
    joined = pc.binary_join_element_wise(begin, *parts, pa.scalar(separator, TEXT_TYPE), null_handling="skip")
    joined = pc.utf8_slice_codeunits(joined, len(separator))
    return pc.if_else(pc.equal(pc.binary_length(joined), 0), pa.scalar(None, TEXT_TYPE), joined)


def flags_of(mask: pa.Array) -> npt.NDArray[np.bool_]:
    """A mask of Arrow as one of numpy; null is False."""
    flags: npt.NDArray[np.bool_] = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    return flags


def distinct_rows(*columns: pa.Array) -> tuple[list[tuple[str | None, ...]], npt.NDArray[np.int64]]:
    """The distinct rows of some columns of text, and each row's place among them, so that each is settled once."""
    combined = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        encoded = pc.dictionary_encode(column)
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
        _, combined = np.unique(combined * (len(encoded.dictionary) + 1) + codes, return_inverse=True)
    _, first, places = np.unique(combined, return_index=True, return_inverse=True)
    taken = [column.take(pa.array(first)).to_pylist() for column in columns]
    return list(zip(*taken, strict=True)), places
