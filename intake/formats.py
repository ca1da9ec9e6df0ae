"""What kind of file this is, by its content and never by its name.

Offices rename files freely: an HTML table called .xls, a text file called .xlsx. The first bytes and, in zips, the members
tell the kind; a file that is none of them is refused with a reason.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Literal

from intake.refusals import Refused

FileFormat = Literal["xlsx", "xlsb", "ods", "xls", "html", "text"]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BIFF_HEADERS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_UNICODE_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style")
_WORD = ("dokumen Word atau sejenisnya", "a Word document or the like")
_SLIDES = ("presentasi", "a presentation")
_PICTURE = ("gambar", "a picture")
_ARCHIVE = ("arsip terkompres", "a compressed archive")
_DATABASE = ("basis data", "a database")
_PROGRAM = ("program", "a program")
_OTHER_KINDS = {
    b"%PDF": ("PDF", "a PDF"),
    b"{\\rtf": _WORD,
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"Rar!": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"\x1f\x8b": _ARCHIVE,
    b"SQLite format 3": _DATABASE,
    b"PAR1": _DATABASE,
    b"\x7fELF": _PROGRAM,
    b"MZ": _PROGRAM,
}
"""What a file that begins so is, in Indonesian and English."""
_OTHER_PARTS = {"word/document.xml": _WORD, "word/document2.xml": _WORD, "ppt/presentation.xml": _SLIDES}
_OTHER_STREAMS = {"WordDocument": _WORD, "PowerPoint Document": _SLIDES}
_OTHER_OPEN_DOCUMENTS = {b"text": _WORD, b"presentation": _SLIDES, b"graphics": _PICTURE}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_HEAD = 8192


def detect_format(path: Path) -> FileFormat:
    """The kind of a file.

    Raises Refused when it can't be read: `empty_file`, `not_a_spreadsheet`, `unknown_format`, `encrypted`, `truncated`.
    """
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
    for beginning, kind in _OTHER_KINDS.items():
        if head.startswith(beginning):
            raise _not_a_spreadsheet(kind)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML) or (start.startswith(b"<?xml") and b"<html" in start):
        return "html"
    if start.startswith((b"<?xml", b"<!doctype", b"<!entity")):
        raise Refused("unknown_format")
    if head.startswith(_UNICODE_MARKS) or _looks_like_text(head):
        return "text"
    raise Refused("unknown_format")


def _not_a_spreadsheet(kind: tuple[str, str]) -> Refused:
    return Refused("not_a_spreadsheet", kind_id=kind[0], kind_en=kind[1])


def _kind_of_zip(path: Path) -> FileFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            said = _said_kind(archive) if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Refused("truncated") from None
    if "xl/workbook.bin" in names:
        return "xlsb"
    for part, kind in _OTHER_PARTS.items():
        if part in names and "xl/workbook.xml" not in names:
            raise _not_a_spreadsheet(kind)
    if said in _OTHER_OPEN_DOCUMENTS:
        raise _not_a_spreadsheet(_OTHER_OPEN_DOCUMENTS[said])
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused("unknown_format") if any(name.startswith("xl/") for name in names) else _not_a_spreadsheet(_ARCHIVE)


def _said_kind(archive: zipfile.ZipFile) -> bytes:
    """What kind an OpenDocument file says that it is: `text`, `spreadsheet`, …; empty for others, and behind a password."""
    if archive.getinfo("mimetype").flag_bits & 0x1:
        return b""  # `intake.zip_check` says so
    with archive.open("mimetype") as stream:
        start = stream.read(100).strip()
    return start.removeprefix(_OPEN_DOCUMENT) if start.startswith(_OPEN_DOCUMENT) else b""


def _kind_of_ole(path: Path) -> FileFormat:
    # An encrypted .xlsx is an OLE file that holds the stream "EncryptedPackage"; names in an OLE directory are UTF-16.
    # The directory may stand anywhere in the file, so all of it is searched.
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("encrypted")
    if "Workbook".encode("utf-16-le") in content:
        return "xls"
    for stream_name, kind in _OTHER_STREAMS.items():
        if stream_name.ljust(32, "\x00").encode("utf-16-le") in content:
            raise _not_a_spreadsheet(kind)
    if "Book".encode("utf-16-le") in content:
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
