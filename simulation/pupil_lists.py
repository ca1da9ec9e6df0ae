"""The schools' four programmes in one workbook, a sheet for each, printed as forms: page headers in the middle, subtotals, signatures.

Who is on which sheet follows the programmes' rules (``pupil_choice``). Schools know birth dates and mothers' names, and seldom NIKs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.mentions import Mentions, Written, bit
from simulation.names import join_parts
from simulation.office_task import OfficeTask, lost_digit, sex_letters, texts
from simulation.pkh_list import day_month_year
from simulation.printed_forms import dates_in_words, group_starts, signature
from simulation.pupil_choice import PROGRAMMES, pupils_of
from simulation.schools import class_numbers, levels_by_age, school_names
from simulation.sheets import Cell, Sheet
from simulation.truth import WrittenRows
from simulation.xlsx_writer import write_xlsx

Index = npt.NDArray[np.int64]

RECORDS_PER_PAGE = 50
REFERENCE_SHEET = "REF"


@dataclass(frozen=True)
class Form:
    """One programme's sheet: its headers, each with the column of ``_columns`` that stands below it."""

    title: str
    columns: tuple[tuple[str, str], ...]

    def header_of(self, column: str) -> str:
        """The header over a column."""
        return next(header for header, name in self.columns if name == column)


FORMS = {
    "Garda Ampuh": Form(
        "GERAKAN DAERAH ANGKAT ANAK MUDA PUTUS SEKOLAH (GARDA AMPUH)",
        (
            ("NO", "number"),
            ("NAMA SISWA", "name"),
            ("NIK", "nik"),
            ("NISN", "pupil_number"),
            ("L/P", "sex"),
            ("TEMPAT LAHIR", "birth_place"),
            ("TANGGAL LAHIR", "birth_date"),
            ("NAMA IBU KANDUNG", "mother"),
            ("SEKOLAH", "school"),
            ("KELAS", "class"),
            ("ALAMAT", "address"),
            ("DESA", "village"),
            ("KECAMATAN", "kecamatan"),
            ("STATUS", "status"),
            ("BANTUAN (RP)", "amount"),
        ),
    ),
    "Banyuwangi Cerdas": Form(
        "PENERIMA BEASISWA BANYUWANGI CERDAS",
        (
            ("NO", "number"),
            ("NAMA MAHASISWA", "name"),
            ("NIK", "nik"),
            ("L/P", "sex"),
            ("TGL LAHIR", "birth_words"),
            ("NAMA ORANG TUA/WALI", "parent"),
            ("PERGURUAN TINGGI", "school"),
            ("SEMESTER", "class"),
            ("ALAMAT", "address"),
            ("DESA/KELURAHAN", "village"),
            ("KECAMATAN", "kecamatan"),
            ("BESARAN BANTUAN", "amount"),
        ),
    ),
    "SAS": Form(
        "SISWA ASUH SEBAYA (SAS)",
        (
            ("NO", "number"),
            ("NAMA ANAK", "name"),
            ("NIK", "nik"),
            ("L/P", "sex"),
            ("TGL LAHIR", "birth_text"),
            ("NAMA ORANG TUA", "parent"),
            ("SEKOLAH", "school"),
            ("KELAS", "class"),
            ("DUSUN", "hamlet"),
            ("RT", "rt"),
            ("RW", "rw"),
            ("DESA", "village"),
            ("KECAMATAN", "kecamatan"),
            ("BENTUK BANTUAN", "goods"),
            ("NILAI", "amount"),
        ),
    ),
    "PIP": Form(
        "DAFTAR PENERIMA PROGRAM INDONESIA PINTAR (PIP)",
        (
            ("No", "number"),
            ("Nama PD", "name"),
            ("NIK", "nik"),
            ("NISN", "pupil_number"),
            ("JK", "sex"),
            ("Tempat Lahir", "birth_place"),
            ("Tanggal Lahir", "birth_date"),
            ("Nama Ibu Kandung", "mother"),
            ("Sekolah", "school"),
            ("Tingkat", "class"),
            ("No KIP", "card"),
            ("Alamat", "address"),
            ("RT", "rt"),
            ("RW", "rw"),
            ("Desa/Kelurahan", "village"),
            ("Kecamatan", "kecamatan"),
            ("Nominal", "amount"),
        ),
    ),
}


