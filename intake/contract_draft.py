"""A first contract for a spreadsheet that nobody has described yet: what its columns probably are, and what a person has to look at.

The headers decide, by all that offices are known to call a column; the cells only help: which dates, which codes, which code system.
Nothing of a cell gets into the draft but labels of codes, where a few of them repeat; a person's data never does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from intake.draft_kind import role_of, unit_of
from intake.draft_values import (
    ColumnValues,
    Doubt,
    answers_fit,
    dates_of,
    doubtful_area_codes,
    doubtful_codes,
    fills,
    likeliest_first,
    looks_like,
    village_code_system,
)
from intake.header_mapping import NEAR_MISS, HeaderIndex, header_options
from intake.places import PlaceIndex
from intake.raw_sheet import RawSheet
from intake.readers import read_sheets
from intake.table_finding import find_header, header_levels, header_texts
from schemas.canonical import BY_NAME
from schemas.contracts import ColumnContract, TableContract
from schemas.header_vocabulary import RUNNING_NUMBER, Vocabulary

_LONGEST_HEADER = 60
_LOOKED_AT = 5_000
"""Rows of a sheet that are enough to know its columns."""
_REQUIRED_WHEN_FILLED = 0.98
_A_WORD = 3
"""Letters."""
_KEYS = ("report_number", "card_number")


@dataclass
class DraftColumn:
    """One column of the draft: the office's headers, and what was found about its cells."""

    aliases: list[str]
    required: bool = False
    dates: tuple[str, ...] = ()
    numeric: bool = False
    doubts: list[Doubt] = field(default_factory=list)


@dataclass
class DraftTable:
    """One kind of table: the sheets that have this header."""

    sheets: list[str]
    columns: dict[str, DraftColumn]
    ignore: dict[str, Doubt | None]
    unit: str
    role: str
    rows: int
    record_key: str | None
    lists_person_once: bool


@dataclass
class Draft:
    """What was understood of a file."""

    tables: list[DraftTable] = field(default_factory=list)
    village_codes: str = "names"
    other_sheets: int = 0
    """Sheets in which no header was found."""


def draft_of(path: Path, vocabulary: Vocabulary, places: PlaceIndex) -> Draft:
    """Draft the tables of a file. Raises Refused when the file can't be read."""
    draft = Draft()
    headers: dict[tuple[str, ...], DraftTable] = {}
    codes: Counter[str] = Counter()
    for sheet in read_sheets(path):
        found = _header(sheet, vocabulary) if sheet.height and not sheet.hidden else None
        if found is None:
            draft.other_sheets += bool(sheet.height)
            continue
        rows, names = found
        if (key := tuple(names.values())) in headers:
            headers[key].sheets.append(sheet.name)
            continue
        table, code_system = _table(sheet, rows, names, vocabulary, places)
        headers[key] = table
        codes.update([code_system] if code_system else [])
        draft.tables.append(table)
    draft.village_codes = codes.most_common(1)[0][0] if codes else "names"
    return draft


def _header(sheet: RawSheet, vocabulary: Vocabulary) -> tuple[tuple[int, ...], dict[int, str]] | None:
    """The header's rows and the text of each column that has one; None where no row is a header."""
    filled = sheet.filled()
    found = find_header(sheet, filled, [_index(vocabulary)])
    rows = found.rows if found is not None else _likely_header(sheet, filled, vocabulary)
    if rows is None:
        return None
    texts = {row: header_texts(sheet, row) for row in range(rows[-1] + 1)}
    levels = header_levels(sheet, [texts[row] for row in range(rows[-1] + 1)], rows)
    leaves = Counter(_shown(level[-1:]) for level in levels)
    names = {}
    for place, level in enumerate(levels):
        said = [text for text in level if text and text.strip()]
        # Under group titles two columns may have one name: then the group belongs to the name.
        text = _shown(said[-1:] if said and leaves[_shown(said[-1:])] == 1 else said)
        if text:
            names[place] = text
    return rows, names


def _shown(texts: Sequence[str | None]) -> str:
    return " ".join(" ".join(text.split()) for text in texts if text and text.strip())


def _index(vocabulary: Vocabulary) -> HeaderIndex:
    """The whole vocabulary as if it were one table; a name that means two things stands for the more usual one."""
    columns: dict[str, list[str]] = {}
    for alias, names in vocabulary.items():
        columns.setdefault(names[0], []).append(alias)
    contracts = {name: ColumnContract(aliases=tuple(aliases)) for name, aliases in columns.items()}
    return HeaderIndex(TableContract.model_construct(role="recipients", columns=contracts, ignore=tuple(RUNNING_NUMBER)))


