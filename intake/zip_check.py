"""A look at a zip-based workbook before anything parses it.

Spreadsheet libraries trust their input: they ignore checksums, expand bombs and die on absurd counts. What is measured here
costs one pass of decompression: number of members, names, encryption, sizes and ratio, and every checksum.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from pathlib import Path

from intake.refusals import Refused

MAXIMUM_MEMBERS = 5_000
MAXIMUM_UNPACKED = 4 * 1024**3
"""Bytes of all members together; a full sheet of 1,048,576 rows of 37 columns unpacks to about 1.5 GB."""
MAXIMUM_RATIO = 100
"""Apache POI's limit: a member may not unpack to more than 100 times its packed size ..."""
RATIO_COUNTS_FROM = 100 * 1024
"""... above 100 KB; small XML of blank cells compresses better than that."""
REPEATED_XML_RATIO = 400
"""Sheet XML made of equal rows reaches about 250 (measured: 1,048,576 rows of one value), so sheets get more room."""

_CHUNK = 1 << 20
_DEFINITIONS = ("<!DOCTYPE", "<!ENTITY")
_LONGEST = 2 * max(map(len, _DEFINITIONS))


def check_zip(path: Path) -> None:
    """Raise Refused (`truncated`, `encrypted`, `unsafe_archive`) unless the archive is sound and of plausible size."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(members)
            for member in members:
                _check_content(archive, member)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Refused("truncated") from None


def _unsafe(problem_id: str, problem_en: str) -> Refused:
    return Refused("unsafe_archive", problem_id=problem_id, problem_en=problem_en)


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAXIMUM_MEMBERS:
        raise _unsafe("terlalu banyak bagian", "too many parts")
    names = Counter(member.filename.lower().replace("\\", "/") for member in members)
    if any(count > 1 for count in names.values()):
        raise _unsafe("bagian ganda", "a part occurs twice")
    if any(name.startswith("/") or ".." in name.split("/") or "\x00" in name for name in names):
        raise _unsafe("nama bagian menunjuk keluar berkas", "a part's name points outside of the file")
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("encrypted")
    if sum(member.file_size for member in members) > MAXIMUM_UNPACKED:
        raise _unsafe("terlalu besar setelah dibuka", "too large when unpacked")
    for member in members:
        limit = REPEATED_XML_RATIO if "sheet" in member.filename.lower() or member.filename == "content.xml" else MAXIMUM_RATIO
        if member.file_size > RATIO_COUNTS_FROM and member.file_size > limit * max(member.compress_size, 1):
            raise _unsafe("dimampatkan secara tidak wajar", "compressed beyond plausibility")


def _check_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member to its end, so that its checksum and its declared size are compared with what is really there."""
    read = 0
    kept = b""  # the end of the chunk before, in which a definition may begin
    definitions: tuple[bytes, ...] = ()
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > member.file_size:
                raise _unsafe("ukuran bagian tidak benar", "a part is larger than it declares")
            definitions = definitions or _definitions_in(chunk)
            searched = kept + chunk
            if any(definition in searched for definition in definitions):
                raise _unsafe("memuat definisi entitas XML", "it defines XML entities")
            kept = searched[-_LONGEST:]
    if read != member.file_size:
        raise Refused("truncated")


def _definitions_in(start: bytes) -> tuple[bytes, ...]:
    """What the definitions look like in a part that begins so: XML may be written in UTF-16 too."""
    if b"\x00" not in start[:4]:
        return tuple(name.encode() for name in _DEFINITIONS)
    # In either order of bytes: they are the same but for one NUL at an end.
    return tuple(name.encode("utf-16-le")[:-1] for name in _DEFINITIONS)
