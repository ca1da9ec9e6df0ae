"""The standard expectations: what may be expected of any office's records, derived from the canonical columns and the contract.

Three groups. *Promises of intake*: after it, identifiers have their shape and codes are in their list; a breach is a fault of ours.
*Plausibility*: birth dates, deciles and positions that can be. *Fill and error shares*: how much a list of this role usually
holds; each number stands here with its reason. A contract's own expectation replaces a standard one of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS, PROVENANCE_COLUMNS, CanonicalColumn
from schemas.contracts import SourceContract, TableContract
from schemas.expectations import (
    ERRORS_COLUMN,
    ColumnsPresent,
    DatesBetween,
    ExpectationBase,
    RowCountBetween,
    ValuesBetween,
    ValuesInCodeList,
    ValuesMatch,
    ValuesUnique,
)
from schemas.expectations_usual import AMOUNTS, error_shares, fill_shares
from schemas.expectations_why import Reason

DERIVED_COLUMNS: dict[str, tuple[str, ...]] = {
    "village": ("area_code",),
    "rt_rw": ("rt", "rw"),
    "position": ("latitude", "longitude"),
    "stage": ("period",),
    "month": ("period",),
}
"""What intake makes of columns that only a contract knows (`schemas.canonical.INPUT_ONLY_COLUMNS`)."""

_SHAPES: dict[str, tuple[str, Reason]] = {
    "nik": (
        "[0-9]{16}",
        Reason(
            id="NIK terdiri atas 16 digit (UU 24/2013); yang bukan dikosongkan saat penerimaan",
            en="a NIK has 16 digits (UU 24/2013); intake empties what has not",
        ),
    ),
    "kk_number": (
        "[0-9]{16}",
        Reason(
            id="nomor KK terdiri atas 16 digit; yang bukan dikosongkan saat penerimaan",
            en="a family card number has 16 digits; intake empties what has not",
        ),
    ),
    "area_code": (
        r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}",
        Reason(
            id="kode desa adalah kode Kemendagri bertitik, apa pun yang ditulis dinas",
            en="village codes are the dotted Kemendagri ones, whatever the office writes",
        ),
    ),
    "period": (
        "[0-9]{4}-(?:0[1-9]|1[0-2])/[0-9]{4}-(?:0[1-9]|1[0-2])",
        Reason(
            id="periode ditulis YYYY-MM/YYYY-MM supaya dapat dibandingkan",
            en="periods are written YYYY-MM/YYYY-MM, so that they can be compared",
        ),
    ),
}
_RANGES: dict[str, tuple[float, float, Reason]] = {
    "decile": (1, 10, Reason(id="desil adalah satu dari sepuluh bagian", en="a decile is one of ten parts")),
    "latitude": (
        -11.1,
        6.1,
        Reason(
            id="Indonesia terletak antara 11,1 LS dan 6,1 LU; di luarnya lintang dan bujur tertukar atau komanya hilang",
            en="Indonesia lies between 11.1 S and 6.1 N; outside it the two halves are swapped or the comma is lost",
        ),
    ),
    "longitude": (
        94.9,
        141.1,
        Reason(
            id="Indonesia terletak antara 94,9 BT dan 141,1 BT; di luarnya lintang dan bujur tertukar atau komanya hilang",
            en="Indonesia lies between 94.9 E and 141.1 E; outside it the two halves are swapped or the comma is lost",
        ),
    ),
    "household_size": (
        1,
        30,
        Reason(
            id="rumah tangga berisi sekurang-kurangnya satu orang; BPS menghitung paling banyak 30, lebih dari itu adalah lembaga",
            en="a household has a member; BPS counts no more than 30 in one, beyond it is an institution",
        ),
    ),
    "floor_area_m2": (
        1,
        1_000,
        Reason(
            id="rumah dalam daftar kesejahteraan lebih luas dari tikar dan lebih kecil dari gudang",
            en="a house of a welfare list is larger than a mat and smaller than a warehouse",
        ),
    ),
    "cattle": (0, 500, Reason(id="lebih dari itu adalah perusahaan, bukan rumah tangga", en="more is a company, not a household")),
    "goats": (0, 1_000, Reason(id="lebih dari itu adalah perusahaan, bukan rumah tangga", en="more is a company, not a household")),
    "amount": (
        1_000,
        100_000_000,
        Reason(
            id="bantuan satu keluarga: dari uang saku sehari (Rp 5.000) sampai perbaikan rumah (Rp 20 juta), dengan kelonggaran",
            en="aid to one family: from a day's pocket money (Rp 5,000) to house renovation (Rp 20 million), with room",
        ),
    ),
}
_PLAUSIBLE = 0.999
"""Share of values that must lie in a plausible range: a slip in a thousand is a matter for the office's worksheet, not an alarm."""


def canonical_expectations(contract: SourceContract) -> tuple[ExpectationBase, ...]:
    """The standard expectations of a source's records, in a fixed order."""
    return (
        *_whole_table(contract),
        *(expectation for column in _all_columns(contract) for expectation in _of_column(contract, column)),
        *(expectation for column in _read_columns(contract) for expectation in error_shares(column, contract.tables[0].role)),
    )


def all_expectations(contract: SourceContract) -> tuple[ExpectationBase, ...]:
    """The standard expectations and the contract's own; of two with one name the contract's stands."""
    merged = {expectation.name: expectation for expectation in canonical_expectations(contract)}
    merged.update((expectation.name, expectation) for expectation in contract.expectations)
    return tuple(merged.values())


