"""Fuzzing of everything that reads text: each check is given near-real texts and raises when a promise of the parser is broken."""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from intake.addresses import split_address
from intake.cell_arrays import mixed_column
from intake.cells.codes import CodeReader
from intake.cells.dates import parse_dates
from intake.cells.identifiers import parse_identity_numbers
from intake.cells.neighbourhoods import read_rt_rw, read_unit
from intake.cells.numbers import read_decimal, read_whole_number
from intake.cells.parsed import ParsedColumn
from intake.cells.periods import read_period
from intake.cells.phones import read_phone
from intake.cells.positions import read_coordinate, read_position
from intake.cells.texts import parse_texts
from intake.header_mapping import HeaderIndex
from intake.places import PlaceIndex
from intake.raw_sheet import RawSheet
from intake.row_kinds import row_kinds
from intake.shapes import shape_of
from intake.table_finding import find_header
from schemas.areas import BANYUWANGI, load_areas
from schemas.canonical import BY_NAME
from schemas.contracts import ContractError, load_contract, load_contracts

CONTRACTS = load_contracts()
AREAS = load_areas()
PLACES = PlaceIndex(AREAS)
VILLAGES = frozenset(AREAS.loc[AREAS["level"] == "village", "area_code"])
LATEST = dt.date(2026, 10, 1)
_LONG_RUNS = (400, 5_000, 32_767)
"""Characters; the last is the most that Excel puts into a cell."""


class TextTarget(NamedTuple):
    """What to give, and the check that must hold for it."""

    values: st.SearchStrategy[Any]
    check: Callable[[Any], None]


