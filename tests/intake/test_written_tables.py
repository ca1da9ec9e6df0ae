"""Whatever a library can write is read back cell by cell, and every row of it has one end: random tables, random damage, every format."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from intake_workbooks import CONTRACTS, shared_pool
from written_tables import MERGE_CELLS, SHEET, WORKBOOKS, WRITERS, Written, cell_in_file, damaged_tables, free_tables, writable

from intake import find_deliveries, take_in
from intake.readers import read_sheets
from intake.row_listing import list_rows

CONTRACT = CONTRACTS["dinsos_pkh"].model_copy(update={"expectations": (), "replaces": "nothing"})
PROPERTY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def expected_cells(table: Written, writer: str) -> list[list[tuple[str | None, str]]]:
    return [[cell_in_file(value, writer) for value in row] for row in table.rows]


def cells_read(texts, types) -> list[list[tuple[str | None, str]]]:
    return [list(zip(row, letters, strict=True)) for row, letters in zip(texts, types, strict=True)]


def without_empty_ends(rows):
    """Rows without empty cells at their right, and the table without empty rows below: no file says how far nothing reaches."""
    cut = []
    for row in rows:
        filled = [place for place, (text, _) in enumerate(row) if text is not None]
        cut.append(row[: filled[-1] + 1] if filled else [])
    while cut and not cut[-1]:
        cut.pop()
    return cut


@pytest.mark.parametrize("writer", WORKBOOKS)
@settings(PROPERTY, max_examples=40)
@given(table=free_tables())
def test_any_cell_of_a_workbook_is_read_as_it_was_written(tmp_path_factory, writer, table):
    """A reader that guesses types, trims texts, rounds numbers or moves cells changes what the office wrote before anybody saw it."""
    ending, write = WRITERS[writer]
    table = writable(table, writer)
    path = tmp_path_factory.mktemp("free") / f"a.{ending}"
    write(path, table)
    (sheet,) = read_sheets(path)
    texts = [sheet.row_texts(row) for row in range(sheet.height)]
    letters = [bytes(row).decode() for row in sheet.types]
    assert without_empty_ends(cells_read(texts, letters)) == without_empty_ends(expected_cells(table, writer))
    assert list_rows(path).get(sheet.name, np.empty(0)).tolist() == table.shown()


@pytest.mark.parametrize("writer", list(WRITERS))
@PROPERTY
@given(table=damaged_tables())
def test_every_row_of_a_damaged_list_has_one_end_and_keeps_its_cells(tmp_path_factory, writer, table):
    """A row that is lost, blanked, invented, split or counted twice is somebody's aid."""
    inbox, table = tmp_path_factory.mktemp("inbox"), writable(table, writer)
    ending, write = WRITERS[writer]
    path = inbox / f"dinsos_pkh/2026-09-20/a.{ending}"
    path.parent.mkdir(parents=True)
    write(path, table)
    deliveries = find_deliveries(inbox, {"dinsos_pkh": CONTRACT})
    result = take_in(deliveries, CONTRACT, None, b"", pool=shared_pool("dinsos_pkh", CONTRACT))
    if "row" not in table.kinds and result.refused:
        assert {refusal.code for refusal in result.refused} <= {"no_rows", "no_table"}
        return
    assert result.refused == ()
    _rows_have_one_end(result, table, writer)
    _cells_are_kept(result, table, writer)
    _data_rows_are_records(result, table)


def _rows_have_one_end(result, table, writer):
    """Row numbers of records and of quarantine, beside those that were written: nothing of intake tells which these are."""
    (line,) = result.conservation.to_dict("records")
    assert line["holds"]
    accepted, aside = result.records["row"].tolist(), result.quarantine["row"].tolist()
    ends = accepted + aside
    assert len(ends) == len(set(ends)), "a row has two ends"
    assert set(table.shown()) <= set(ends) <= set(range(1, len(table.rows) + 1))
    assert line["read"] == len(table.shown())
    assert set(result.quarantine.loc[result.quarantine["disposition"] == "blank", "row"]).isdisjoint(table.shown())
    assert set(result.records["sheet"].dropna()) <= ({SHEET} if writer in WORKBOOKS else {"", "tabel 1"})


def _cells_are_kept(result, table, writer):
    columns = sorted(name for name in result.raw.columns if name[0] == "c" and name[1:].isdigit())
    cells = result.raw[columns].astype(object)
    texts = cells.where(cells.notna(), None).to_numpy().tolist()
    found = dict(zip(result.raw["row"].tolist(), cells_read(texts, result.raw["types"].tolist()), strict=True))
    width = max(result.raw["row"].max(), len(table.rows))
    rows = [found.get(number, []) for number in range(1, width + 1)]
    assert without_empty_ends(rows) == without_empty_ends(expected_cells(table, writer))


def _data_rows_are_records(result, table):
    """A recipient is accepted or repeats one; who is no recipient never becomes one."""
    repeated = set(result.quarantine.loc[result.quarantine["disposition"] == "exact_duplicate", "row"])
    people = set(result.records["row"]) | repeated
    by_kind: dict[str, set[int]] = {}
    for number, kind in enumerate(table.kinds, start=1):
        by_kind.setdefault(kind, set()).add(number)
    assert by_kind.get("row", set()) | by_kind.get("twice", set()) | by_kind.get("spoilt", set()) <= people
    assert sum(number in repeated for number in by_kind.get("twice", ())) == max(len(by_kind.get("twice", ())) - 1, 0)
    for kind in ("head", "header", "numbers", "blank", "spaces", "heading", "total", "signature", "nameless"):
        assert people.isdisjoint(by_kind.get(kind, set())), kind


@pytest.mark.parametrize("writer", MERGE_CELLS)
def test_a_village_cell_that_spans_rows_speaks_for_all_of_them(tmp_path, writer):
    """A spreadsheet keeps the value of a merged cell in its first row; the people below would live nowhere."""
    from intake_workbooks import PKH_HEADER, pkh_row
    from written_tables import VILLAGE

    rows = [list(PKH_HEADER), *(pkh_row(number) for number in range(1, 4))]
    rows[2][VILLAGE] = rows[3][VILLAGE] = None
    ending, write = WRITERS[writer]
    path = tmp_path / f"dinsos_pkh/2026-09-20/a.{ending}"
    path.parent.mkdir(parents=True)
    write(path, Written(tuple(map(tuple, rows)), ("head", "row", "row", "row"), ((VILLAGE, 1, 3),)))
    deliveries = find_deliveries(tmp_path, {"dinsos_pkh": CONTRACT})
    result = take_in(deliveries, CONTRACT, None, b"", pool=shared_pool("dinsos_pkh", CONTRACT))
    assert result.records["area_code"].tolist() == ["35.10.05.2003"] * 3
