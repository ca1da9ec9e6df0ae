"""The quarantine frame: every row that is no accepted record, with what it is, why, and what would be right.

Data rows that can't be used keep their cells here, and only here; the message shows a value's shape. Titles, headers, totals, blank
and repeated rows stand here too, so that records and quarantine together account for every row of the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intake.messages import Message, message
from intake.raw_sheet import RawSheet
from intake.row_kinds import DATA, ROW_KINDS
from intake.shapes import shape_of

TEXT = pa.large_string()
# area_code: the village of a row that was understood and repeats another; other rows were not read so far.
# table: the number, from 1, of the sheet's table in which the row is at fault; 1 for rows that are no data.
QUARANTINE_SCHEMA = pa.schema(
    [
        ("delivery_id", TEXT),
        ("file", TEXT),
        ("sheet", TEXT),
        ("table", pa.int32()),
        ("row", pa.int32()),
        ("disposition", TEXT),
        ("reason", TEXT),
        ("column", TEXT),
        ("shape", TEXT),
        ("message_id", TEXT),
        ("message_en", TEXT),
        ("cells", TEXT),
        ("layout", TEXT),
        ("area_code", TEXT),
    ]
)


@dataclass(frozen=True)
class Reason:
    """Why a row can't be used: a code, the canonical column at fault if it is one, the shape of its cell in Indonesian, and the message.

    The English shape stands in the English message.
    """

    code: str
    column: str | None
    shape: str | None
    message: Message


def reason_of(code: str, column: str | None, header: str | None, cell: str | None, facts: Mapping[str, object]) -> Reason:
    """The reason with its message, which names the column by the header that the office wrote and the cell by its shape."""
    shape = shape_of(cell)
    text = message(code, column=header or column or "", shape_id=shape.id, shape_en=shape.en, **facts)
    return Reason(code, column, shape.id, text)


def skipped_rows(
    delivery_id: str,
    file: str,
    sheet: str,
    kinds: npt.NDArray[np.uint8],
    layouts: Mapping[int, str],
) -> pa.Table:
    """The rows of a sheet that are no data, each with its kind; `layouts` are those of header rows, by row (0-based)."""
    rows = np.flatnonzero(kinds != DATA)
    messages = [message(kind) if kind != "data" else Message("", "") for kind in ROW_KINDS]
    places = pa.array(kinds[rows].astype(np.int64))
    names = pa.array(ROW_KINDS, TEXT).take(places)
    return _table(
        len(rows),
        delivery_id=delivery_id,
        file=file,
        sheet=sheet,
        row=pa.array(rows + 1, pa.int32()),
        disposition=names,
        reason=names,
        message_id=pa.array([text.id for text in messages], TEXT).take(places),
        message_en=pa.array([text.en for text in messages], TEXT).take(places),
        layout=pa.array([layouts.get(row) for row in rows.tolist()], TEXT),
    )


def quarantined_rows(delivery_id: str, file: str, sheet: RawSheet, refused: Mapping[int, tuple[int, Reason]]) -> pa.Table:
    """Data rows (0-based) that can't be used, each with the number of the table and the reason, and with its cells."""
    rows, reasons = list(refused), [reason for _, reason in refused.values()]
    return _table(
        len(rows),
        delivery_id=delivery_id,
        file=file,
        sheet=sheet.name,
        table=pa.array([table for table, _ in refused.values()], pa.int32()),
        row=pa.array([row + 1 for row in rows], pa.int32()),
        disposition="quarantined",
        reason=pa.array([reason.code for reason in reasons], TEXT),
        column=pa.array([reason.column for reason in reasons], TEXT),
        shape=pa.array([reason.shape for reason in reasons], TEXT),
        message_id=pa.array([reason.message.id for reason in reasons], TEXT),
        message_en=pa.array([reason.message.en for reason in reasons], TEXT),
        cells=pa.array([json.dumps(sheet.row_texts(row), ensure_ascii=False) for row in rows], TEXT),
    )


def refused_file(delivery_id: str, file: str, code: str, text: Message) -> pa.Table:
    """A refused file as a whole, as row 0."""
    return _table(
        1,
        delivery_id=delivery_id,
        file=file,
        row=pa.array([0], pa.int32()),
        disposition="delivery_refused",
        reason=code,
        message_id=text.id,
        message_en=text.en,
    )


def _table(length: int, **columns: object) -> pa.Table:
    arrays = []
    for part in QUARANTINE_SCHEMA:
        value = columns.get(part.name, 1 if part.name == "table" else None)
        arrays.append(value if isinstance(value, pa.Array) else pa.array([value] * length, part.type))
    return pa.table(arrays, schema=QUARANTINE_SCHEMA)
