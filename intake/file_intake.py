"""One file from bytes to typed records: read its sheets, find the table in each, understand the header, type the rows.

Runs in a child process, so what it gives back are Arrow files and a plain report. Whether the file's delivery stands, and which rows
repeat others, is decided by the parent, which sees all files.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intake.corrections import corrected_sheet
from intake.intake_setup import FileToRead, IntakeSetup
from intake.raw_sheet import RawSheet
from intake.readers import read_sheets
from intake.refusals import Refused
from intake.sheet_intake import take_in_sheet
from intake.sheet_report import SheetReport
from schemas.contracts import SourceContract

__all__ = ["FileContent", "FileToRead", "IntakeSetup", "take_in_file"]

_TEXT = pa.large_string()


@dataclass
class FileContent:
    """What a file held."""

    raw: list[pa.Table] = field(default_factory=list)
    records: list[pa.Table] = field(default_factory=list)
    quarantine: list[pa.Table] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)
    shown: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    """Of each sheet, as it was delivered, the rows (1-based) that show something."""

    def note_shown(self, sheet: RawSheet) -> None:
        """Keep which rows of a sheet show something; of two sheets with one name, the rows of both."""
        rows = np.flatnonzero(sheet.filled().any(axis=1)) + 1
        self.shown[sheet.name] = np.union1d(self.shown.get(sheet.name, rows), rows)


def take_in_file(file: FileToRead, setup: IntakeSetup) -> FileContent:
    """Read one file by its source's contract. Raises Refused when the file as a whole can't be used."""
    content = FileContent()
    problem: Refused | None = None
    is_table = False
    for delivered in read_sheets(file.path):
        content.raw.append(_raw_rows(file, delivered))
        content.note_shown(delivered)
        taken = take_in_sheet(file, setup, corrected_sheet(delivered, file.corrections))
        content.records.extend(taken.records)
        content.quarantine.extend(taken.quarantine)
        content.sheets.append(taken.report)
        problem = problem or taken.problem
        is_table = is_table or taken.is_table
    if not is_table:
        raise problem or _no_table(content, setup.contracts[file.source])
    if not any(report.accepted or report.quarantined for report in content.sheets):
        raise Refused("no_rows")
    return content


def _no_table(content: FileContent, contract: SourceContract) -> Refused:
    if not any(len(raw) for raw in content.raw):
        return Refused("empty_file")
    if all(report.hidden or not report.kinds for report in content.sheets):
        return Refused("only_hidden_sheets")
    expected = [column.aliases[0] for table in contract.tables for column in table.columns.values() if column.required]
    return Refused("no_table", expected=", ".join(dict.fromkeys(expected)))


def _raw_rows(file: FileToRead, sheet: RawSheet) -> pa.Table:
    height = sheet.height
    columns: dict[str, pa.Array] = {
        "delivery_id": pa.array([file.delivery_id], _TEXT).take(pa.array(np.zeros(height, np.int64))),
        "file": pa.array([file.file], _TEXT).take(pa.array(np.zeros(height, np.int64))),
        "sheet": pa.array([sheet.name], _TEXT).take(pa.array(np.zeros(height, np.int64))),
        "row": pa.array(np.arange(1, height + 1, dtype=np.int32)),
        "types": sheet.types_as_text(),
    }
    return pa.table(columns | {f"c{place:03d}": column for place, column in enumerate(sheet.cells)})
