"""Where in a sheet the table is, and what every row of the sheet is: data, header, title, total, signature, blank.

Offices print their sheets: titles above, two header rows with merged cells, the header again after a page, a sum and signatures
below. Nothing is skipped silently: each row that is not data gets a kind, and the kinds are counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.header_mapping import HeaderIndex, HeaderMap, header_options, map_header
from intake.raw_sheet import RawSheet

SEARCHED_ROWS = 100
"""Rows in which the first header is looked for; the longest letterhead seen has 14."""
MOST_HEADER_ROWS = 3
_SPARSE = 0.35
"""A row with less than this share of the usual number of filled cells may be a sum, a signature or a heading."""

DATA, BLANK, TITLE, HEADER, REPEATED_HEADER, TOTAL, SIGNATURE, IGNORED_SHEET = range(8)
ROW_KINDS = ("data", "blank", "title", "header", "repeated_header", "total", "signature", "ignored_sheet")

_TOTAL = r"(?i)^\s*(?:(?:sub|grand)[\s-]*)?(?:jumlah|total|jml)\b"
_TOTAL_ALONE = r"(?i)^\s*(?:(?:sub|grand)[\s-]*)?(?:jumlah|total|jml)(?:\s+(?:total|seluruh(?:nya)?|keseluruhan|semua|akhir))?\s*[:.]?\s*$"
_SIGNATURE = re.compile(
    r"(?i)^\W*(?:mengetahui|menyetujui|disetujui|dibuat|diketahui|kepala\s+(?:desa|dinas|dusun|seksi|bidang|kelurahan|bagian|sekolah|puskesmas)"
    r"|kades\b|camat\b|lurah\b|sekretaris|bendahara|a\.?\s?n\.?\s|plt\.?\s|nip\b|nip\.|petugas|pendata\b|ttd\b|tanda\s+tangan"
    r"|catatan\b|keterangan\s*:|sumber\s*:|dicetak|halaman\s+\d|ketua\s+(?:tim|rt|rw)"
    r"|[a-z .]+,\s*(?:tgl\.?\s*)?\d{1,2}\s+[a-z]+\s+\d{4}\W*$)"
)
_GROUP_HEADING = re.compile(r"(?i)^\W*(?:desa|kelurahan|kecamatan|kec\.|kel\.|dusun|lingkungan|rw|rt)\b[\s.:]*\S+")
_COLUMN_NUMBER = re.compile(r"^\(?\s*(\d{1,3})\s*\)?(?:\.0)?$")

Kinds = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FoundHeader:
    """The header of a sheet: its rows (0-based), and how each table of the contract understands it."""

    rows: tuple[int, ...]
    maps: tuple[HeaderMap, ...]


def find_header(sheet: RawSheet, filled: Flags, indexes: Sequence[HeaderIndex]) -> FoundHeader | None:
    """The rows among the first 100 that name the most columns of the contract; None when none names two.

    A header may span up to three rows; more rows are taken only when they name more columns.
    """
    searched = min(sheet.height, SEARCHED_ROWS)
    texts = [_texts_of(sheet, row) for row in range(searched)]
    # Rows of data name no column; only the few that do, alone, are tried together with their neighbours.
    speaking = {row for row in range(searched) if _matches(indexes, [(text,) for text in texts[row]])}
    best: tuple[float, tuple[int, ...]] | None = None
    for count in range(1, MOST_HEADER_ROWS + 1):
        for first in range(searched - count + 1):
            rows = tuple(range(first, first + count))
            if not any(row in speaking for row in rows) or not (filled[first].any() and filled[rows[-1]].any()):
                continue
            score = _matches(indexes, _levels(sheet, texts, rows))
            # A further header row must earn its place; so must a later header.
            if score >= 2 and (best is None or score > best[0]):
                best = (score, rows)
    if best is None:
        return None
    levels = _levels(sheet, texts, best[1])
    return FoundHeader(best[1], tuple(map_header(index, levels) for index in indexes))


def _texts_of(sheet: RawSheet, row: int) -> list[str | None]:
    # Only text can be a header; a number in the row below a header is data, not a second header line.
    return [text if sheet.types[row, place] == ord("T") else None for place, text in enumerate(sheet.row_texts(row))]


def _matches(indexes: Sequence[HeaderIndex], levels: Sequence[Sequence[str | None]]) -> float:
    """Distinct canonical columns named, with a little for headers that the contract tells to ignore."""
    named: set[tuple[int, str]] = set()
    ignored = 0
    for texts in levels:
        options = header_options(texts)
        if not options:
            continue
        hits = [(place, name) for place, index in enumerate(indexes) if (name := index.column_of(options)) is not None]
        named.update(hits)
        ignored += not hits and any(index.is_ignored(options) for index in indexes)
    return len(named) + 0.25 * ignored


def _levels(sheet: RawSheet, texts: Sequence[Sequence[str | None]], rows: tuple[int, ...]) -> list[list[str | None]]:
    """For each column its header texts, top to bottom, merged cells spread over the columns that they span."""
    grid = [list(texts[row]) for row in rows]
    for top, left, bottom, right in sheet.merged:
        for place, row in enumerate(rows):
            if top <= row <= bottom and top in rows:
                for column in range(left, min(right, sheet.width - 1) + 1):
                    # A cell merged downwards names its column once: only its first row keeps the text.
                    grid[place][column] = texts[top][left] if row == top else grid[place][column]
    if not sheet.merged:
        _spread_unmerged(grid)
    return [[line[column] for line in grid] for column in range(sheet.width)]


def _spread_unmerged(grid: list[list[str | None]]) -> None:
    """Where a file tells nothing of merged cells, a group title reaches over the columns to its right that have a sub-title."""
    for upper, lower in pairwise(grid):
        current: str | None = None
        for place, text in enumerate(upper):
            if text:
                current = text if lower[place] else None
            elif current and lower[place]:
                upper[place] = current


def row_kinds(sheet: RawSheet, filled: Flags, header: FoundHeader) -> Kinds:
    """The kind of every row of a sheet that has a header (see ROW_KINDS)."""
    kinds = np.full(sheet.height, DATA, np.uint8)
    counts = filled.sum(axis=1)
    kinds[counts == 0] = BLANK
    first, last = header.rows[0], header.rows[-1]
    kinds[:first][counts[:first] > 0] = TITLE
    kinds[first : last + 1][counts[first : last + 1] > 0] = HEADER
    repeated = _repeated_headers(sheet, header)
    kinds[repeated] = REPEATED_HEADER
    for place in (last, *(row for row in repeated if row + 1 not in repeated)):
        if place + 1 < sheet.height and _is_column_numbers(sheet, place + 1):
            kinds[place + 1] = HEADER if place == last else REPEATED_HEADER
    body = np.flatnonzero(kinds == DATA)
    if not len(body):
        return kinds
    usual = float(np.median(counts[body]))
    sparse_limit = max(2.0, _SPARSE * usual)
    data_like = (kinds == DATA) & _looks_like_data(sheet, filled, header, counts, max(3.0, sparse_limit))
    kinds[_totals(sheet, kinds, counts, sparse_limit, data_like)] = TOTAL
    data_like &= kinds == DATA
    _mark_closing_lines(sheet, filled, kinds, data_like)
    return kinds


def _repeated_headers(sheet: RawSheet, header: FoundHeader) -> list[int]:
    """Rows below the header that repeat one of its rows (all of its filled cells that are mapped, at least two)."""
    found: set[int] = set()
    for header_row in header.rows:
        texts = sheet.row_texts(header_row)
        places = [place for place, text in enumerate(texts) if text and text.strip()]
        if len(places) < 2:
            continue
        same: Flags | None = None
        for place in places[:3]:
            wanted = pa.scalar(" ".join((texts[place] or "").split()).casefold(), pa.large_string())
            column = sheet.cells[place]
            first_guess = pc.equal(pc.binary_length(column), len((texts[place] or "").encode()))
            near = pc.fill_null(first_guess, False).to_numpy(zero_copy_only=False) if same is None else same
            rows = np.flatnonzero(near)
            rows = rows[rows > header.rows[-1]]
            equal = [row for row in rows if " ".join((column[int(row)].as_py() or "").split()).casefold() == wanted.as_py()]
            same = np.zeros(sheet.height, bool)
            same[equal] = True
        if same is not None:
            found.update(int(row) for row in np.flatnonzero(same))
    return sorted(found)


def _is_column_numbers(sheet: RawSheet, row: int) -> bool:
    """Whether the row below a header counts the columns: (1) (2) (3) …, as official forms do."""
    numbers = [_COLUMN_NUMBER.match(text.strip()) for text in sheet.row_texts(row) if text and text.strip()]
    if len(numbers) < 3 or not all(numbers):
        return False
    counted = [int(match.group(1)) for match in numbers if match]
    return counted == list(range(counted[0], counted[0] + len(counted))) and counted[0] in {0, 1}


def _looks_like_data(sheet: RawSheet, filled: Flags, header: FoundHeader, counts: npt.NDArray[np.int64], enough: float) -> Flags:
    """Rows that speak of somebody: a long number where the NIK stands, or a name beside enough other cells."""
    speaks = np.zeros(sheet.height, bool)
    for found in header.maps:
        for name in ("nik", "kk_number"):
            if name in found.columns:
                digits = pc.fill_null(pc.match_substring_regex(sheet.cells[found.columns[name]], r"\d[\d .'-]{6,}"), False)
                speaks |= digits.to_numpy(zero_copy_only=False)
        if "name" in found.columns:
            speaks |= filled[:, found.columns["name"]] & (counts >= enough)
    return speaks


def _totals(sheet: RawSheet, kinds: Kinds, counts: npt.NDArray[np.int64], sparse_limit: float, data_like: Flags) -> npt.NDArray[np.int64]:
    """Sum rows: the word alone in one of the first columns, or at the start of a nearly empty row, and nobody's number beside it."""
    first_columns = sheet.cells[: min(4, sheet.width)]
    alone = np.zeros(sheet.height, bool)
    begins = np.zeros(sheet.height, bool)
    for column in first_columns:
        candidates = pc.fill_null(pc.match_substring_regex(column, _TOTAL), False).to_numpy(zero_copy_only=False)
        if candidates.any():
            begins |= candidates
            alone |= pc.fill_null(pc.match_substring_regex(column, _TOTAL_ALONE), False).to_numpy(zero_copy_only=False)
    is_total = (
        (kinds == DATA) & ((alone & (counts <= 0.6 * sheet.width)) | (begins & (counts <= max(sparse_limit, 3)))) & ~(data_like & ~alone)
    )
    return np.flatnonzero(is_total)


