"""Houses unfit to live in (RTLH), as the public works office lists them for repair: one row per house, saved by LibreOffice."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.code_lists import code_list
from simulation.mentions import Mentions, Written, bit
from simulation.ods_writer import write_ods
from simulation.office_rows import drawn_by_weight
from simulation.office_task import OfficeTask, lost_digit, sex_letters, texts
from simulation.population_register import labels_by_code
from simulation.positions import COLUMN_STYLES, latitude_in_words, longitude_in_words, measured
from simulation.printed_forms import signature
from simulation.regency import Regency
from simulation.residents import ALIVE
from simulation.sheets import Cell, Sheet
from simulation.truth import WrittenRows

Index = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SHEET = "RTLH"
# How much likelier a house is listed, by how many of the six signs of an unfit house it shows: two are the rule.
BY_FAULTS = np.array([0.004, 0.04, 0.7, 1.5, 2.5, 3.0, 3.0])
# … and by the decile that the state gives its family: the rule is decile 4.
BY_DECILE = np.array([0, 1.5, 1.3, 1.1, 0.9, 0.25, 0.12, 0.06, 0.03, 0.02, 0.01])
NOT_OWN = 0.08
CROWDED_M2 = 7.2
POSITION_MISSING = 0.06
POSITION_OF_OFFICE = 0.01


def write_rtlh(task: OfficeTask) -> list[WrittenRows]:
    """The year's list."""
    regency = task.regency
    residents, housing = regency.residents, regency.housing
    living = np.flatnonzero(residents.status == ALIVE)
    # A house belongs to the head of the first of its families, or to whoever lives there.
    first_family_of_house, family = np.unique(residents.family_house[residents.family[living]], return_index=True)
    owner = living[family]
    house = first_family_of_house
    weight = BY_FAULTS[_faults(regency)[house]] * BY_DECILE[regency.welfare.published_decile[residents.family[owner]]]
    weight *= np.where(housing.tenure[house] == 1, 1.0, NOT_OWN)
    chosen = owner[drawn_by_weight(task.rng, weight, task.chosen_count())]
    grown = residents.age > 21
    mentions = task.mentions(chosen, gone_allowed=grown, strangers_allowed=(residents.as_of - regency.strangers.birth) > 21 * 365)
    written = task.written(mentions)
    visited = residents.family_house[mentions.family]
    latitude, longitude, problems = _positions(task, visited)
    table = _table(task, mentions, written, visited, latitude, longitude)
    count = len(mentions)
    area = table.column_names.index("LUAS RUMAH (M2)")
    total: dict[int, Cell] = {1: "JUMLAH", 2: f"{count} unit", area: int(pc.sum(table.column("LUAS RUMAH (M2)")).as_py())}
    sheet = Sheet(
        SHEET,
        table,
        title=("DINAS PEKERJAAN UMUM CIPTA KARYA, PERUMAHAN DAN PERMUKIMAN", f"DATA RUMAH TIDAK LAYAK HUNI TAHUN {task.delivered.year}"),
        footer=(total, *signature(19, task.delivered, "Kepala Dinas PU CKPP")),
        numeric={"NIK": lost_digit(written)},
    )
    file = f"rtlh_{task.delivered.year}.ods"
    task.writer.write_file(file, partial(write_ods, sheet=sheet, created=task.delivered))
    order = np.arange(count)
    return [task.placed(mentions, order, file, SHEET, sheet.record_rows(), written.labels | problems)]


def _faults(regency: Regency) -> Index:
    """How many of the signs of an unfit house each house shows."""
    housing, residents = regency.housing, regency.residents
    people = np.bincount(residents.family_house, weights=residents.family_size, minlength=len(housing.floor))
    signs = (
        housing.floor >= 7,
        np.isin(housing.wall, (4, 5, 6, 7)),
        housing.roof >= 6,
        housing.floor_area / np.maximum(people, 1) < CROWDED_M2,
        housing.latrine != 1,
        np.isin(housing.water, (6, 8, 9, 10)),
    )
    faults: Index = np.stack(signs).sum(axis=0)
    return faults