def near(*examples: str) -> st.SearchStrategy[str]:
    """Texts that are nearly real: an example with a few characters changed, repeated or glued to others; and any text at all."""
    characters = st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("0123456789.,:;/-+'\"()\u00b0\u2032\u2033 \t\n\u00a0\u200bOolIEe%=@")
    )
    edits = st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["put", "cut", "set", "twice"]), characters), max_size=4)
    edited = st.builds(_edited, st.sampled_from(examples), edits)
    long = st.builds(
        lambda text, count: text * (count // max(len(text), 1)), st.sampled_from([*"0 9a.,-'(", *examples]), st.sampled_from(_LONG_RUNS)
    )
    return st.one_of(edited, edited, edited, st.text(characters, max_size=40), st.builds(str.__add__, edited, edited), long)


def _edited(text: str, edits: Sequence[tuple[float, str, str]]) -> str:
    for share, kind, character in edits:
        place = int(share * len(text))
        after = place + (kind in {"cut", "set"})
        middle = {"put": character, "cut": "", "set": character, "twice": text[place : place + 3] * 2}[kind]
        text = text[:place] + middle + text[after:]
    return text


def _column(values: Sequence[str | None]) -> tuple[pa.Array, np.ndarray]:
    return mixed_column([value or "" for value in values])


def _well_formed(column: ParsedColumn, length: int) -> None:
    for part in (column.values, column.errors, column.rules):
        assert part is None or len(part) == length, "a column changes its length"


def check_identifiers(values: list[str | None]) -> None:
    """Sixteen ASCII digits or nothing."""
    cells, types = _column(values)
    for kind in ("nik", "kk"):
        column = parse_identity_numbers(cells, types, kind)
        _well_formed(column, len(values))
        assert all(value is None or re.fullmatch(r"[0-9]{16}", value) for value in column.values.to_pylist())


def check_dates(values: list[str | None]) -> None:
    """A day between 1850 and the delivery, or nothing."""
    cells, _ = _column(values)
    for formats in ((), ("serial", "d/m/Y"), ("m/d/Y",)):
        column = parse_dates(cells, formats, epoch_1904=bool(formats), latest=LATEST)
        _well_formed(column, len(values))
        for value in column.values.to_pylist():
            assert value is None or dt.date(1850, 1, 1) <= value.date() <= LATEST, "a date outside of life"


def check_positions(text: str) -> None:
    """Inside the regency's box, or nothing."""
    position = read_position(text, BANYUWANGI).value
    if position is not None:
        assert -9.5 < position.latitude < -7, "a position elsewhere"
        assert 113 < position.longitude < 115.5, "a position elsewhere"
    for latitude in (True, False):
        value = read_coordinate(text, BANYUWANGI, latitude=latitude).value
        assert value is None or math.isfinite(value), "a coordinate that is no number"


def check_addresses(text: str) -> None:
    """Neighbourhoods are three digits; nothing is invented."""
    parts = split_address(text)
    for unit in (parts.rt, parts.rw, read_unit(text).value, *(pair.value for pair in read_rt_rw(text))):
        assert unit is None or re.fullmatch(r"[0-9]{3}", unit), "a neighbourhood that is no three digits"
    letters = set(text.casefold())
    assert set((parts.hamlet or "").casefold()) <= letters, "an invented letter"


def check_codes(text: str) -> None:
    """A value of the list, or nothing with a code."""
    for name, reader in CODE_READERS.items():
        if BY_NAME[name].kind == "boolean":
            assert reader.read_yes_no(text).value in {True, False, None}
        else:
            answer = reader.read(text)
            assert answer.value is None or answer.error is None, "a value beside an error"
    for village, kecamatan in ((text, None), ("Kalibaru Wetan", text), (text, "KALIBARU")):
        for system in ("kemendagri", "names"):
            code = PLACES.village_code(village, kecamatan, codes=system).value  # type: ignore[arg-type]
            assert code is None or code in VILLAGES, "a village that does not exist"


def check_numbers(text: str) -> None:
    """Finite and bounded, or nothing; periods and telephones too."""
    whole = read_whole_number(text).value
    assert whole is None or abs(whole) < 10**15
    decimal = read_decimal(text).value
    assert decimal is None or math.isfinite(decimal), "a measurement without end"
    period = read_period(text, "2026").value, read_period("3", text).value
    assert all(value is None or re.fullmatch(r"\d{4}-\d{2}/\d{4}-\d{2}", value, re.ASCII) for value in period)
    phone = read_phone(text).value
    assert phone is None or re.fullmatch(r"\+?[0-9]{6,16}", phone), "a telephone number of letters"


def check_texts(values: list[str | None]) -> None:
    """Names and free texts keep their rows; a shape does not tell what it describes."""
    cells, _ = _column(values)
    for names in (True, False):
        _well_formed(parse_texts(cells, names=names), len(values))
    for value in values:
        shape = shape_of(value)
        long = [part for part in re.findall(r"[0-9]{3,}", value or "") if part not in str(len(value or ""))]
        assert not any(part in shape.en + shape.id for part in long), "a shape holds digits of its value"


def check_headers(grid: list[list[str | None]]) -> None:
    """Any sheet at all has a kind for each row."""
    width = max((len(row) for row in grid), default=0)
    if not width:
        return
    columns = [mixed_column([(row[place] if place < len(row) else None) or "" for row in grid]) for place in range(width)]
    sheet = RawSheet("PKH", tuple(cells for cells, _ in columns), np.column_stack([types for _, types in columns]))
    filled = sheet.filled()
    for contract in CONTRACTS.values():
        found = find_header(sheet, filled, [HeaderIndex(table) for table in contract.tables])
        if found is not None:
            assert len(row_kinds(sheet, filled, found)) == sheet.height


def check_contract(text: str) -> None:
    """A contract, or an error that names file and key."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        with suppress(ContractError):
            load_contract(Path(file.name))


CODE_READERS = {
    name: CodeReader(name, column)
    for contract in CONTRACTS.values()
    for table in contract.tables
    for name, column in table.columns.items()
    if name in BY_NAME and BY_NAME[name].kind in {"code", "boolean"}
}
_NIKS = (
    "3510054105800001",
    "35.1005.410580.0001",
    "3510 0541 0580 0001",
    "'3510054105800001",
    "3,51E+15",
    "351OO541O58OOOO1",
    "NIK: 3510054105800001.0",
)
_DAYS = (
    "01/05/1980",
    "1-5-80",
    "1980-05-01",
    "29342",
    "1 Mei 1980",
    "Jumat, 5 Agustus 1988",
    "19800501",
    "31/02/2001",
    "29342.5",
    "05.01.1980 00:00:00",
)
_PLACES = (
    "-8.219233, 114.369228",
    "8°13'9.2\"S 114°22'9\"E",
    "-8,219233; 114,369228",
    "https://maps.google.com/?q=-8.2,114.3",
    "8219233",
    "114.369228",
    "08 13 09 LS",
    "-8.2 114.3",
)
_ADDRESSES = ("DUSUN KRAJAN RT 001 RW 002", "Jl. Mawar No 5 RT.1/RW.2", "001/002", "RT 01", "LINGK. SUKOWIDI, RT 3 RW 4", "Gg 5", "1")
_ANSWERS = (
    "1. Laki-laki",
    "L",
    "kepala keluarga",
    "(3) ISTRI",
    "ya",
    "Tidak",
    "01",
    "BELUM KAWIN",
    "Kel. Kampung Mandar",
    "35.10.01.2001",
    "3510012001",
    "Muncar",
)
_NUMBERS = (
    "Rp 1.250.000,00",
    "36,5 m2",
    "2 ekor",
    "-1",
    "1,250,000.50",
    "3",
    "12.5",
    "0812-3456-7890",
    "+62 812 3456 789",
    "Triwulan III",
    "2026",
    "1E5",
)
_NAMES = ("SITI AMINAH", "H. Moh. Ridwan, S.Pd", "Sri-", "ALM. BUDI", "3510054105800001", " ", "15 Juni")
_HEADERS = tuple(
    alias for contract in CONTRACTS.values() for table in contract.tables for column in table.columns.values() for alias in column.aliases
)
_KEYS = tuple(path.read_text(encoding="utf-8")[:3000] for path in sorted((Path(__file__).parent.parent / "schemas/sources").glob("*.yaml")))
_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8))

TEXT_TARGETS: Mapping[str, TextTarget] = {
    "identifiers": TextTarget(st.lists(st.one_of(st.none(), near(*_NIKS)), max_size=12), check_identifiers),
    "dates": TextTarget(st.lists(st.one_of(st.none(), near(*_DAYS)), max_size=12), check_dates),
    "positions": TextTarget(near(*_PLACES), check_positions),
    "addresses": TextTarget(near(*_ADDRESSES), check_addresses),
    "codes": TextTarget(near(*_ANSWERS), check_codes),
    "numbers": TextTarget(near(*_NUMBERS), check_numbers),
    "texts": TextTarget(st.lists(st.one_of(st.none(), near(*_NAMES, *_NIKS)), max_size=8), check_texts),
    "headers": TextTarget(
        st.lists(st.lists(st.one_of(st.none(), near(*_HEADERS, "JUMLAH", "Mengetahui,", "1")), max_size=12), max_size=8), check_headers
    ),
    "contracts": TextTarget(near(*_KEYS, _BOMB, "id: [", "a: !!python/object:os.system x", "\t", "? ?"), check_contract),
}
