"""All tables of a sheet: one, several one below the other under headers of their own, or several side by side.

Each is found by its header. A header that says the same as the one before is that one repeated; one that says something else begins
another table. A table that the contract does not know is left aside and counted; one that is meant and lacks something refuses the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.carried_values import BlockLines
from intake.header_mapping import HeaderIndex, HeaderMap, header_options, indexes_of, map_header
from intake.raw_sheet import DATE_CELL, NUMBER_CELL, Flags, RawSheet
from intake.refusals import Refused
from intake.sheet_views import only_columns, rows_between
from intake.table_finding import FoundHeader, find_header, header_levels, header_texts
from schemas.contracts import TableContract, normalised_header

Chosen = tuple[tuple[TableContract, HeaderMap], ...]
_SPEAKS_OF_PERSONS = frozenset({"name", "nik"})
_MOST_OF_IT = 0.5
"""A table that has half of the contract's columns is meant to be its table, even if it lacks names and NIKs."""
_IDENTITY_NUMBER = r"\d[\d .'-]{6,}"
"""What a number in the NIK's column looks like, damaged or not; the header NIK does not."""
_TITLE_ROWS = 6
"""Rows above a further header among which its title is looked for."""
_ANYWHERE = frozenset(
    map(normalised_header, ("No", "Nomor", "Uraian", "Jumlah", "Jumlah KK", "Jumlah Jiwa", "Total", "Persen", "Persentase", "Keterangan"))
) | frozenset(map(normalised_header, ("Ket", "Desa", "Kelurahan", "Desa/Kelurahan", "Kecamatan", "Dusun", "Laki-laki", "Perempuan")))
"""What headers of recapitulations say, whatever the source."""
_SUMS = frozenset({"jumlah", "total", "subtotal", "grandtotal", "jml"})


@dataclass(frozen=True)
class TableInSheet:
    """One table: its part of the sheet from row `top` (0-based), its header, and the contract's table with the maps of its mentions.

    `repeated` are rows of the part that say the header again. `chosen` is empty for a table that the contract does not know; `problem` says
    what it lacks.
    """

    top: int
    sheet: RawSheet
    header: FoundHeader
    chosen: Chosen
    repeated: tuple[int, ...] = ()
    problem: Refused | None = None
    block: BlockLines | None = field(default=None, compare=False)


def tables_in(sheet: RawSheet, filled: Flags, tables: Sequence[TableContract]) -> list[TableInSheet]:
    """The tables of a sheet from top to bottom, those side by side from left to right; empty when it has no header.

    Raises Refused when one of them is meant to be the contract's and lacks a required column, or has one twice.
    """
    if not sheet.height:
        return []
    indexes = [index for table in tables for index in indexes_of(table)]
    best = find_header(sheet, filled, indexes)
    if best is None:
        return []
    headers = _all_headers(sheet, filled, tables, best)
    tops = [0, *(_top_of(filled, later, earlier) for (earlier, _), (later, _) in pairwise(headers))]
    found: list[TableInSheet] = []
    for (header, repeated), top, bottom in zip(headers, tops, [*tops[1:], sheet.height], strict=True):
        part = rows_between(sheet, top, bottom)
        rows = tuple(row - top for row in header.rows)
        found += _side_by_side(part, top, rows, tuple(row - top for row in repeated), tables)
    return found


Headers = list[tuple[FoundHeader, list[int]]]


def _all_headers(sheet: RawSheet, filled: Flags, tables: Sequence[TableContract], best: FoundHeader) -> Headers:
    """Each table's header with the rows that say it again, in the order of the sheet."""
    indexes = [index for table in tables for index in indexes_of(table)]
    headers: Headers = []
    said = {_row_words(sheet, row) for row in best.rows}
    for row in sorted({*_header_like(sheet, filled, tables, best), best.rows[0]}):
        if row > best.rows[-1] and headers and headers[-1][0] is best and _row_words(sheet, row) in said:
            headers[-1][1].append(row)
            continue
        header = best if row in best.rows else _header_at(sheet, filled, indexes, row)
        last = headers[-1][0] if headers else None
        if last is not None and header is not None and header.rows[0] <= last.rows[-1]:
            continue
        if last is None:
            if header is not None and (header is best or _fitting(header, tables)):
                headers.append((header, []))
            continue
        if header is not None and all(_says_the_same(new, old) for new, old in zip(header.maps, last.maps, strict=True)):
            headers[-1][1].extend(header.rows)
        elif header is not None and (header is best or _fitting(header, tables) or _is_meant(header, tables)):
            headers.append((header, []))
        elif not _speaks_of_people(sheet, row):
            headers.append((header or FoundHeader((row,), last.maps), []))
    return headers


def _row_words(sheet: RawSheet, row: int) -> tuple[str, ...]:
    return tuple(normalised_header(text or "") for text in sheet.row_texts(row))


