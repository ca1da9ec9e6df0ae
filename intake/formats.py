"""What kind of file this is, by its content and never by its name.

Offices rename files freely: an HTML table called .xls, a text file called .xlsx. The first bytes and, in zips, the members
tell the kind; a file that is none of them is refused with a reason.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from intake.refusals import Refused

FileFormat = Literal["xlsx", "xlsb", "ods", "xls", "html", "text"]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BIFF_HEADERS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_UNICODE_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style")
_OTHER_KINDS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite format 3",
    b"PAR1",
    b"\x7fELF",
    b"MZ",
)
_HEAD = 8192


def detect_format(path: Path) -> FileFormat:
    """The kind of a file. Raises Refused (`empty_file`, `unknown_format`, `encrypted`, `truncated`) when it cannot be read."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty_file")
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return _kind_of_zip(path)
    if head[:8] == _OLE:
        return _kind_of_ole(path)
    if head[:2] in _BIFF_HEADERS and head[2:4] in {b"\x08\x00", b"\x10\x00", b"\x06\x00", b"\x04\x00"}:
        return "xls"
    if head.startswith(_OTHER_KINDS):
        raise Refused("unknown_format")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML) or (start.startswith(b"<?xml") and b"<html" in start):
        return "html"
    if start.startswith((b"<?xml", b"<!doctype", b"<!entity")):
        raise Refused("unknown_format")
    if head.startswith(_UNICODE_MARKS) or _looks_like_text(head):
        return "text"
    raise Refused("unknown_format")


def _kind_of_zip(path: Path) -> FileFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise Refused("truncated") from None
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused("unknown_format")


def _kind_of_ole(path: Path) -> FileFormat:
    # An encrypted .xlsx is an OLE file that holds the stream "EncryptedPackage"; names in an OLE directory are UTF-16.
    # The directory may stand anywhere in the file, so all of it is searched.
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("encrypted")
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    # The directory of an OLE file stands after the data in many writers: without it the end is what is missing.
    raise Refused("truncated" if "Root Entry".encode("utf-16-le") not in content else "unknown_format")


def _looks_like_text(head: bytes) -> bool:
    if head.count(0) > 0.1 * len(head):  # UTF-16 without a mark: every second byte of ASCII text is a NUL
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return max(even, odd) > 0.3 * (len(head) / 2) and min(even, odd) < 0.05 * (len(head) / 2)
    # A few NULs in a text are the fault of a program, and the reader takes them out.
    control = sum(0 < byte < 32 and byte not in (9, 10, 13, 12) for byte in head)
    return control <= 0.01 * len(head)
