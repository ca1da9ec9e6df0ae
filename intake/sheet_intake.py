"""One sheet: its tables' data rows typed and judged for each mention, and every row of the sheet given its end.

Where tables stand side by side, a row with a fault in one of them is set aside whole, so that nothing of it is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.carried_values import LabelledLine, carried_by_headings, carried_by_lines
from intake.corrections import note_corrections
from intake.header_mapping import HeaderMap
from intake.intake_setup import FileToRead, IntakeSetup
from intake.layouts import layout_text
from intake.quarantine import Reason, quarantined_rows, reason_of, skipped_rows
from intake.raw_sheet import Flags, RawSheet
from intake.refusals import Refused
from intake.row_intake import TablePlace, TakenRows, take_rows
from intake.row_kinds import BLANK, DATA, HIDDEN_SHEET, IGNORED_SHEET, IGNORED_TABLE, ROW_KINDS, TITLE, Kinds, row_kinds
from intake.row_verdicts import misfitting_widths
from intake.sheet_report import SheetReport, describe_sheet
from intake.sheet_views import filled_down, with_columns
from intake.tables_in_sheet import Chosen, TableInSheet, tables_in
from intake.title_places import NO_PLACES, TitlePlaces, places_in_titles, places_of_sheet_name
from intake.typed_table import TypingContext

_TEXT = pa.large_string()
_SHOWN_FIRST = [ROW_KINDS.index(kind) for kind in ("data", "header", "repeated_header", "total", "block_line", "signature", "title")]
"""Where tables stand side by side, a row is what it is in the table to which it matters most."""


@dataclass
class SheetContent:
    """What a sheet held: `problem` says why a sheet with a header is none of the contract's tables."""

    report: SheetReport
    records: list[pa.Table] = field(default_factory=list)
    quarantine: list[pa.Table] = field(default_factory=list)
    problem: Refused | None = None
    is_table: bool = False


@dataclass(frozen=True)
class _Part:
    """A table of the sheet with what became of its rows, which count from the table's top; `rows` are those that were typed."""

    table: TableInSheet
    kinds: Kinds
    rows: npt.NDArray[np.int64]
    taken: TakenRows
    misfits: npt.NDArray[np.int8]
    lines: Sequence[LabelledLine]


def take_in_sheet(file: FileToRead, setup: IntakeSetup, sheet: RawSheet) -> SheetContent:
    """Read one sheet by the contract of its source. Raises Refused when a table of the contract's is there and can't be read."""
    tables = setup.contracts[file.source].tables
    chosen = [table for table in tables if table.matches_sheet(sheet.name)] or list(tables)
    if sheet.hidden:
        chosen = [table for table in chosen if table.hidden == "read"]
    filled = sheet.filled()
    found = tables_in(sheet, filled, chosen) if chosen else []
    if not any(table.chosen for table in found):
        kind = IGNORED_SHEET if chosen or not sheet.hidden else HIDDEN_SHEET
        return _set_aside(file, sheet, filled, kind, found[0].problem if found else None)
    parts: list[_Part] = []
    kinds = np.full(sheet.height, BLANK, np.uint8)
    shown = np.full(sheet.height, len(ROW_KINDS), np.int64)
    titles = NO_PLACES
    for table in found:
        if table.chosen:
            part, titles = _taken_part(file, setup, table, titles, len(parts) + 1)
            parts.append(part)
            of_part = part.kinds
        else:
            of_part = np.where(table.sheet.filled().any(axis=1), IGNORED_TABLE, BLANK).astype(np.uint8)
        rank = np.array([_SHOWN_FIRST.index(kind) if kind in _SHOWN_FIRST else len(_SHOWN_FIRST) for kind in range(len(ROW_KINDS))])[
            of_part
        ]
        rows = slice(table.top, table.top + len(of_part))
        matters = (rank < shown[rows]) & (of_part != BLANK)
        kinds[rows][matters], shown[rows][matters] = of_part[matters], rank[matters]
    return _together(file, sheet, kinds, parts)


def _set_aside(file: FileToRead, sheet: RawSheet, filled: Flags, kind: int, problem: Refused | None) -> SheetContent:
    kinds = np.where(filled.any(axis=1), kind, BLANK).astype(np.uint8) if sheet.height else np.empty(0, np.uint8)
    aside = skipped_rows(file.delivery_id, file.file, sheet.name, kinds, {})
    return SheetContent(describe_sheet(sheet, kinds, (), (), 0, 0, {}, {}), quarantine=[aside], problem=problem)