def _says_the_same(new: HeaderMap, old: HeaderMap) -> bool:
    """Whether a header further down names the same columns at the same places, or fewer of them and nothing else."""
    known = {*old.columns.values(), *old.ignored, *old.unknown}
    return new.columns.items() <= old.columns.items() and new.headers.keys() <= known


def _header_at(sheet: RawSheet, filled: Flags, indexes: Sequence[HeaderIndex], row: int) -> FoundHeader | None:
    """The header around a row that looks like one: it may have a row of group titles above, and of sub-titles below."""
    top, bottom = max(row - 1, 0), min(row + 2, sheet.height)
    found = find_header(rows_between(sheet, top, bottom), filled[top:bottom], indexes)
    if found is None:
        return None
    return replace(found, rows=tuple(place + top for place in found.rows))


def _header_like(sheet: RawSheet, filled: Flags, tables: Sequence[TableContract], best: FoundHeader) -> list[int]:
    """Rows of text that name columns: two of the contract among half of its cells, or in all of its cells what headers say."""
    counts = filled.sum(axis=1)
    possible = (counts >= 2) & ~((sheet.types == NUMBER_CELL) | (sheet.types == DATE_CELL)).any(axis=1)
    possible[list(best.rows)] = False
    for found in best.maps:
        for name in ("nik", "kk_number"):
            if name in found.columns:
                numbers = pc.fill_null(pc.match_substring_regex(sheet.cells[found.columns[name]], _IDENTITY_NUMBER), False)
                possible &= ~numbers.to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(possible)
    if not len(rows):
        return []
    mentions = [mention for table in tables for mention in table.mentions]
    aliases = {normalised_header(alias) for table in mentions for column in table.columns.values() for alias in column.aliases}
    others = {normalised_header(text) for table in mentions for text in table.ignore} | _ANYWHERE
    named, known = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    sums = np.zeros(len(rows), bool)
    for column in sheet.cells:
        texts = pc.utf8_lower(column.take(pa.array(rows)))
        texts = pc.replace_substring_regex(texts, r"[^\pL\pN]+", "")
        is_alias = _is_in(texts, aliases)
        named += is_alias
        known += is_alias | _is_in(texts, others)
        sums |= _is_in(texts, _SUMS) & (known <= 1)
    some = (named >= 2) & (2 * known >= counts[rows])
    return [int(row) for row in rows[(some | (known == counts[rows])) & ~sums]]


