"""Merged cells of binary workbooks, which the workbook reader does not tell: read from the sheets' records ([MS-XLSB])."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from intake.raw_sheet import Range

_BUNDLE_SHEET = 156
_MERGED = re.compile(rb"\xb1\x01\x04.{4}((?:\xb0\x01\x10.{16})+)\xb2\x01\x00", re.DOTALL)
"""The record that begins the merged cells, one record for each of them, and the one that ends them; nothing may stand between."""
_MERGED_CELL = struct.Struct("<3x4I")
_RELATION = re.compile(r"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"(\w+)=\"([^\"]*)\"")


def merged_ranges_of_xlsb(path: Path) -> dict[str, tuple[Range, ...]]:
    """By sheet the merged ranges; sheets without any, and damaged ones, have none: the workbook reader says what is wrong with those."""
    found: dict[str, tuple[Range, ...]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name, member in _sheets(archive):
                ranges = tuple(_ranges(archive.read(member)))
                if ranges:
                    found[name] = ranges
    except (KeyError, IndexError, struct.error, zipfile.BadZipFile, OSError):
        return {}
    return found


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield name and member of each sheet."""
    tags = _RELATION.findall(archive.read("xl/_rels/workbook.bin.rels").decode("utf-8", "replace"))
    targets = {
        facts["Id"]: unescape(facts["Target"]) for facts in map(dict, map(_ATTRIBUTE.findall, tags)) if {"Id", "Target"} <= set(facts)
    }
    for kind, content in records(archive.read("xl/workbook.bin")):
        if kind == _BUNDLE_SHEET:
            relation, end = _text(content, 8)
            target = targets.get(relation, "")
            member = target.removeprefix("/") if target.startswith("/") else posixpath.join("xl", target)
            if member in archive.namelist():
                yield _text(content, end)[0], member


def _ranges(content: bytes) -> Iterator[Range]:
    # They stand behind all cells, and a walk to them, record by record, would take longer than reading the sheet.
    for told in _MERGED.finditer(content):
        for top, bottom, left, right in _MERGED_CELL.iter_unpack(told.group(1)):
            if top <= bottom and left <= right:
                yield top, left, bottom, right


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of the records of a part. Raises IndexError where it ends within the head of one."""
    place = 0
    while place < len(stream):
        kind, place = _number(stream, place, 2)
        length, place = _number(stream, place, 4)
        yield kind, stream[place : place + length]
        place += length


def _number(stream: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    number = 0
    for step in range(most):
        byte = stream[place]
        number |= (byte & 0x7F) << (7 * step)
        place += 1
        if not byte & 0x80:
            break
    return number, place


def _text(content: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", content, place)
    end = place + 4 + 2 * length
    return content[place + 4 : end].decode("utf-16-le", "replace"), end
