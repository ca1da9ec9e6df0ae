"""DTSEN, the state's social and economic data: whole families, poor ones first, every member with the answers of person and house.

The file has the column names of the DTSEN 2026 import table. Household answers are repeated on each member; numbers that lost their 16th
digit are number cells.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulation.grading import NO_ANSWER
from simulation.household_changes import Interviewed, interviewed, with_new_members
from simulation.mentions import Written
from simulation.office_rows import whole_families, with_copies
from simulation.office_task import OfficeTask, lost_digit
from simulation.regency import Regency
from simulation.residents import Residents
from simulation.sheets import Sheet
from simulation.truth import WrittenRows
from simulation.welfare import Welfare

Index = npt.NDArray[np.int64]

SHEET = "DTSEN"
# How much likelier a family is to stand in the file, by the decile that the state gives it.
PREFERENCE = np.array([0, 14.0, 12.0, 9.0, 7.0, 4.0, 1.6, 0.8, 0.45, 0.25, 0.15])
DIFFICULTIES = (
    "penglihatan",
    "pendengaran",
    "berjalan_atau_naik_tangga",
    "menggerakkan_tangan_jari",
    "belajar_intelektual",
    "pengendalian_perilaku",
    "berbicara_komunikasi",
    "mengurus_diri",
    "mengingat_konsentrasi",
)
ASSET_COLUMNS = (
    "aset_bergerak_tabung_gas",
    "aset_bergerak_kulkas",
    "aset_bergerak_ac",
    "aset_bergerak_tv_datar",
    "aset_bergerak_komputer",
    "aset_bergerak_emas",
    "aset_bergerak_sepeda_motor",
    "aset_bergerak_mobil",
    "aset_bergerak_perahu",
    "aset_tidak_bergerak_lahan",
    "aset_tidak_bergerak_rumah_lain",
)


def listed_people(rng: np.random.Generator, residents: Residents, welfare: Welfare, people: int) -> Index:
    """Whole families with a preference for low deciles, ``people`` persons or a few less."""
    return whole_families(rng, residents, PREFERENCE[welfare.published_decile], people)


def write_dtsen(task: OfficeTask) -> list[WrittenRows]:
    """The quarter's file."""
    regency = task.regency
    chosen = listed_people(task.rng, regency.residents, regency.welfare, task.chosen_count())
    chosen = with_new_members(regency.residents, regency.changes, chosen)
    met = interviewed(regency.residents, regency.changes, task.mentions(chosen, exact_copies=True))
    mentions, written = met.mentions, task.written(met.mentions)
    sheet = welfare_sheet(task.rng, regency, met, written)
    [(file, sheet_name, first_row)] = task.writer.write(f"dtsen_{task.delivered.year}_q{task.quarter}", [sheet])
    order = np.arange(len(mentions))
    return [task.placed(mentions, order, file, sheet_name, first_row + order, written.labels)]