def _taken_part(file: FileToRead, setup: IntakeSetup, table: TableInSheet, before: TitlePlaces, number: int) -> tuple[_Part, TitlePlaces]:
    """Type the rows of the table with this number in its sheet; also the places that its title names.

    They hold for further tables without a title of their own.
    """
    sheet, header = table.sheet, table.header
    lines = table.block.lines(sheet) if table.block is not None else []
    kinds = row_kinds(sheet, sheet.filled(), header, table.repeated, [line.row for line in lines])
    texts = [text for row in np.flatnonzero(kinds[: header.rows[0]] == TITLE) for text in sheet.row_texts(int(row)) if text]
    titles = places_in_titles(texts)
    if titles == NO_PLACES:
        titles = before
    named = titles if titles.village is not None else places_of_sheet_name(sheet.name, titles, setup.places)
    context = TypingContext(setup.places, setup.regency, file.delivered_on, setup.contracts[file.source].village_codes, named)
    if lines:
        carried = carried_by_lines(lines, table.chosen[0][0].block, sheet.height)
    else:
        headings = [int(row) for row in np.flatnonzero(kinds == TITLE) if row > header.rows[-1]]
        carried = carried_by_headings(sheet, headings, sheet.height)
    working, filled = filled_down(sheet, header.rows[-1])
    working, chosen = _with_carried(working, table.chosen, carried, named)
    widths = misfitting_widths(sheet, header.rows, kinds)
    rows = np.flatnonzero((kinds == DATA) & (widths == 0))
    taken = take_rows(file, setup, working, rows, chosen, context, TablePlace(number, table.top), filled)
    return _Part(table, kinds, rows, taken, widths, lines), titles


def _with_carried(sheet: RawSheet, chosen: Chosen, carried: Mapping[str, pa.Array], named: TitlePlaces) -> tuple[RawSheet, Chosen]:
    """The sheet with a column for each value that stands elsewhere than in the row, and the maps that know of it.

    A village in the title is a column too where the table has none of its own.
    """
    missing = {name: values for name, values in carried.items() if all(name not in found.columns for _, found in chosen)}
    if named.village is not None and "village" not in missing and all("village" not in found.columns for _, found in chosen):
        missing["village"] = pa.array([named.village] * sheet.height, _TEXT)
    if not missing:
        return sheet, chosen
    places = {name: sheet.width + number for number, name in enumerate(missing)}
    widened = tuple((table, replace(found, columns={**found.columns, **places})) for table, found in chosen)
    return with_columns(sheet, list(missing.values())), widened


def _together(file: FileToRead, sheet: RawSheet, kinds: Kinds, parts: Sequence[_Part]) -> SheetContent:
    """The parts of a sheet as one: a row that is refused in one of them is refused in all."""
    reasons: dict[int, tuple[int, Reason]] = {}
    layouts: dict[int, dict[int, dict[str, dict[str, int]]]] = {}
    for number, part in enumerate(parts, start=1):
        top = part.table.top
        for place in np.flatnonzero(~part.taken.accepted).tolist():
            if (reason := part.taken.reasons[place]) is not None:
                reasons.setdefault(top + int(part.rows[place]), (number, reason))
        for row in np.flatnonzero(part.misfits).tolist():
            reasons.setdefault(top + row, (number, _width_reason(part, row)))
        mapped = {table.mention: _within(sheet, found) for table, found in part.table.chosen}
        layouts.setdefault(top + part.table.header.rows[-1], {})[number] = mapped
        for line in part.lines:
            layouts.setdefault(top + line.row, {})[number] = {part.table.chosen[0][0].mention: dict(line.places)}
    refused = sorted(reasons)
    out = pa.array(np.array(refused, np.int32) + 1, pa.int32())
    records = []
    for part in parts:
        for table, (_, found) in zip(part.taken.records, part.table.chosen, strict=True):
            kept = table.filter(pc.invert(pc.is_in(table.column("row"), value_set=out))) if len(parts) > 1 and refused else table
            records.append(note_corrections(kept, found.columns, sheet.name, file.corrections))
    accepted = set().union(*(set(table.column("row").to_pylist()) for table in records)) if len(records) > 1 else None
    count = len(records[0]) if accepted is None else len(accepted)
    mentions: Counter[str] = Counter()
    unnamed: Counter[str] = Counter()
    for part in parts:
        mentions.update(part.taken.mentions)
        unnamed.update(part.taken.unnamed)
    header_rows = [part.table.top + row for part in parts for row in part.table.header.rows]
    report = describe_sheet(
        sheet,
        kinds,
        sorted(set(header_rows)),
        [part.table.chosen for part in parts],
        count,
        len(refused),
        mentions,
        unnamed,
    )
    quarantine = [
        skipped_rows(file.delivery_id, file.file, sheet.name, kinds, {row: layout_text(tables) for row, tables in layouts.items()}),
        quarantined_rows(file.delivery_id, file.file, sheet, {row: reasons[row] for row in refused}),
    ]
    return SheetContent(report, records, quarantine, is_table=True)


def _within(sheet: RawSheet, found: HeaderMap) -> dict[str, int]:
    """The columns that stand in the sheet, and not above it."""
    return {name: place for name, place in found.columns.items() if place < sheet.width}


def _width_reason(part: _Part, row: int) -> Reason:
    counts = part.table.sheet.field_counts
    assert counts is not None
    facts = {"found": int(counts[row]), "expected": int(counts[part.table.header.rows[-1]])}
    return reason_of("too_many_fields" if part.misfits[row] > 0 else "too_few_fields", None, None, None, facts)
