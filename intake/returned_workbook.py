"""A correction workbook that an office sent back: what it changed, and every line that can't be taken, with its sheet and row.

Read in a worker process like any stranger's file. Nothing is taken on trust: a line counts only when its case is open and its
identification is the one that was sent out, and what was corrected must stand the same judgement as any row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from intake.corrections import CellCorrection, CorrectedRow
from intake.file_job import SheetsJob, read_arrow
from intake.isolation import Limits, WorkerPool
from intake.messages import Message, message
from intake.quarantine_cases import row_cells
from intake.raw_sheet import NUMBER_CELL, column_place
from schemas.correction_sheet import FIRST_CASE_ROW, IDENTIFYING, LETTERS_ROW, MARK, OFFICE_CELLS_FROM

EXACT_DIGITS = 15
"""Excel keeps no more digits of a number than these: a NIK typed as a number has lost its last one."""


@dataclass(frozen=True)
class Problem:
    """A line of the returned workbook that can't be taken: where it stands there (row as Excel counts), and why."""

    sheet: str
    row: int
    message: Message


@dataclass
class Returned:
    """What a returned workbook holds: corrected rows by the line they stand in, lines left as they were, lines with a problem."""

    corrected: dict[tuple[str, int], CorrectedRow] = field(default_factory=dict)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


class NotACorrectionWorkbook(ValueError):  # noqa: N818 - it is an answer to an office, not a fault of the program
    """The file can't be read, or no sheet of it is one that `padan quarantine export` wrote. Carries the message."""

    def __init__(self, text: Message) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class _Sheet:
    name: str
    cells: tuple[list[str | None], ...]
    """By column."""
    types: tuple[str, ...]
    """By row, a letter per column."""

    def cell(self, row: int, column: int) -> str | None:
        if column >= len(self.cells) or row >= len(self.types):
            return None
        text = self.cells[column][row]
        return text if text is not None and text.strip() else None


def read_returned(path: Path, cases: pd.DataFrame, pool: WorkerPool) -> Returned:
    """Compare a returned workbook with the open cases (columns of `cases_of`). Raises NotACorrectionWorkbook."""
    with tempfile.TemporaryDirectory(prefix="padan-returned-") as scratch:
        sheets = _sheets(path, Path(scratch), pool)
    ours = [sheet for sheet in sheets if sheet.cell(LETTERS_ROW, 0) == MARK]
    if not ours:
        raise NotACorrectionWorkbook(message("not_a_correction_workbook"))
    known = {str(case["case_id"]): {str(name): value for name, value in case.items()} for case in cases.to_dict("records")}
    returned = Returned()
    seen: dict[str, int] = {}
    for sheet in ours:
        _read_sheet(sheet, known, returned, seen)
    return returned


def _sheets(path: Path, scratch: Path, pool: WorkerPool) -> list[_Sheet]:
    (outcome,) = pool.run_all([SheetsJob(path, scratch)])
    if outcome.report is None:
        raise NotACorrectionWorkbook(message(outcome.failure or "reader_crashed", seconds=Limits().seconds))
    if "refused" in outcome.report:
        raise NotACorrectionWorkbook(message(outcome.report["refused"], **outcome.report["facts"]))
    sheets = []
    for number, name in enumerate(outcome.report["sheets"]):
        table = read_arrow(scratch / f"sheet-{number:03d}.arrow")
        sheets.append(_Sheet(name, tuple(column.to_pylist() for column in table.columns[1:]), tuple(table.column(0).to_pylist())))
    return sheets


def _read_sheet(sheet: _Sheet, known: Mapping[str, dict[str, object]], returned: Returned, seen: dict[str, int]) -> None:
    places: dict[int, int] = {}
    for place in range(OFFICE_CELLS_FROM, len(sheet.cells)):
        try:
            places[place] = column_place(sheet.cell(LETTERS_ROW, place) or "")
        except ValueError:
            continue  # a column that the office added for itself
    for row in range(FIRST_CASE_ROW, len(sheet.types)):
        number = sheet.cell(row, 0)
        filled = any(sheet.cell(row, place) for place in range(len(sheet.cells)))
        if not filled:
            continue
        case = known.get(number or "")
        code = None
        if number is None:
            code = "correction_without_case"
        elif case is None:
            code = "correction_unknown_case"
        elif number in seen:
            code = "correction_case_twice"
        elif [sheet.cell(row, place) or "" for place in range(1, len(IDENTIFYING))] != [case["file"], case["sheet"], str(case["row"])]:
            code = "correction_changed_identity"
        if code is not None:
            returned.problems.append(Problem(sheet.name, row + 1, message(code, other=seen.get(number or "", 0))))
            continue
        assert case is not None
        assert number is not None
        seen[number] = row + 1
        _compare(sheet, row, case, places, returned)


def _compare(sheet: _Sheet, row: int, case: dict[str, object], places: Mapping[int, int], returned: Returned) -> None:
    originals = row_cells(str(case["cells"]))
    changed = []
    for place, column in places.items():
        original = originals[column] if column < len(originals) else None
        text = sheet.cell(row, place)
        if (text or "").strip() == (original or "").strip():
            continue
        if sheet.types[row][place] == chr(NUMBER_CELL) and sum(map(str.isdigit, text or "")) > EXACT_DIGITS:
            returned.problems.append(Problem(sheet.name, row + 1, message("correction_typed_as_number")))
            return
        changed.append(CellCorrection(str(case["sheet"]), int(str(case["row"])), column, original, text))
    if not changed:
        returned.unchanged += 1
        return
    returned.corrected[sheet.name, row + 1] = CorrectedRow(
        str(case["case_id"]), str(case["source"]), str(case["delivery_id"]), str(case["file"]), str(case["sha256"]), tuple(changed)
    )
