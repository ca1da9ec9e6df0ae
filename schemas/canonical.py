"""The canonical columns: the one vocabulary into which every office's spreadsheet is translated.

A source contract maps an office's headers onto these names; every later stage speaks only them. Each column has a kind,
which fixes its pandas type in every frame, a description in both languages, and a sensitivity, which decides who may see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal["identifier", "text", "code", "integer", "decimal", "date", "boolean"]
Sensitivity = Literal["open", "personal", "specific"]
"""`open`: no person behind it; `personal`: general personal data; `specific`: health, children, finance (UU 27/2022, article 4)."""

TEXT = pd.StringDtype("pyarrow")
_DTYPES: dict[str, object] = {
    "identifier": TEXT,
    "text": TEXT,
    "code": TEXT,
    "integer": pd.Int64Dtype(),
    "decimal": "float64",
    "date": "datetime64[ns]",
    "boolean": pd.BooleanDtype(),
}


@dataclass(frozen=True)
class CanonicalColumn:
    """One name of the vocabulary. `code_list` names a list of `schemas.code_lists` when `kind` is `code`."""

    name: str
    kind: Kind
    title_id: str
    description: str
    sensitivity: Sensitivity = "personal"
    code_list: str | None = None
    unit: str | None = None

    @property
    def dtype(self) -> object:
        """The pandas type that this column has in every frame."""
        return _DTYPES[self.kind]


def _code(name: str, code_list: str, title_id: str, description: str, sensitivity: Sensitivity = "personal") -> CanonicalColumn:
    return CanonicalColumn(name, "code", title_id, description, sensitivity, code_list)


def _yes_no(name: str, title_id: str, description: str, sensitivity: Sensitivity = "personal") -> CanonicalColumn:
    return CanonicalColumn(name, "boolean", title_id, description, sensitivity)


_WASHINGTON_GROUP = (
    ("disability_seeing", "Penglihatan", "seeing"),
    ("disability_hearing", "Pendengaran", "hearing"),
    ("disability_walking", "Berjalan/naik tangga", "walking or climbing stairs"),
    ("disability_hands", "Menggerakkan tangan/jari", "using hands and fingers"),
    ("disability_learning", "Belajar/intelektual", "learning"),
    ("disability_behaviour", "Mengendalikan perilaku", "controlling behaviour"),
    ("disability_speaking", "Berbicara/komunikasi", "speaking"),
    ("disability_self_care", "Mengurus diri", "self-care"),
    ("disability_memory", "Mengingat/konsentrasi", "remembering or concentrating"),
)

CANONICAL_COLUMNS: tuple[CanonicalColumn, ...] = (
    # Who
    CanonicalColumn("nik", "identifier", "NIK", "National identity number, 16 digits, as repaired; missing when it cannot be one"),
    CanonicalColumn("kk_number", "identifier", "Nomor KK", "Family card number, 16 digits"),
    CanonicalColumn("name", "text", "Nama", "Full name as written by the source, spaces tidied"),
    CanonicalColumn("birth_place", "text", "Tempat lahir", "Place of birth as written"),
    CanonicalColumn("birth_date", "date", "Tanggal lahir", "Date of birth"),
    _code("sex", "sex", "Jenis kelamin", "L (male) or P (female)"),
    _code("relation", "relation", "Hubungan keluarga", "Relation to the head of the family, national list of 11"),
    _code("marital_status", "marital_status", "Status kawin", "Marital status"),
    _code("religion", "religion", "Agama", "Religion", "personal"),
    _code("education", "education", "Pendidikan", "Highest education, national list of 10"),
    _code("occupation", "occupation", "Pekerjaan", "Occupation, national list of 99, as a label"),
    CanonicalColumn("father_name", "text", "Nama ayah", "Father's name"),
    CanonicalColumn("father_nik", "identifier", "NIK ayah", "Father's NIK"),
    CanonicalColumn("mother_name", "text", "Nama ibu", "Mother's name"),
    CanonicalColumn("mother_nik", "identifier", "NIK ibu", "Mother's NIK"),
    _code("resident_status", "resident_status", "Status dasar", "Alive, dead, moved away … as the register says"),
    CanonicalColumn("phone", "identifier", "Telepon", "Telephone number"),
    CanonicalColumn("card_number", "identifier", "Nomor kartu", "Number of the programme's card"),
    CanonicalColumn("employee_number", "identifier", "NIP", "Number of a civil servant"),
    CanonicalColumn("work_unit", "text", "Unit kerja", "Office in which a civil servant works"),
    # Where
    CanonicalColumn("area_code", "identifier", "Kode wilayah", "Village code (Kemendagri, dotted), resolved from code or names", "open"),
    CanonicalColumn("address", "text", "Alamat", "Address as written, without the parts that have columns of their own"),
    CanonicalColumn("hamlet", "text", "Dusun/lingkungan", "Hamlet"),
    CanonicalColumn("rt", "identifier", "RT", "Neighbourhood unit, 3 digits"),
    CanonicalColumn("rw", "identifier", "RW", "Group of neighbourhood units, 3 digits"),
    CanonicalColumn("latitude", "decimal", "Lintang", "Latitude of the house, WGS 84", unit="degree"),
    CanonicalColumn("longitude", "decimal", "Bujur", "Longitude of the house, WGS 84", unit="degree"),
    # Welfare of the family
    CanonicalColumn("decile", "integer", "Desil nasional", "National welfare decile, 1 (poorest) to 10", "specific"),
    _code("poverty_kind", "poverty_kind", "Jenis kemiskinan", "Kind of poverty as the village survey judges it", "specific"),
    CanonicalColumn("household_size", "integer", "Jumlah anggota", "Members as the source counts them", unit="person"),
    _yes_no("lives_alone", "Tinggal sendiri", "The person lives alone"),
    _yes_no("widowed", "Janda/duda", "Widow or widower"),
    _yes_no("has_companion", "Ada pendamping", "Somebody looks after the person"),
    # Schooling, work, health
    _code("school_participation", "regsosek_412", "Partisipasi sekolah", "Never, at school, no longer at school", "specific"),
    _code("school_level", "regsosek_413", "Jenjang pendidikan", "Level attended last or now"),
    _code("school_certificate", "regsosek_415", "Ijazah tertinggi", "Highest certificate"),
    CanonicalColumn("school", "text", "Sekolah", "Name of the school", "specific"),
    CanonicalColumn("grade", "text", "Kelas", "Grade or class at school", "specific"),
    CanonicalColumn("pupil_number", "identifier", "NISN", "National number of the pupil", "specific"),
    _yes_no("works", "Bekerja", "Works"),
    _code("work_sector", "regsosek_417", "Lapangan usaha", "Sector of the main job"),
    _code("work_status", "regsosek_418", "Status pekerjaan", "Status in the main job"),
    _yes_no("has_business", "Punya usaha", "Runs or starts a small business"),
    CanonicalColumn("business_kind", "text", "Jenis usaha", "What the small business does or sells", "specific"),
    _code("business_turnover", "regsosek_425", "Omzet usaha", "Turnover class of the main business", "specific"),
    _yes_no("pregnant", "Hamil", "Pregnant", "specific"),
    *(
        _code(name, "regsosek_428a", title_id, f"Difficulty in {what}: 1 cannot, 2 much, 3 some, 4 none", "specific")
        for name, title_id, what in _WASHINGTON_GROUP
    ),
    _yes_no("depression", "Kesedihan/depresi", "Often sad or depressed", "specific"),
    _code("chronic_illness", "regsosek_430", "Penyakit kronis", "Chronic illness", "specific"),
    _yes_no("pbi_national", "PBI APBN", "Health premium paid by the state", "specific"),
    _yes_no("pbi_local", "PBI APBD", "Health premium paid by the regency", "specific"),
    # The house
    _code("house_condition", "house_condition", "Kondisi rumah", "Condition of the house as the village survey judges it"),
    _yes_no("had_house_aid", "Pernah dapat bantuan rumah", "The house was renovated with public money before"),
    _code("tenure", "regsosek_301a", "Status rumah", "Who owns the house"),
    CanonicalColumn("floor_area_m2", "decimal", "Luas lantai", "Floor area", unit="m2"),
    _code("floor", "regsosek_303", "Jenis lantai", "Widest floor"),
    _code("wall", "regsosek_304", "Jenis dinding", "Widest wall"),
    _code("roof", "regsosek_305", "Jenis atap", "Widest roof"),
    _code("water", "regsosek_306a", "Sumber air minum", "Drinking water"),
    _code("lighting", "regsosek_307a", "Sumber penerangan", "Lighting"),
    _code("power", "regsosek_307b1", "Daya terpasang", "Installed power class"),
    _code("fuel", "regsosek_308", "Bahan bakar memasak", "Cooking fuel"),
    _code("latrine", "regsosek_309a", "Fasilitas BAB", "Latrine"),
    _code("closet", "regsosek_309b", "Jenis kloset", "Kind of closet"),
    _code("disposal", "regsosek_310", "Pembuangan tinja", "Final disposal"),
    *(
        _yes_no(name, title_id, f"The family owns {what}", "specific")
        for name, title_id, what in (
            ("owns_gas_cylinder", "Tabung gas 5,5 kg ke atas", "a gas cylinder of 5.5 kg or more"),
            ("owns_refrigerator", "Kulkas", "a refrigerator"),
            ("owns_air_conditioner", "AC", "an air conditioner"),
            ("owns_television", "TV layar datar", "a flat television"),
            ("owns_computer", "Komputer", "a computer"),
            ("owns_jewellery", "Emas/perhiasan", "jewellery of 10 g or more"),
            ("owns_motorcycle", "Sepeda motor", "a motorcycle"),
            ("owns_car", "Mobil", "a car"),
            ("owns_boat", "Perahu", "a boat"),
            ("owns_land", "Lahan lain", "land besides that of the house"),
            ("owns_other_house", "Rumah lain", "another house"),
        )
    ),
    CanonicalColumn("cattle", "integer", "Jumlah sapi", "Head of cattle", "specific", unit="head"),
    CanonicalColumn("goats", "integer", "Jumlah kambing/domba", "Head of goats and sheep", "specific", unit="head"),
    # What help
    _code("component", "pkh_component", "Komponen", "Component of the programme", "specific"),
    CanonicalColumn("period", "text", "Periode", "Period of the aid, YYYY-MM/YYYY-MM", "open"),
    CanonicalColumn("amount", "integer", "Nominal", "Amount of the aid", "specific", unit="rupiah"),
    CanonicalColumn("payer", "text", "Sumber dana", "Who pays for the aid", "open"),
    # What was reported
    CanonicalColumn("report_number", "identifier", "Nomor laporan", "Number of the report at the call centre"),
    CanonicalColumn("reported_on", "date", "Tanggal laporan", "Day of the report or of the visit"),
    CanonicalColumn("report_kind", "text", "Jenis laporan", "What was reported", "specific"),
    CanonicalColumn("report_status", "text", "Status laporan", "How far the office has come with it"),
    CanonicalColumn("note", "text", "Keterangan", "Note of the office"),
)

BY_NAME: dict[str, CanonicalColumn] = {column.name: column for column in CANONICAL_COLUMNS}

HOUSING_COLUMNS = (
    "tenure",
    "floor_area_m2",
    "floor",
    "wall",
    "roof",
    "water",
    "lighting",
    "power",
    "fuel",
    "latrine",
    "closet",
    "disposal",
    "house_condition",
)
"""Canonical columns that describe the house; the houses frame has them under the same names."""

INPUT_ONLY_COLUMNS: dict[str, str] = {
    "village": "village name or code, resolved to area_code with kecamatan",
    "kecamatan": "sub-district name or code, used to resolve village",
    "regency": "regency name, checked only",
    "province": "province name, checked only",
    "rt_rw": "RT and RW in one cell, such as 003/002",
    "position": "latitude and longitude in one cell, or a map link",
    "stage": "payment stage (quarter) 1-4, makes period with year",
    "month": "month of the aid, by number or name, makes period with year",
    "year": "year, makes period with stage or month",
    "address_text": "the whole address in one text: street, number, RT, RW, hamlet, village, sub-district",
}
"""Names that a contract may map headers to besides the canonical ones; repair turns them into canonical columns."""

INPUT_ONLY_TITLES: dict[str, str] = {
    "village": "Desa/kelurahan",
    "kecamatan": "Kecamatan",
    "regency": "Kabupaten",
    "province": "Provinsi",
    "rt_rw": "RT dan RW",
    "position": "Koordinat",
    "stage": "Tahap",
    "month": "Bulan",
    "year": "Tahun",
    "address_text": "Alamat lengkap",
}
"""Their Indonesian titles."""

PROVENANCE_COLUMNS: dict[str, object] = {
    "record_id": TEXT,
    "source": TEXT,
    "record_key": TEXT,
    "mention": TEXT,
    "role": TEXT,
    "unit": TEXT,
    "programme": TEXT,
    "lists_person_once": pd.BooleanDtype(),
    "delivery_id": TEXT,
    "delivered_on": "datetime64[ns]",
    "file": TEXT,
    "sheet": TEXT,
    "table": "int32",
    "row": "int32",
}
"""Where a typed record comes from; stands in front of the canonical columns of every records frame."""


def as_canonical(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """The frame with each known column in its canonical type, and with `columns` (if given) present and in that order.

    Missing columns are added empty; columns that are neither canonical nor provenance keep their type.
    """
    wanted = list(columns) if columns is not None else list(frame.columns)
    typed: dict[str, pd.Series] = {}
    for name in wanted:
        dtype = BY_NAME[name].dtype if name in BY_NAME else PROVENANCE_COLUMNS.get(name)
        if name not in frame:
            typed[name] = pd.Series(index=frame.index, dtype=dtype or TEXT)  # type: ignore[call-overload]
        elif dtype is None or frame[name].dtype == dtype:
            typed[name] = frame[name]
        else:
            typed[name] = frame[name].astype(dtype)  # type: ignore[call-overload]
    return pd.DataFrame(typed, index=frame.index)


def empty_frame(columns: Iterable[str]) -> pd.DataFrame:
    """A frame without rows whose columns have their canonical types."""
    return as_canonical(pd.DataFrame(index=pd.RangeIndex(0)), columns)
