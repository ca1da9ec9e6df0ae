"""Reports to the call centre 112: who called, about whom, from where; exported from the ticket system as comma-separated text."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.mentions import Mentions, Written, bit
from simulation.office_rows import drawn_by_weight
from simulation.office_task import OfficeTask, sex_letters, texts
from simulation.positions import measured
from simulation.residents import ALIVE
from simulation.second_people import Callers, draw_callers
from simulation.telephone_numbers import telephone_numbers
from simulation.text_writers import TextDialect, write_text
from simulation.truth import WrittenRows

Index = npt.NDArray[np.int64]

DIALECT = TextDialect(delimiter=",", encoding="utf-8-sig", quoted=True)
DAYS = 30
POSITION_MISSING = 0.12
POSITION_WITH_COMMA = 0.03
TIES = ("Diri sendiri", "Keluarga", "Tetangga", "Perangkat desa")
KINDS = ("Lansia terlantar", "Warga sakit", "ODGJ", "Anak putus sekolah", "Rumah roboh", "Butuh sembako")
WORDS = (
    "Lansia tinggal sendiri dan tidak ada yang merawat",
    "Warga sakit, mohon bantuan ambulans",
    "Warga dengan gangguan jiwa meresahkan, mohon dijemput",
    "Anak tidak melanjutkan sekolah karena biaya",
    "Rumah rusak berat setelah hujan, perlu bantuan segera",
    "Keluarga kekurangan bahan makanan",
)
OFFICES = ("Dinas Sosial PPKB", "Dinas Kesehatan", "Dinas Kesehatan", "Dinas Pendidikan", "Dinas PU CKPP", "Dinas Sosial PPKB")


def write_call_112(task: OfficeTask) -> list[WrittenRows]:
    """The month's export: two mentions a row."""
    chosen = drawn_by_weight(task.rng, _need(task), task.chosen_count())
    reported = task.mentions(chosen)
    # Reports come in as they come, not by village.
    order: Index = task.rng.permutation(len(reported))
    written = task.written(reported)
    callers = draw_callers(task.rng, task.regency, reported, task.profile("caller").unregistered)
    callers_written = task.written(callers.mentions, "caller")
    table, problems = _table(task, reported, written, callers, callers_written, order)
    file = f"laporan_112_{task.delivered:%Y_%m}.csv"
    task.writer.write_file(file, partial(write_text, table=table, dialect=DIALECT))
    row = np.arange(len(order)) + 2
    return [
        task.placed(reported, order, file, "", row, written.labels | problems, "reported"),
        task.placed(callers.mentions, order, file, "", row, callers_written.labels, "caller"),
    ]


def _need(task: OfficeTask) -> npt.NDArray[np.float64]:
    """How likely somebody is to be reported: the old and lonely, the ill and disabled, the poor."""
    residents, livelihoods = task.regency.residents, task.regency.livelihoods
    need: npt.NDArray[np.float64] = np.full(len(residents), 0.05)
    need += 2.0 * ((residents.age >= 60) & (residents.family_size[residents.family] == 1))
    need += 0.8 * (livelihoods.illness > 1) + 1.5 * (livelihoods.difficulty == 1).any(axis=1)
    need += 0.4 * (task.regency.welfare.decile[residents.family] <= 2)
    return np.where(residents.status == ALIVE, need, 0.0)


def _table(
    task: OfficeTask, reported: Mentions, written: Written, callers: Callers, callers_written: Written, order: Index
) -> tuple[pa.Table, Index]:
    rng, regency, count = task.rng, task.regency, len(order)
    addresses, known, person = regency.addresses, (reported.person >= 0)[order], np.maximum(reported.person, 0)[order]
    age = np.floor((regency.residents.as_of - reported.birth[order]) / 365.25).astype(np.int64)
    kind = _kinds(task, known, person, age)
    ticket = pa.array([f"112-{task.delivered:%y%m}-{number:05d}" for number in range(1, count + 1)], pa.string())
    status = np.searchsorted(np.array([0.7, 0.9]), rng.random(count), side="right")
    channel = np.searchsorted(np.array([0.6, 0.85]), rng.random(count), side="right")
    latitude, longitude, problems = _positions(task, regency.residents.family_house[reported.family], order)
    no_address, no_age = pa.array(rng.random(count) < 0.3), rng.random(count) < 0.2
    nothing = pa.scalar(None, pa.string())
    columns = {
        "No Tiket": ticket,
        "Waktu Lapor": _times(task, count),
        "Kanal": texts(("112", "Smart Kampung", "WhatsApp"), channel),
        "Nama Pelapor": pa.array(callers_written.name[order], pa.string()),
        "NIK Pelapor": pa.array(callers_written.nik[order], pa.string()),
        "No HP Pelapor": telephone_numbers(rng, count, missing=0.04),
        "Alamat Pelapor": pc.if_else(no_address, nothing, addresses.whole_address(rng, callers_written.house[order])),
        "Hubungan dengan Terlapor": texts(TIES, callers.tie[order]),
        "Jenis Laporan": texts(KINDS, kind),
        "Uraian": texts(WORDS, kind),
        "Nama Terlapor": pa.array(written.name[order], pa.string()),
        "NIK Terlapor": pa.array(written.nik[order], pa.string()),
        "Usia Terlapor": pa.array(age, mask=no_age).cast(pa.string()),
        "JK Terlapor": sex_letters(reported.is_female[order]),
        "Alamat Kejadian": addresses.whole_address(rng, written.house[order]),
        "Latitude": latitude,
        "Longitude": longitude,
        "Status": texts(("Selesai", "Diproses", "Baru"), status),
        "OPD Tindak Lanjut": texts(OFFICES, kind),
    }
    return pa.table(columns), problems


def _kinds(task: OfficeTask, known: npt.NDArray[np.bool_], person: Index, age: Index) -> Index:
    """What each report is about: numbers into ``KINDS``."""
    livelihoods = task.regency.livelihoods
    draw = task.rng.random(len(person))
    old = age >= 60
    ill = known & (livelihoods.illness[person] > 1)
    child = (age >= 7) & (age < 19)
    other = np.where(draw < 0.5, 5, np.where(draw < 0.75, 4, 1))
    kinds: Index = np.select([old & (draw < 0.6), ill & (draw < 0.9), child, (age >= 19) & (draw < 0.12)], [0, 1, 3, 2], other)
    return kinds


def _times(task: OfficeTask, count: int) -> pa.Array:
    """Times of the last ``DAYS`` days before the delivery, in order, to the second."""
    seconds = np.sort(task.rng.integers(0, DAYS * 86_400, count)) - DAYS * 86_400
    times = np.datetime64(task.delivered, "s") + seconds
    return pc.strftime(pa.array(times), "%Y-%m-%d %H:%M:%S")


def _positions(task: OfficeTask, house: Index, order: Index) -> tuple[pa.Array, pa.Array, Index]:
    """Both columns in the order of the rows, and what is missing in the order of the mentions."""
    rng, places = task.rng, task.regency.places
    latitude, longitude = measured(rng, places.house_latitude[house], places.house_longitude[house])
    missing, with_comma = rng.random(len(house)) < POSITION_MISSING, pa.array(rng.random(len(house)) < POSITION_WITH_COMMA)
    columns = []
    for values in (latitude, longitude):
        text = pa.array([f"{value:.6f}" for value in values.tolist()], pa.string())
        text = pc.if_else(with_comma, pc.replace_substring(text, ".", ","), text)
        columns.append(pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), text).take(pa.array(order)))
    return columns[0], columns[1], np.where(missing, bit("position_missing"), np.int64(0))
