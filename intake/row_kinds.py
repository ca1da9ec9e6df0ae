"""What every row of a table is: data, header, title, total, signature, line of a block report, blank.

Nothing is skipped silently: each row that is not data gets a kind, and the kinds are counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.raw_sheet import EMPTY_CELL, Flags, RawSheet
from intake.table_finding import FoundHeader

_SPARSE = 0.35
"""A row with less than this share of the usual number of filled cells may be a sum, a signature or a heading."""

ROW_KINDS = (
    *("data", "blank", "title", "header", "repeated_header", "total", "signature"),
    *("ignored_sheet", "block_line", "ignored_table", "hidden_sheet"),
)
DATA, BLANK, TITLE, HEADER, REPEATED_HEADER, TOTAL, SIGNATURE, IGNORED_SHEET, BLOCK_LINE, IGNORED_TABLE, HIDDEN_SHEET = range(
    len(ROW_KINDS)
)

_TOTAL = r"(?i)^\s*(?:(?:sub|grand)[\s-]*)?(?:jumlah|total|jml)\b"
_TOTAL_ALONE = (
    r"(?i)^\s*(?:(?:sub|grand)[\s-]*)?(?:jumlah|total|jml)(?:\s+(?:total|seluruh(?:nya)?|keseluruhan|semua|akhir))?"
    r"(?:\s+(?:per\s+)?(?:kec|kecamatan|desa|kel|kelurahan|dusun|dsn|rt|rw|hal|halaman|sekolah|opd)\b.*)?\s*[:.]?\s*$"
)
_SIGNATURE = re.compile(
    r"(?i)^\W*(?:mengetahui|menyetujui|disetujui|dibuat|diketahui|kepala\s+(?:desa|dinas|dusun|seksi|bidang|kelurahan|bagian|sekolah|puskesmas)"
    r"|kades\b|camat\b|lurah\b|sekretaris|bendahara|a\.?\s?n\.?\s|plt\.?\s|nip\b|nip\.|petugas|pendata\b|ttd\b|tanda\s+tangan"
    r"|catatan\b|keterangan\s*:|sumber\s*:|dicetak|halaman\s+\d|ketua\s+(?:tim|rt|rw)"
    r"|[a-z .]+,\s*(?:tgl\.?\s*)?\d{1,2}\s+[a-z]+\s+\d{4}\W*$)"
)
_GROUP_HEADING = re.compile(r"(?i)^\W*(?:desa|kelurahan|kecamatan|kec\.|kel\.|dusun|lingkungan|rw|rt)\b[\s.:]*\S+")
_COLUMN_NUMBER = re.compile(r"^\(?\s*(\d{1,3})\s*\)?(?:\.0)?$")

_FIRST_COLUMNS = 4
"""Columns in which a sum is looked for; further right the word must be the first thing in its row."""
_SUM_FILLS = 0.6
"""A sum fills at most this share of the columns: those with names and addresses stay empty."""
_CLOSING_ROWS = 100
"""More rows than this after the last person are a list of people without numbers, not a signature block."""

Kinds = npt.NDArray[np.uint8]


def row_kinds(
    sheet: RawSheet, filled: Flags, header: FoundHeader, repeated: Collection[int] = (), block_lines: Collection[int] = ()
) -> Kinds:
    """The kind of every row of a sheet that has a header (see ROW_KINDS).

    `repeated` are rows that say the header again in other words, `block_lines` the labelled lines of a block report.
    """
    kinds = np.full(sheet.height, DATA, np.uint8)
    counts = filled.sum(axis=1)
    kinds[counts == 0] = BLANK
    first, last = header.rows[0], header.rows[-1]
    kinds[:first][counts[:first] > 0] = TITLE
    kinds[first : last + 1][counts[first : last + 1] > 0] = HEADER
    repeated = sorted({*_repeated_headers(sheet, header), *(row for row in repeated if row > last)})
    kinds[repeated] = REPEATED_HEADER
    kinds[list(block_lines)] = BLOCK_LINE
    for place in (last, *(row for row in repeated if row + 1 not in repeated)):
        if place + 1 < sheet.height and _is_column_numbers(sheet, place + 1):
            kinds[place + 1] = HEADER if place == last else REPEATED_HEADER
    body = np.flatnonzero(kinds == DATA)
    if not len(body):
        return kinds
    alone, begins = _sum_words(sheet)
    listed = counts[body][(counts[body] > 1) & ~begins[body]]
    # Sums and signatures would lower what is usual: in a short list they are as many as the people.
    usual = float(np.median(listed if len(listed) else counts[body]))
    sparse_limit = max(2.0, _SPARSE * usual)
    data_like = (kinds == DATA) & _looks_like_data(sheet, filled, header, counts, max(3.0, sparse_limit))
    is_sum = (alone & (counts <= _SUM_FILLS * sheet.width)) | (begins & (counts <= max(sparse_limit, 3)))
    kinds[(kinds == DATA) & is_sum & ~(data_like & ~alone)] = TOTAL
    data_like &= kinds == DATA
    _mark_closing_lines(sheet, filled, kinds, data_like)
    _mark_repeated_titles(sheet, kinds, first)
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


def _sum_words(sheet: RawSheet) -> tuple[Flags, Flags]:
    """Rows in which the word for a sum stands alone (or with a place: `JUMLAH KEC. MUNCAR`), and rows that it begins.

    It is looked for in the first columns, and further right where it is the first thing in its row.
    """
    alone = np.zeros(sheet.height, bool)
    begins = np.zeros(sheet.height, bool)
    nothing_before = np.ones(sheet.height, bool)
    for place, column in enumerate(sheet.cells):
        if place >= _FIRST_COLUMNS and not nothing_before.any():
            break
        candidates = pc.fill_null(pc.match_substring_regex(column, _TOTAL), False).to_numpy(zero_copy_only=False)
        if place >= _FIRST_COLUMNS:
            candidates = candidates & nothing_before
        if candidates.any():
            begins |= candidates
            total_alone = pc.fill_null(pc.match_substring_regex(column, _TOTAL_ALONE), False).to_numpy(zero_copy_only=False)
            alone |= candidates & total_alone
        nothing_before &= sheet.types[:, place] == EMPTY_CELL
    return alone, begins


def _mark_closing_lines(sheet: RawSheet, filled: Flags, kinds: Kinds, data_like: Flags) -> None:
    """Mark signatures and notes after the last data row of each block, and headings before a repeated header. Changes `kinds`."""
    starts = [0, *(int(row) for row in np.flatnonzero(kinds == REPEATED_HEADER)), sheet.height]
    for start, end in pairwise(starts):
        spoken = np.flatnonzero(data_like[start:end])
        after = start + int(spoken[-1]) + 1 if len(spoken) else start
        tail = [row for row in range(after, end) if kinds[row] == DATA]
        if len(tail) > _CLOSING_ROWS:
            continue
        signing = False
        for row in tail:
            texts = [text for text in sheet.row_texts(row) if text and text.strip()]
            signing = signing or any(_SIGNATURE.match(text) for text in texts)
            if signing:
                kinds[row] = SIGNATURE
            elif end < sheet.height and len(texts) <= 2:
                kinds[row] = TITLE
    _mark_headings(sheet, filled, kinds, data_like)


def _mark_headings(sheet: RawSheet, filled: Flags, kinds: Kinds, data_like: Flags) -> None:
    """Mark headings between the rows, such as the village's name in a row of its own. Changes `kinds`."""
    alone = np.flatnonzero((kinds == DATA) & (filled.sum(axis=1) == 1) & ~data_like)
    for row in alone[: 10 * _CLOSING_ROWS]:
        text = next(text for text in sheet.row_texts(int(row)) if text and text.strip())
        if _GROUP_HEADING.match(text):
            kinds[row] = TITLE


def _mark_repeated_titles(sheet: RawSheet, kinds: Kinds, first: int) -> None:
    """Mark the titles that each printed page begins with, where they were taken for closing lines. Changes `kinds`."""
    titles = {_words(sheet, int(row)) for row in np.flatnonzero(kinds[:first] == TITLE)}
    if titles:
        for row in np.flatnonzero(kinds == SIGNATURE):
            if _words(sheet, int(row)) in titles:
                kinds[row] = TITLE


def _words(sheet: RawSheet, row: int) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).casefold() for text in sheet.row_texts(row) if text and text.strip())