def _likely_header(sheet: RawSheet, filled: np.ndarray, vocabulary: Vocabulary) -> tuple[int, ...] | None:
    """For headers of which hardly a name is known: the first row of distinct short texts without digits, above a row that has some.

    One of them must come near a known name: a list without any header would put somebody's row into the draft.
    """
    for row in range(min(sheet.height - 1, 30)):
        texts = [text for text in sheet.row_texts(row) if text and text.strip()]
        below = [text for text in sheet.row_texts(row + 1) if text]
        if len(texts) < 3 or len(texts) < 0.6 * filled[row + 1].sum() or len(set(texts)) < len(texts):
            continue
        if any(map(_may_be_personal, texts)) or not any(any(map(str.isdigit, text)) for text in below):
            continue
        if any(
            process.extractOne(option, list(vocabulary), scorer=fuzz.ratio, score_cutoff=NEAR_MISS)
            for text in texts
            for option in header_options([text])
        ):
            return (row,)
    return None


def _may_be_personal(text: str) -> bool:
    """Whether a text is too long or too full of digits to be a header; it may be somebody's."""
    return len(text) > _LONGEST_HEADER or re.search(r"\d{4,}", text) is not None


def _table(
    sheet: RawSheet, rows: tuple[int, ...], names: Mapping[int, str], vocabulary: Vocabulary, places: PlaceIndex
) -> tuple[DraftTable, str | None]:
    first, last = rows[-1] + 1, min(sheet.height, rows[-1] + 1 + _LOOKED_AT)
    values = {place: ColumnValues.of(sheet, place, first, last) for place in names}
    columns: dict[str, DraftColumn] = {}
    ignore: dict[str, Doubt | None] = {}
    places_of: dict[str, int] = {}
    for place, header in names.items():
        meaning = _meaning(header, values[place], vocabulary, places, places_of)
        if meaning is None or (_may_be_personal(header)):
            if not _may_be_personal(header):
                counts = set(header_options([header])) & RUNNING_NUMBER
                ignore[header] = None if counts else Doubt("arti kolom ini belum diketahui", "nobody knows yet what this column means")
            continue
        name, doubt = meaning
        if name in columns:
            ignore[header] = Doubt(f"mungkin juga {name}", f"perhaps {name} too")
            continue
        places_of[name] = place
        columns[name] = _column(name, header, values[place], doubt)
    data_rows = int((sheet.filled()[first:].sum(axis=1) >= 2).sum())
    draft = DraftTable(
        sheets=[sheet.name],
        columns=columns,
        ignore=ignore,
        unit=unit_of(columns),
        role=role_of(columns, names.values()),
        rows=data_rows,
        record_key=next((name for name in _KEYS if name in places_of and values[places_of[name]].names_each_row()), None),
        lists_person_once="nik" not in places_of or values[places_of["nik"]].distinct_share() > 0.99,
    )
    village = places_of.get("area_code", places_of.get("village"))
    return draft, None if village is None else village_code_system(values[village])


def _meaning(
    header: str, values: ColumnValues, vocabulary: Vocabulary, places: PlaceIndex, taken: Mapping[str, int]
) -> tuple[str, Doubt | None] | None:
    """What a column is: by its header, else by a header that comes near, else by its cells; with what is uncertain about it."""
    options = header_options([header])
    if set(options) & RUNNING_NUMBER:
        return None
    for option in options:
        if option in vocabulary:
            names = likeliest_first(vocabulary[option], values)
            other = ", ".join(names[1:])
            return names[0], Doubt(f"atau {other}?", f"or {other}?") if other else None
    near = process.extractOne(options[0], list(vocabulary), scorer=fuzz.ratio, score_cutoff=NEAR_MISS) if options else None
    # A known name with a further word behind it is no misspelling: `Tanggal Kwn` is a wedding, and no day of a report.
    if near is not None and options[0].startswith(near[0]) and len(options[0]) - len(near[0]) >= _A_WORD:
        near = None
    if near is not None and vocabulary[near[0]][0] not in taken and answers_fit(vocabulary[near[0]][0], values):
        return vocabulary[near[0]][0], Doubt(f"judul ini hanya mirip «{near[0]}»", f"the header only comes near «{near[0]}»")
    guess = looks_like(values, places)
    if guess is not None and guess not in taken:
        return guess, Doubt("ditebak dari isi sel, bukan dari judul", "guessed from the cells, not from the header")
    return None


def _column(name: str, header: str, values: ColumnValues, doubt: Doubt | None) -> DraftColumn:
    column = DraftColumn([header], doubts=[doubt] if doubt is not None else [])
    kind = BY_NAME[name].kind if name in BY_NAME else "input"
    if name == "name":
        column.required = fills(values) >= _REQUIRED_WHEN_FILLED
        if not column.required:
            column.doubts.append(Doubt("ada baris tanpa nama; wajibkah?", "some rows have no name; is it required?"))
    elif kind == "date":
        column.dates, unsure = dates_of(values)
        column.doubts += unsure
    elif kind in {"code", "boolean"}:
        column.doubts += doubtful_codes(name, values)
    elif name == "area_code":
        column.doubts += doubtful_area_codes(values)
    elif kind == "identifier" and values.scientific():
        column.numeric = True
        column.doubts.append(Doubt("ada nomor dalam notasi ilmiah; digitnya hilang di sumber", "some numbers are in scientific notation"))
    return column
