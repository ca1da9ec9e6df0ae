"""The rows of a binary workbook (.xlsb), by walking its records (part of the independent listing; shares no code with the readers).

Records have a type of one or two bytes and a length of up to four, seven bits a byte; a row record gives the number of the row to
which the cell records after it belong. Numbers and layouts: Microsoft's [MS-XLSB].
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_ROW, _BUNDLE_SHEET, _STRING_ITEM, _SHEET_DATA, _END_OF_SHEET_DATA = 0, 156, 19, 145, 146
_RK, _BOOLEAN, _REAL, _INLINE, _SHARED, _FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOLEAN = 2, 4, 5, 6, 7, 8, 9, 10
_SURELY_FILLED = {_RK, _BOOLEAN, _REAL, _FORMULA_NUMBER, _FORMULA_BOOLEAN}
_RELATION = re.compile(r"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def rows_of_xlsb(archive: zipfile.ZipFile) -> dict[str, Rows]:
    """For each sheet the numbers of its rows that show something."""
    members = set(archive.namelist())
    relations = {
        facts["Id"]: facts["Target"]
        for facts in (dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(archive.read("xl/_rels/workbook.bin.rels").decode()))
    }
    blank = _blank_strings(archive.read("xl/sharedStrings.bin")) if "xl/sharedStrings.bin" in members else frozenset()
    listed: dict[str, Rows] = {}
    for kind, content in _records(archive.read("xl/workbook.bin")):
        if kind != _BUNDLE_SHEET:
            continue
        relation, end = _text(content, 8)
        name, _ = _text(content, end)
        target = relations.get(relation, "")
        member = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        rows = set(_filled_rows(archive.read(member), blank)) if "worksheets" in member and member in members else set()
        listed[name] = np.array(sorted(rows), np.int64)
    return listed


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(stream):
        kind = stream[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (stream[place] & 0x7F) << 7
            place += 1
        length = shift = 0
        for _ in range(4):
            byte = stream[place]
            place += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, stream[place : place + length]
        place += length


def _text(content: bytes, place: int) -> tuple[str, int]:
    """The text at a place, with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", content, place)
    end = place + 4 + 2 * length
    return content[place + 4 : end].decode("utf-16-le", "replace"), end


def _blank_strings(stream: bytes) -> frozenset[int]:
    items = (content for kind, content in _records(stream) if kind == _STRING_ITEM)
    return frozenset(number for number, content in enumerate(items) if not _text(content, 1)[0].strip())


def _filled_rows(stream: bytes, blank: frozenset[int]) -> Iterator[int]:
    row = 0
    inside = False
    for kind, content in _records(stream):
        if kind == _END_OF_SHEET_DATA:
            return  # what follows is layout, of which some writers get the lengths wrong
        inside = inside or kind == _SHEET_DATA
        if not inside:
            continue
        if kind == _ROW:
            row = struct.unpack_from("<I", content)[0] + 1
        elif kind in _SURELY_FILLED:
            yield row
        elif kind == _SHARED:
            if struct.unpack_from("<I", content, 8)[0] not in blank:
                yield row
        elif kind in {_INLINE, _FORMULA_STRING} and _text(content, 8)[0].strip():
            yield row