def _is_in(texts: pa.Array, words: set[str] | frozenset[str]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.is_in(texts, value_set=pa.array(sorted(words), pa.large_string())).to_numpy(zero_copy_only=False)
    return found


def _speaks_of_people(sheet: RawSheet, row: int) -> bool:
    """Whether somewhere below a row stands a number as long as a NIK, so that nothing below it may be left aside."""
    return any(
        pc.any(pc.fill_null(pc.match_substring_regex(column.slice(row + 1), r"\d[\d .'-]{11,}\d"), False)).as_py() for column in sheet.cells
    )


def _top_of(filled: Flags, header: FoundHeader, before: FoundHeader) -> int:
    """The first row of a further table: that of its title, which stands between a blank row and its header."""
    first = header.rows[0]
    counts = filled.sum(axis=1)
    for row in range(first - 1, max(first - 1 - _TITLE_ROWS, before.rows[-1]), -1):
        if counts[row] == 0:
            return row + 1
        if counts[row] > 2:
            break
    top = first
    while top - 1 > before.rows[-1] and counts[top - 1] == 1 and first - top < _TITLE_ROWS:
        top -= 1
    return top


def _side_by_side(
    part: RawSheet, top: int, rows: tuple[int, ...], repeated: tuple[int, ...], tables: Sequence[TableContract]
) -> list[TableInSheet]:
    """The tables that share a header's rows: one, or as many as name the same columns again, apart by an empty column."""
    levels = header_levels(part, [header_texts(part, row) for row in range(rows[-1] + 1)], rows)
    groups = _groups(part, levels)
    single = _table(part, top, rows, repeated, levels, tables)
    if len(groups) < 2:
        return [_refusing(single, tables)]
    split = []
    for group in groups:
        own = [texts if place in group else () for place, texts in enumerate(levels)]
        split.append(_table(only_columns(part, group), top, rows, repeated, own, tables))
    if sum(bool(table.chosen) for table in split) < 2:
        return [_refusing(single, tables)]
    first_names = [set(table.chosen[0][1].columns) & _SPEAKS_OF_PERSONS for table in split if table.chosen]
    if not set.intersection(*first_names):
        return [_refusing(single, tables)]
    return [table for table in split if table.chosen]


def _groups(part: RawSheet, levels: Sequence[Sequence[str | None]]) -> list[range]:
    """Runs of columns that tables side by side would have: between columns without header and content, or where the header repeats."""
    named = [bool(header_options(texts)) for texts in levels]
    empty = [not pc.any(pc.is_valid(column)).as_py() if not name else False for column, name in zip(part.cells, named, strict=True)]
    groups: list[range] = []
    start = 0
    for place in range(part.width + 1):
        if place == part.width or empty[place]:
            if any(named[start:place]):
                groups.append(range(start, place))
            start = place + 1
    if len(groups) == 1:
        (whole,) = groups
        texts = [header_options(levels[place]) for place in whole]
        for period in range(2, len(texts) // 2 + 1):
            if len(texts) % period == 0 and all(texts[place] == texts[place % period] for place in range(len(texts))):
                return [range(whole.start + start, whole.start + start + period) for start in range(0, len(texts), period)]
    return groups


def _table(
    part: RawSheet,
    top: int,
    rows: tuple[int, ...],
    repeated: tuple[int, ...],
    levels: Sequence[Sequence[str | None]],
    tables: Sequence[TableContract],
) -> TableInSheet:
    maps = tuple(map_header(index, levels) for table in tables for index in indexes_of(table))
    header = FoundHeader(rows, maps)
    readers = {place: BlockLines(table.block) for place, table in enumerate(tables) if table.block}
    blocks = {place: lines for place, lines in readers.items() if lines.begin_at(part, rows)}
    fitting = [place for place in _fitting(header, tables) if not tables[place].block or place in blocks]
    if not fitting:
        return TableInSheet(top, part, header, (), repeated, _problem(header, tables, part, top))
    place = max(fitting, key=lambda place: (place in blocks, _named(header, tables, place), -place))
    chosen = tuple(
        (mention, found)
        for mention, found in zip(tables[place].mentions, _maps_by_table(header, tables)[place], strict=True)
        if mention is tables[place] or _speaks(found)
    )
    return TableInSheet(top, part, replace(header, maps=tuple(found for _, found in chosen)), chosen, repeated, None, blocks.get(place))


def _refusing(table: TableInSheet, tables: Sequence[TableContract]) -> TableInSheet:
    """The table as it is; raises what it lacks when it is meant to be the contract's, since ignoring it would lose its rows in silence."""
    if table.problem is not None and _is_meant(table.header, tables):
        raise table.problem
    return table


def _named(header: FoundHeader, tables: Sequence[TableContract], place: int) -> int:
    return sum(len(found.columns) for found in _maps_by_table(header, tables)[place])


def _fitting(header: FoundHeader, tables: Sequence[TableContract]) -> list[int]:
    """Places of the tables whose main mention finds all that it needs in the header."""
    maps = _maps_by_table(header, tables)
    return [place for place, (found, *_) in enumerate(maps) if found.columns and not found.missing and not found.duplicates]


def _speaks(found: HeaderMap) -> bool:
    return not found.missing and not found.duplicates and not _SPEAKS_OF_PERSONS.isdisjoint(found.columns)


def _maps_by_table(header: FoundHeader, tables: Sequence[TableContract]) -> list[tuple[HeaderMap, ...]]:
    """The header's maps, which stand in one row of all mentions, parted by table."""
    maps = iter(header.maps)
    return [tuple(next(maps) for _ in table.mentions) for table in tables]


def _is_meant(header: FoundHeader, tables: Sequence[TableContract]) -> bool:
    """Whether a table that lacks something is meant to be one of the contract's."""
    for (found, *_), table in zip(_maps_by_table(header, tables), tables, strict=True):
        known = set(found.columns) | set(found.duplicates) | {name for name in found.proposals if name in _SPEAKS_OF_PERSONS}
        if known & _SPEAKS_OF_PERSONS or len(known) >= _MOST_OF_IT * len(table.columns):
            return True
    return False


def _problem(header: FoundHeader, tables: Sequence[TableContract], sheet: RawSheet, top: int) -> Refused:
    """Why nothing of the contract fits, by the table that lacks least."""
    found, table = min(
        ((maps[0], table) for maps, table in zip(_maps_by_table(header, tables), tables, strict=True)),
        key=lambda pair: (len(pair[0].missing), -len(pair[0].columns)),
    )
    place = {"sheet": sheet.name or "-", "row": top + header.rows[-1] + 1}
    missing = [*found.missing, *(() if found.missing or found.duplicates else (next(iter(table.block), ""),))]
    if not missing:
        duplicates = "; ".join(" = ".join(found.headers[column] for column in places) for places in found.duplicates.values())
        return Refused("duplicate_column", **place, duplicates=duplicates)
    near = [(found.headers[found.proposals[name]], _called(table, name)) for name in missing if name in found.proposals]
    return Refused(
        "missing_required_column",
        **place,
        missing=", ".join(_called(table, name) for name in missing),
        proposals_id="".join(f" Apakah «{header_text}» maksudnya {alias}?" for header_text, alias in near),
        proposals_en="".join(f" Does «{header_text}» mean {alias}?" for header_text, alias in near),
    )


def _called(table: TableContract, name: str) -> str:
    return table.all_columns[name].aliases[0]
