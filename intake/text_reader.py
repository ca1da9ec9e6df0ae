"""Text tables: comma, semicolon, tab or pipe separated, in whatever encoding the office's program wrote.

The encoding is decided by evidence in a fixed order and named; the separator is the one that gives the most lines the same
number of fields. Fields are read by the standard library, and each line's number of fields is kept, because a line with a field
too many or too few has its values in the wrong columns.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intake.cell_arrays import text_column
from intake.raw_sheet import Bytes, RawSheet
from intake.refusals import Refused

DELIMITERS = (",", ";", "\t", "|")
MAXIMUM_FIELD = 100_000
"""Characters in one field; the longest honest ones (free notes) have a few thousand."""
MAXIMUM_BYTES = 2 * 1024**3
_CHUNK_ROWS = 50_000
_SAMPLE_LINES = 200
_SENTINEL = "\x01end\x01"


def read_text_table(path: Path) -> RawSheet:
    """The file as one sheet with an empty name. Raises Refused for an unclosed quotation mark, a giant field, no content."""
    if path.stat().st_size > MAXIMUM_BYTES:
        raise Refused("too_large", limit=f"{MAXIMUM_BYTES // 1024**3} GB")
    content = path.read_bytes()
    encoding = detect_encoding(content)
    text = content.decode(encoding)
    del content
    remarks = [f"encoding:{encoding}"]
    if "\x00" in text:
        text = text.replace("\x00", "")
        remarks.append("nul_characters_removed")
    delimiter = detect_delimiter(text)
    remarks.append(f"delimiter:{delimiter}")
    cells, types, counts = _read_fields(text, delimiter)
    return RawSheet("", cells, types, field_counts=counts, remarks=tuple(remarks))


def detect_encoding(content: bytes) -> str:
    """BOM first, then strict UTF-8, then UTF-16 by its NULs, then cp1252, which reads anything that is left.

    Raises Refused (`truncated`) for UTF-16 that ends within a character or was damaged otherwise: every other reading of it is rubbish.
    Statistical guessers call short cp1252 files cp1250 and change letters in names, so none is used.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig" if _decodes(content, "utf-8-sig") else "cp1252"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        if not _decodes(content, "utf-16"):
            raise Refused("truncated")
        return "utf-16"
    head = content[:4096]
    if head.count(0) > 0.2 * len(head):
        for encoding, nuls in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[0::2].count(0))):
            if nuls > 0.5 * (len(head) // 2) and _decodes(content, encoding):
                return encoding
    if _decodes(content, "utf-8"):
        return "utf-8"
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def detect_delimiter(text: str) -> str:
    """The separator by which most of the first lines have the same number of fields, at least two."""
    lines = [line for line in islice(io.StringIO(text, newline=None), _SAMPLE_LINES) if line.strip()]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(fields) for fields in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        width, lines_of_it = max(((w, n) for w, n in widths.items() if w > 1), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        score = (lines_of_it / max(len(lines), 1), width)
        if lines_of_it and score > best_score:
            best, best_score = delimiter, score
    return best


def _read_fields(text: str, delimiter: str) -> tuple[tuple[pa.Array, ...], Bytes, npt.NDArray[np.int32]]:
    csv.field_size_limit(MAXIMUM_FIELD)
    # The sentinel comes back as a row of its own unless an unclosed quotation mark swallows it with the lines before it.
    reader = csv.reader(chain(io.StringIO(text, newline=""), (_SENTINEL,)), delimiter=delimiter)
    chunks: list[list[tuple[pa.Array, Bytes]]] = []
    counts: list[npt.NDArray[np.int32]] = []
    rows_before = 0
    last: list[str] = []
    try:
        while rows := list(islice(reader, _CHUNK_ROWS)):
            last = rows[-1]
            if last == [_SENTINEL]:
                rows.pop()
            rows_before += len(rows)
            if rows:
                chunk, widths = _columns(rows)
                chunks.append(chunk)
                counts.append(widths)
    except csv.Error:
        raise Refused("giant_field", row=reader.line_num, limit=MAXIMUM_FIELD) from None
    if last != [_SENTINEL]:
        raise Refused("unclosed_quote", row=rows_before)
    return _joined(chunks, counts)


def _columns(rows: list[list[str]]) -> tuple[list[tuple[pa.Array, Bytes]], npt.NDArray[np.int32]]:
    widths = np.fromiter(map(len, rows), np.int32, len(rows))
    width = int(widths.max())
    if int(widths.min()) != width:
        rows = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    return [text_column(values) for values in zip(*rows, strict=True)], widths


def _joined(
    chunks: list[list[tuple[pa.Array, Bytes]]], counts: list[npt.NDArray[np.int32]]
) -> tuple[tuple[pa.Array, ...], Bytes, npt.NDArray[np.int32]]:
    if not chunks:
        return (), np.empty((0, 0), np.uint8), np.empty(0, np.int32)
    width = max(len(chunk) for chunk in chunks)
    columns: list[pa.Array] = []
    types: list[Bytes] = []
    for place in range(width):
        parts = []
        letters = []
        for chunk, widths in zip(chunks, counts, strict=True):
            if place < len(chunk):
                parts.append(chunk[place][0])
                letters.append(chunk[place][1])
            else:
                parts.append(pa.nulls(len(widths), pa.large_string()))
                letters.append(np.full(len(widths), ord("_"), np.uint8))
        columns.append(pa.concat_arrays(parts))
        types.append(np.concatenate(letters))
    matrix = np.column_stack(types)
    counted = np.concatenate(counts)
    last = _last_line_with_content(matrix)
    return tuple(column.slice(0, last) for column in columns), matrix[:last], counted[:last]


def _last_line_with_content(types: Bytes) -> int:
    filled = np.flatnonzero((types != ord("_")).any(axis=1))
    return int(filled[-1]) + 1 if len(filled) else 0
