"""The civil register's export: one workbook per kecamatan with the 37 columns of the SIAK form, undamaged."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.code_lists import code_list
from simulation.addresses import AddressBook
from simulation.livelihoods import Livelihoods
from simulation.names import Culture, NameMaker, join_parts
from simulation.residents import Residents
from simulation.sheets import Sheet

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SHEET = "Data Penduduk"
HEADERS = (
    "Nomor KK",
    "NIK",
    "Nama Penduduk",
    "Status",
    "Tempat Lahir",
    "Tanggal Lahir",
    "Kelamin",
    "NIK Ayah",
    "Ayah",
    "NIK Ibu",
    "Ibu",
    "Status Kawin",
    "SHDK",
    "Agama",
    "Kecamatan",
    "Desa/Kel",
    "Alamat",
    "RW",
    "RT",
    "Pendidikan",
    "Pekerjaan",
    "Deskripsi Pekerjaan",
    "Gol. Darah",
    "Cacat",
    "Cetak KTP",
    "Ganti KTP",
    "KTP Berakhir",
    "Nomor Paspor",
    "Nomor Akta Lahir",
    "Nomor Akta Kawin",
    "Tanggal Kwn",
    "Nomor Akta Cerai",
    "Tgl Cerai",
    "Petugas Registrasi",
    "Tgl Ubah",
    "Petugas Entri",
    "Tgl Entri",
)
OTHER_BIRTH_PLACES = (
    "JEMBER",
    "BONDOWOSO",
    "SITUBONDO",
    "LUMAJANG",
    "JEMBRANA",
    "DENPASAR",
    "SURABAYA",
    "MALANG",
    "SUMENEP",
    "PAMEKASAN",
    "KEDIRI",
    "BLITAR",
)


def labels_by_code(list_id: str) -> pa.Array:
    """The labels of an official list as an array that codes can be taken from (place 0 is empty)."""
    codes = code_list(list_id).codes
    size = max(int(code) for code in codes) + 1
    return pa.array([codes.get(str(number)) for number in range(size)], pa.string())


def religions(rng: np.random.Generator, residents: Residents) -> Index:
    """Codes of religion, one per family.

    Balinese families are Hindu, families with Christian names Protestant or Catholic, nearly all others Muslim.
    """
    head = residents.culture[residents.family_start]
    draw = rng.random(residents.families)
    code = np.where(
        head == Culture.BALINESE, 4, np.where(head == Culture.CHRISTIAN, np.where(draw < 0.7, 2, 3), np.where(draw < 0.004, 5, 1))
    )
    by_person: Index = code[residents.family]
    return by_person


@dataclass(frozen=True)
class RegisterAnswers:
    """What only the register knows, one entry per person."""

    religion: Index
    born_elsewhere: Flags
    other_place: Index
    """Number into ``OTHER_BIRTH_PLACES``."""
    has_deed: Flags

    @staticmethod
    def draw(rng: np.random.Generator, residents: Residents) -> RegisterAnswers:
        """Answers of all people."""
        return RegisterAnswers(
            religion=religions(rng, residents),
            born_elsewhere=residents.registered_elsewhere & (rng.random(len(residents)) < 0.8),
            other_place=rng.integers(0, len(OTHER_BIRTH_PLACES), len(residents)),
            has_deed=(residents.age < 28) & (rng.random(len(residents)) < 0.85),
        )


def register_sheets(
    answers: RegisterAnswers,
    maker: NameMaker,
    residents: Residents,
    livelihoods: Livelihoods,
    addresses: AddressBook,
    population_book: Collection[str] = (),
) -> Iterator[tuple[str, Sheet]]:
    """File name (without extension) and sheet for each kecamatan, one at a time: a whole regency of text would fill the memory.

    People of the villages in ``population_book`` are left out; a kecamatan without any others has no workbook.
    """
    villages = addresses.places.villages
    house = residents.family_house[residents.family]
    kecamatan_of_village = villages["kecamatan_code"].to_numpy(dtype=object)
    village_of_person = addresses.places.house_village[house]
    kecamatan_of_person = kecamatan_of_village[village_of_person]
    listed = ~villages["area_code"].isin(list(population_book)).to_numpy()[village_of_person]
    parts = pa.array(maker.lexicon.parts)
    # Families stand in village order, so each kecamatan is one slice of the register.
    starts = np.flatnonzero(np.concatenate([[True], kecamatan_of_person[1:] != kecamatan_of_person[:-1]]))
    for start, end in zip(starts, np.append(starts[1:], len(residents)), strict=True):
        rows = start + np.flatnonzero(listed[start:end])
        if not len(rows):
            continue
        table = register_table(answers, residents, livelihoods, addresses, parts, rows)
        kecamatan = str(villages.loc[villages["kecamatan_code"] == kecamatan_of_person[start], "kecamatan"].iloc[0])
        yield f"penduduk_{file_name_part(kecamatan)}", Sheet(SHEET, table)


def file_name_part(name: str) -> str:
    """A place name as it stands in file names: lower case, words joined by underscores."""
    return "_".join(name.lower().split())


def register_table(
    answers: RegisterAnswers, residents: Residents, livelihoods: Livelihoods, addresses: AddressBook, parts: pa.Array, rows: Index
) -> pa.Table:
    """These people of the register with the columns of ``HEADERS``; ``parts`` are those of the lexicon."""
    house = residents.family_house[residents.family[rows]]

    def coded(list_id: str, codes: npt.NDArray[np.generic]) -> pa.Array:
        return labels_by_code(list_id).take(pa.array(codes.astype(np.int64)))

    def parent_nik(parent: Index) -> pa.Array:
        return pa.array(residents.nik[np.maximum(parent, 0)], mask=parent < 0).cast(pa.string())

    count = len(rows)
    nik = residents.nik[rows]
    severe = livelihoods.difficulty[rows].min(axis=1) <= 2
    domain = livelihoods.difficulty[rows].argmin(axis=1)
    disability = np.array([2, 3, 1, 1, 4, 4, 3, 1, 4])[domain]
    deed_number = pc.binary_join_element_wise(
        "3510-LT-", pa.array(nik % 900_000 + 100_000, mask=~answers.has_deed[rows]).cast(pa.string()), ""
    )
    filled: dict[str, pa.Array] = {
        "Nomor KK": pa.array(residents.kk_number[residents.family[rows]]).cast(pa.string()),
        "NIK": pa.array(nik).cast(pa.string()),
        "Nama Penduduk": join_parts(parts, residents.name[rows]),
        "Status": pa.array([None, "HIDUP", "MATI", "PINDAH"]).take(pa.array(residents.status[rows])),
        "Tempat Lahir": pa.array(["BANYUWANGI", *OTHER_BIRTH_PLACES]).take(
            pa.array(np.where(answers.born_elsewhere[rows], 1 + answers.other_place[rows], 0))
        ),
        "Tanggal Lahir": pa.array(residents.birth[rows].astype(np.int32)).cast(pa.date32()),
        "Kelamin": pa.array(["Laki-laki", "Perempuan"]).take(pa.array(residents.is_female[rows].astype(np.int8))),
        "NIK Ayah": parent_nik(residents.father[rows]),
        "Ayah": join_parts(parts, residents.father_name[rows]),
        "NIK Ibu": parent_nik(residents.mother[rows]),
        "Ibu": join_parts(parts, residents.mother_name[rows]),
        "Status Kawin": coded("marital_status", residents.marital[rows]),
        "SHDK": coded("relation", residents.relation[rows]),
        "Agama": coded("religion", answers.religion[rows]),
        "Kecamatan": addresses.kecamatan(house),
        "Desa/Kel": addresses.village(house),
        "Alamat": addresses.register_address(house),
        "RW": addresses.rw(house),
        "RT": addresses.rt(house),
        "Pendidikan": coded("education", livelihoods.education[rows]),
        "Pekerjaan": coded("occupation", livelihoods.occupation[rows]),
        "Gol. Darah": pa.array(["TIDAK TAHU", "A", "B", "AB", "O"]).take(pa.array(np.where(nik % 4 == 0, nik // 7 % 4 + 1, 0))),
        "Cacat": labels_by_code("disability_kind").take(pa.array(disability, mask=~severe)),
        "Nomor Akta Lahir": deed_number,
    }
    empty = pa.nulls(count, pa.string())
    return pa.table({header: filled.get(header, empty) for header in HEADERS})
