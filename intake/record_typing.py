"""From the data rows of a table to canonical columns: each column read by its kind, errors and repairs noted per cell.

This is where the contract meets the cells. Columns that speak together are settled together: village with sub-district, latitude
with longitude, RT with RW, stage with year, and the NIK with the birth date and sex that it holds inside.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.addresses import split_address
from intake.cells.codes import CodeReader
from intake.cells.dates import parse_dates
from intake.cells.identifiers import digits_of_arrow, parse_identity_numbers
from intake.cells.neighbourhoods import read_rt_rw, read_unit
from intake.cells.numbers import read_decimal, read_whole_number
from intake.cells.parsed import NOTHING, ParsedColumn, Repaired, flagged, parse_distinct, spread
from intake.cells.periods import read_period
from intake.cells.phones import read_phone
from intake.cells.positions import Position, read_coordinate, read_position, settled
from intake.cells.texts import parse_texts
from intake.header_mapping import HeaderMap
from intake.places import CodeSystem, PlaceIndex, place_key
from intake.raw_sheet import NUMBER_CELL, TEXT_CELL, Bytes, RawSheet
from intake.title_places import NO_PLACES, TitlePlaces
from schemas.areas import Regency
from schemas.canonical import BY_NAME
from schemas.contracts import ColumnContract, TableContract
from schemas.nik import birth_inside

TEXT_TYPE = pa.large_string()
ARROW_TYPES: Mapping[str, pa.DataType] = {
    "identifier": TEXT_TYPE,
    "text": TEXT_TYPE,
    "code": TEXT_TYPE,
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "date": pa.timestamp("ns"),
    "boolean": pa.bool_(),
}
_NIK_COLUMNS = ("nik", "father_nik", "mother_nik")
_NAME_COLUMNS = ("name", "father_name", "mother_name")


@dataclass(frozen=True)
class TypingContext:
    """What typing needs besides the sheet: places, the regency's box, the delivery's day, the contract's kind of village codes."""

    places: PlaceIndex
    regency: Regency
    latest: dt.date | None
    village_codes: CodeSystem
    title: TitlePlaces = NO_PLACES


@dataclass
class TypedTable:
    """Canonical columns of a table's data rows, with the error codes and repairs of each input column, and the original cells."""

    length: int
    parsed: dict[str, ParsedColumn] = field(default_factory=dict)
    """By canonical name: the value, and the errors and rules of the cells that it came from."""
    notes: dict[str, ParsedColumn] = field(default_factory=dict)
    """Errors and rules of input columns that are no canonical ones, such as `position` and `village`; values unused."""
    originals: dict[str, pa.Array] = field(default_factory=dict)
    """The cells as they stand in the file, by contract column."""

    def values(self, name: str) -> pa.Array:
        """The canonical column, all missing when the table has no such column."""
        if name in self.parsed:
            return self.parsed[name].values
        return pa.nulls(self.length, ARROW_TYPES[BY_NAME[name].kind])

    def errors(self) -> pa.Array:
        """Per row the error codes as `column:code`, separated by spaces; null where none."""
        parts = [
            pc.binary_join_element_wise(pa.scalar(name, TEXT_TYPE), column.errors, pa.scalar(":", TEXT_TYPE))
            for name, column in (*self.parsed.items(), *self.notes.items())
            if column.errors is not None
        ]
        return _joined_or_null(parts, " ", self.length)

    def repairs(self) -> pa.Array:
        """Per row a JSON list of [column, original, rule] of the cells that were repaired; null where none."""
        parts = []
        for name, column in (*self.parsed.items(), *self.notes.items()):
            if column.rules is None:
                continue
            rows = np.flatnonzero(_flags(pc.and_(pc.is_valid(column.rules), pc.is_valid(column.values))))
            if not len(rows):
                continue
            original = self.originals[name].take(pa.array(rows)).to_pylist()
            rules = column.rules.take(pa.array(rows)).to_pylist()
            texts = np.full(self.length, None, dtype=object)
            texts[rows] = [json.dumps([name, cell, rule], ensure_ascii=False) for cell, rule in zip(original, rules, strict=True)]
            parts.append(pa.array(texts, TEXT_TYPE))
        joined = _joined_or_null(parts, ", ", self.length)
        return pc.binary_join_element_wise(pa.scalar("[", TEXT_TYPE), joined, pa.scalar("]", TEXT_TYPE), pa.scalar("", TEXT_TYPE))


