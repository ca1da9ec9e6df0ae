"""Where in a sheet the header of a table stands: the rows that name the most columns of the contract.

Offices print their sheets: titles above, and two header rows with merged cells, of which the upper one groups the lower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from intake.header_mapping import HeaderIndex, HeaderMap, header_options, map_header
from intake.raw_sheet import Flags, RawSheet

SEARCHED_ROWS = 100
"""Rows in which the first header is looked for; the longest letterhead seen has 14."""
MOST_HEADER_ROWS = 3
LONGEST_HEADER = 500
"""Characters that are looked at; a questionnaire's header with its whole question has about 200, a cell of Excel up to 32,767."""


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
    texts = [header_texts(sheet, row) for row in range(searched)]
    # Rows of data name no column; only the few that do, alone, are tried together with their neighbours.
    speaking = {row for row in range(searched) if _matches(indexes, [(text,) for text in texts[row]])}
    best: tuple[float, tuple[int, ...]] | None = None
    for count in range(1, MOST_HEADER_ROWS + 1):
        for first in range(searched - count + 1):
            rows = tuple(range(first, first + count))
            if not any(row in speaking for row in rows) or not (filled[first].any() and filled[rows[-1]].any()):
                continue
            score = _matches(indexes, header_levels(sheet, texts, rows))
            # A further header row must earn its place; so must a later header.
            if score >= 2 and (best is None or score > best[0]):
                best = (score, rows)
    if best is None:
        return None
    levels = header_levels(sheet, texts, best[1])
    return FoundHeader(best[1], tuple(map_header(index, levels) for index in indexes))


def header_texts(sheet: RawSheet, row: int) -> list[str | None]:
    """The texts of a row that may be a header; None for cells that hold anything else."""
    # Only text can be a header; a number in the row below a header is data, not a second header line.
    return [
        text[:LONGEST_HEADER] if text and sheet.types[row, place] == ord("T") else None for place, text in enumerate(sheet.row_texts(row))
    ]


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


def header_levels(sheet: RawSheet, texts: Sequence[Sequence[str | None]], rows: tuple[int, ...]) -> list[list[str | None]]:
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
