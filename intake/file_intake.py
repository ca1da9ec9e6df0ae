"""One file from bytes to typed records: read its sheets, find the table in each, understand the header, type the rows.

Runs in a child process, so what it gives back are Arrow files and a plain report. Whether the file's delivery stands, and which rows
repeat others, is decided by the parent, which sees all files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intake.corrections import corrected_sheet, note_corrections
from intake.header_mapping import HeaderMap, indexes_of
from intake.intake_setup import FileToRead, IntakeSetup
from intake.quarantine import quarantined_rows, reason_of, skipped_rows
from intake.raw_sheet import RawSheet
from intake.readers import read_sheets
from intake.refusals import Refused
from intake.row_verdicts import misfitting_widths
from intake.sheet_intake import take_rows
from intake.sheet_report import SheetReport, describe_sheet
from intake.table_finding import BLANK, DATA, IGNORED_SHEET, TITLE, FoundHeader, find_header, row_kinds
from intake.title_places import places_in_titles
from intake.typed_table import TypingContext
from schemas.contracts import SourceContract, TableContract

__all__ = ["FileContent", "FileToRead", "IntakeSetup", "take_in_file"]

_TEXT = pa.large_string()
_SPEAKS_OF_PERSONS = {"name", "nik"}
_MOST_OF_IT = 0.5
"""A sheet that has half of the contract's columns is meant to be its table, even if it lacks names and NIKs."""


@dataclass
class FileContent:
    """What a file held."""

    raw: list[pa.Table] = field(default_factory=list)
    records: list[pa.Table] = field(default_factory=list)
    quarantine: list[pa.Table] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)


def take_in_file(file: FileToRead, setup: IntakeSetup) -> FileContent:
    """Read one file by its source's contract. Raises Refused when the file as a whole can't be used."""
    contract = setup.contracts[file.source]
    content = FileContent()
    problems: list[Refused] = []
    tables_found = 0
    for delivered in read_sheets(file.path):
        content.raw.append(_raw_rows(file, delivered))
        sheet = corrected_sheet(delivered, file.corrections)
        filled = sheet.filled()
        tables = [table for table in contract.tables if table.matches_sheet(sheet.name)] or list(contract.tables)
        indexes = [index for table in tables for index in indexes_of(table)]
        header = find_header(sheet, filled, indexes) if sheet.height else None
        if header is not None and (problem := _problem(header, tables, sheet)) is not None:
            if _is_meant(header, tables):
                raise problem
            problems.append(problem)
            header = None
        if header is None:
            _ignore_sheet(content, file, sheet, filled)
            continue
        tables_found += 1
        _take_in_sheet(content, file, setup, sheet, filled, _chosen_table(header, tables), header)
    if not tables_found:
        raise problems[0] if problems else _no_table(content, contract)
    if not any(report.accepted or report.quarantined for report in content.sheets):
        raise Refused("no_rows")
    return content


def _no_table(content: FileContent, contract: SourceContract) -> Refused:
    if not any(len(raw) for raw in content.raw):
        return Refused("empty_file")
    expected = [column.aliases[0] for table in contract.tables for column in table.columns.values() if column.required]
    return Refused("no_table", expected=", ".join(dict.fromkeys(expected)))


def _problem(header: FoundHeader, tables: Sequence[TableContract], sheet: RawSheet) -> Refused | None:
    """Why the sheet can't be read as any of the contract's tables; None when some table fits."""
    problems = []
    for (found, *_), table in zip(_maps_by_table(header, tables), tables, strict=True):
        if not found.missing and not found.duplicates:
            return None
        problems.append((len(found.missing), _refusal(found, table, header, sheet)))
    return min(problems, key=lambda problem: problem[0])[1]


def _refusal(found: HeaderMap, table: TableContract, header: FoundHeader, sheet: RawSheet) -> Refused:
    place = {"sheet": sheet.name or "-", "row": header.rows[-1] + 1}
    if not found.missing:
        duplicates = "; ".join(" = ".join(found.headers[column] for column in places) for places in found.duplicates.values())
        return Refused("duplicate_column", **place, duplicates=duplicates)
    missing = ", ".join(table.columns[name].aliases[0] for name in found.missing)
    near = [(found.headers[found.proposals[name]], table.columns[name].aliases[0]) for name in found.missing if name in found.proposals]
    proposals_id = "".join(f" Apakah «{header_text}» maksudnya {alias}?" for header_text, alias in near)
    proposals_en = "".join(f" Does «{header_text}» mean {alias}?" for header_text, alias in near)
    return Refused("missing_required_column", **place, missing=missing, proposals_id=proposals_id, proposals_en=proposals_en)


