"""Rows that come back corrected. Mistakes prevented: a correction that reaches another row, a NIK that lost its digits on the way, a line
whose identification was changed, a row that is still wrong and seems settled, an original that nobody can find again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from intake_workbooks import AREAS, CONTRACTS, KEY, PKH_HEADER, pkh_row, write_csv, write_xlsx

from intake import DeliveryStore, intake_setup, receive, take_in
from intake.correction_import import ImportOutcome, import_corrections
from intake.corrections import Corrections, correction_receipts, corrections_in_force
from intake.isolation import WorkerPool
from intake.quarantine_cases import answered_by_newer, cases_of
from intake.returned_workbook import NotACorrectionWorkbook
from intake.shapes import shape_of
from publishing.quarantine_workbooks import write_quarantine_workbook
from schemas.contracts import SourceContract

NOON = dt.datetime(2026, 9, 21, 12, tzinfo=dt.UTC)
AS_OF = dt.date(2026, 9, 20)
SOURCE = "dinsos_pkh"
CONTRACT = CONTRACTS[SOURCE]
NAME, NIK = 8, 9
"""Columns of the workbook (1-based) that hold NAMA_PENERIMA and NIK_KTP, when NO stands before them."""


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(intake_setup({SOURCE: CONTRACT}, AREAS, KEY), workers=1) as pool:
        yield pool


@dataclass
class Office:
    """One home with one PKH list, and what intake makes of it."""

    folder: Path
    pool: Any
    contract: SourceContract = CONTRACT

    @property
    def store(self) -> DeliveryStore:
        return DeliveryStore.of_home(self.folder / "home")

    @property
    def deliveries(self) -> pd.DataFrame:
        return receive(self.folder / "inbox", self.store, {SOURCE: self.contract}, by="sari", at=NOON)

    def taken_in(self, corrections: Corrections | None = None) -> Any:
        known = corrections_in_force(correction_receipts(self.store)) if corrections is None else corrections
        return take_in(self.deliveries, self.contract, AREAS, KEY, pool=self.pool, as_of=AS_OF, corrections=known)

    def exported(self, result: Any, language: str = "id") -> Path:
        columns = [
            {"delivery_id": sheet["delivery_id"], "file": sheet["file"], "sheet": sheet["sheet"], **column}
            for sheet in result.sheets
            for column in sheet["columns"]
        ]
        path = self.folder / "perbaikan.xlsx"
        refused = result.quarantine[result.quarantine["disposition"] == "delivery_refused"]
        write_quarantine_workbook(
            path, office=self.contract.office, title=self.contract.title.id, cases=cases_of(result.quarantine, self.deliveries),
            refused=refused, headers=pd.DataFrame(columns), language=language,
        )  # fmt: skip
        return path

    def imported(self, path: Path, result: Any) -> ImportOutcome:
        cases = cases_of(result.quarantine, self.deliveries)
        contracts = {SOURCE: self.contract}
        return import_corrections(path, self.store, cases, self.deliveries, contracts, self.pool, by="sari", at=NOON, as_of=AS_OF)


@pytest.fixture
def office(tmp_path: Path, pool) -> Office:
    rows = [PKH_HEADER, pkh_row(1), pkh_row(2, NAMA_PENERIMA=""), pkh_row(3, NAMA_PENERIMA=None, NIK_KTP=None, ALAMAT="=1+1"), pkh_row(4)]
    write_xlsx(tmp_path / "inbox" / SOURCE / "2026-09-20/a.xlsx", {"PKH 1": rows})
    return Office(tmp_path, pool)


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    workbook = openpyxl.load_workbook(path)
    change(workbook["Baris"])
    workbook.save(path)
    return path


def filled(sheet: Any) -> None:
    sheet.cell(4, NAME).value = "SITI AMINAH"
    sheet.cell(5, NAME).value = "BUDI"


def test_each_row_stands_under_the_headers_of_its_own_table(tmp_path: Path, pool) -> None:
    """Rows of the first table stood under the headers of the last one of the sheet, and the office mended the wrong cell."""
    tables = [[PKH_HEADER, pkh_row(1), pkh_row(2, NAMA_PENERIMA=None)], [PKH_HEADER, pkh_row(3), pkh_row(4, NAMA_PENERIMA=None)]]
    stacked = [*tables[0], [], *(row[::-1] for row in tables[1])]
    beside = [[*row, None, *other[::-1]] for row, other in zip(tables[0][:2], tables[1][::2], strict=True)]
    write_xlsx(tmp_path / "inbox" / SOURCE / "2026-09-20/a.xlsx", {"PKH 1": stacked, "PKH 2": beside})
    office = Office(tmp_path, pool)
    workbook = openpyxl.load_workbook(office.exported(office.taken_in()))
    told = {}
    for sheet in workbook.worksheets[1:]:
        header = [cell.value for cell in sheet[3]]
        for row in sheet.iter_rows(min_row=4):
            marked = [(header[cell.column - 1], cell.value) for cell in row[6:] if cell.fill.fgColor.rgb == "FFFFE699"]
            told[row[2].value, row[3].value] = marked
            assert row[header.index("NMKEC")].value == "MUNCAR"
    assert told == {("PKH 1", "3"): [("NAMA_PENERIMA", None)], ("PKH 1", "7"): [("NAMA_PENERIMA", None)],
                    ("PKH 2", "2"): [("NAMA_PENERIMA", None)]}  # fmt: skip


def test_the_workbook_shows_the_row_under_the_offices_headers_with_the_fault_marked(office: Office) -> None:
    sheet = openpyxl.load_workbook(office.exported(office.taken_in()))["Baris"]
    header = [cell.value for cell in sheet[3]]
    assert header[:6] == ["Nomor kasus", "Berkas", "Lembar", "Baris", "Alasan", "Yang benar"]
    assert header[6:] == PKH_HEADER
    first, second = list(sheet.iter_rows(min_row=4, max_row=5))
    assert [cell.value for cell in first[1:4]] == ["a.xlsx", "PKH 1", "3"]
    assert "NAMA_PENERIMA" in first[5].value
    marked = [[cell.column - 6 for cell in row[6:] if cell.fill.fgColor.rgb == "FFFFE699"] for row in (first, second)]
    assert marked == [[2], [2, 3]], "the name is missing; in the second row the NIK would do as well"
    assert all(cell.protection.locked for cell in first[:6])
    assert not any(cell.protection.locked for cell in first[6:])
    assert sheet.protection.sheet
    assert {cell.number_format for cell in first[6:]} == {"@"}
    assert first[8].value == pkh_row(2)[2], "a NIK keeps its sixteen digits"
    assert (second[13].value, second[13].data_type) == ("=1+1", "s"), "an office's text does not become a formula"
    assert sheet.row_dimensions[1].hidden


def test_corrected_rows_become_records_with_what_stood_there_before(office: Office) -> None:
    before = office.taken_in()
    outcome = office.imported(edited(office.exported(before), filled), before)
    assert (outcome.taken, outcome.unchanged, outcome.problems) == (2, 0, ())
    after = office.taken_in()
    assert len(after.records) == len(before.records) + 2
    assert bool(after.conservation["holds"].all())
    assert not (after.quarantine["disposition"] == "quarantined").any()
    record = after.records[after.records["row"] == 3].iloc[0]
    assert record["name"] == "SITI AMINAH"
    assert ["name", None, "corrected_by_office"] in json.loads(record["repairs"])
    untouched = after.records[~after.records["row"].isin([3, 4])].reset_index(drop=True)
    pd.testing.assert_frame_equal(untouched, before.records)
    assert after.raw.equals(before.raw), "what the office delivered stays as it was delivered"


def test_receipts_say_who_corrected_what_and_the_workbook_is_kept(office: Office) -> None:
    result = office.taken_in()
    path = edited(office.exported(result), filled)
    office.imported(path, result)
    (receipt,) = correction_receipts(office.store)
    assert (receipt.by, receipt.at, len(receipt.rows)) == ("sari", "2026-09-21T12:00:00+00:00", 2)
    assert office.store.path_of(receipt.workbook_sha256).read_bytes() == path.read_bytes()
    assert receipt.rows[0].cells[0].corrected == "SITI AMINAH"


def test_the_same_workbook_twice_changes_nothing(office: Office) -> None:
    result = office.taken_in()
    path = edited(office.exported(result), filled)
    office.imported(path, result)
    again = office.imported(path, result)
    assert (again.taken, again.already) == (0, 2)
    assert len(correction_receipts(office.store)) == 1


def test_a_later_workbook_has_the_last_word(office: Office) -> None:
    result = office.taken_in()
    path = edited(office.exported(result), filled)
    office.imported(path, result)
    office.imported(edited(path, lambda sheet: setattr(sheet.cell(4, NAME), "value", "SITI AMINATUN")), result)
    after = office.taken_in().records
    assert after.loc[after["row"] == 3, "name"].tolist() == ["SITI AMINATUN"]


def test_a_row_that_nobody_touched_stays_open(office: Office) -> None:
    result = office.taken_in()
    outcome = office.imported(office.exported(result), result)
    assert (outcome.taken, outcome.unchanged, outcome.problems) == (0, 2, ())
    assert not correction_receipts(office.store)


def still_wrong(sheet: Any) -> None:
    sheet.cell(4, NAME + 4).value = "ROGOJAMPI"


def other_row(sheet: Any) -> None:
    filled(sheet)
    sheet.cell(4, 4).value = "9"


def other_case(sheet: Any) -> None:
    filled(sheet)
    sheet.cell(4, 1).value = "0123456789abcdef"


def doubled(sheet: Any) -> None:
    filled(sheet)
    sheet.cell(5, 1).value = sheet.cell(4, 1).value


def new_row(sheet: Any) -> None:
    sheet.cell(7, NAME).value = "ORANG BARU"


def number(sheet: Any) -> None:
    sheet.cell(4, NAME).value = "SITI"
    sheet.cell(4, NIK).number_format = "0"
    sheet.cell(4, NIK).value = 3510054101800009


@pytest.mark.parametrize(
    ("change", "line", "says", "taken"),
    [
        pytest.param(still_wrong, 4, "wajib diisi", 0, id="still wrong"),
        pytest.param(other_row, 4, "diubah", 1, id="changed identification"),
        pytest.param(other_case, 4, "tidak terbuka", 1, id="unknown case"),
        pytest.param(doubled, 5, "sudah ada pada baris 4", 0, id="one case twice"),
        pytest.param(new_row, 7, "tanpa nomor kasus", 0, id="a new row"),
        pytest.param(number, 4, "sebagai bilangan", 0, id="NIK typed as a number"),
    ],
)
def test_lines_that_cannot_be_taken_are_named_and_the_others_are_taken(office: Office, change, line, says, taken) -> None:
    result = office.taken_in()
    outcome = office.imported(edited(office.exported(result), change), result)
    (problem,) = outcome.problems
    assert (problem.sheet, problem.row) == ("Baris", line)
    assert says in problem.message.id
    assert outcome.taken == (taken if change is not doubled else 1)


def test_another_workbook_is_refused_as_a_whole(office: Office, tmp_path: Path) -> None:
    result = office.taken_in()
    with pytest.raises(NotACorrectionWorkbook):
        office.imported(write_xlsx(tmp_path / "other.xlsx", {"Baris": [PKH_HEADER, pkh_row(1)]}), result)


def test_a_line_of_the_wrong_width_can_be_corrected(tmp_path: Path, pool) -> None:
    short = pkh_row(2)[:-2]
    write_csv(tmp_path / "inbox" / SOURCE / "2026-09-20/a.csv", [PKH_HEADER, pkh_row(1), short, pkh_row(3)], delimiter=";")
    office = Office(tmp_path, pool)
    result = office.taken_in()
    assert result.quarantine.loc[result.quarantine["disposition"] == "quarantined", "reason"].tolist() == ["too_few_fields"]
    path = edited(
        office.exported(result), lambda sheet: [setattr(sheet.cell(4, 17), "value", "2026"), setattr(sheet.cell(4, 18), "value", "750000")]
    )
    assert office.imported(path, result).taken == 1
    after = office.taken_in()
    assert len(after.records) == 3
    assert bool(after.conservation["holds"].all())


def test_a_correction_reaches_no_other_file(office: Office) -> None:
    result = office.taken_in()
    office.imported(edited(office.exported(result), filled), result)
    rows = [PKH_HEADER, pkh_row(11), pkh_row(12, NAMA_PENERIMA=""), pkh_row(13)]
    write_xlsx(office.folder / "inbox" / SOURCE / "2026-10-20/a.xlsx", {"PKH 1": rows})
    newer = office.taken_in()
    assert set(newer.in_force) == {f"{SOURCE}/2026-10-20"}
    assert (newer.quarantine["disposition"] == "quarantined").sum() == 1


def test_a_newer_delivery_answers_the_case_of_the_same_person(office: Office) -> None:
    office.contract = CONTRACT.model_copy(update={"replaces": "nothing"})
    write_xlsx(office.folder / "inbox" / SOURCE / "2026-10-20/b.xlsx", {"PKH 1": [PKH_HEADER, pkh_row(2)]})
    result = office.taken_in()
    cases = cases_of(result.quarantine, office.deliveries)
    answered = answered_by_newer(cases, result.quarantine, result.records, office.deliveries)
    assert cases.loc[answered, "row"].tolist() == [3]
    assert cases.loc[~answered, "row"].tolist() == [4], "a row without a NIK is answered by nobody"


def test_no_message_of_an_import_holds_a_value(office: Office) -> None:
    result = office.taken_in()
    outcome = office.imported(edited(office.exported(result), still_wrong), result)
    for problem in outcome.problems:
        assert "ROGOJAMPI" not in problem.message.id + problem.message.en
        assert shape_of(None).id in problem.message.id
