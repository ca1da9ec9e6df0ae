"""How much of a list is usually filled and usually wrong, by the role that the list plays: the numbers, each with its reason.

Two steps. Below `warn` the quality report says so: something is worse than it usually is at twice the damage that
offices' lists show. Below `refuse` the delivery is not used: at that point a column was mapped to the wrong header, or the file belongs
to somebody else, and the last accepted delivery is the better truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS
from schemas.expectations import ColumnFilled, ErrorShareAtMost, ExpectationBase, Severity
from schemas.expectations_why import Reason

Role = Literal["population", "welfare", "recipients", "survey", "reports"]


class Usual(NamedTuple):
    """Share of rows that must be filled before it is reported, and before the delivery is refused (None: never), and why."""

    warn: float
    refuse: float | None
    why: Reason


_LISTS = Reason(
    id="daftar kesejahteraan dan penerima biasanya tanpa NIK pada 3-10 % baris, dan 2-5 % rusak karena Excel membuang digit ke-16",
    en="welfare and recipient lists lack 3-10 % of NIK and lose 2-5 % to Excel's 16th digit",
)
_REGISTER = Reason(id="isian ini berasal dari register penduduk sendiri", en="the register is where this comes from")
_SURVEYS = Reason(id="pendataan desa biasanya tanpa NIK pada 15-55 % baris", en="village surveys lack 15-55 % of NIK")

USUAL_FILL: dict[str, dict[Role, Usual]] = {
    "name": {
        "population": Usual(
            0.999,
            0.9,
            Reason(
                id="BPK 2020 menemukan 5.702 nama kosong di antara 99 juta: hampir tidak ada",
                en="BPK 2020 found 5,702 empty names among 99 million: practically none",
            ),
        ),
        "welfare": Usual(
            0.99,
            0.8,
            Reason(
                id="BPK 2020 menemukan 5.702 nama kosong di antara 99 juta: hampir tidak ada",
                en="BPK 2020 found 5,702 empty names among 99 million: practically none",
            ),
        ),
        "recipients": Usual(
            0.99,
            0.8,
            Reason(
                id="BPK 2020 menemukan 5.702 nama kosong di antara 99 juta: hampir tidak ada",
                en="BPK 2020 found 5,702 empty names among 99 million: practically none",
            ),
        ),
        "survey": Usual(0.99, 0.8, Reason(id="tidak ada yang didata tanpa nama", en="nobody is surveyed without a name")),
        "reports": Usual(0.5, None, Reason(id="pelapor boleh tidak menyebut nama", en="callers may stay unnamed")),
    },
    "nik": {
        "population": Usual(0.99, 0.9, _REGISTER),
        "welfare": Usual(0.75, 0.3, _LISTS),
        "recipients": Usual(0.75, 0.3, _LISTS),
        "survey": Usual(0.35, None, _SURVEYS),
    },
    "kk_number": {
        "population": Usual(0.99, 0.9, _REGISTER),
        "welfare": Usual(
            0.75,
            0.3,
            Reason(
                id="daftar kesejahteraan dan penerima biasanya tanpa nomor KK pada 5-10 % baris; BPK 2020 menemukan 16 % tidak valid",
                en="welfare and recipient lists lack 5-10 % of family card numbers; BPK 2020 found 16 % invalid",
            ),
        ),
        "recipients": Usual(
            0.75,
            0.3,
            Reason(
                id="daftar kesejahteraan dan penerima biasanya tanpa nomor KK pada 5-10 % baris; BPK 2020 menemukan 16 % tidak valid",
                en="welfare and recipient lists lack 5-10 % of family card numbers; BPK 2020 found 16 % invalid",
            ),
        ),
    },
    "birth_date": {
        "population": Usual(0.98, 0.8, _REGISTER),
        "welfare": Usual(
            0.75,
            0.3,
            Reason(
                id="tanggal lahir biasanya kosong pada 5-10 % baris, dan sebanyak itu pula tidak terbaca",
                en="lists lack 5-10 % of birth dates, and as many can't be read",
            ),
        ),
        "recipients": Usual(
            0.75,
            0.3,
            Reason(
                id="daftar yang memuat tanggal lahir biasanya kosong pada 5-10 % baris, dan sebanyak itu pula tidak terbaca",
                en="lists that have birth dates lack 5-10 %, and as many can't be read",
            ),
        ),
    },
    "sex": {
        "population": Usual(0.99, 0.8, _REGISTER),
        "welfare": Usual(0.95, 0.3, Reason(id="isian wajib DTSEN", en="a compulsory field of DTSEN")),
    },
    "relation": {"population": Usual(0.98, 0.5, Reason(id="keluarga disusun dari isian ini", en="families are put together from it"))},
    "area_code": {
        "population": Usual(
            0.97,
            0.5,
            Reason(
                id="peta dan lembar kerja desa bergantung padanya; di bawah separuh berarti berkas kabupaten lain atau sistem kode lain",
                en="maps and villages' worksheets hang on it; below half, another regency's or another code system's file",
            ),
        ),
        "welfare": Usual(
            0.93,
            0.5,
            Reason(
                id="peta dan lembar kerja desa bergantung padanya; di bawah separuh berarti berkas kabupaten lain atau sistem kode lain",
                en="maps and villages' worksheets hang on it; below half, another regency's or another code system's file",
            ),
        ),
        "recipients": Usual(
            0.9,
            0.5,
            Reason(
                id="nama desa salah eja atau bermakna ganda pada beberapa persen baris; di bawah separuh berarti berkas kabupaten lain",
                en="village names are misspelt or ambiguous in a few rows of a hundred; below half, another regency's file",
            ),
        ),
        "survey": Usual(0.9, 0.5, Reason(id="buku pendataan adalah milik desa itu sendiri", en="the survey workbook is a village's own")),
    },
    "decile": {
        "welfare": Usual(
            0.97,
            0.5,
            Reason(
                id="desil adalah guna daftar ini: kelayakan PKH, Sembako, dan PBI bergantung padanya",
                en="the decile is what the list is for: eligibility of PKH, Sembako and PBI hangs on it",
            ),
        )
    },
    "poverty_kind": {
        "survey": Usual(0.8, None, Reason(id="penilaian itulah guna pendataan", en="the judgement is what the survey is for"))
    },
    "latitude": {
        "survey": Usual(
            0.7,
            None,
            Reason(
                id="rumah tanpa koordinat tidak dapat digambar; di beberapa dusun tidak ada sinyal",
                en="houses without a position can't be drawn; phones have no reception in some hamlets",
            ),
        )
    },
}

AMOUNTS: dict[str, tuple[float, float, Reason]] = {
    "pkh": (
        225_000,
        10_800_000,
        Reason(
            id="PKH membayar seperempat dari Rp 0,9-3,0 juta untuk tiap komponen, paling banyak empat; sebagian daftar menulis setahun",
            en="PKH pays a quarter of Rp 0.9-3.0 million for each of up to four components; some lists give a year",
        ),
    ),
    "sembako": (
        200_000,
        2_400_000,
        Reason(
            id="Sembako Rp 200.000 sebulan; sebagian daftar menulis setahun", en="Sembako pays Rp 200,000 a month; some lists give a year"
        ),
    ),
}
"""Rupiah that a row of a programme's list may hold, where the programme's own amounts are known."""

_UNREADABLE: dict[Role, float] = {"population": 0.02, "welfare": 0.1, "recipients": 0.1, "survey": 0.2, "reports": 0.5}

NIK_CODES: tuple[tuple[str, float, Severity, Reason], ...] = (
    (
        "length",
        0.05,
        "warn",
        Reason(
            id="NIK salah ketik biasanya 2-5 % dari daftar; lebih dari itu kolomnya terpotong atau berisi nomor lain",
            en="mistyped NIKs are 2-5 % of a list; beyond it the column was cut or holds another number",
        ),
    ),
    (
        "last_digit_lost",
        0.12,
        "warn",
        Reason(
            id="Excel hanya menyimpan 15 digit: 2-5 % dari daftar; lebih dari itu dinas harus menulis NIK sebagai teks",
            en="Excel keeps 15 digits of a number: 2-5 % of a list; beyond it the office must write NIKs as text",
        ),
    ),
    (
        "scientific_notation",
        0.01,
        "warn",
        Reason(
            id="pada 3,51E+15 NIK-nya hilang untuk selamanya; dinas harus menyimpan kolomnya sebagai teks",
            en="3.51E+15 has lost the NIK for good; the office must save the column as text",
        ),
    ),
    (
        "birth_date_differs",
        0.25,
        "warn",
        Reason(
            id="kira-kira satu dari sepuluh tanggal lahir berbeda dengan NIK; lebih dari itu kolomnya bergeser",
            en="about one in ten birth dates differs from that in the NIK; more is a column that slipped",
        ),
    ),
    (
        "birth_date_differs",
        0.6,
        "delivery",
        Reason(
            id="sebagian besar tanggal lahir bertentangan dengan NIK: kolom diurutkan terpisah, sehingga satu baris memuat dua orang",
            en="most birth dates contradict the NIK: the columns were sorted apart, and each row mixes two people",
        ),
    ),
)
"""What may be wrong with a NIK, one by one: most of these leave the number in use, as evidence to weigh."""


def fill_shares(column: str, role: Role, read_from: tuple[str, ...] = ()) -> Iterator[ExpectationBase]:
    """What may be expected of the fill of a column in a list of this role; nothing where no figure is known.

    `read_from` names the contract's columns that it is read from where none of them is required, so that all may be lacking.
    """
    usual = USUAL_FILL.get(column, {}).get(role)
    if usual is not None:
        yield ColumnFilled(column=column, at_least=usual.warn, why=usual.why, read_from=read_from)
        if usual.refuse is not None:
            yield ColumnFilled(column=column, at_least=usual.refuse, severity="delivery", why=usual.why, read_from=read_from)


def error_shares(column: str, role: Role) -> Iterator[ExpectationBase]:
    """How many rows may hold a value of this column of the contract that intake could not use, or doubts."""
    kind = BY_NAME[column].kind if column in BY_NAME else "text"
    if column == "nik":
        for code, share, severity, why in NIK_CODES:
            yield ErrorShareAtMost(column=column, code=code, share=share, severity=severity, why=why)
    elif kind in {"code", "boolean"}:
        why = Reason(
            id="salah tulis lebih jarang dari satu dari dua puluh; lebih dari itu dinas mengganti kodenya, dan kontrak harus mengikuti",
            en="slips are rarer than one in twenty; beyond it the office has changed its codes, and the contract must follow",
        )
        yield ErrorShareAtMost(column=column, share=0.05, why=why)
    elif kind in {"identifier", "date", "decimal", "integer"} or column in INPUT_ONLY_COLUMNS:
        yield ErrorShareAtMost(
            column=column,
            share=_UNREADABLE[role],
            why=Reason(
                id="bahkan pada dua kali kerusakan yang lazim, isian yang tidak terpakai lebih sedikit dari ini",
                en="at twice the usual damage of such lists fewer values than this are unusable",
            ),
        )
