"""One workbook per source with its open cases: the rows set aside, to be put right by the office that wrote them.

Each row stands under the office's own headers, the cell at fault marked, with the reason and what would be right. Only the office's
cells can be changed; what ties a line to its case is locked. `padan quarantine import` reads the workbook when it comes back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xlsxwriter

from publishing.workbook import open_workbook, sheet_name, text_format, write_cell, write_row
from schemas.cell_layouts import with_tables
from schemas.correction_sheet import (
    FIRST_CASE_ROW,
    HEADER_ROW,
    LETTERS_ROW,
    MARK,
    NOTE_ROW,
    OFFICE_CELLS_FROM,
)

_FIXED_HEADERS = {
    "id": ("Nomor kasus", "Berkas", "Lembar", "Baris", "Alasan", "Yang benar"),
    "en": ("Case", "File", "Sheet", "Row", "Reason", "What would be right"),
}
_WIDTHS = (18, 24, 14, 7, 24, 44)
_REASONS = {
    "no_name_and_no_nik": ("Nama dan NIK kosong", "Neither name nor NIK"),
    "required_value_missing": ("Kolom wajib kosong", "A required cell is empty"),
    "unknown_code_refused": ("Kode tidak dikenal", "Unknown code"),
    "too_many_fields": ("Kolom terlalu banyak", "Too many fields"),
    "too_few_fields": ("Kolom terlalu sedikit", "Too few fields"),
    "breaks_expectation": ("Tidak memenuhi syarat", "Does not meet a condition"),
}
_MARKED_TOGETHER = {"no_name_and_no_nik": ("name", "nik")}
"""Reasons that several columns could mend."""


@dataclass(frozen=True)
class _Words:
    """What the workbook says in one language: names of its sheets, the note above the rows, the lines of its first sheet."""

    rows: str
    about: str
    refused: str
    note: str
    refused_headers: tuple[str, ...]
    heading: str
    row_lines: tuple[str, ...]
    refused_lines: tuple[str, ...]
    ending: str


_WORDS = {
    "id": _Words(
        rows="Baris",
        about="Petunjuk",
        refused="Berkas ditolak",
        note="Perbaiki sel kantor Anda pada baris yang bersangkutan; sel kuning adalah yang bermasalah. Kolom abu-abu jangan diubah.",
        refused_headers=("Serahan", "Berkas", "Mengapa ditolak dan apa yang benar"),
        heading="{title} ({office})",
        row_lines=(
            "{cases} baris dari berkas Anda belum dapat dipakai. Baris lain dari berkas itu sudah dipakai.",
            "1. Pada lembar Baris, betulkan sel kantor Anda langsung di tempatnya. Sel kuning adalah yang bermasalah.",
            "2. Jangan mengubah kolom abu-abu dan jangan menghapus baris pertama yang tersembunyi.",
            "3. Baris yang belum dapat dibetulkan biarkan saja seperti semula.",
            "4. Simpan, lalu kirim kembali workbook ini kepada petugas data: padan quarantine import BERKAS.",
        ),
        refused_lines=(
            "Berkas yang ditolak seluruhnya ada pada lembar Berkas ditolak; kirim ulang berkas itu, di sini tidak dapat diperbaiki.",
        ),
        ending="Workbook ini memuat data pribadi. Jangan disebarkan.",
    ),
    "en": _Words(
        rows="Rows",
        about="Read me",
        refused="Refused files",
        note="Correct your own cells in their rows; the yellow cell is the one at fault. Leave the grey columns as they are.",
        refused_headers=("Delivery", "File", "Why it was refused and what would be right"),
        heading="{title} ({office})",
        row_lines=(
            "{cases} rows of your files can't be used yet. The other rows of those files are used already.",
            "1. On the sheet Rows, correct your own cells where they stand. The yellow cell is the one at fault.",
            "2. Don't change the grey columns and don't delete the hidden first row.",
            "3. Leave a row that you can't correct as it is.",
            "4. Save, and give this workbook back to the data officer: padan quarantine import FILE.",
        ),
        refused_lines=(
            "Files that were refused as a whole stand on the sheet Refused files; they have to be sent again and can't be corrected here.",
        ),
        ending="This workbook holds personal data. Don't pass it on.",
    ),
}


@dataclass(frozen=True)
class Headers:
    """The header of one sheet of an office's file: each column's letter, header as written, and what it was taken for."""

    letters: tuple[str, ...]
    texts: tuple[str, ...]
    canonical: tuple[str | None, ...]


def write_quarantine_workbook(
    path: Path,
    *,
    office: str,
    title: str,
    cases: pd.DataFrame,
    refused: pd.DataFrame,
    headers: pd.DataFrame,
    language: str,
) -> None:
    """Write the open cases of one source.

    cases: case_id, delivery_id, file, sheet, table, row, reason, column, message_id, message_en, cells. refused: delivery_id, file,
    message_id, message_en, of files refused as a whole. headers: delivery_id, file, sheet, table, letter, header, canonical.
    """
    words = _WORDS[language]
    with open_workbook(path) as workbook:
        about = workbook.add_worksheet(words.about)
        about.set_column(0, 0, 110)
        told = (*(words.row_lines if len(cases) else ()), *(words.refused_lines if len(refused) else ()))
        for row, line in enumerate((words.heading, *told, words.ending)):
            properties = {"bold": True} if row == 0 else {}
            text = line.format(title=title, office=office, cases=len(cases))
            write_cell(about, row, 0, text, text_format(workbook, text_wrap=True, **properties))
        about.protect()
        taken = [words.about, words.refused]
        for layout, part in _by_header(cases, headers):
            name = sheet_name(words.rows, taken)
            taken.append(name)
            _write_cases(workbook, name, layout, part, language)
        if len(refused):
            _write_refused(workbook, words.refused, refused, language)


def _by_header(cases: pd.DataFrame, headers: pd.DataFrame) -> list[tuple[Headers, pd.DataFrame]]:
    """The cases parted by the header that they stand under, so that one sheet has one header; in the order of the cases."""
    key = ["delivery_id", "file", "sheet"]
    known = with_tables(headers.assign(sheet=headers["sheet"].fillna(""))).groupby(key, sort=False)
    parts: dict[Headers, list[pd.DataFrame]] = {}
    for (*place, table), rows in with_tables(cases).groupby([*key, "table"], sort=False):
        width = int(rows["cells"].map(lambda text: len(json.loads(text))).max())
        columns = known.get_group(tuple(place)) if tuple(place) in known.groups else with_tables(headers.iloc[:0])
        layout = _headers_of(columns, int(str(table)), width)
        parts.setdefault(layout, []).append(rows)
    return [(layout, pd.concat(rows)) for layout, rows in parts.items()]


def _headers_of(columns: pd.DataFrame, table: int, width: int) -> Headers:
    """Every column that a row of a table fills, with or without a header of its own; those of tables beside it too."""
    text: dict[str, str] = {}
    canonical: dict[str, str | None] = {}
    own = columns[columns["table"] == table]
    above_or_below = columns.loc[columns["letter"].isin(own["letter"]), "table"].unique()
    for letter, header in columns.loc[~columns["table"].isin(above_or_below), ["letter", "header"]].itertuples(index=False):
        text.setdefault(letter, header)
    for letter, header, name in zip(own["letter"], own["header"], own["canonical"], strict=True):
        text.setdefault(letter, header)
        if canonical.get(letter) is None:
            canonical[letter] = None if pd.isna(name) else str(name)
    letters = tuple(_letter(place) for place in range(width))
    return Headers(
        letters, tuple(text.get(letter, f"[{letter}]") for letter in letters), tuple(canonical.get(letter) for letter in letters)
    )


def _letter(place: int) -> str:
    name: str = xlsxwriter.utility.xl_col_to_name(place)
    return name


def _write_cases(workbook: xlsxwriter.Workbook, name: str, layout: Headers, cases: pd.DataFrame, language: str) -> None:
    sheet = workbook.add_worksheet(name)
    border = {"border": 1, "border_color": "#BFBFBF"}
    locked = text_format(workbook, bg_color="#EDEDED", text_wrap=True, **border)
    heading = text_format(workbook, bold=True, bg_color="#D9E2EC", text_wrap=True, **border)
    open_cell = text_format(workbook, locked=False, **border)
    at_fault = text_format(workbook, locked=False, bg_color="#FFE699", **border)
    note = text_format(workbook, italic=True)
    write_cell(sheet, LETTERS_ROW, 0, MARK, locked)
    write_row(sheet, LETTERS_ROW, layout.letters, locked, first_column=OFFICE_CELLS_FROM)
    sheet.set_row(LETTERS_ROW, None, None, {"hidden": True})
    write_cell(sheet, NOTE_ROW, 0, _WORDS[language].note, note)
    write_row(sheet, HEADER_ROW, [*_FIXED_HEADERS[language], *layout.texts], heading)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_column(OFFICE_CELLS_FROM, OFFICE_CELLS_FROM + len(layout.letters) - 1, 20)
    sheet.freeze_panes(FIRST_CASE_ROW, 4)
    for row, case in enumerate(cases.to_dict("records"), start=FIRST_CASE_ROW):
        fixed = [
            case["case_id"],
            case["file"],
            case["sheet"],
            str(case["row"]),
            reason_text(case["reason"], language),
            case[f"message_{language}"],
        ]
        write_row(sheet, row, fixed, locked)
        faulty = _MARKED_TOGETHER.get(case["reason"], (case["column"],))
        cells: Sequence[str | None] = json.loads(case["cells"])
        for place, canonical in enumerate(layout.canonical):
            text = cells[place] if place < len(cells) else None
            write_cell(sheet, row, OFFICE_CELLS_FROM + place, text, at_fault if canonical in faulty else open_cell)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _write_refused(workbook: xlsxwriter.Workbook, name: str, refused: pd.DataFrame, language: str) -> None:
    sheet = workbook.add_worksheet(name)
    cell = text_format(workbook, text_wrap=True, border=1, border_color="#BFBFBF")
    write_row(sheet, 0, _WORDS[language].refused_headers, text_format(workbook, bold=True, bg_color="#D9E2EC", border=1))
    for place, width in enumerate((28, 40, 90)):
        sheet.set_column(place, place, width)
    for row, file in enumerate(refused[["delivery_id", "file", f"message_{language}"]].itertuples(index=False), start=1):
        write_row(sheet, row, list(file), cell)
    sheet.protect()


def reason_text(code: str, language: str) -> str:
    """The short name of a reason, as it stands in the workbook."""
    return _REASONS.get(code, (code, code))[0 if language == "id" else 1]