def write_pupils(task: OfficeTask) -> list[WrittenRows]:
    """The year's workbook."""
    file = f"penerima_bantuan_siswa_{task.delivered.year}.xlsx"
    sheets, placed, schools = [], [], set()
    left, taken = task.rows, np.zeros(len(task.regency.residents), dtype=bool)
    for number, (programme, share) in enumerate(PROGRAMMES.items()):
        rows = left if number == len(PROGRAMMES) - 1 else min(round(task.rows * share), left)
        left -= rows
        choice = pupils_of(programme, task.rng, task.regency, task.chosen_count(rows), taken)
        taken[choice.chosen] = True
        mentions = task.mentions(choice.chosen, rows=rows, gone_allowed=choice.of_age, strangers_allowed=choice.strangers_of_age)
        written = task.written(mentions)
        sheet, order = _sheet(task, programme, mentions, written)
        schools |= set(sheet.table.column(FORMS[programme].header_of("school")).to_pylist())
        labels = written.labels if any(name == "mother" for _, name in FORMS[programme].columns) else written.labels | bit("mother_missing")
        sheets.append(sheet)
        placed.append(task.placed(mentions, order, file, programme, sheet.record_rows(), labels))
    names = sorted(schools)
    reference = pa.table(
        {"KODE": pa.array([f"S{number:04d}" for number in range(1, len(names) + 1)]), "SEKOLAH": pa.array(names, pa.string())}
    )
    sheets.append(Sheet(REFERENCE_SHEET, reference, hidden=True))
    task.writer.write_file(file, partial(write_xlsx, sheets=sheets, created=task.delivered))
    return placed


def _sheet(task: OfficeTask, programme: str, mentions: Mentions, written: Written) -> tuple[Sheet, Index]:
    """The sheet, and the mentions in the order of its records: by kecamatan and village."""
    form, places = FORMS[programme], task.regency.places
    village = places.house_village[written.house]
    order: Index = np.argsort(village, kind="stable")
    columns = _columns(task, programme, mentions, written, order)
    table = pa.table({header: columns[name] for header, name in form.columns})
    amounts = columns["amount"].to_numpy()
    amount = len(form.columns) - 1
    kecamatan = places.villages["kecamatan_code"].factorize()[0].astype(np.int64)[village[order]]
    starts = group_starts(kecamatan)
    ends = [*starts[1:].tolist(), len(order)] if len(order) else []
    header: dict[int, Cell] = {place: name for place, (name, _) in enumerate(form.columns)}
    subtotals: list[tuple[int, int, dict[int, Cell]]] = []
    names = columns["kecamatan"].to_pylist()
    for start, end in zip(starts.tolist(), ends, strict=True):
        cells: dict[int, Cell] = {
            1: f"JUMLAH KEC. {str(names[start]).upper()}",
            2: f"{end - start} siswa",
            amount: int(amounts[start:end].sum()),
        }
        subtotals.append((end, 0, cells))
    pages = [(place, 1, header) for place in range(RECORDS_PER_PAGE, len(order), RECORDS_PER_PAGE)]
    total: dict[int, Cell] = {1: "TOTAL", 2: f"{len(order)} siswa", amount: int(amounts.sum())}
    sheet = Sheet(
        programme,
        table,
        title=("PEMERINTAH KABUPATEN BANYUWANGI", "DINAS PENDIDIKAN", f"{form.title} TAHUN {task.delivered.year}"),
        inserted=tuple((place, cells) for place, _, cells in sorted(subtotals + pages, key=lambda row: row[:2])),
        footer=(total, *signature(amount - 3, task.delivered, "Kepala Dinas Pendidikan")),
        numeric={"NIK": lost_digit(written).take(pa.array(order))},
    )
    return sheet, order