def _mark_closing_lines(sheet: RawSheet, filled: Flags, kinds: Kinds, data_like: Flags) -> None:
    """Mark signatures and notes after the last data row of each block, and headings before a repeated header. Changes `kinds`."""
    starts = [0, *(int(row) for row in np.flatnonzero(kinds == REPEATED_HEADER)), sheet.height]
    for start, end in pairwise(starts):
        spoken = np.flatnonzero(data_like[start:end])
        after = start + int(spoken[-1]) + 1 if len(spoken) else start
        tail = [row for row in range(after, end) if kinds[row] == DATA]
        if len(tail) > SEARCHED_ROWS:
            continue  # that many rows are a list of people without numbers, not a signature block
        signing = False
        for row in tail:
            texts = [text for text in sheet.row_texts(row) if text and text.strip()]
            signing = signing or any(_SIGNATURE.match(text) for text in texts)
            if signing:
                kinds[row] = SIGNATURE
            elif end < sheet.height and len(texts) <= 2:
                kinds[row] = TITLE
    alone = np.flatnonzero((kinds == DATA) & (filled.sum(axis=1) == 1) & ~data_like)
    for row in alone[: 10 * SEARCHED_ROWS]:
        text = next(text for text in sheet.row_texts(int(row)) if text and text.strip())
        if _GROUP_HEADING.match(text):
            kinds[row] = TITLE
