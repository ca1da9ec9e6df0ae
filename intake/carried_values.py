"""Values that stand once and hold for the rows below: in labelled lines of a block report, and in headings between the rows.

The population book (BIP) writes `No. KK : … Alamat : …, Nama Dusun : …, RT/RW : …` above the members of each family, and sub-district and
village in the title of each page; a list for a whole sub-district may write `DESA SUMBERSARI` above the rows of each village.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intake.raw_sheet import RawSheet
from intake.sheet_views import rows_between
from intake.title_places import places_in_titles
from schemas.contracts import ColumnContract

_TEXT = pa.large_string()
_PLACE_LEVELS = ("province", "regency", "kecamatan", "village")
"""What the title of a page says holds until another title; all else of a block ends with it."""
_NOTHING = re.compile(r"^[\s\-\u2013\u2014.:,;_/]*$")
_EDGES = " \t\r\n\u00a0,;"
_BETWEEN_CELLS = "   "
_BLANK_ROWS = 5
"""Blank rows that may stand between a header and its first block."""
Block = Mapping[str, ColumnContract]


@dataclass(frozen=True)
class LabelledLine:
    """A line of a block report: its row (0-based), the values of the labels in it, and the column (0-based) in which each begins.

    A label with nothing behind it has the value None and its own column.
    """

    row: int
    values: Mapping[str, str | None]
    places: Mapping[str, int]


class BlockLines:
    """Finds and reads the labelled lines of a block report by the contract's `block`."""

    def __init__(self, block: Block) -> None:
        self.first = next(iter(block))
        labels = sorted(
            ((alias, name) for name, column in block.items() for alias in column.aliases), key=lambda pair: len(pair[0]), reverse=True
        )
        self._names = [name for _, name in labels]
        alternatives = [_label_pattern(alias) for alias, _ in labels]
        self._label = re.compile(r"(?i)(?<!\w)(?:" + "|".join(f"({text})" for text in alternatives) + r")\s*:")
        self._search = r"(?i)(?:" + "|".join(alternatives) + r")\s*:"
        self._search_apart = r"(?i)^\s*(?:" + "|".join(alternatives) + r")\s*:?\s*$"

    def begin_at(self, sheet: RawSheet, header: Sequence[int]) -> bool:
        """Whether a line that begins a block stands above these rows, or is the first line below them that holds anything."""
        if any(self.first in line.values for line in self.lines(rows_between(sheet, 0, header[0]))):
            return True
        below = rows_between(sheet, header[-1] + 1, min(header[-1] + 2 + _BLANK_ROWS, sheet.height))
        filled = np.flatnonzero(below.filled().any(axis=1))
        return bool(len(filled)) and any(line.row == filled[0] and self.first in line.values for line in self.lines(below))

    def lines(self, sheet: RawSheet) -> list[LabelledLine]:
        """All labelled lines, top to bottom."""
        rows: set[int] = set()
        for column in sheet.cells:
            for pattern in (self._search, self._search_apart):
                rows.update(np.flatnonzero(pc.fill_null(pc.match_substring_regex(column, pattern), False)).tolist())
        read = [self._line(row, sheet.row_texts(row)) for row in sorted(rows)]
        return [line for line in read if line.values]

    def _line(self, row: int, cells: Sequence[str | None]) -> LabelledLine:
        filled = [(place, cell) for place, cell in enumerate(cells) if cell]
        text = _BETWEEN_CELLS.join(cell for _, cell in filled)
        begins = list(itertools.accumulate((len(cell) + len(_BETWEEN_CELLS) for _, cell in filled), initial=0))
        found = list(self._label.finditer(text))
        values: dict[str, str | None] = {}
        places: dict[str, int] = {}
        for match, following in zip(found, [*found[1:], None], strict=True):
            behind = text[match.end() : following.start() if following else None]
            value = behind.strip(_EDGES)
            name = self._names[(match.lastindex or 1) - 1]
            if name in values:
                continue
            is_nothing = bool(_NOTHING.match(value))
            start = match.start() if is_nothing else match.end() + behind.index(value)
            values[name] = None if is_nothing else value
            places[name] = filled[bisect_right(begins, start) - 1][0]
        return LabelledLine(row, values, places)


def _label_pattern(alias: str) -> str:
    """`No. KK` as it may be written: any spaces and punctuation between its words, or none."""
    words = [re.escape(word) for word in re.split(r"[\W_]+", alias) if word]
    return r"[ \t.\x{a0}/_-]*".replace(r"\x{a0}", "\u00a0").join(words)


def carried_by_lines(lines: Sequence[LabelledLine], block: Block, height: int) -> dict[str, pa.Array]:
    """For each column of the block the value that each row has from the lines above it."""
    first = next(iter(block))
    current: dict[str, str | None] = dict.fromkeys(block)
    carried = {name: np.full(height, None, dtype=object) for name in block}
    ends = [line.row for line in lines[1:]] + [height]
    for line, end in zip(lines, ends, strict=True):
        if first in line.values:
            current = {name: value if name in _PLACE_LEVELS else None for name, value in current.items()}
        current |= line.values
        for name, value in current.items():
            carried[name][line.row : end] = value
    return {name: pa.array(values, _TEXT) for name, values in carried.items()}


def carried_by_headings(sheet: RawSheet, headings: Sequence[int], height: int) -> dict[str, pa.Array]:
    """Village and sub-district that heading rows between the data name, each for the rows below it; empty when they name none."""
    carried: dict[str, pa.Array] = {}
    named = [(row, places_in_titles([text for text in sheet.row_texts(row) if text])) for row in headings]
    for name in ("village", "kecamatan"):
        told = [(row, value) for row, places in named if (value := getattr(places, name)) is not None and row < height]
        if not told:
            continue
        values = np.full(height, None, dtype=object)
        for row, value in told:
            values[row:] = value
        carried[name] = pa.array(values, _TEXT)
    return carried
