"""Fuzzing of the readers: damaged files of each kind go through intake, in its workers, as an office's file would.

A worker may die of a file; the parent must have an answer all the same: rows that are all accounted for, or a refusal with a reason
that is meant, within the limits, and without anything of the file's content in its words.
"""

from __future__ import annotations

import csv
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fuzz_bytes import mutated
from intake import find_deliveries, intake_setup, take_in
from intake.isolation import Limits, WorkerPool
from schemas.areas import load_areas
from schemas.contracts import SourceContract, load_contracts

KINDS = ("xlsx", "xls", "xlsb", "ods", "html", "text")
LIMITS = Limits(memory=2 * 1024**3, seconds=20)
PATIENCE = 30
"""Seconds until the parent must have its answer."""
KEY = b"f" * 32
SOURCE = "dinsos_pkh"
CANARY = "3510054105800001"
HEADER = ["NO", "NAMA_PENERIMA", "NIK_KTP", "NOKK_DTKS", "NMKAB", "NMKEC", "NMKEL", "ALAMAT", "TGL_LAHIR", "TAHAP", "TAHUN", "NOMINAL"]
ROW = [
    1,
    "SITI AMINAH",
    CANARY,
    "3510050105200001",
    "BANYUWANGI",
    "MUNCAR",
    "TEMBOKREJO",
    "KRAJAN RT 1 RW 2",
    "01/05/1980",
    3,
    2026,
    750000,
]


class FindingError(AssertionError):
    """Something that intake must not do."""


class NoAnswerError(FindingError):
    """The parent waited longer than the limits of a file allow."""


@dataclass(frozen=True)
class Found:
    """A mistake, with the number and the content of the file on which it was made."""

    number: int
    error: Exception
    content: bytes


Fuzzer = Callable[[Sequence[int]], list[Found]]


@contextmanager
def file_fuzzer(kind: str) -> Iterator[Fuzzer]:
    """A function that damages a file of this kind in the ways of some numbers, takes all of them in, and tells what went wrong.

    They are one delivery, because its bookkeeping takes longer than reading a small file; only where that goes wrong, or takes long,
    each file is taken in alone.
    """
    contract = load_contracts()[SOURCE].model_copy(update={"replaces": "nothing", "expectations": ()})
    areas = load_areas()
    with (
        tempfile.TemporaryDirectory(prefix="padan-fuzz-") as scratch,
        WorkerPool(intake_setup({SOURCE: contract}, areas, KEY), workers=1, limits=LIMITS) as pool,
    ):
        inbox = Path(scratch)
        whole = inbox / f"whole.{kind}"
        WRITERS[kind](whole)
        content = whole.read_bytes()

        def problem(files: Mapping[int, bytes]) -> Exception | None:
            with _delivered(inbox, files):
                try:
                    _take_in(inbox, contract, areas, pool)
                except Exception as error:  # noqa: BLE001 - whatever intake raises is what is looked for
                    return error
            return None

        def several(numbers: Sequence[int]) -> list[Found]:
            files = {number: mutated(content, random.Random(number)) for number in numbers}
            together = problem(files)
            if together is None:
                return []
            alone = [Found(number, error, file) for number, file in files.items() if (error := problem({number: file})) is not None]
            # Many slow files of one delivery are no mistake; anything else that goes wrong only together is.
            return alone if alone or isinstance(together, NoAnswerError) else [Found(numbers[0], together, b"")]

        yield several


@contextmanager
def _delivered(inbox: Path, files: Mapping[int, bytes]) -> Iterator[None]:
    """The files as one delivery of an inbox, for the time of this context."""
    folder = inbox / SOURCE / "2026-09-20"
    folder.mkdir(parents=True)
    for number, content in files.items():
        (folder / str(number)).write_bytes(content)
    yield
    shutil.rmtree(folder)


def _take_in(inbox: Path, contract: SourceContract, areas: Any, pool: WorkerPool) -> None:
    started = time.monotonic()
    deliveries = find_deliveries(inbox, {SOURCE: contract})
    result = take_in(deliveries, contract, areas, KEY, pool=pool)
    for refusal in result.refused:
        if refusal.code == "internal_error":
            raise FindingError(f"internal_error {refusal.facts}")
        if CANARY in refusal.message_en + refusal.message_id or "AMINAH" in refusal.message_en + refusal.message_id:
            raise FindingError(f"{refusal.code}: the message holds a cell")
    if not result.conservation["holds"].all():
        line = result.conservation[~result.conservation["holds"]].iloc[0]
        raise FindingError(f"rows: {line['missing']} missing, {line['extra']} extra")
    if set(deliveries["file"]) - {*result.records["file"], *result.quarantine["file"], *(refusal.file for refusal in result.refused)}:
        raise FindingError("neither refused nor read")
    if time.monotonic() - started > PATIENCE:
        raise NoAnswerError("no answer within the limits")


def _rows() -> list[list[Any]]:
    rows: list[list[Any]] = [["DAFTAR PENERIMA"], HEADER]
    for number in range(1, 25):
        row = [*ROW]
        row[0], row[1], row[2] = number, f"{ROW[1]} {'ABCDEFGHIJKLMNOPQRSTUVWXY'[number]}", str(int(CANARY) + number - 1)
        rows.append(row)
    return [*rows[:10], [], HEADER, *rows[10:], [None, "JUMLAH", 24]]


def _write_xlsx(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for name in ("PKH", "Lain"):
        sheet = book.create_sheet(name)
        for row in _rows():
            sheet.append(row)
        sheet.merge_cells("A1:C1")
    del book["Sheet"]
    book.save(path)


def _write_xls(path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("PKH")
    for i, row in enumerate(_rows()):
        for j, value in enumerate(row):
            if value is not None:
                sheet.write(i, j, value)
    book.save(str(path))


def _write_xlsb(path: Path) -> None:
    from pyxlsbwriter import XlsbWriter

    with XlsbWriter(str(path)) as writer:
        writer.add_sheet("PKH")
        writer.write_sheet([[*row, *[None] * (len(HEADER) - len(row))] for row in _rows()])


def _write_ods(path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="PKH")
    for values in _rows():
        row = TableRow()
        for value in values or [None]:
            number = isinstance(value, int)
            cell = TableCell(valuetype="float", value=str(value)) if number else TableCell(valuetype="string")
            if value is not None:
                cell.addElement(P(text=str(value)))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))


def _html_cell(value: Any) -> str:
    return "<td></td>" if value is None else f"<td>{value}</td>"


def _write_html(path: Path) -> None:
    rows = "".join(f"<tr>{''.join(_html_cell(value) for value in row)}</tr>\n" for row in _rows())
    path.write_text(f"<html><meta charset=utf-8><body><p>Laporan</p><table border=1>{rows}</table></body></html>", encoding="utf-8")


def _write_text(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(row for row in _rows() if row)


WRITERS: Mapping[str, Callable[[Path], None]] = {
    "xlsx": _write_xlsx,
    "xls": _write_xls,
    "xlsb": _write_xlsb,
    "ods": _write_ods,
    "html": _write_html,
    "text": _write_text,
}
