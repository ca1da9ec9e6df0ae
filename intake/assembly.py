"""From the Arrow files of many spreadsheets to the records and quarantine of one source.

What only all files together can tell is settled here: rows that repeat others, ordinals, NIKs that stand on several people, and the
rows that break an expectation of severity `row`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from intake.duplicates import set_exact_duplicates_aside
from intake.file_job import read_arrow
from intake.messages import message
from intake.quarantine import QUARANTINE_SCHEMA
from intake.raw_frame import joined_raw
from intake.record_columns import records_schema
from intake.row_places import spread_over_the_row
from intake.shared_niks import flag_shared_niks
from intake.to_pandas import to_frame
from schemas.contracts import SourceContract
from schemas.expectations import DatesBetween, ExpectationBase, RowExpectation, unexpected_rows
from schemas.expectations_canonical import all_expectations


@dataclass(frozen=True)
class FileParts:
    """Where the Arrow files of one spreadsheet lie, and how many raw parts it has."""

    folder: Path
    raw_parts: int


@dataclass(frozen=True)
class Assembled:
    """The frames of one source; raw is read only where it is wanted."""

    records: pd.DataFrame
    quarantine: pd.DataFrame


def assemble(files: Sequence[FileParts], contract: SourceContract, as_of: dt.date | None) -> Assembled:
    """Put the files of the deliveries in force together. `as_of` is what relative dates of `row` expectations count from."""
    records = pa.concat_tables([records_schema(contract).empty_table(), *(read_arrow(file.folder / "records.arrow") for file in files)])
    quarantine = pa.concat_tables([QUARANTINE_SCHEMA.empty_table(), *(read_arrow(file.folder / "quarantine.arrow") for file in files)])
    records, repeated = set_exact_duplicates_aside(records)
    records = flag_shared_niks(records)
    records, broken = _set_broken_rows_aside(records, files, contract, as_of)
    return Assembled(to_frame(records), to_frame(pa.concat_tables([quarantine, repeated, broken])))


def raw_of(files: Sequence[FileParts]) -> pd.DataFrame:
    """All rows of all sheets of some files."""
    return to_frame(joined_raw([file.folder / f"raw-{part:03d}.arrow" for file in files for part in range(file.raw_parts)]))


def _set_broken_rows_aside(
    records: pa.Table, files: Sequence[FileParts], contract: SourceContract, as_of: dt.date | None
) -> tuple[pa.Table, pa.Table]:
    """Rows that break an expectation of severity `row` go to quarantine with the expectation's reason; a row's mentions go together."""
    judges = [expectation for expectation in all_expectations(contract) if expectation.severity == "row"]
    judges = [expectation for expectation in judges if isinstance(expectation, RowExpectation)]
    if as_of is None:
        judges = [expectation for expectation in judges if not isinstance(expectation, DatesBetween)]
    if not judges or not len(records):
        return records, QUARANTINE_SCHEMA.empty_table()
    first_broken = np.zeros(len(records), np.int64)
    for number, expectation in enumerate(judges, start=1):
        frame = to_frame(records.select([name for name in expectation.needs if name in records.column_names]))
        broken = unexpected_rows(frame, expectation, as_of or dt.date.max).to_numpy()
        first_broken[broken & (first_broken == 0)] = number
    broken_rows = spread_over_the_row(records, first_broken)
    if not broken_rows.any():
        return records, QUARANTINE_SCHEMA.empty_table()
    at_fault = (broken_rows > 0) & (first_broken == broken_rows)
    refused = records.filter(pa.array(at_fault))
    return records.filter(pa.array(broken_rows == 0)), _as_quarantine(refused, broken_rows[at_fault], judges, files)


def _as_quarantine(refused: pa.Table, broken: np.ndarray, judges: Sequence[ExpectationBase], files: Sequence[FileParts]) -> pa.Table:
    places = refused.select(["delivery_id", "file", "sheet", "table", "row"]).to_pandas().assign(broken=broken)
    places = places.drop_duplicates(["delivery_id", "file", "sheet", "row"])
    raw = raw_of(files)
    cells = [name for name in raw.columns if name.startswith("c") and name[1:].isdigit()]
    found = places.merge(raw, on=["delivery_id", "file", "sheet", "row"], how="left")
    texts = [
        json.dumps([None if pd.isna(cell) else cell for cell in row], ensure_ascii=False)
        for row in found[cells].astype(object).itertuples(index=False)
    ]
    reasons = [judges[number - 1] for number in places["broken"]]
    messages = [message("breaks_expectation", why_id=reason.why.id, why_en=reason.why.en) for reason in reasons]
    length = len(places)
    given: dict[str, object] = {
        "delivery_id": places["delivery_id"].to_list(),
        "file": places["file"].to_list(),
        "sheet": places["sheet"].to_list(),
        "table": places["table"].to_list(),
        "row": places["row"].to_list(),
        "disposition": ["quarantined"] * length,
        "reason": ["breaks_expectation"] * length,
        "column": [reason.subject for reason in reasons],
        "message_id": [text.id for text in messages],
        "message_en": [text.en for text in messages],
        "cells": texts,
    }
    return pa.table([pa.array(given.get(part.name, [None] * length), part.type) for part in QUARANTINE_SCHEMA], schema=QUARANTINE_SCHEMA)