def _joined_or_null(parts: list[pa.Array], separator: str, length: int) -> pa.Array:
    if not parts:
        return pa.nulls(length, TEXT_TYPE)
    # The empty text in front is there because pyarrow 26 drops a row whose parts are all null (3 rows in, 2 out).
    begin = pa.array([""], TEXT_TYPE).take(pa.array(np.zeros(length, np.int64)))
    joined = pc.binary_join_element_wise(begin, *parts, pa.scalar(separator, TEXT_TYPE), null_handling="skip")
    joined = pc.utf8_slice_codeunits(joined, len(separator))
    return pc.if_else(pc.equal(pc.binary_length(joined), 0), pa.scalar(None, TEXT_TYPE), joined)


def _flags(mask: pa.Array) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    return flags


def type_table(sheet: RawSheet, rows: npt.NDArray[np.int64], header: HeaderMap, table: TableContract, context: TypingContext) -> TypedTable:
    """Read the data rows of a sheet by the contract of their table."""
    typed = TypedTable(len(rows))
    types: dict[str, Bytes] = {}
    contiguous = len(rows) > 0 and rows[-1] - rows[0] + 1 == len(rows)
    for name, place in header.columns.items():
        column = sheet.cells[place]
        typed.originals[name] = column.slice(int(rows[0]), len(rows)) if contiguous else column.take(pa.array(rows))
        types[name] = sheet.types[rows, place]
    for name in header.columns:
        if name in BY_NAME:
            cells = typed.originals[name]
            typed.parsed[name] = _read_column(name, table.columns[name], cells, types[name], context, epoch_1904=sheet.epoch_1904)
    _settle_village(typed, context)
    _settle_position(typed, context)
    _settle_neighbourhood(typed)
    _settle_address(typed)
    _settle_period(typed)
    _check_regency(typed, context)
    _weigh_nik(typed)
    for name, value in table.constants.items():
        kind = BY_NAME[name].kind
        typed.parsed[name] = ParsedColumn(pa.array([value] * len(rows), TEXT_TYPE).cast(ARROW_TYPES[kind]))
    return typed


def _read_column(
    name: str, contract: ColumnContract, cells: pa.Array, types: Bytes, context: TypingContext, *, epoch_1904: bool
) -> ParsedColumn:
    kind = BY_NAME[name].kind
    if name in _NIK_COLUMNS or name == "kk_number":
        if contract.numeric:  # a text file does not tell numbers from text; the contract does
            types = np.where(types == TEXT_CELL, NUMBER_CELL, types).astype(np.uint8)
        return parse_identity_numbers(cells, types, "kk" if name == "kk_number" else "nik")
    if kind == "date":
        return parse_dates(cells, contract.dates, epoch_1904=epoch_1904, latest=context.latest)
    read = _cell_reader(name, contract, context)
    if read is not None:
        return parse_distinct(cells, read, ARROW_TYPES[kind])
    return parse_texts(cells, names=name in _NAME_COLUMNS)


def _cell_reader(name: str, contract: ColumnContract, context: TypingContext) -> Callable[[str], Repaired[Any]] | None:
    """What reads one distinct text of a column; None for free text, which is read in its own way."""
    by_name: dict[str, Callable[[str], Repaired[Any]]] = {
        "rt": read_unit,
        "rw": read_unit,
        "phone": read_phone,
        "area_code": partial(context.places.village_code, kecamatan=None, codes=context.village_codes),
        "latitude": partial(read_coordinate, regency=context.regency, latitude=True),
        "longitude": partial(read_coordinate, regency=context.regency, latitude=False),
    }
    by_kind: dict[str, Callable[[str], Repaired[Any]]] = {"integer": read_whole_number, "decimal": read_decimal}
    kind = BY_NAME[name].kind
    if kind in {"code", "boolean"}:
        reader = CodeReader(name, contract)
        return reader.read if kind == "code" else reader.read_yes_no
    return by_name.get(name) or by_kind.get(kind)


def _settle_village(typed: TypedTable, context: TypingContext) -> None:
    """Village and sub-district names, asked for once per distinct pair."""
    if "village" not in typed.originals:
        return
    villages = pc.dictionary_encode(typed.originals["village"])
    if "kecamatan" in typed.originals:
        kecamatan = pc.dictionary_encode(typed.originals["kecamatan"])
    else:
        kecamatan = pc.dictionary_encode(pa.nulls(typed.length, TEXT_TYPE))
    pairs, indices = _distinct_pairs(villages.indices, kecamatan.indices)
    village_texts = [*villages.dictionary.to_pylist(), None]
    kecamatan_texts = [*kecamatan.dictionary.to_pylist(), None]
    outcomes = [_village_outcome(village_texts[village], kecamatan_texts[district], context) for village, district in pairs]
    column = spread(pa.array(indices), outcomes, TEXT_TYPE)
    before = typed.parsed.get("area_code")
    typed.parsed["area_code"] = ParsedColumn(column.values if before is None else pc.coalesce(before.values, column.values))
    typed.notes["village"] = column


