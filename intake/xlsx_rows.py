"""The rows of an Excel workbook (.xlsx, .xlsm), part of the independent listing; shares no code with the readers.

Its parts are streamed as bytes and searched for row elements; nothing is parsed.
"""

from __future__ import annotations

import codecs
import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_BLOCK = 1 << 22
_ROW_REST = (
    rb"row(?:\s[^>]*?\br=[\"'](\d+)[\"'][^>]*|\s[^>]*)?>"
    rb"(<(?:\w+:)?c(?:\s[^>]*)?(?<!/)><(?:\w+:)?is><(?:\w+:)?t(?:\s[^>]*)?(?<!/)>\s*[^<&\s][^<&]*</)?"
)
"""A row's tag with the row's number, and its first cell where that plainly holds text of its own."""
_ROW = re.compile(rb"<" + _ROW_REST)
_PREFIXED_ROW = re.compile(rb"<(?:\w+:)?" + _ROW_REST)
"""The same where a writer puts a name space before each name; it is looked for at every tag, which takes three times as long."""
_SOMETHING = re.compile(rb"<(?:\w+:)?(v|t)(?:\s[^>]*)?>\s*([^<\s][^<]*)</")
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s([^>]*?))?(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_SHARED = re.compile(rb"\bt=[\"']s[\"']")
_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)</(?:\w+:)?v>")
_INLINE = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_STRING_ITEM = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si(?:\s[^>]*)?/>", re.DOTALL)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BEGINS_FILLED = re.compile(rb"<(?:\w+:)?t>[^<&_\s\xc2]")
_SPACE = re.compile(rb"^(?:\s|&#(?:x[Aa]0?|x[Dd]|9|10|13|32|160|xA0);|\xc2\xa0|_x000[9ADad]_)*$")


def rows_of_xlsx(archive: zipfile.ZipFile) -> dict[str, Rows]:
    """For each sheet the numbers of its rows that show something. Raises KeyError where a part is missing."""
    parts = _Parts(archive)
    workbook = parts.main
    folder, name = posixpath.split(workbook)
    relations = _relations(parts.read(posixpath.join(folder, "_rels", f"{name}.rels")), folder)
    strings = [member for kind, member in relations.values() if kind == "sharedStrings"] or [posixpath.join(folder, "sharedStrings.xml")]
    blank_strings = _blank_strings(parts.read(strings[0])) if strings[0] in parts else frozenset()
    listed: dict[str, Rows] = {}
    for facts in map(_attributes, _SHEET.findall(parts.read(workbook))):
        _, member = relations.get(facts.get("rid", ""), ("", ""))
        if "worksheets" not in member or member not in parts:
            listed[facts["name"]] = np.empty(0, np.int64)  # a chart, a dialogue, a macro sheet
            continue
        listed[facts["name"]] = np.fromiter(_filled_rows(parts, member, blank_strings), np.int64)
    return listed


class _Parts:
    """The parts of a workbook by name, without regard to case and to the kind of slash; their text as UTF-8."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_plain(info.filename): info for info in archive.infolist()}

    @property
    def main(self) -> str:
        """The name of the workbook's own part, which a writer may choose freely."""
        if "_rels/.rels" in self:
            for kind, member in _relations(self.read("_rels/.rels"), "").values():
                if kind == "officeDocument":
                    return member
        return "xl/workbook.xml"

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def open(self, name: str) -> IO[bytes]:
        """A stream of the bytes of a part. Raises KeyError when there is none."""
        return self._archive.open(self._members[_plain(name)])

    def read(self, name: str) -> bytes:
        """A whole part."""
        with self.open(name) as stream:
            return b"".join(_as_utf8(stream))


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


def _as_utf8(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the blocks of a part; UTF-16, which XML may be written in too, becomes UTF-8."""
    block = stream.read(_BLOCK)
    if b"\x00" not in block[:4]:
        while block:
            yield block
            block = stream.read(_BLOCK)
        return
    marked = block[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    decoder = codecs.getincrementaldecoder("utf-16" if marked else "utf-16-be" if block[:1] == b"\x00" else "utf-16-le")("replace")
    while block:
        yield decoder.decode(block).encode("utf-8", "replace")
        block = stream.read(_BLOCK)


def _attributes(tag: bytes) -> dict[str, str]:
    found = {}
    for name, double, single in _ATTRIBUTE.findall(tag):
        found[name.decode().split(":")[-1] if b":id" not in name else "rid"] = html.unescape((double or single).decode("utf-8"))
    return found


def _relations(content: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """By id the kind of each relation and the part that it leads to, seen from a folder."""
    found = {}
    for facts in map(_attributes, _RELATION.findall(content)):
        if "Id" in facts and "Target" in facts:
            target = facts["Target"].replace("\\", "/")
            member = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[facts["Id"]] = (facts.get("Type", "").rsplit("/", 1)[-1], member)
    return found


def _blank_strings(content: bytes) -> frozenset[bytes]:
    """Numbers of the shared strings that show nothing."""
    items = _STRING_ITEM.findall(content)
    # Nearly every item begins with something to see; the rest is looked at text by text.
    doubtful = [place for place, item in enumerate(items) if len(item) < 200 and not _BEGINS_FILLED.match(item)]
    return frozenset(str(place).encode() for place in doubtful if all(_SPACE.match(text) for text in _INLINE.findall(items[place])))


def _filled_rows(parts: _Parts, member: str, blank_strings: frozenset[bytes]) -> Iterator[int]:
    """Yield the numbers of rows with a cell that shows something; a row without a number follows the one before it."""
    number = 0
    for block in _row_blocks(parts, member):
        rows = list((_PREFIXED_ROW if b":row" in block else _ROW).finditer(block))
        ends = [row.start() for row in rows[1:]] + [len(block)]
        for row, end in zip(rows, ends, strict=False):
            stated, begun = row.groups()
            number = int(stated) if stated else number + 1
            # Nearly every row begins with a text of its own; the rest is looked at cell by cell.
            if begun or _shows_something(block[row.end() : end], blank_strings):
                yield number


def _row_blocks(parts: _Parts, member: str) -> Iterator[bytes]:
    """Yield the sheet's XML in pieces that begin with a whole row and end before another."""
    kept = b""
    with parts.open(member) as stream:
        for block in _as_utf8(stream):
            kept += block
            end = max(kept.rfind(b"<row"), kept.rfind(b":row"))
            end = kept.rfind(b"<", 0, end + 1) if end > 0 else -1
            if end > 0:
                yield kept[:end]
                kept = kept[end:]
    yield kept


def _shows_something(row: bytes, blank_strings: frozenset[bytes]) -> bool:
    first = _SOMETHING.search(row)
    if first is None:
        return False
    if b"&" not in first.group(2) and (first.group(1) == b"t" or (not blank_strings and b't="e"' not in row)):
        return True  # nearly every row ends here; the rest is looked at cell by cell
    for cell in _CELL.finditer(row):
        attributes, content = cell.group(1) or b"", cell.group(2)
        if _ERROR.search(attributes):
            continue  # the readers see error cells as empty
        value = _VALUE.search(content)
        if value is not None and value.group(1):
            if _SHARED.search(attributes):
                if value.group(1) not in blank_strings:
                    return True
            elif not _SPACE.match(value.group(1)):
                return True
        elif any(not _SPACE.match(text) for text in _INLINE.findall(content)):
            return True
    return False
