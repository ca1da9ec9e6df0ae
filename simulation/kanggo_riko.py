"""Kanggo Riko: goods for small businesses of poor households, women first, paid by each desa."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.mentions import Mentions, Written
from simulation.office_rows import drawn_by_weight
from simulation.office_task import OfficeTask, lost_digit, sex_letters, texts
from simulation.printed_forms import group_starts, only_first, signature
from simulation.residents import ALIVE
from simulation.sheets import Cell, Sheet
from simulation.telephone_numbers import telephone_numbers
from simulation.truth import WrittenRows
from simulation.xlsx_writer import write_xlsx

Index = npt.NDArray[np.int64]

SHEET = "KANGGO RIKO"
AMOUNT = 2_500_000
YOUNGEST, OLDEST = 18, 60
WITH_OTHER_AID = 0.12
"""How much likelier a family with PKH is listed: the village meeting's rule says never."""
BUSINESSES = ("Warung kopi", "Jualan gorengan", "Toko kelontong", "Penjahit", "Jualan sayur", "Kue basah", "Ternak ayam", "Jamu gendong")


def write_kanggo_riko(task: OfficeTask) -> list[WrittenRows]:
    """The year's list."""
    regency = task.regency
    residents, age = regency.residents, regency.residents.age
    desa = (regency.places.villages["kind"] == "desa").to_numpy()
    in_desa = desa[regency.places.house_village[residents.family_house]]
    allowed = in_desa[residents.family] & (age >= YOUNGEST)
    decile = regency.welfare.published_decile[residents.family]
    weight = np.array([0, 1.0, 1.0, 0.9, 0.8, 0.12, 0.06, 0.03, 0.01, 0.005, 0.003])[decile]
    weight *= np.where(regency.livelihoods.has_business, 1.0, 0.06) * np.where(age < OLDEST, 1.0, 0.1)
    head = np.arange(len(residents)) == residents.family_start[residents.family]
    weight *= np.where(residents.is_female, np.where(head, 6.0, 2.5), 1.0)
    weight *= np.where(regency.programmes.receives_pkh, WITH_OTHER_AID, 1.0)[residents.family]
    candidates = drawn_by_weight(task.rng, weight * (allowed & (residents.status == ALIVE)), 2 * task.chosen_count())
    # One of a family.
    _, first = np.unique(residents.family[candidates], return_index=True)
    chosen = np.sort(task.rng.permutation(candidates[first])[: task.chosen_count()])
    strangers = regency.strangers
    mentions = task.mentions(
        chosen, gone_allowed=allowed, strangers_allowed=in_desa[strangers.family] & (residents.as_of - strangers.birth > 20 * 365)
    )
    written = task.written(mentions)
    village = regency.places.house_village[written.house]
    order = np.argsort(village, kind="stable")
    kecamatan = regency.places.villages["kecamatan_code"].factorize()[0].astype(np.int64)[village[order]]
    villages, kecamatans = group_starts(village[order]), group_starts(kecamatan)
    table = _table(task, mentions, written, order)
    table = table.set_column(1, "KECAMATAN", only_first(table.column("KECAMATAN").combine_chunks(), kecamatans))
    table = table.set_column(2, "DESA", only_first(table.column("DESA").combine_chunks(), villages))
    total: dict[int, Cell] = {1: "TOTAL", 3: f"{len(order)} KK", table.column_names.index("NILAI BANTUAN (RP)"): AMOUNT * len(order)}
    sheet = Sheet(
        SHEET,
        table,
        title=("DINAS PEMBERDAYAAN MASYARAKAT DAN DESA", f"PENERIMA PROGRAM KANGGO RIKO TAHUN {task.delivered.year}"),
        footer=(total, *signature(9, task.delivered, "Kepala DPMD")),
        numeric={"NIK": lost_digit(written).take(pa.array(order))},
        groups={"KECAMATAN": kecamatans, "DESA": villages},
    )
    file = f"kanggo_riko_{task.delivered.year}.xlsx"
    task.writer.write_file(file, partial(write_xlsx, sheets=[sheet], created=task.delivered))
    return [task.placed(mentions, order, file, SHEET, sheet.record_rows(), written.labels)]


def _table(task: OfficeTask, mentions: Mentions, written: Written, order: Index) -> pa.Table:
    rng, addresses, count, house = task.rng, task.regency.addresses, len(order), written.house[order]
    note = np.searchsorted(np.array([0.9, 0.95]), rng.random(count), side="right")
    columns = {
        "NO": pa.array(np.arange(1, count + 1)),
        "KECAMATAN": pc.utf8_upper(addresses.kecamatan(house)),
        "DESA": pc.utf8_upper(addresses.village(house)),
        "NAMA PENERIMA": pa.array(written.name[order], pa.string()),
        "NIK": pa.array(written.nik[order], pa.string()),
        "NO KK": pa.array(written.kk_number[order], pa.string()),
        "L/P": sex_letters(mentions.is_female[order]),
        "ALAMAT": addresses.whole_address(rng, house),
        "JENIS USAHA": texts(BUSINESSES, rng.integers(0, len(BUSINESSES), count)),
        "NO HP": telephone_numbers(rng, count, missing=0.25),
        "NILAI BANTUAN (RP)": pa.array(np.full(count, AMOUNT)),
        "KET": texts((None, "KK perempuan", "Usulan musdes"), note),
    }
    return pa.table(columns)
