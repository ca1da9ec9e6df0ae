"""Old Excel files that no library writes any more: BIFF2 to BIFF5, streams without their file system, wrong declarations, and passwords.

Record numbers and layouts: Microsoft's [MS-XLS] and [MS-OFFCRYPTO], OpenOffice's documentation of the older versions.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import olefile

Rows = Sequence[Sequence[Any]]
BOF, EOF, DIMENSIONS, BOUNDSHEET, FILEPASS, SST, DATEMODE = 0x809, 0x0A, 0x200, 0x85, 0x2F, 0xFC, 0x22
_WORKSHEET, _GLOBALS = 0x10, 0x05
_NEVER_ENCRYPTED = {BOF, FILEPASS, 0xE1}
_SECTOR = 512


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def biff2(rows: Rows) -> bytes:
    """A file of Excel 2."""
    parts = [record(0x09, struct.pack("<HH", 2, _WORKSHEET)), _codepage(), record(0x00, struct.pack("<4H", 0, len(rows), 0, _width(rows)))]
    for i, j, value in _cells(rows):
        head = struct.pack("<HH", i, j) + bytes(3)
        if isinstance(value, str):
            text = value.encode("cp1252")
            parts.append(record(0x04, head + bytes([len(text)]) + text))
        elif isinstance(value, int) and 0 <= value < 1 << 16:
            parts.append(record(0x02, head + struct.pack("<H", value)))
        else:
            parts.append(record(0x03, head + struct.pack("<d", value)))
    return b"".join([*parts, record(EOF)])


def biff3(rows: Rows) -> bytes:
    """A file of Excel 3."""
    font = record(0x231, struct.pack("<3H", 200, 0, 0x7FFF) + b"\x05Arial")
    return record(0x209, struct.pack("<3H", 0x300, _WORKSHEET, 0)) + _codepage() + 5 * font + 21 * record(0x243, bytes(12)) + _sheet(rows)


def biff4(rows: Rows) -> bytes:
    """A file of Excel 4."""
    font = record(0x231, struct.pack("<3H", 200, 0, 0x7FFF) + b"\x05Arial")
    return record(0x409, struct.pack("<3H", 0x400, _WORKSHEET, 0)) + _codepage() + 5 * font + 21 * record(0x443, bytes(12)) + _sheet(rows)


def biff5(sheets: Mapping[str, Rows]) -> bytes:
    """The stream of a workbook of Excel 5."""
    font = record(0x31, struct.pack("<5H4B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05Arial")
    head = record(BOF, struct.pack("<4H", 0x500, _GLOBALS, 0x96C, 1993)) + _codepage() + 5 * font + 21 * record(0xE0, bytes(16))
    bodies = [record(BOF, struct.pack("<4H", 0x500, _WORKSHEET, 0x96C, 1993)) + _sheet(rows) for rows in sheets.values()]
    names = [name.encode("cp1252") for name in sheets]
    position = len(head) + sum(11 + len(name) for name in names) + len(record(EOF))
    for name, body in zip(names, bodies, strict=True):
        head += record(BOUNDSHEET, struct.pack("<IBBB", position, 0, 0, len(name)) + name)
        position += len(body)
    return head + record(EOF) + b"".join(bodies)


def _codepage() -> bytes:
    return record(0x42, struct.pack("<H", 1252))


def _width(rows: Rows) -> int:
    return max(map(len, rows))


def _cells(rows: Rows) -> Iterator[tuple[int, int, Any]]:
    return ((i, j, value) for i, row in enumerate(rows) for j, value in enumerate(row) if value is not None)


def _sheet(rows: Rows) -> bytes:
    parts = [record(DIMENSIONS, struct.pack("<5H", 0, len(rows), 0, _width(rows), 0))]
    for i, j, value in _cells(rows):
        head = struct.pack("<3H", i, j, 0)
        if isinstance(value, str):
            text = value.encode("cp1252")
            parts.append(record(0x204, head + struct.pack("<H", len(text)) + text))
        else:
            parts.append(record(0x203, head + struct.pack("<d", value)))
    return b"".join([*parts, record(EOF)])


def in_ole(stream: bytes, name: str = "Workbook") -> bytes:
    """A file system ([MS-CFB]) with one stream: header, allocation table, directory, and the stream."""
    # Shorter streams would stand in a smaller file system inside; the zeros behind the last record look like empty records.
    stream += bytes(4 * max(0, -(-(4096 - len(stream)) // 4)))
    sectors = -(-len(stream) // _SECTOR)
    tables = 1
    while tables * 128 < tables + 1 + sectors:
        tables += 1
    table = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [tables + 2 + number for number in range(sectors)]
    table[-1] = 0xFFFFFFFE
    table += [0xFFFFFFFF] * (tables * 128 - len(table))
    places = [*range(tables), *[0xFFFFFFFF] * (109 - tables)]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", *places)
    directory = (
        _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
        + _entry(name, 2, 0xFFFFFFFF, tables + 1, len(stream))
        + 2 * _entry("", 0, 0xFFFFFFFF, 0, 0)
    )
    return header + struct.pack(f"<{len(table)}I", *table) + directory + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text) + 2 if name else 0, kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def stream_of(workbook: bytes) -> bytes:
    """The stream of records of an .xls file."""
    with olefile.OleFileIO(io.BytesIO(workbook)) as document, document.openstream("Workbook") as stream:
        return stream.read()


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each record; the zeros that fill the last sector are none."""
    place = 0
    while place + 4 <= len(stream) and stream[place : place + 4] != bytes(4):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def with_records(workbook: bytes, change: Callable[[int, bytes], bytes]) -> bytes:
    """An .xls file whose records' contents went through a function that keeps their lengths."""
    return in_ole(b"".join(record(kind, change(kind, content)) for kind, content in records(stream_of(workbook))))