def _columns(task: OfficeTask, programme: str, mentions: Mentions, written: Written, order: Index) -> dict[str, pa.Array]:
    """All that any of the forms asks."""
    rng, regency, count = task.rng, task.regency, len(order)
    house, addresses, person = written.house[order], regency.addresses, mentions.person[order]
    age = (regency.residents.as_of - mentions.birth[order]) / 365.25
    at_school = (person >= 0) & (regency.livelihoods.schooling[np.maximum(person, 0)] == 2)
    level = np.where(at_school, regency.livelihoods.school_level[np.maximum(person, 0)], -1).astype(np.int64)
    level = levels_by_age(age, level, programme)
    parts = pa.array(regency.maker.lexicon.parts)
    father, mother = (join_parts(parts, names[order]) for names in (mentions.father_name, mentions.mother_name))
    by_father = pa.array(rng.random(count) < 0.8)
    goods = np.searchsorted(np.array([0.4, 0.7]), rng.random(count), side="right")
    return {
        "number": pa.array(np.arange(1, count + 1)),
        "name": pa.array(written.name[order], pa.string()),
        "nik": pa.array(written.nik[order], pa.string()),
        "pupil_number": pc.utf8_lpad(pa.array(rng.integers(30_000_000, 199_999_999, count)).cast(pa.string()), 10, "0"),
        "card": pc.binary_join_element_wise("KIP", pa.array(rng.integers(10**9, 10**10, count)).cast(pa.string()), ""),
        "sex": sex_letters(mentions.is_female[order]),
        "birth_place": texts(("Banyuwangi", "Jember", "Situbondo", "Denpasar"), np.searchsorted([0.94, 0.96, 0.98], rng.random(count))),
        "birth_date": _date_cells(written.birth[order]),
        "birth_text": day_month_year(written.birth[order], "/"),
        "birth_words": dates_in_words(written.birth[order]),
        "mother": pa.array(written.mother_name[order], pa.string()),
        "parent": pc.coalesce(pc.if_else(by_father, father, mother), mother),
        "school": school_names(rng, regency, level, house),
        "class": pa.array(class_numbers(age, level)),
        "address": addresses.office_address(rng, house, with_rt=programme != "PIP"),
        "hamlet": addresses.hamlet(house),
        "rt": addresses.rt(house),
        "rw": addresses.rw(house),
        "village": addresses.village(house),
        "kecamatan": addresses.kecamatan(house),
        "status": texts(("PUTUS SEKOLAH - KEMBALI", "RAWAN PUTUS SEKOLAH"), at_school | (person < 0)),
        "goods": texts(("Seragam dan sepatu", "Alat tulis", "Uang saku"), goods),
        "amount": pa.array(_amounts(rng, programme, level)),
    }


def _date_cells(birth: Index) -> pa.Array:
    missing = birth == np.iinfo(np.int64).min
    return pa.array(np.where(missing, 0, birth).astype(np.int32), mask=missing).cast(pa.date32())


def _amounts(rng: np.random.Generator, programme: str, level: Index) -> Index:
    """Rupiah: Garda Ampuh a million a semester, PIP by school, the scholarship about twelve million a year, SAS what was collected."""
    count = len(level)
    if programme == "Garda Ampuh":
        return np.full(count, 1_000_000)
    if programme == "Banyuwangi Cerdas":
        return np.full(count, 12_000_000)
    if programme == "SAS":
        return rng.integers(2, 14, count) * 25_000
    amounts: Index = np.select([level <= 5, level <= 10], [450_000, 750_000], 1_800_000)
    return amounts