def welfare_sheet(rng: np.random.Generator, regency: Regency, met: Interviewed, written: Written) -> Sheet:
    """The one sheet of the file; its rows are the mentions in order. Where nobody lives elsewhere, nobody is asked who is there."""
    mentions = met.mentions
    residents, livelihoods, welfare = regency.residents, regency.livelihoods, regency.welfare
    housing, programmes, addresses = regency.housing, regency.programmes, regency.addresses
    known = mentions.person >= 0
    person = np.maximum(mentions.person, 0)
    house, home = written.house, residents.family_house[mentions.family]
    female = mentions.is_female
    children = (residents.as_of - mentions.birth) < 5 * 365

    def code(values: npt.NDArray[np.generic], asked: npt.NDArray[np.bool_] | None = None) -> pa.Array:
        """Answers as numbers, empty where the question does not apply or the person is a stranger to us."""
        answers = values.astype(np.int64)
        blank = (answers == NO_ANSWER) if asked is None else (answers == NO_ANSWER) | ~asked
        return pa.array(answers, mask=blank)

    def yes_no(values: npt.NDArray[np.bool_]) -> pa.Array:
        return pa.array(["tidak", "ya"]).take(pa.array(values.astype(np.int8)))

    columns: dict[str, pa.Array] = {
        "nomor_induk_kependudukan": pa.array(written.nik, pa.string()),
        "nomor_kartu_keluarga": pa.array(written.kk_number, pa.string()),
        "nama": pa.array(written.name, pa.string()),
        "tanggal_lahir": iso_dates(written.birth),
        "jenis_kelamin": pa.array(np.where(female, 2, 1)),
        "status_hubungan_keluarga": pa.array(met.relation),
        "status_kawin": pa.array(np.where(known, residents.marital[person], np.where(children, 1, 2)).astype(np.int64)),
        "nama_kecamatan": addresses.kecamatan(house),
        "nama_desa_kelurahan": addresses.village(house),
        "alamat_ktp": addresses.office_address(rng, house, with_rt=False),
        "rt_ktp": addresses.rt(house),
        "rw_ktp": addresses.rw(house),
        "nama_ibu_kandung": pa.array(written.mother_name, pa.string()),
        "pbi_nas": yes_no(known & programmes.person_pbi_national[person]),
        "pbi_pemda": yes_no(known & programmes.person_pbi_local[person]),
        "partisipasi_sekolah": code(livelihoods.schooling[person], known),
        "jenjang_tertinggi_yang_diduduki": code(livelihoods.school_level[person], known),
        "ijazah_tertinggi_yang_dimiliki": code(livelihoods.certificate[person], known),
        "status_bekerja": code(np.where(livelihoods.works[person], 1, 2), known & ~children),
        "lapangan_usaha_dari_pekerjaan_utama": code(livelihoods.sector[person], known),
        "omzet_usaha_utama": code(livelihoods.turnover[person], known),
    }
    for number, name in enumerate(DIFFICULTIES):
        columns[name] = code(livelihoods.difficulty[person, number], known)
    columns |= {
        "kesedihan_depresi": code(livelihoods.sadness[person], known),
        "penyakit_kronis": code(livelihoods.illness[person], known),
        "hamil": pa.array(["tidak", "ya"]).take(pa.array(livelihoods.pregnant[person].astype(np.int8), mask=~(known & female))),
        "desil_nasional": pa.array(welfare.published_decile[mentions.family].astype(np.int64)),
        "status_kepemilikan_rumah": code(housing.tenure[home]),
        "luas_lantai": pa.array(housing.floor_area[home]),
        "jenis_lantai_terluas": code(housing.floor[home]),
        "jenis_dinding_terluas": code(housing.wall[home]),
        "jenis_atap_terluas": code(housing.roof[home]),
        "sumber_air_minum_utama": code(housing.water[home]),
        "sumber_penerangan_utama": code(housing.lighting[home]),
        "daya_terpasang": code(housing.power[home]),
        "bahan_bakar_utama_memasak": code(housing.fuel[home]),
        "fasilitas_bab": code(housing.latrine[home]),
        "jenis_kloset": code(housing.closet[home]),
        "pembuangan_akhir_tinja": code(housing.disposal[home]),
    }
    for number, name in enumerate(ASSET_COLUMNS):
        columns[name] = yes_no(housing.assets[home, number])
    columns |= {"jumlah_ternak_sapi": pa.array(housing.cattle[home]), "jumlah_ternak_kambing_domba": pa.array(housing.goats[home])}
    if len(regency.changes):
        columns["keberadaan_anggota_keluarga"] = pa.array(met.presence)
    return Sheet(SHEET, with_copies(pa.table(columns), mentions), numeric={"nomor_induk_kependudukan": lost_digit(written)})


def iso_dates(birth: Index) -> pa.Array:
    """Birth dates as text, YYYY-MM-DD."""
    missing = birth == np.iinfo(np.int64).min
    return pa.array(np.where(missing, 0, birth).astype(np.int32), mask=missing).cast(pa.date32()).cast(pa.string())
