"""Merged cells of a sheet of an xlsx workbook, for the second reader: told by the sheet's XML, which is passed through without keeping it.

openpyxl tells them only when it loads the workbook whole, and then makes a cell for each one that a range covers: a damaged range over
a whole sheet took minutes. The archive has passed `intake.zip_check`, which refuses entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate

from intake.raw_sheet import Range, column_place
from intake.refusals import Refused

MOST_RANGES = 1 << 20
"""As many as a sheet has rows; more are a trap."""
_BLOCK = 1 << 20
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)
_ROWS, _COLUMNS = 1_048_576, 16_384


def merged_ranges_of_sheet(stream: IO[bytes]) -> tuple[Range, ...]:
    """The merged ranges of a sheet in their order, without those that no sheet can have. Raises Refused (`too_large`, `unreadable`)."""
    told: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "mergeCell" and "ref" in attributes:
            if len(told) == MOST_RANGES:
                raise Refused("too_large", limit=f"{MOST_RANGES}")
            told.append(attributes["ref"])

    parser = ParserCreate()
    parser.StartElementHandler = begin
    try:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except (ExpatError, LookupError, ValueError):  # an encoding that nobody knows is the latter two
        raise Refused("unreadable") from None
    return tuple(_ranges(told))


def _ranges(told: list[str]) -> Iterator[Range]:
    for text in told:
        found = _RANGE.fullmatch(text)
        if found is not None:
            left, right = column_place(found[1]), column_place(found[3])
            top, bottom = int(found[2]) - 1, int(found[4]) - 1
            if 0 <= top <= bottom < _ROWS and left <= right < _COLUMNS:
                yield top, left, bottom, right
