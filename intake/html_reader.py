"""HTML tables that call themselves .xls: what web applications of offices export as "Excel".

Each table of the page is a sheet, `tabel 1`, `tabel 2`, …; cells that span columns or rows hold their text in their first cell, as in
a spreadsheet. All cells are text: what a number was, the page does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from intake.cell_arrays import text_column
from intake.raw_sheet import Range, RawSheet
from intake.refusals import Refused
from intake.text_reader import detect_encoding

SHEET_NAME = "tabel {number}"
MOST_COLUMNS = 16_384
MOST_SPAN = 1_000
"""A cell that spans more columns or rows than this is a trap, not a title."""

_NO_CONTENT = re.compile(r"<!--.*?-->|<!\[[^>]*(?:>|\Z)", re.DOTALL)
"""Comments, and marked sections such as Excel's `<![if !supportEmptyParas]>`; the standard library's parser dies of unknown ones."""
_END = re.compile(r"</(?:html|body)\s*>\s*\Z", re.IGNORECASE)
"""How a whole page ends; careless programs leave out the end of a table, a cut file has neither."""
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read_html_tables(path: Path) -> Iterator[RawSheet]:
    """Yield each table of the page, also one inside another's cell. Raises Refused when there is none, or when the page is cut off."""
    page = _NO_CONTENT.sub("", _decoded(path.read_bytes()))
    parser = _Tables()
    parser.feed(page)
    if parser.in_table and _END.search(page) is None:
        raise Refused("truncated")
    parser.close()
    if not parser.tables:
        raise Refused("unreadable")
    for number, table in enumerate(parser.tables, start=1):
        yield _as_sheet(table, SHEET_NAME.format(number=number))


def _decoded(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared is not None and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return content.decode(detect_encoding(content), "replace")


class _Table:
    """A table as it grows: its rows of cells, and the ranges that are merged."""

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.merged: list[Range] = []
        self._taken: dict[int, list[tuple[int, int]]] = {}
        """By row the columns, from and to behind, that cells of rows above reach down into."""
        self._next = 0

    def begin_row(self) -> None:
        """Go on to the next row, at its left end."""
        self._taken.pop(len(self.rows) - 1, None)
        self.rows.append({})
        self._next = 0

    def add_cell(self, text: str, columns: int, rows: int) -> None:
        """Put a cell at the next free place of the last row."""
        row = len(self.rows) - 1
        place = self._next
        for start, end in sorted(self._taken.get(row, ())):
            if start <= place < end:
                place = end
        self._next = place + columns
        if self._next > MOST_COLUMNS:
            raise Refused("too_large", limit=f"{MOST_COLUMNS}")
        self.rows[row][place] = text
        if columns > 1 or rows > 1:
            self.merged.append((row, place, row + rows - 1, place + columns - 1))
            for below in range(row + 1, row + rows):
                self._taken.setdefault(below, []).append((place, place + columns))


class _Tables(HTMLParser):
    """Collects the tables of a page; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[tuple[_Table, list[str] | None, tuple[int, int]]] = []

    @property
    def in_table(self) -> bool:
        """Whether a table has begun and not ended."""
        return bool(self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            table = _Table()
            self.tables.append(table)
            self._open.append((table, None, (1, 1)))
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1][0].begin_row()
        elif tag in {"td", "th"}:
            self._end_cell()
            table = self._open[-1][0]
            if not table.rows:
                table.begin_row()
            facts = dict(attrs)
            self._open[-1] = (table, [], (_span(facts.get("colspan")), _span(facts.get("rowspan"))))
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        if tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1] is not None:
            self._open[-1][1].append(data)

    def _end_cell(self) -> None:
        table, texts, (columns, rows) = self._open[-1]
        if texts is not None:
            table.add_cell(re.sub(r"[ \t\r\n\f]+", " ", "".join(texts)).strip(" "), columns, rows)
            self._open[-1] = (table, None, (1, 1))

    def close(self) -> None:
        super().close()
        while self._open:
            self._end_cell()
            self._open.pop()


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MOST_SPAN) if text and text.strip().isdigit() else 1


def _as_sheet(table: _Table, name: str) -> RawSheet:
    last = max((place for place, row in enumerate(table.rows) if any(row.values())), default=-1)
    width = max((max(row, default=-1) + 1 for row in table.rows[: last + 1]), default=0)
    columns = [text_column([row.get(place, "") for row in table.rows[: last + 1]]) for place in range(width)]
    types = np.column_stack([types for _, types in columns]) if columns else np.empty((0, 0), np.uint8)
    return RawSheet(name, tuple(cells for cells, _ in columns), types, merged=tuple(table.merged))
