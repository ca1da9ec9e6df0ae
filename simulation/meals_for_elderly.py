"""Rantang Kasih: meals for poor old people who live alone, as the village's cook knows them: by their nicknames."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa

from simulation.mentions import Mentions, Written
from simulation.office_rows import drawn_by_weight
from simulation.office_task import OfficeTask, lost_digit, sex_letters, texts
from simulation.pkh_list import day_month_year
from simulation.printed_forms import group_starts, only_first, signature
from simulation.residents import ALIVE
from simulation.sheets import Sheet
from simulation.truth import WrittenRows
from simulation.xlsx_writer import write_xlsx

SHEET = "Rantang Kasih"
OLD = 60
CHILD = 18


def write_rantang_kasih(task: OfficeTask) -> list[WrittenRows]:
    """The year's list."""
    regency = task.regency
    residents, decile = regency.residents, regency.welfare.decile[regency.residents.family]
    living, age = residents.status == ALIVE, residents.age
    able = np.bincount(residents.family, weights=living & (age >= CHILD) & (age < OLD), minlength=residents.families)[residents.family]
    neglected = (able == 0) & ~regency.livelihoods.works
    # The rule: old, without anybody of working age, poor. The rest are errors of inclusion.
    weight = np.where(neglected, np.array([0, 1.0, 0.8, 0.35, 0.2, 0.05, 0.02, 0.01, 0.005, 0.003, 0.002])[decile], 0.004)
    chosen = drawn_by_weight(task.rng, weight * (living & (age >= OLD)), task.chosen_count())
    mentions = task.mentions(chosen, gone_allowed=age >= OLD, strangers_allowed=(residents.as_of - regency.strangers.birth) > OLD * 365.25)
    written = task.written(mentions)
    village = regency.places.house_village[written.house]
    order = np.argsort(village, kind="stable")
    starts = group_starts(village[order])
    sheet = Sheet(
        SHEET,
        _table(task, mentions, written, order).set_column(
            1, "Desa/Kelurahan", only_first(regency.addresses.village(written.house[order]), starts)
        ),
        title=(
            "DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN DAN KELUARGA BERENCANA",
            "DAFTAR PENERIMA RANTANG KASIH",
            f"TAHUN {task.delivered.year}",
        ),
        footer=({1: "JUMLAH", 2: f"{len(order)} orang"}, *signature(8, task.delivered, "Kepala Dinas Sosial PPKB")),
        numeric={"NIK": lost_digit(written).take(pa.array(order))},
        groups={"Desa/Kelurahan": starts},
    )
    file = f"rantang_kasih_{task.delivered.year}.xlsx"
    task.writer.write_file(file, partial(write_xlsx, sheets=[sheet], created=task.delivered))
    return [task.placed(mentions, order, file, SHEET, sheet.record_rows(), written.labels)]


def _table(task: OfficeTask, mentions: Mentions, written: Written, order: np.ndarray) -> pa.Table:
    rng, residents, count = task.rng, task.regency.residents, len(order)
    house, person = written.house[order], mentions.person[order]
    age = np.floor((residents.as_of - mentions.birth[order]) / 365.25).astype(np.int64)
    # Villagers guess the age of the old in fives.
    guessed = np.where(rng.random(count) < 0.3, age // 5 * 5, age)
    alone = (person < 0) | (residents.family_size[mentions.family[order]] == 1)
    payer = np.searchsorted(np.array([0.35, 0.6]), rng.random(count), side="right")
    note = np.searchsorted(np.array([0.8, 0.87, 0.94]), rng.random(count), side="right")
    columns = {
        "No": pa.array(np.arange(1, count + 1)),
        "Desa/Kelurahan": pa.nulls(count, pa.string()),
        "Nama Lansia": pa.array(written.name[order], pa.string()),
        "Umur": pa.array(guessed),
        "L/P": sex_letters(mentions.is_female[order]),
        "NIK": pa.array(written.nik[order], pa.string()),
        "Tgl Lahir": day_month_year(written.birth[order], "-"),
        "Alamat Lengkap": task.regency.addresses.whole_address(rng, house),
        "Tinggal Sendiri": texts(("Tidak", "Ya"), alone),
        "Sumber Dana": texts(("APBD", "BAZNAS", "ADD"), payer),
        "Keterangan": texts((None, "Sakit", "Tinggal dengan cucu", "Tidak bisa jalan"), note),
    }
    return pa.table(columns)
