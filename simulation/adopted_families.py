"""ASN Berbagi: civil servants, and the poorest families whom each of them looks after."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.mentions import Mentions, Written
from simulation.office_rows import drawn_by_weight
from simulation.office_task import OfficeTask, lost_digit, sex_letters, texts
from simulation.printed_forms import signature
from simulation.residents import ALIVE, birth_years
from simulation.second_people import draw_civil_servants
from simulation.sheets import Sheet
from simulation.truth import WrittenRows
from simulation.xlsx_writer import write_xlsx

Index = npt.NDArray[np.int64]

SHEET = "ASN BERBAGI"
# The rule is decile 1 as the state publishes it.
PREFERENCE = np.array([0, 10.0, 1.5, 0.3, 0.1, 0.03, 0.01, 0.005, 0.002, 0.001, 0.001])
OFFICES = (
    "DINAS PENDIDIKAN",
    "DINAS KESEHATAN",
    "DINAS SOSIAL PPKB",
    "BADAN PENDAPATAN DAERAH",
    "DINAS PU CKPP",
    "DINAS PERTANIAN DAN PANGAN",
    "SATUAN POLISI PAMONG PRAJA",
    "RSUD BLAMBANGAN",
    "DINAS PERHUBUNGAN",
    "SEKRETARIAT DAERAH",
)
GROUPS = ((1, 4, "DATA ASN"), (5, 11, "KELUARGA ASUH"))


def write_asn_berbagi(task: OfficeTask) -> list[WrittenRows]:
    """The year's list: two mentions a row, by office of the civil servant."""
    regency = task.regency
    residents = regency.residents
    weight = PREFERENCE[regency.welfare.published_decile]
    living = np.flatnonzero(residents.status == ALIVE)
    inhabited, first = np.unique(residents.family[living], return_index=True)
    chosen = living[first][drawn_by_weight(task.rng, weight[inhabited], task.chosen_count())]
    adopted = task.mentions(
        chosen, gone_allowed=residents.age >= 20, strangers_allowed=(residents.as_of - regency.strangers.birth) > 20 * 365
    )
    written = task.written(adopted)
    staff = draw_civil_servants(task.rng, regency, len(adopted), task.profile("civil_servant").unregistered)
    staff_written = task.written(staff, "civil_servant")
    # Somebody's office stays the same in all of their rows.
    office = (staff.nik + np.maximum(staff.stranger, 0)) // 10 % len(OFFICES)
    order: Index = np.lexsort((staff.birth, office))
    sheet = Sheet(
        SHEET,
        _table(task, adopted, written, staff, staff_written, office, order),
        title=("PEMERINTAH KABUPATEN BANYUWANGI", f"DAFTAR KELUARGA ASUH PROGRAM ASN BERBAGI TAHUN {task.delivered.year}"),
        header_groups=GROUPS,
        footer=({5: "JUMLAH", 6: f"{len(order)} keluarga"}, *signature(12, task.delivered, "Sekretaris Daerah")),
        numeric={"NIK": lost_digit(written).take(pa.array(order)), "NIK ASN": lost_digit(staff_written).take(pa.array(order))},
    )
    file = f"asn_berbagi_{task.delivered.year}.xlsx"
    task.writer.write_file(file, partial(write_xlsx, sheets=[sheet], created=task.delivered))
    row = sheet.record_rows()
    return [
        task.placed(adopted, order, file, SHEET, row, written.labels, "adopted"),
        task.placed(staff, order, file, SHEET, row, staff_written.labels, "civil_servant"),
    ]


def _table(
    task: OfficeTask, adopted: Mentions, written: Written, staff: Mentions, staff_written: Written, office: Index, order: Index
) -> pa.Table:
    rng, addresses, count, house = task.rng, task.regency.addresses, len(order), written.house[order]
    visited = task.regency.residents.as_of - rng.integers(30, 200, count)
    goods = np.searchsorted(np.array([0.7, 0.9]), rng.random(count), side="right")
    columns = {
        "NO": pa.array(np.arange(1, count + 1)),
        "NIP": _staff_numbers(staff)[order],
        "NAMA ASN": pa.array(staff_written.name[order], pa.string()),
        "NIK ASN": pa.array(staff_written.nik[order], pa.string()),
        "OPD": texts(OFFICES, office[order]),
        "NAMA KEPALA KELUARGA": pa.array(written.name[order], pa.string()),
        "NIK": pa.array(written.nik[order], pa.string()),
        "NO KK": pa.array(written.kk_number[order], pa.string()),
        "L/P": sex_letters(adopted.is_female[order]),
        "ALAMAT": addresses.office_address(rng, house, with_rt=True),
        "DESA/KELURAHAN": pc.utf8_upper(addresses.village(house)),
        "KECAMATAN": pc.utf8_upper(addresses.kecamatan(house)),
        "DESIL": pa.array(task.regency.welfare.published_decile[adopted.family[order]].astype(np.int64)),
        "BENTUK BANTUAN": texts(("Paket sembako", "Beras 5 kg", "Uang tunai"), goods),
        "TGL PENYERAHAN": pa.array(visited.astype(np.int32)).cast(pa.date32()),
        "KETERANGAN": texts((None, "Sudah dikunjungi", "Sakit"), np.searchsorted([0.85, 0.97], rng.random(count))),
    }
    return pa.table(columns)


def _staff_numbers(staff: Mentions) -> npt.NDArray[np.object_]:
    """NIP: birth date, year and month of appointment at 22 to 31, sex, serial; the same in all rows of a person."""
    key = np.abs(staff.nik)
    dates = staff.birth.astype("datetime64[D]").astype(str)
    appointed = birth_years(staff.birth) + 22 + key % 10
    month, sex, serial = 1 + key // 10 % 12, np.where(staff.is_female, 2, 1), 1 + key // 100 % 30
    numbers = [
        f"{day.replace('-', '')}{year}{of_year:02d}{letter}{number:03d}"
        for day, year, of_year, letter, number in zip(
            dates.tolist(), appointed.tolist(), month.tolist(), sex.tolist(), serial.tolist(), strict=True
        )
    ]
    return np.array(numbers, dtype=object)
