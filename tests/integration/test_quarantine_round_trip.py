"""A row that was set aside goes to its office as a workbook, comes back corrected, and is published; its case is closed by name.

Whole runs in a home of their own, with the office's part played by openpyxl.
"""

from __future__ import annotations

import shutil
import sqlite3
from typing import Any

import openpyxl
import pytest
from integration_places import Place, made_place

NAME = "SITI AMINATUS SHOLIKHAH"


def rows_of(place: Place, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(place.home / "padan.sqlite") as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Place:
    """A small regency in which one row of the villages' survey lost its name, and another its NIK too."""
    place = made_place(tmp_path_factory.mktemp("office"))
    simulated = place.padan("simulate", str(place.folder / "sim"), "--people", "600", "--villages", "35.10.05.2003", "--seed", "3")
    assert simulated.returncode == 0, simulated.stderr
    for source in ("dukcapil_population", "village_survey"):
        shutil.move(place.folder / "sim" / "inbox" / source, place.inbox / source)
    path = next((place.inbox / "village_survey").rglob("*.xlsx"))
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    header = next(row for row in sheet.iter_rows(max_row=8) if any(cell.value == "NIK" for cell in row))
    columns = {str(cell.value).strip(): cell.column for cell in header if cell.value}
    for row in (header[0].row + 2, header[0].row + 3):
        sheet.cell(row, columns["Nama"]).value = None
    sheet.cell(header[0].row + 3, columns["NIK"]).value = None
    workbook.save(path)
    return place


def test_a_corrected_row_is_published_and_its_case_is_closed(office: Place) -> None:
    first = office.run()
    assert first.returncode == 0, first.stdout + first.stderr
    assert [status for (status,) in rows_of(office, "SELECT status FROM quarantine_case")] == ["open", "open"]

    exported = office.padan("quarantine", "export")
    assert exported.returncode == 0, exported.stderr
    path = office.home / "quarantine" / "village_survey.xlsx"
    assert f"{path}: 2 baris" in exported.stdout
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Baris"]
    name = next(cell.column for cell in sheet[3] if cell.value == "Nama")
    sheet.cell(4, name).value = NAME
    workbook.save(path)

    imported = office.padan("quarantine", "import", str(path))
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert "1 baris diperbaiki" in imported.stdout
    assert "1 baris tidak diubah" in imported.stdout

    second = office.run()
    assert second.returncode == 0, second.stdout + second.stderr
    assert "karantina 1," in second.stdout
    cases = rows_of(office, "SELECT status, opened_in, closed_in, closed_by FROM quarantine_case ORDER BY status")
    assert cases == [("corrected", 1, 2, "tester"), ("open", 1, None, None)]
    repaired = rows_of(office, "SELECT column_name, original FROM cell_repair WHERE rule = 'corrected_by_office'")
    assert repaired == [("name", None)]
    assert len(rows_of(office, "SELECT 1 FROM quarantined_row WHERE disposition = 'quarantined'")) == 1
    links = rows_of(
        office,
        "SELECT l.status FROM source_record r JOIN cell_repair c ON c.record_id = r.record_id AND c.rule = 'corrected_by_office' "
        "JOIN person_link l ON l.record_id = r.record_id",
    )
    assert len(links) == 1, "the row is a record like any other, with its own fate"

    again = office.padan("quarantine", "export")
    assert "1 baris" in again.stdout, "only the open case is left"


def test_nobody_reads_a_name_in_the_commands_or_in_dagsters_logs(office: Place) -> None:
    for path in office.dagster_home.rglob("*"):
        if path.is_file():
            assert NAME.encode() not in path.read_bytes(), path
