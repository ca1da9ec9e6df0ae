"""The data rows of one table as records, one for each person of whom a row speaks, and the reason of each row that has none.

A row is accepted when one of its mentions at least becomes a record; a mention of whom the row says nothing makes no record and is no fault
of the row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.header_mapping import HeaderMap
from intake.intake_setup import FileToRead, IntakeSetup
from intake.merged_cells import note_filled
from intake.quarantine import Reason, reason_of
from intake.raw_sheet import Flags, RawSheet
from intake.record_columns import records_schema
from intake.record_keys import record_keys
from intake.record_typing import type_table
from intake.row_verdicts import Verdicts, judge_rows
from intake.typed_table import TypedTable, TypingContext
from schemas.canonical import BY_NAME
from schemas.contracts import SourceContract, TableContract

_TEXT = pa.large_string()


@dataclass(frozen=True)
class TablePlace:
    """Where a table stands: its number in its sheet, from 1, and the row (0-based) of the spreadsheet at which it begins."""

    number: int
    top: int


@dataclass(frozen=True)
class TakenRows:
    """What became of some data rows: the records by mention, which rows hold one, and why the others do not."""

    records: tuple[pa.Table, ...]
    accepted: Flags
    reasons: tuple[Reason | None, ...]
    mentions: dict[str, int]
    """Records by mention."""
    unnamed: dict[str, int]
    """By mention, accepted rows that say something of somebody and neither name nor number: another of their mentions is the record."""


def take_rows(
    file: FileToRead,
    setup: IntakeSetup,
    sheet: RawSheet,
    rows: npt.NDArray[np.int64],
    chosen: Sequence[tuple[TableContract, HeaderMap]],
    context: TypingContext,
    place: TablePlace,
    filled: Mapping[int, pa.Array] | None = None,
) -> TakenRows:
    """Type and judge data rows by the mentions of one table, the main one first; its reason is the row's.

    `filled` says by column which cells got a merged cell's value.
    """
    contract = setup.contracts[file.source]
    accepted_any = np.zeros(len(rows), bool)
    reasons: list[Reason | None] = [None] * len(rows)
    records: list[pa.Table] = []
    mentions: dict[str, int] = {}
    nameless: dict[str, Flags] = {}
    for table, found in chosen:
        typed = type_table(sheet, rows, found, table, context)
        note_filled(typed, found.columns, rows, filled or {})
        verdicts = judge_rows(typed, table)
        accepted = verdicts.accepted
        if len(chosen) > 1:
            elsewhere = {place for _, other in chosen if other is not found for place in other.columns.values()}
            speaks = _says_something(typed, {name for name, place in found.columns.items() if place not in elsewhere})
            nameless[table.mention] = speaks & ~accepted
            accepted = accepted & speaks
        accepted_any |= accepted
        records.append(_records(file, contract, setup.hash_key, sheet, rows, place, accepted, table, typed))
        mentions[table.mention] = mentions.get(table.mention, 0) + int(accepted.sum())
        for row in np.flatnonzero(~accepted).tolist():
            if reasons[row] is None:
                reasons[row] = _reason(typed, found, verdicts, row)
    unnamed = {mention: count for mention, told in nameless.items() if (count := int((told & accepted_any).sum()))}
    return TakenRows(tuple(records), accepted_any, tuple(reasons), mentions, unnamed)


def _says_something(typed: TypedTable, own: set[str]) -> Flags:
    """Rows in which a cell of a mention's own columns is filled; what it shares with another mention proves nothing."""
    filled = np.zeros(typed.length, bool)
    for name in own:
        cells = typed.originals[name]
        seen = pc.and_(pc.is_valid(cells), pc.invert(pc.fill_null(pc.utf8_is_space(cells), False)))
        filled |= seen.to_numpy(zero_copy_only=False)
    return filled


def _reason(typed: TypedTable, found: HeaderMap, verdicts: Verdicts, place: int) -> Reason | None:
    code, column = verdicts.reasons[place].as_py(), verdicts.columns[place].as_py()
    if code is None:
        return None
    cell = typed.originals[column][place].as_py() if column in typed.originals else None
    header = found.headers.get(found.columns[column]) if column in found.columns else None
    return reason_of(code, column, header, cell, {})


def _records(
    file: FileToRead,
    contract: SourceContract,
    hash_key: bytes,
    sheet: RawSheet,
    rows: npt.NDArray[np.int64],
    place: TablePlace,
    accepted: Flags,
    table: TableContract,
    typed: TypedTable,
) -> pa.Table:
    """The accepted rows as records; record_id is given by the parent, which knows the equals in other files."""
    schema = records_schema(contract)
    canonical = [name for name in schema.names if name in BY_NAME]
    values = {name: typed.values(name) for name in canonical}
    keys = record_keys(
        hash_key,
        [_key_values(typed, name) for name in table.record_key],
        list(values.values()),
        part=_part_of(contract, table),
    )
    constants: dict[str, object] = {
        "source": file.source,
        "mention": table.mention,
        "role": table.role,
        "unit": table.unit,
        "programme": table.programme,
        "lists_person_once": table.lists_person_once,
        "delivery_id": file.delivery_id,
        "delivered_on": None if file.delivered_on is None else dt.datetime.combine(file.delivered_on, dt.time()),
        "file": file.file,
        "sheet": sheet.name,
        "table": place.number,
    }
    same = pa.array(np.zeros(len(rows), np.int64))
    arrays: dict[str, pa.Array] = {name: pa.array([value], schema.field(name).type).take(same) for name, value in constants.items()}
    arrays |= values | {"record_id": keys, "record_key": keys, "row": pa.array((rows + place.top + 1).astype(np.int32))}
    arrays |= {"errors": typed.errors(), "repairs": typed.repairs()}
    result = pa.table([arrays[name] for name in schema.names], schema=schema)
    return result if accepted.all() else result.filter(pa.array(accepted))


def _part_of(contract: SourceContract, table: TableContract) -> str:
    """What tells records of a source's parts apart: a pupil on two programmes' sheets is two facts, whatever else is equal."""
    several = len({part.programme for part in contract.tables}) > 1
    return (table.programme or "") if several else ""


def _key_values(typed: TypedTable, name: str) -> pa.Array:
    if name in BY_NAME:
        return typed.values(name)
    return typed.originals.get(name, pa.nulls(typed.length, _TEXT))
