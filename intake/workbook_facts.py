"""Facts about a workbook that python-calamine does not tell: from which day its dates count, and how its characters are written."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

import olefile

from intake.formats import FileFormat
from intake.xlsb_merged import records

_EPOCH_1904 = re.compile(rb"<(?:\w+:)?workbookPr[^>]*\bdate1904=[\"'](1|true)[\"']")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([\w.:-]+)[\"']")
_ASCII_MARK = b"\xef\xbb\xbf"
_HEAD = 200
_WORKBOOK_PROPERTIES = 153
_DATE_MODE, _END = 0x22, 0x0A
_MOST_GLOBALS = 1 << 16
"""Bytes of the start of a workbook stream in which its date mode stands: before fonts, formats and strings."""


def has_foreign_xml(path: Path, file_format: FileFormat) -> bool:
    """Whether a part of an xlsx or ods workbook that holds cells is written in another encoding than UTF-8."""
    if file_format not in {"xlsx", "ods"}:
        return False
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and ("xl/" in name or name == "content.xml"):
                with archive.open(name) as stream:
                    if _is_foreign(stream.read(_HEAD)):
                        return True
    return False


def _is_foreign(head: bytes) -> bool:
    start = head.removeprefix(_ASCII_MARK).lstrip()
    declared = _ENCODING.match(start)
    if declared is not None:
        return declared.group(1).lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
    return (bool(start) and start[:1] != b"<") or b"\x00" in start[:4]


def counts_from_1904(path: Path, file_format: FileFormat) -> bool:
    """Whether the workbook's date serials count from 1904; calamine applies it to date cells, plain numbers still need it."""
    try:
        if file_format == "xls":
            return _xls_counts_from_1904(path)
        with zipfile.ZipFile(path) as archive:
            if file_format == "xlsx":
                return _EPOCH_1904.search(archive.read("xl/workbook.xml")) is not None
            if file_format == "xlsb":
                properties = (content for kind, content in records(archive.read("xl/workbook.bin")) if kind == _WORKBOOK_PROPERTIES)
                return any(content[:1] and content[0] & 1 for content in properties)
    except (KeyError, zipfile.BadZipFile, OSError, IndexError, ValueError, struct.error):
        pass  # the reader says what is wrong with it
    return False


def _xls_counts_from_1904(path: Path) -> bool:
    if not olefile.isOleFile(str(path)):
        return False
    with olefile.OleFileIO(str(path)) as document:
        name = next((name for name in ("Workbook", "Book") if document.exists(name)), None)
        if name is None:
            return False
        with document.openstream(name) as stream:
            content = stream.read(_MOST_GLOBALS)
    place = 0
    while place + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == _DATE_MODE and length >= 2:
            return bool(content[place + 4 : place + 6] == b"\x01\x00")
        if kind == _END:
            return False
        place += 4 + length
    return False