def _judged_columns(contract: SourceContract) -> list[CanonicalColumn]:
    """The columns that every table of the source fills, in canonical order; what only some tables have cannot be expected of all."""
    shared = set.intersection(*(_made_by(table) for table in contract.mentions))
    return [column for name, column in BY_NAME.items() if name in shared]


def _all_columns(contract: SourceContract) -> list[CanonicalColumn]:
    """The columns that some table of the source fills, in canonical order."""
    made = set.union(*(_made_by(table) for table in contract.mentions))
    return [column for name, column in BY_NAME.items() if name in made]


def _made_by(table: TableContract) -> set[str]:
    return {made for name in (*table.all_columns, *table.constants) for made in DERIVED_COLUMNS.get(name, (name,))}


def _read_columns(contract: SourceContract) -> list[str]:
    """The contract's own columns, under whose names intake notes its errors (`village:…`, not `area_code:…`), in a fixed order."""
    known = [*BY_NAME, *INPUT_ONLY_COLUMNS]
    return [name for name in known if any(name in table.all_columns for table in contract.mentions)]


def _whole_table(contract: SourceContract) -> Iterator[ExpectationBase]:
    judged = [column.name for column in _judged_columns(contract)]
    yield ColumnsPresent(
        columns=(*PROVENANCE_COLUMNS, *judged, ERRORS_COLUMN),
        severity="delivery",
        why=Reason(
            id="penerimaan menjanjikan kolom ini kepada semua tahap berikutnya, terisi atau kosong",
            en="intake promises these columns to every later stage, with a value or empty",
        ),
    )
    if contract.is_population:
        yield RowCountBetween(
            min=1,
            severity="publication",
            why=Reason(
                id="tanpa register tidak ada yang dapat ditautkan: semua orang miskin akan tampak tidak terdaftar",
                en="without the register nobody can be linked: every poor person would look unregistered",
            ),
        )
    else:
        yield RowCountBetween(
            min=1,
            severity="delivery",
            why=Reason(
                id="daftar kosong akan mengakhiri bantuan semua orang dalam basis data",
                en="an empty list would end everybody's aid in the database",
            ),
        )
    yield DatesBetween(
        column="delivered_on",
        min="2000-01-01",
        max="as_of",
        why=Reason(
            id="umur dan kebaruan dihitung dari tanggal perhitungan, yang tidak boleh didahului serahan",
            en="ages and freshness count from the as-of date, which no delivery may outrun",
        ),
    )


def _of_column(contract: SourceContract, column: CanonicalColumn) -> Iterator[ExpectationBase]:
    name, role = column.name, contract.tables[0].role
    if all(name in _made_by(table) for table in contract.mentions):
        yield from fill_shares(name, role, _optional_sources(contract, name))
    if name in _SHAPES:
        regex, why = _SHAPES[name]
        yield ValuesMatch(column=name, regex=regex, why=why)
    if column.code_list is not None:
        yield ValuesInCodeList(
            column=name,
            code_list=column.code_list,
            why=Reason(
                id="kode di luar daftar resmi dikosongkan saat penerimaan", en="intake empties codes that the official list does not have"
            ),
        )
    known_amount = AMOUNTS.get(contract.tables[0].programme or "") if name == "amount" else None
    if name in _RANGES:
        low, high, why = known_amount or _RANGES[name]
        yield ValuesBetween(column=name, min=low, max=high, at_least=_PLAUSIBLE, why=why)
    if name == "birth_date":
        why = Reason(
            id="tidak ada yang lahir sesudah tanggal perhitungan; orang Indonesia tertua yang berdokumen berumur sekitar 115 tahun",
            en="nobody is born after the as-of date; the oldest living Indonesians with papers are about 115",
        )
        yield DatesBetween(column=name, min="as_of-115y", max="as_of", at_least=_PLAUSIBLE, why=why)
    if name == "nik":
        yield from _unique_nik(contract)


def _optional_sources(contract: SourceContract, name: str) -> tuple[str, ...]:
    """The contract's columns that give this one, in its order; empty where it is promised: one is required, or it is a constant."""
    giving: dict[str, bool] = {}
    for table in contract.mentions:
        for column, read in table.all_columns.items():
            if name in DERIVED_COLUMNS.get(column, (column,)):
                giving[column] = giving.get(column, True) and bool(read.required)
    return () if any(giving.values()) or any(name in table.constants for table in contract.mentions) else tuple(giving)


def _unique_nik(contract: SourceContract) -> Iterator[ExpectationBase]:
    if contract.is_population:
        yield ValuesUnique(
            column="nik",
            at_least=0.999,
            why=Reason(
                id="register yang menerbitkan NIK; lebih dari segelintir pencatatan ganda berarti rusak",
                en="the register issues the NIK; beyond a handful of double registrations it is broken",
            ),
        )
        yield ValuesUnique(
            column="nik",
            at_least=0.9,
            severity="delivery",
            why=Reason(
                id="register yang setiap NIK kesepuluhnya berulang telah digabung atau disalin dua kali",
                en="a register in which each tenth NIK repeats was joined or copied twice",
            ),
        )
    elif all(table.lists_person_once for table in contract.mentions):
        why = Reason(
            id="KPK 2020/21 menemukan 1,1 % NIK ganda dalam data kesejahteraan, dan sekitar 2 % baris berulang atau memakai NIK kerabat",
            en="KPK 2020/21 found 1.1 % double NIK in the welfare list, and about 2 % of rows repeat a person or carry a relative's NIK",
        )
        yield ValuesUnique(column="nik", at_least=0.92, why=why)
