"""The list of PKH recipients: one row per family, on the mother's name, in the old Excel format with at most 65,000 rows to a sheet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.code_lists import code_list
from simulation.addresses import AddressBook
from simulation.damage import MISSING_DATE
from simulation.family_structure import Slot
from simulation.mentions import Mentions, Written
from simulation.office_rows import with_copies
from simulation.office_task import OfficeTask, lost_digit, repeated
from simulation.programmes import COMPONENTS, Programmes
from simulation.residents import ALIVE, Residents
from simulation.sheets import Cell, Sheet
from simulation.truth import WrittenRows

Index = npt.NDArray[np.int64]

ROWS_PER_SHEET = 65_000
AMOUNT_PER_STAGE = np.array([750_000, 750_000, 225_000, 375_000, 500_000, 600_000, 600_000])
"""Rupiah per quarter for each of ``COMPONENTS``: a quarter of 3.0, 3.0, 0.9, 1.5, 2.0, 2.4 and 2.4 million a year."""
MOST_COMPONENTS = 4
MOST_OF_ONE_KIND = 2


def recipients(rng: np.random.Generator, residents: Residents, families: Index) -> Index:
    """The person on whose name each family receives: the mother, else the head, else whoever lives there."""
    start = residents.family_start[families]
    place = np.minimum(start + 1, len(residents) - 1)
    has_wife = (
        (residents.family[place] == families)
        & (residents.slot[place] == Slot.SPOUSE)
        & residents.is_female[place]
        & (residents.status[place] == ALIVE)
    )
    mother = np.where(has_wife & (rng.random(len(families)) < 0.93), place, start)
    # A dead head can't receive: the first living member does.
    living = np.flatnonzero(residents.status == ALIVE)
    first_living = living[np.minimum(np.searchsorted(residents.family[living], families), len(living) - 1)]
    person: Index = np.where(residents.status[mother] == ALIVE, mother, first_living)
    return np.asarray(person[residents.family[person] == families])


def write_pkh(task: OfficeTask) -> list[WrittenRows]:
    """The stage's workbook."""
    regency, stage, year = task.regency, task.quarter, task.delivered.year
    chosen = recipients(task.rng, regency.residents, np.flatnonzero(regency.programmes.receives_pkh))
    mentions = task.mentions(chosen, exact_copies=True)
    written = task.written(mentions)
    sheets = pkh_sheets(task.rng, regency.programmes, regency.addresses, mentions, written, stage, year)
    places = task.writer.write(f"pkh_tahap{stage}_{year}", sheets, old_excel=True)
    parts = np.array_split(np.arange(len(mentions)), np.arange(ROWS_PER_SHEET, len(mentions), ROWS_PER_SHEET))
    return [
        task.placed(mentions, order, file, sheet, first_row + np.arange(len(order)), written.labels)
        for order, (file, sheet, first_row) in zip(parts, places, strict=True)
    ]


def pkh_sheets(
    rng: np.random.Generator,
    programmes: Programmes,
    addresses: AddressBook,
    mentions: Mentions,
    written: Written,
    stage: int,
    year: int,
) -> list[Sheet]:
    """``PKH 1``, ``PKH 2`` …; row ``i`` of the mentions stands in sheet ``i // ROWS_PER_SHEET``."""
    count = len(mentions)
    house = written.house
    components = np.minimum(programmes.components[mentions.family], MOST_OF_ONE_KIND)
    # At most four components are paid, in the order of the list.
    paid = np.minimum(components, np.maximum(MOST_COMPONENTS - (np.cumsum(components, axis=1) - components), 0))
    amount = np.maximum(paid @ AMOUNT_PER_STAGE, 225_000)
    component = np.where(paid.any(axis=1), (paid > 0).argmax(axis=1), 2)
    titles = code_list("pkh_component").codes
    labels = pa.array([titles[name] for name in COMPONENTS])
    card = pa.array(6_013_010_000_000_000 + rng.permutation(count) * 7 + mentions.family % 7).cast(pa.string())
    remark = rng.random(count)
    notes = pa.array([None, "KKS HILANG", "PINDAH ALAMAT", "MENUNGGU BUKU TABUNGAN"]).take(
        pa.array(np.searchsorted(np.array([0.96, 0.975, 0.985]), remark))
    )
    columns = {
        "NAMA_PENERIMA": pa.array(written.name, pa.string()),
        "NOMOR_KARTU": card,
        "NIK_KTP": pa.array(written.nik, pa.string()),
        "NOKK_DTKS": pa.array(written.kk_number, pa.string()),
        "NMPROP": repeated("JAWA TIMUR", count),
        "NMKAB": repeated("BANYUWANGI", count),
        "NMKEC": pc.utf8_upper(addresses.kecamatan(house)),
        "NMKEL": pc.utf8_upper(addresses.village(house)),
        "ALAMAT": addresses.office_address(rng, house, with_rt=True),
        "TGL_LAHIR": day_month_year(written.birth, "/"),
        "NAMA_IBU": pa.array(written.mother_name, pa.string()),
        "KOMPONEN": labels.take(pa.array(component)),
        "TAHAP": pa.array(np.full(count, stage)),
        "TAHUN": pa.array(np.full(count, year)),
        "NOMINAL": pa.array(amount),
        "KET_TAMBAHAN": notes,
    }
    table = with_copies(pa.table(columns), mentions)
    table = table.add_column(0, "NO", pa.array(np.arange(count) % ROWS_PER_SHEET + 1))
    amounts = table.column("NOMINAL").to_numpy()
    zeroed = lost_digit(written)
    title = ("DAFTAR PENERIMA BANTUAN SOSIAL PROGRAM KELUARGA HARAPAN", f"KABUPATEN BANYUWANGI TAHAP {stage} TAHUN {year}")
    sheets = []
    for number, start in enumerate(range(0, max(count, 1), ROWS_PER_SHEET)):
        part = table.slice(start, ROWS_PER_SHEET)
        total: dict[int, Cell] = {1: "JUMLAH", table.column_names.index("NOMINAL"): int(amounts[start : start + ROWS_PER_SHEET].sum())}
        sheets.append(
            Sheet(f"PKH {number + 1}", part, title=title, footer=(total,), numeric={"NIK_KTP": zeroed.slice(start, ROWS_PER_SHEET)})
        )
    return sheets


def day_month_year(birth: Index, separator: str) -> pa.Array:
    """Birth dates as text, day first."""
    missing = birth == MISSING_DATE
    dates = pa.array(np.where(missing, 0, birth).astype(np.int32), mask=missing).cast(pa.date32())
    return pc.strftime(dates.cast(pa.timestamp("s")), f"%d{separator}%m{separator}%Y")
