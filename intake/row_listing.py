"""An independent listing of the rows that a file holds, to hold the readers to account.

This module shares no code with the readers: zip members are streamed as bytes and searched for row elements, BIFF records are walked,
text is counted in lines. It knows nothing of headers, types or contracts; it only says which rows of which sheet hold anything.
A reader that drops a row, or blanks it, is caught by comparing its rows with these.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intake.biff_rows import rows_of_xls
from intake.html_rows import rows_of_html
from intake.ods_rows import rows_of_ods
from intake.text_rows import rows_of_text
from intake.xlsb_rows import rows_of_xlsb

Rows = npt.NDArray[np.int64]
"""Row numbers, 1-based and rising, of the rows that hold a cell with something to see in it."""

_BLOCK = 1 << 22
_ROW_TAG = re.compile(rb"<(?:\w+:)?row(?:\s[^>]*)?>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
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
_SPACE = re.compile(rb"^(?:\s|&#(?:x[Aa]0?|x[Dd]|9|10|13|32|160|xA0);|\xc2\xa0|_x000[9ADad]_)*$")


def list_rows(path: Path) -> dict[str, Rows]:
    """For each sheet of a file the numbers of its rows that are not blank; text files have one sheet, named ''.

    Raises ValueError (or a subclass) for files whose rows it can't list.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
    if head[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                return rows_of_xlsb(archive)
            if "content.xml" in names:
                return rows_of_ods(archive)
            return _rows_of_xlsx(archive)
    if head == bytes.fromhex("d0cf11e0a1b11ae1") or head[:1] == b"\x09":
        return rows_of_xls(path)
    content = path.read_bytes()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return rows_of_html(content)
    return {"": rows_of_text(content)}


def _attributes(tag: bytes) -> dict[str, str]:
    found = {}
    for name, double, single in _ATTRIBUTE.findall(tag):
        found[name.decode().split(":")[-1] if b":id" not in name else "rid"] = html.unescape((double or single).decode("utf-8"))
    return found


def _rows_of_xlsx(archive: zipfile.ZipFile) -> dict[str, Rows]:
    workbook = archive.read("xl/workbook.xml")
    relations = {
        facts["Id"]: facts["Target"]
        for facts in map(_attributes, _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")))
        if "Id" in facts and "Target" in facts
    }
    blank_strings = _blank_strings(archive)
    listed: dict[str, Rows] = {}
    for facts in map(_attributes, _SHEET.findall(workbook)):
        target = relations.get(facts.get("rid", ""), "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets" not in member or member not in archive.namelist():
            listed[facts["name"]] = np.empty(0, np.int64)  # a chart, a dialogue, a macro sheet
            continue
        listed[facts["name"]] = np.fromiter(_filled_rows(archive, member, blank_strings), np.int64)
    return listed


def _blank_strings(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Numbers of the shared strings that show nothing."""
    members = [name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"]
    if not members:
        return frozenset()
    content = archive.read(members[0])
    blank = set()
    for place, match in enumerate(_STRING_ITEM.finditer(content)):
        item = match.group(1) or b""
        if len(item) < 200 and all(_SPACE.match(text) for text in _INLINE.findall(item)):
            blank.add(str(place).encode())
    return frozenset(blank)


def _filled_rows(archive: zipfile.ZipFile, member: str, blank_strings: frozenset[bytes]) -> Iterator[int]:
    """Yield the numbers of rows with a cell that shows something; a row without a number follows the one before it."""
    number = 0
    for block in _row_blocks(archive, member):
        tags = list(_ROW_TAG.finditer(block))
        ends = [tag.start() for tag in tags[1:]] + [len(block)]
        for tag, end in zip(tags, ends, strict=False):
            stated = _ROW_NUMBER.search(tag.group())
            number = int(stated.group(1)) if stated else number + 1
            content = block[tag.end() : end]
            if _shows_something(content, blank_strings):
                yield number


def _row_blocks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """Yield the sheet's XML in pieces that begin with a whole row and end before another."""
    kept = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_BLOCK):
            kept += chunk
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