def with_dimension(workbook: bytes, rows: int, columns: int) -> bytes:
    """The file with another number of rows and columns declared than there are."""
    return with_records(
        workbook, lambda kind, content: struct.pack("<IIHH", 0, rows, 0, columns) + content[12:] if kind == DIMENSIONS else content
    )


def rc4_encrypted(workbook: bytes, password: str, salt: bytes = b"0123456789abcdef") -> bytes:
    """The file under a password as Excel 97 to 2003 wrote it ([MS-OFFCRYPTO] 2.3.6)."""
    keys = _rc4(_rc4_key(password, salt, 0))
    verifier = b"a verifier of 16"
    told = bytes(next(keys) ^ byte for byte in verifier + hashlib.md5(verifier).digest())
    return _encrypted(workbook, struct.pack("<3H", 1, 1, 1) + salt + told, lambda start, body: _rc4_applied(password, salt, start, body))


def xor_encrypted(workbook: bytes, password: str) -> bytes:
    """The file under a password in the way of Excel 95 ([MS-OFFCRYPTO] 2.3.7)."""
    from msoffcrypto.method.xor_obfuscation import DocumentXOR

    array = DocumentXOR.create_xor_array_method1(password)
    verifier = 0
    for byte in (len(password), *map(ord, password))[::-1]:
        verifier = (verifier >> 14 & 1) ^ (verifier << 1 & 0x7FFF) ^ byte

    def obfuscated(start: int, body: bytes) -> bytes:
        return bytes(((byte << 5 | byte >> 3) & 0xFF) ^ array[(start + len(body) + place) % 16] for place, byte in enumerate(body))

    key = DocumentXOR.create_xor_key_method1(password)
    return _encrypted(workbook, struct.pack("<3H", 0, key, verifier ^ 0xCE4B), obfuscated)


def _encrypted(workbook: bytes, filepass: bytes, cipher: Callable[[int, bytes], bytes]) -> bytes:
    """The workbook with a FILEPASS record behind its first one and all that may be encrypted encrypted; places count from the stream's start."""
    parts: list[tuple[int, bytes]] = []
    for kind, content in records(stream_of(workbook)):
        moved = struct.pack("<I", struct.unpack_from("<I", content)[0] + 4 + len(filepass)) + content[4:] if kind == BOUNDSHEET else content
        parts.append((kind, moved))
        if len(parts) == 1:
            parts.append((FILEPASS, filepass))
    stream = b""
    for kind, content in parts:
        body = content if kind in _NEVER_ENCRYPTED else cipher(len(stream) + 4, content)
        stream += record(kind, content[:4] + body[4:] if kind == BOUNDSHEET else body)
    return in_ole(stream)


def _rc4_key(password: str, salt: bytes, block: int) -> bytes:
    first = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    second = hashlib.md5((first + salt) * 16).digest()[:5]
    return hashlib.md5(second + struct.pack("<I", block)).digest()


def _rc4(key: bytes) -> Iterator[int]:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    while True:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        yield box[(box[i] + box[j]) % 256]


_STREAMS: dict[tuple[str, bytes, int], bytes] = {}


def _rc4_applied(password: str, salt: bytes, start: int, body: bytes) -> bytes:
    out = bytearray()
    for place, byte in enumerate(body, start):
        key = (password, salt, place // 1024)
        if key not in _STREAMS:
            stream = _rc4(_rc4_key(*key))
            _STREAMS[key] = bytes(next(stream) for _ in range(1024))
        out.append(byte ^ _STREAMS[key][place % 1024])
    return bytes(out)