def _positions(task: OfficeTask, house: Index) -> tuple[pa.Array, pa.Array, Index]:
    """Both columns of positions, and what went wrong with them."""
    rng, places = task.rng, task.regency.places
    latitude, longitude = measured(rng, places.house_latitude[house], places.house_longitude[house])
    draw = rng.random(len(house))
    missing, at_office = draw < POSITION_MISSING, draw >= 1 - POSITION_OF_OFFICE
    village = places.house_village[house]
    latitude = np.where(at_office, places.villages["latitude"].to_numpy()[village], latitude)
    longitude = np.where(at_office, places.villages["longitude"].to_numpy()[village], longitude)
    # Surveyors differ, and each went to a few villages.
    style = rng.choice(COLUMN_STYLES, size=len(places.villages), p=(0.4, 0.2, 0.1, 0.15, 0.15))[village]
    columns = [
        pc.if_else(
            pa.array(missing),
            pa.scalar(None, pa.string()),
            pa.array([write(value, way) for value, way in zip(values.tolist(), style.tolist(), strict=True)], pa.string()),
        )
        for write, values in ((latitude_in_words, latitude), (longitude_in_words, longitude))
    ]
    problems = np.where(missing, bit("position_missing"), np.where(at_office, bit("position_of_office"), 0)).astype(np.int64)
    return columns[0], columns[1], problems


def _table(task: OfficeTask, mentions: Mentions, written: Written, visited: Index, latitude: pa.Array, longitude: pa.Array) -> pa.Table:
    rng, regency, count, house = task.rng, task.regency, len(mentions), written.house
    housing, addresses = regency.housing, regency.addresses

    def answer(question: str, codes: npt.NDArray[np.int8]) -> pa.Array:
        return labels_by_code(f"regsosek_{question}").take(pa.array(codes[visited].astype(np.int64)))

    people = np.bincount(regency.residents.family_house, weights=regency.residents.family_size, minlength=len(housing.floor))
    conditions = tuple(code_list("house_condition").codes.values())
    note = np.searchsorted(np.array([0.86, 0.92, 0.96]), rng.random(count), side="right")
    columns = {
        "NO": pa.array(np.arange(1, count + 1)),
        "NAMA PEMILIK": pa.array(written.name, pa.string()),
        "NIK": pa.array(written.nik, pa.string()),
        "NO KK": pa.array(written.kk_number, pa.string()),
        "L/P": sex_letters(mentions.is_female),
        "ALAMAT": addresses.office_address(rng, house, with_rt=False),
        "DUSUN": addresses.hamlet(house),
        "RT": addresses.rt(house),
        "RW": addresses.rw(house),
        "DESA/KELURAHAN": pc.utf8_upper(addresses.village(house)),
        "KECAMATAN": pc.utf8_upper(addresses.kecamatan(house)),
        "LINTANG": latitude,
        "BUJUR": longitude,
        "STATUS LAHAN": answer("301a", housing.tenure),
        "LUAS RUMAH (M2)": pa.array(housing.floor_area[visited]),
        "JUMLAH PENGHUNI": pa.array(people[visited].astype(np.int64)),
        "LANTAI": answer("303", housing.floor),
        "DINDING": answer("304", housing.wall),
        "ATAP": answer("305", housing.roof),
        "SUMBER AIR": answer("306a", housing.water),
        "JAMBAN": answer("309a", housing.latrine),
        "KONDISI RUMAH": texts(conditions, housing.condition[visited] - 1),
        "PERNAH DAPAT BANTUAN RUMAH": texts(("Tidak", "Ya"), rng.random(count) < 0.07),
        "KETERANGAN": texts((None, "Usulan desa", "Rumah roboh sebagian", "Tanah milik orang tua"), note),
    }
    return pa.table(columns)
