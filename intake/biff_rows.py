"""The rows of an old Excel workbook (.xls), by walking its records (part of the independent listing; shares no code with readers).

An .xls is a small file system (OLE) that holds one stream of BIFF records: two bytes of type, two of length, the content. Cell
records begin with their row number, so a walk over the stream lists the rows; strings are looked at only to tell blank ones.
Before Excel 5 a file was the stream itself and held one sheet without a name.
Record numbers and layouts: Microsoft's [MS-XLS] and [MS-CFB]; of the versions before, OpenOffice's documentation of the format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_SECTOR_END = 0xFFFFFFFC
_BOUNDSHEET, _CODEPAGE, _EOF, _SST, _CONTINUE = 0x85, 0x42, 0x0A, 0xFC, 0x3C
_BOFS = {0x09: 2, 0x209: 3, 0x409: 4, 0x809: 5}
"""By their first record, the versions; from 5 on the record itself tells which."""
_LABELSST, _RSTRING, _RK, _MULRK = 0xFD, 0xD6, 0x27E, 0xBD
_NUMBERS = {0x02, 0x03, 0x203, _RK, _MULRK}
_LABELS = {0x04, 0x204, _RSTRING}
_FORMULAS = {0x06, 0x206, 0x406}
_STRINGS = {0x07, 0x207}
_BOOLERRS = {0x05, 0x205}
_CELLS = {*_NUMBERS, *_LABELS, *_FORMULAS, *_BOOLERRS, _LABELSST}
_WORKSHEET = 0
_SHEET_CONTENT, _BIFF8_VERSION = 0x10, 0x600
_ONLY_SHEET = "Sheet 1"
"""The name of the sheet of a file that has no names for sheets."""
_BIFF2, _BIFF4, _BIFF5, _BIFF8 = 2, 4, 5, 8
_CODEPAGES = {1200: "utf-16-le", 32768: "mac_roman", 32769: "cp1252", 367: "ascii"}


def rows_of_xls(path: Path) -> dict[str, Rows]:
    """For each sheet the numbers of its rows that hold something. Raises ValueError for what is no workbook of BIFF2 to BIFF8."""
    stream = _workbook_stream(path.read_bytes())
    version = _version(stream)
    if version <= _BIFF4:
        return {_ONLY_SHEET: _as_rows(_filled_rows(stream, 0, version, frozenset()))}
    blank_strings, sheets = _globals(stream, version)
    return {
        name: _as_rows(_filled_rows(stream, position, version, blank_strings) if kind == _WORKSHEET else ())
        for name, position, kind in sheets
    }


def _as_rows(rows: Iterable[int]) -> Rows:
    return np.array(sorted(set(rows)), np.int64) + 1


def _version(stream: bytes) -> int:
    """Which BIFF a stream is. Raises ValueError for what is none, and for the workbooks of several sheets that Excel 4 bound together."""
    kind, _, version, content = struct.unpack_from("<4H", stream)
    found = _BOFS.get(kind)
    if found is None or (found == _BIFF4 and content != _SHEET_CONTENT):
        raise ValueError("no known workbook stream")
    return _BIFF8 if found == _BIFF5 and version == _BIFF8_VERSION else found


def _workbook_stream(content: bytes) -> bytes:
    if content[:1] == b"\x09":
        return content
    sector_size = 1 << struct.unpack_from("<H", content, 30)[0]
    (directory_start,) = struct.unpack_from("<I", content, 48)
    (mini_cutoff, mini_fat_start, _, extra_start, _) = struct.unpack_from("<5I", content, 56)
    allocation = _allocation_table(content, sector_size, extra_start)
    directory = _chain(content, directory_start, allocation, sector_size)
    entries = {}
    for place in range(0, len(directory), 128):
        length, kind = struct.unpack_from("<HB", directory, place + 64)[0], directory[place + 66]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", directory, place + 116)
        if kind in {2, 5}:
            entries[name] = (start, size)
    stream = next((name for name in ("Workbook", "Book") if name in entries), None)
    if stream is None:
        raise ValueError("no workbook stream")
    start, size = entries[stream]
    if size < mini_cutoff:
        mini_table = np.frombuffer(_chain(content, mini_fat_start, allocation, sector_size), "<u4")
        container = _chain(content, entries["Root Entry"][0], allocation, sector_size)
        pieces = [container[sector * 64 : sector * 64 + 64] for sector in _sectors(start, mini_table)]
        return b"".join(pieces)[:size]
    return _chain(content, start, allocation, sector_size)[:size]


def _allocation_table(content: bytes, sector_size: int, extra_start: int) -> npt.NDArray[np.uint32]:
    numbers = [number for number in struct.unpack_from("<109I", content, 76) if number < _SECTOR_END]
    seen = set()
    while extra_start < _SECTOR_END and extra_start not in seen:
        seen.add(extra_start)
        block = struct.unpack_from(f"<{sector_size // 4}I", content, (extra_start + 1) * sector_size)
        numbers += [number for number in block[:-1] if number < _SECTOR_END]
        extra_start = block[-1]
    return np.frombuffer(b"".join(_sector(content, number, sector_size) for number in numbers), "<u4")


def _sector(content: bytes, number: int, size: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _sectors(start: int, table: npt.NDArray[np.uint32]) -> Iterator[int]:
    seen = 0
    while start < _SECTOR_END and start < len(table):
        yield start
        start = int(table[start])
        seen += 1
        if seen > len(table):
            raise ValueError("sector chain runs in a circle")


def _chain(content: bytes, start: int, table: npt.NDArray[np.uint32], size: int) -> bytes:
    return b"".join(_sector(content, number, size) for number in _sectors(start, table))


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Yield (type, position of the content, length) of the records from a position to the end of its substream."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield kind, position + 4, length
        depth += (kind in _BOFS) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return
        position += 4 + length


def _globals(stream: bytes, version: int) -> tuple[frozenset[int], list[tuple[str, int, int]]]:
    """Numbers of the shared strings that show nothing; and name, position and kind of each sheet."""
    sheets: list[tuple[str, int, int]] = []
    parts: list[bytes] = []
    in_strings = False
    codepage = "cp1252"
    for kind, place, length in _records(stream, 0):
        if kind == _CODEPAGE and version < _BIFF8:
            (number,) = struct.unpack_from("<H", stream, place)
            codepage = _CODEPAGES.get(number, f"cp{number}")
        elif kind == _BOUNDSHEET:
            position, _, sheet_kind = struct.unpack_from("<IBB", stream, place)
            sheets.append((_sheet_name(stream[place + 6 : place + length], codepage if version < _BIFF8 else None), position, sheet_kind))
        elif kind == _SST:
            in_strings = True
            parts = [stream[place : place + length]]
        elif kind == _CONTINUE and in_strings:
            parts.append(stream[place : place + length])
        else:
            in_strings = False
    return _blank_shared_strings(parts), sheets


def _sheet_name(content: bytes, codepage: str | None) -> str:
    """A sheet's name: its length, before BIFF8 bytes in a code page, from BIFF8 on the width of its characters and the characters."""
    if codepage is not None:
        return content[1 : 1 + content[0]].decode(codepage, "replace")
    wide = content[1] & 1
    return content[2 : 2 + content[0] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def _blank_shared_strings(parts: list[bytes]) -> frozenset[int]:
    """Walk the shared strings over the records that they are split into; a string's characters may be split, and change width there."""
    blank: set[int] = set()
    if not parts:
        return frozenset()
    walk = _StringWalk(parts)
    count = struct.unpack_from("<I", parts[0], 4)[0]
    for number in range(count):
        if walk.at_end:
            break
        if walk.next_is_blank():
            blank.add(number)
    return frozenset(blank)


class _StringWalk:
    """A reading position in the shared strings."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._part, self._place = 0, 8

    @property
    def at_end(self) -> bool:
        return self._part >= len(self._parts) or (self._part == len(self._parts) - 1 and self._place >= len(self._parts[-1]))

    def _take(self, size: int) -> bytes:
        taken = b""
        while size and self._part < len(self._parts):
            chunk = self._parts[self._part][self._place : self._place + size]
            taken += chunk
            size -= len(chunk)
            self._place += len(chunk)
            if size:
                self._part, self._place = self._part + 1, 0
        return taken

    def next_is_blank(self) -> bool:
        if self._place >= len(self._parts[self._part]):
            self._part, self._place = self._part + 1, 0
        characters, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        text = ""
        wide = flags & 1
        while characters:
            room = len(self._parts[self._part]) - self._place
            fitting = min(characters, room // (2 if wide else 1))
            text += self._take(fitting * (2 if wide else 1)).decode("utf-16-le" if wide else "latin-1", "replace")
            characters -= fitting
            if characters:  # the rest stands in the next record, which begins with its own width
                self._part, self._place = self._part + 1, 0
                if self._part >= len(self._parts):
                    break
                wide = self._take(1)[0] & 1
        self._take(4 * runs + extra)
        return not text.strip()


def _filled_rows(stream: bytes, position: int, version: int, blank_strings: frozenset[int]) -> Iterator[int]:
    row_of_formula = -1
    text_from = 1 if version == _BIFF2 else 3 if version == _BIFF8 else 2
    for kind, place, length in _records(stream, position):
        if kind in _STRINGS and row_of_formula >= 0:  # the text that the formula before it gave
            if stream[place + text_from : place + length].replace(b"\x00", b"").strip():
                yield row_of_formula
        elif kind in _CELLS:
            row: int = struct.unpack_from("<H", stream, place)[0]
            if kind in _FORMULAS:
                row_of_formula = row
            if _shows_something(kind, stream[place : place + length], version, blank_strings):
                yield row


def _shows_something(kind: int, content: bytes, version: int, blank_strings: frozenset[int]) -> bool:
    """Whether a cell record shows a value. A formula's text stands in the record after it, and an error shows none to the readers."""
    value = 7 if version == _BIFF2 else 6  # where a cell's value begins: behind row, column and how it looks
    if kind == _LABELSST:
        return struct.unpack_from("<I", content, 6)[0] not in blank_strings
    if kind in _LABELS:
        text = content[value + 3 :] if version == _BIFF8 else content[value + (1 if version == _BIFF2 else 2) :]
        return bool(text.replace(b"\x00", b"").strip())
    if kind in _BOOLERRS:
        return content[value + 1] == 0
    if kind in _FORMULAS:
        return content[value + 6 : value + 8] != b"\xff\xff" or content[value] == 1
    return True
