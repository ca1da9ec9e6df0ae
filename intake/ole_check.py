"""A look at the file system inside an old workbook (.xls) before anything parses it.

Its sectors are chained by number, and python-calamine follows a chain that runs in a circle until the memory is used up.
Layout: Microsoft's [MS-CFB]; sections 2.2 (header), 2.3 (allocation table), 2.4 (of the small streams), 2.5 (its further sectors).
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_HEADER, _TABLE_SECTORS = 512, 109
_SECTOR_SHIFTS = (9, 12)
_LAST_NUMBER = 0xFFFFFFFA
"""Numbers above it are marks: end of a chain, free, part of the table."""


def runs_in_a_circle(path: Path) -> bool:
    """Whether a chain of sectors of an OLE file never ends. What is no OLE file, or lacks its table, is for the reader to judge."""
    with path.open("rb") as stream:
        head = stream.read(_HEADER)
    if len(head) < _HEADER or head[:4] != b"\xd0\xcf\x11\xe0":
        return False
    content = np.memmap(path, np.uint8, "r")
    (shift,) = struct.unpack_from("<H", head, 30)
    if shift not in _SECTOR_SHIFTS:
        return False
    small_start, _, further_start = struct.unpack_from("<3I", head, 60)
    numbers = [*struct.unpack_from(f"<{_TABLE_SECTORS}I", head, 76)]
    seen = set()
    while further_start <= _LAST_NUMBER:
        if further_start in seen:
            return True
        seen.add(further_start)
        *more, further_start = _sector(content, further_start, shift).tolist() or [_LAST_NUMBER + 1]
        numbers += more
    table = _joined(content, [number for number in numbers if number <= _LAST_NUMBER], shift)
    if _has_circle(table):
        return True
    small = []
    while small_start < len(table):
        small.append(small_start)
        small_start = int(table[small_start])
    return _has_circle(_joined(content, small, shift))


def _sector(content: npt.NDArray[np.uint8], number: int, shift: int) -> Numbers:
    """The numbers in a sector; none where the file ends before it."""
    start = (number + 1) << shift
    whole = content[start : start + (1 << shift)].tobytes()
    return np.frombuffer(whole[: len(whole) // 4 * 4], "<u4").astype(np.int64)


def _joined(content: npt.NDArray[np.uint8], numbers: list[int], shift: int) -> Numbers:
    return np.concatenate([np.empty(0, np.int64), *(_sector(content, number, shift) for number in numbers)])


def _has_circle(following: Numbers) -> bool:
    """Whether from some place the way never ends: after twice as many steps each time, all that end have ended."""
    end = len(following)
    places = np.append(np.where(following < end, following, end), end)
    for _ in range(end.bit_length()):
        places = places[places]
    return bool((places != end).any())