def _is_meant(header: FoundHeader, tables: Sequence[TableContract]) -> bool:
    """Whether a sheet that lacks something is meant to be the table, so that ignoring it would lose its rows in silence."""
    for (found, *_), table in zip(_maps_by_table(header, tables), tables, strict=True):
        known = set(found.columns) | set(found.duplicates) | {name for name in found.proposals if name in _SPEAKS_OF_PERSONS}
        if known & _SPEAKS_OF_PERSONS or len(known) >= _MOST_OF_IT * len(table.columns):
            return True
    return False


def _chosen_table(header: FoundHeader, tables: Sequence[TableContract]) -> list[tuple[TableContract, HeaderMap]]:
    """The table that fits the header best, as its mentions with their maps; a further mention must name somebody to be there."""
    best: list[tuple[TableContract, HeaderMap]] = []
    most = 0
    for table, maps in zip(tables, _maps_by_table(header, tables), strict=True):
        if maps[0].missing or maps[0].duplicates:
            continue
        named = sum(len(found.columns) for found in maps)
        if named > most:
            most = named
            pairs = zip(table.mentions, maps, strict=True)
            best = [(mention, found) for mention, found in pairs if mention is table or _fits(found)]
    return best


def _fits(found: HeaderMap) -> bool:
    return not found.missing and not found.duplicates and not _SPEAKS_OF_PERSONS.isdisjoint(found.columns)


def _maps_by_table(header: FoundHeader, tables: Sequence[TableContract]) -> list[tuple[HeaderMap, ...]]:
    """The header's maps, which stand in one row of all mentions, parted by table."""
    maps = iter(header.maps)
    return [tuple(next(maps) for _ in table.mentions) for table in tables]


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


def _ignore_sheet(content: FileContent, file: FileToRead, sheet: RawSheet, filled: npt.NDArray[np.bool_]) -> None:
    kinds = np.where(filled.any(axis=1), IGNORED_SHEET, BLANK).astype(np.uint8) if sheet.height else np.empty(0, np.uint8)
    content.quarantine.append(skipped_rows(file.delivery_id, file.file, sheet.name, kinds, {}))
    content.sheets.append(describe_sheet(sheet, kinds, None, (), 0, 0))


def _take_in_sheet(
    content: FileContent,
    file: FileToRead,
    setup: IntakeSetup,
    sheet: RawSheet,
    filled: npt.NDArray[np.bool_],
    chosen: Sequence[tuple[TableContract, HeaderMap]],
    header: FoundHeader,
) -> None:
    kinds = row_kinds(sheet, filled, FoundHeader(header.rows, tuple(found for _, found in chosen)))
    titles = [text for row in np.flatnonzero(kinds[: header.rows[0]] == TITLE) for text in sheet.row_texts(int(row)) if text]
    context = TypingContext(
        setup.places, setup.regency, file.delivered_on, setup.contracts[file.source].village_codes, places_in_titles(titles)
    )
    widths = misfitting_widths(sheet, header.rows, kinds)
    rows = np.flatnonzero((kinds == DATA) & (widths == 0))
    taken = take_rows(file, setup, sheet, rows, chosen, context)
    content.records.extend(
        note_corrections(records, found.columns, sheet.name, file.corrections)
        for records, (_, found) in zip(taken.records, chosen, strict=True)
    )
    refused = np.flatnonzero(~taken.accepted).tolist()
    content.quarantine.append(skipped_rows(file.delivery_id, file.file, sheet.name, kinds, chosen[0][1].columns))
    kept_reasons = [reason for place in refused if (reason := taken.reasons[place]) is not None]
    content.quarantine.append(quarantined_rows(file.delivery_id, file.file, sheet, rows[refused].tolist(), kept_reasons))
    misfits = np.flatnonzero(widths)
    if len(misfits) and sheet.field_counts is not None:
        expected = int(sheet.field_counts[header.rows[-1]])
        content.quarantine.append(
            quarantined_rows(
                file.delivery_id, file.file, sheet, misfits.tolist(),
                [
                    reason_of(
                        "too_many_fields" if widths[row] > 0 else "too_few_fields", None, None, None,
                        {"found": int(sheet.field_counts[row]), "expected": expected},
                    )
                    for row in misfits
                ],
            )
        )  # fmt: skip
    quarantined = len(refused) + len(misfits)
    content.sheets.append(describe_sheet(sheet, kinds, header, chosen, int(taken.accepted.sum()), quarantined))