def _village_outcome(village: str | None, kecamatan: str | None, context: TypingContext) -> Repaired[str]:
    """The village of a row; what its cells leave open, the title of the sheet may say.

    The title speaks for rows without a sub-district of their own, but a row may name a village elsewhere: then its name stands alone.
    """
    if kecamatan is not None:
        return context.places.village_code(village or context.title.village, kecamatan, codes=context.village_codes)
    by_title = context.places.village_code(village or context.title.village, context.title.kecamatan, codes=context.village_codes)
    if by_title.value is not None or context.title.kecamatan is None:
        return by_title
    return context.places.village_code(village, None, codes=context.village_codes)


def _distinct_pairs(first: pa.Array, second: pa.Array) -> tuple[list[tuple[int, int]], npt.NDArray[np.int64]]:
    """The distinct pairs of two index columns (null is -1, which takes the last of a list), and each row's place among them."""
    left = pc.fill_null(first, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    right = pc.fill_null(second, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    distinct, indices = np.unique(left * (1 << 32) + (right + 1), return_inverse=True)
    return [(int(pair >> 32), int(pair & 0xFFFFFFFF) - 1) for pair in distinct], indices


def _settle_position(typed: TypedTable, context: TypingContext) -> None:
    if "position" in typed.originals:
        encoded = pc.dictionary_encode(typed.originals["position"])
        outcomes = [read_position(text, context.regency) for text in encoded.dictionary.to_pylist()]
    elif "latitude" in typed.parsed and "longitude" in typed.parsed:
        encoded, outcomes = _paired_coordinates(typed, context.regency)
    else:
        return
    name = "position" if "position" in typed.originals else "latitude"
    both = [_two_of(outcome) for outcome in outcomes]
    latitude = spread(encoded.indices, [first for first, _ in both], pa.float64())
    longitude = spread(encoded.indices, [second for _, second in both], pa.float64())
    if name == "position":
        typed.notes["position"] = latitude
        typed.parsed["latitude"] = ParsedColumn(latitude.values)
    else:
        typed.parsed["latitude"] = latitude
    typed.parsed["longitude"] = ParsedColumn(longitude.values)


def _two_of(outcome: Repaired[Position]) -> tuple[Repaired[float], Repaired[float]]:
    if outcome.value is None:
        return Repaired(None, outcome.error), NOTHING
    return Repaired(outcome.value.latitude, None, outcome.rule), Repaired(outcome.value.longitude)


def _paired_coordinates(typed: TypedTable, regency: Regency) -> tuple[pa.DictionaryArray, list[Repaired[Position]]]:
    """Latitude and longitude in two columns: each was read alone; together they must lie in the regency, swapped if need be."""
    latitude, longitude = typed.parsed["latitude"], typed.parsed["longitude"]
    outcomes: list[Repaired[Position]] = []
    nothing = pa.nulls(typed.length, TEXT_TYPE)
    notes = [nothing if codes is None else codes for codes in (latitude.rules, longitude.rules, latitude.errors)]
    columns = (latitude.values, longitude.values, *notes)
    for first, second, rule, other_rule, error in zip(*(column.to_pylist() for column in columns), strict=True):
        if first is None or second is None:
            outcomes.append(Repaired(None, error or ("half_a_position" if (first is None) != (second is None) else None)))
        else:
            outcomes.append(settled(first, second, rule or other_rule, regency))
    return pc.dictionary_encode(pa.array(range(typed.length), pa.int64())), outcomes


def _settle_neighbourhood(typed: TypedTable) -> None:
    """RT and RW that stand in one cell."""
    if "rt_rw" not in typed.originals:
        return
    encoded = pc.dictionary_encode(typed.originals["rt_rw"])
    both = [read_rt_rw(text) for text in encoded.dictionary.to_pylist()]
    units = {"rt": spread(encoded.indices, [pair.rt for pair in both], TEXT_TYPE)}
    units["rw"] = spread(encoded.indices, [pair.rw for pair in both], TEXT_TYPE)
    typed.notes["rt_rw"] = units["rt"]
    for name, column in units.items():
        before = typed.parsed.get(name)
        values = column.values if before is None else pc.coalesce(before.values, column.values)
        typed.parsed[name] = ParsedColumn(values, before.errors if before else None, before.rules if before else None)


def _settle_address(typed: TypedTable) -> None:
    """Hamlet, RT and RW that stand inside the address: they leave it, and fill the columns where those are empty."""
    if "address" not in typed.parsed:
        return
    encoded = pc.dictionary_encode(typed.parsed["address"].values)
    parts = [split_address(text) for text in encoded.dictionary.to_pylist()]
    found = {
        name: pa.array([getattr(part, name) for part in parts], TEXT_TYPE).take(encoded.indices)
        for name in ("address", "hamlet", "rt", "rw")
    }
    before = typed.parsed["address"]
    rest, hamlet, recognised = _recognised_hamlets(found["address"], found["hamlet"], typed.values("area_code"))
    typed.parsed["address"] = ParsedColumn(rest, before.errors, before.rules)
    for name, values in (("hamlet", hamlet), ("rt", found["rt"]), ("rw", found["rw"])):
        column = typed.parsed.get(name)
        if column is None:
            typed.parsed[name] = ParsedColumn(values)
        else:
            typed.parsed[name] = ParsedColumn(pc.coalesce(column.values, values), column.errors, column.rules)
    if recognised is not None:
        # The address is gone from these rows, so their repair is noted beside the value that it became.
        rules = pc.if_else(recognised, pa.scalar("hamlet_recognised", TEXT_TYPE), pa.scalar(None, TEXT_TYPE))
        typed.notes["address"] = ParsedColumn(hamlet, None, rules)


def _recognised_hamlets(rest: pa.Array, hamlet: pa.Array, area: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array | None]:
    """`KRAJAN` alone is a hamlet where other rows of the same village say `DUSUN KRAJAN`; elsewhere it stays an address."""
    announced = pc.binary_join_element_wise(area, pc.utf8_upper(hamlet), pa.scalar("|", TEXT_TYPE)).drop_null()
    if not len(announced):
        return rest, hamlet, None
    candidates = pc.binary_join_element_wise(area, pc.utf8_upper(rest), pa.scalar("|", TEXT_TYPE))
    recognised = pc.and_(pc.is_in(candidates, value_set=pc.unique(announced), skip_nulls=True), pc.is_null(hamlet))
    if not pc.any(recognised).as_py():
        return rest, hamlet, None
    return pc.if_else(recognised, pa.scalar(None, TEXT_TYPE), rest), pc.if_else(recognised, rest, hamlet), recognised


def _settle_period(typed: TypedTable) -> None:
    """The period of an aid from payment stage and year."""
    if "stage" not in typed.originals or "year" not in typed.originals:
        return
    stages, years = pc.dictionary_encode(typed.originals["stage"]), pc.dictionary_encode(typed.originals["year"])
    pairs, indices = _distinct_pairs(stages.indices, years.indices)
    stage_texts, year_texts = [*stages.dictionary.to_pylist(), None], [*years.dictionary.to_pylist(), None]
    column = spread(pa.array(indices), [read_period(stage_texts[stage], year_texts[year]) for stage, year in pairs], TEXT_TYPE)
    before = typed.parsed.get("period")
    typed.parsed["period"] = ParsedColumn(column.values if before is None else pc.coalesce(before.values, column.values))
    typed.notes["stage"] = column


def _check_regency(typed: TypedTable, context: TypingContext) -> None:
    """A row that names another regency is flagged; its village decides nothing here."""
    if "regency" not in typed.originals:
        return
    wanted = place_key(context.regency.name)
    codes = {context.regency.code, context.regency.code.replace(".", "")}

    def compared(text: str) -> Repaired[str]:
        same = place_key(text) == wanted or text.strip() in codes or place_key(text) == ""
        return NOTHING if same else Repaired(None, "other_regency")

    typed.notes["regency"] = parse_distinct(typed.originals["regency"], compared, TEXT_TYPE)


def _weigh_nik(typed: TypedTable) -> None:
    """Flag NIKs whose birth date or sex inside is another than the columns': evidence for matching, never a reason to refuse."""
    if "nik" not in typed.parsed:
        return
    column = typed.parsed["nik"]
    rows = np.flatnonzero(_flags(pc.is_valid(column.values)))
    if not len(rows):
        return
    day, month, year, woman = birth_inside(digits_of_arrow(column.values.drop_null()))
    if "birth_date" in typed.parsed:
        dates = typed.parsed["birth_date"].values.take(pa.array(rows))
        known = _flags(pc.is_valid(dates))
        parts = [pc.fill_null(part(dates), 0).to_numpy(zero_copy_only=False) for part in (pc.day, pc.month, pc.year)]
        same = (parts[0] == day) & (parts[1] == month) & (parts[2] % 100 == year)
        column = flagged(column, _scattered(rows[known & ~same], typed.length), "birth_date_differs")
    if "sex" in typed.parsed:
        sexes = typed.parsed["sex"].values.take(pa.array(rows))
        differs = _flags(pc.not_equal(sexes, pa.array(np.where(woman, "P", "L"), TEXT_TYPE)))
        column = flagged(column, _scattered(rows[differs], typed.length), "sex_differs")
    typed.parsed["nik"] = column


def _scattered(rows: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.bool_]:
    flags = np.zeros(length, bool)
    flags[rows] = True
    return flags
