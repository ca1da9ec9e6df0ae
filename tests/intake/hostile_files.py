"""Files made to hurt, of each kind that offices send: each maker turns a list of rows into one such file.

Those of one kind stand in a table: the name of the trap, the file, and how it must end: a reason code, or the rows that must be read.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from biff_files import (
    SST,
    biff2,
    biff3,
    biff4,
    biff5,
    in_ole,
    rc4_encrypted,
    records,
    stream_of,
    with_dimension,
    with_records,
    xor_encrypted,
)
from intake_workbooks import write_csv, write_ods, write_xls, write_xlsb, write_xlsx
from msoffcrypto.format.ooxml import OOXMLFile

Rows = Sequence[Sequence[Any]]
Edit = Callable[[str, bytes], bytes]
READ = "read"
"""The file is taken in, with exactly the rows that it was made of."""
SHEET = "Data"
DELIMITERS = {"csv": ",", "tsv": "\t", "pipe": "|"}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Trap(NamedTuple):
    """Its name, how it is made of an honest file and the file's rows, and how it must end."""

    name: str
    make: Callable[[bytes, Rows], bytes]
    ends: str


def whole(kind: str, folder: Path, rows: Rows) -> bytes:
    """An honest file of a kind."""
    path = folder / f"whole.{kind}"
    if kind in DELIMITERS:
        return write_csv(path, rows, delimiter=DELIMITERS[kind]).read_bytes()
    if kind == "html":
        return as_html(rows)
    if kind == "xlsm":
        return _with_macros(whole("xlsx", folder, rows))
    return {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "xlsb": write_xlsb}[kind](path, {SHEET: rows}).read_bytes()


def as_html(rows: Rows, head: str = "<html><meta charset=utf-8><body>") -> bytes:
    """What a web application calls .xls."""
    lines = ("<tr>" + "".join(f"<td>{'' if value is None else escape(str(value))}</td>" for value in row) + "</tr>" for row in rows)
    return (head + "<table border=1>\n" + "\n".join(lines) + "</table></body></html>").encode()


def _with_macros(xlsx: bytes) -> bytes:
    """An .xlsm: its parts declare macros and hold some."""
    types = (b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
    return edited(
        xlsx, lambda name, part: part.replace(*types) if name == "[Content_Types].xml" else part, {"xl/vbaProject.bin": b"\xd0\xcf" * 50}
    )


def edited(
    content: bytes, edit: Edit = lambda _, part: part, added: dict[str, bytes] | None = None, twice: str | None = None, packed: int = 6
) -> bytes:
    """A zip with each part edited, parts added, and one part twice."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=packed) as archive,
    ):
        for name in [*source.namelist(), *([twice] if twice else [])]:
            archive.writestr(name, edit(name, source.read(name)))
        for name, part in (added or {}).items():
            archive.writestr(name, part)
    return buffer.getvalue()


def part_edited(content: bytes, part_name: str, old: bytes, new: bytes) -> bytes:
    """The zip with one part changed by a regular expression, which must occur."""

    def edit(name: str, part: bytes) -> bytes:
        if not name.endswith(part_name):
            return part
        changed, count = re.subn(old, lambda _: new, part, count=1)
        assert count, f"{old!r} is not in {name}"
        return changed

    return edited(content, edit)


def flipped(content: bytes, text: bytes) -> bytes:
    """The zip with one bit of a stored part changed and its checksum not: calamine reads it without a word, and a NIK is another."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    stored = bytearray(buffer.getvalue())
    stored[stored.index(text) + len(text) - 1] ^= 1
    return bytes(stored)


def with_flag(content: bytes) -> bytes:
    """The zip with all parts said to be under a zip password."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            changed[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(changed)


def understated(content: bytes, name: bytes) -> bytes:
    """The zip whose directory says that a part is smaller than it is."""
    changed = bytearray(content)
    place = content.index(b"PK\x01\x02")
    while content[place + 46 : place + 46 + len(name)] != name:
        place = content.index(b"PK\x01\x02", place + 4)
    struct.pack_into("<I", changed, place + 24, 10)
    return bytes(changed)


def under_password(content: bytes, password: str) -> bytes:
    """A zip workbook as Excel stores it under a password; the library that encrypts it garbles what is smaller than Excel's own files are."""
    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(edited(content, added={"docProps/note.bin": _long_text()[:8_000]}))).encrypt(password, buffer)
    return buffer.getvalue()


def _varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def xlsb_record(kind: int, content: bytes = b"") -> bytes:
    """A record of a binary workbook ([MS-XLSB] 2.1.4)."""
    return (bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])) + _varint(len(content)) + content


def xlsb_part_edited(content: bytes, part_name: str, change: Callable[[int, bytes], Iterable[tuple[int, bytes]]]) -> bytes:
    """The binary workbook with the records of one part changed; each may become several or none."""
    from intake.xlsb_merged import records as records_of_part

    def edit(name: str, part: bytes) -> bytes:
        if not name.endswith(part_name):
            return part
        return b"".join(xlsb_record(*new) for kind, body in records_of_part(part) for new in change(kind, body))

    return edited(content, edit)


def traps_of_zips(kind: str, nik: bytes) -> list[Trap]:
    """What may be done to any workbook that is a zip; `nik` is a text in one of its parts."""
    main = {"ods": "content.xml", "xlsb": "xl/workbook.bin"}.get(kind, "xl/workbook.xml")
    xml = {"ods": "content.xml", "xlsb": "xl/_rels/workbook.bin.rels"}.get(kind, "xl/worksheets/sheet1.xml")
    bomb = b'<!DOCTYPE w [<!ENTITY a "' + b"lol" * 50 + b'"><!ENTITY b "' + b"&a;" * 50 + b'"><!ENTITY c "' + b"&b;" * 50 + b'">]>'
    external = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

    def defining(definition: bytes) -> Edit:
        return lambda name, part: (
            re.sub(rb"(<\?xml.*?\?>)?", lambda head: head.group() + definition, part, count=1) if name == xml else part
        )

    def wide(name: str, part: bytes) -> bytes:
        if name != xml:
            return part
        text = defining(bomb)(name, part).decode()
        return re.sub("encoding=[\"'][^\"']*[\"']", 'encoding="UTF-16"', text, count=1).encode("utf-16")

    return [
        Trap("zip bomb", lambda base, _: edited(base, added={"xl/media/a.bin": bytes(8_000_000)}), "unsafe_archive"),
        Trap("zip bomb that hides its size", lambda base, _: understated(base, main.encode()), "truncated"),
        Trap("entity bomb", lambda base, _: edited(base, defining(bomb)), "unsafe_archive"),
        Trap("entity bomb in UTF-16", lambda base, _: edited(base, wide), "unsafe_archive"),
        Trap(
            "entity bomb behind a megabyte",
            lambda base, _: edited(base, defining(b"<!--" + b" " * ((1 << 20) - 60) + b"-->" + bomb)),
            "unsafe_archive",
        ),
        Trap("external entity", lambda base, _: edited(base, defining(external)), "unsafe_archive"),
        Trap("duplicate member", lambda base, _: edited(base, twice=main), "unsafe_archive"),
        Trap("duplicate member by case", lambda base, _: edited(base, added={main.upper(): b"x"}), "unsafe_archive"),
        Trap("path traversal", lambda base, _: edited(base, added={"../../etc/cron.d/x": b"x"}), "unsafe_archive"),
        Trap("path traversal with backslashes", lambda base, _: edited(base, added={"..\\..\\x": b"x"}), "unsafe_archive"),
        Trap("absolute path", lambda base, _: edited(base, added={"/etc/cron.d/x": b"x"}), "unsafe_archive"),
        Trap(
            "too many members", lambda base, _: edited(base, added={f"xl/media/{number}": b"" for number in range(5_001)}), "unsafe_archive"
        ),
        Trap("bad CRC", lambda base, _: flipped(base, nik), "truncated"),
        Trap("zip password", lambda base, _: with_flag(base), "encrypted"),
    ]


def traps_of_xlsx() -> list[Trap]:
    """What may be done to the parts of an .xlsx or .xlsm."""
    sheet, strings = "worksheets/sheet1.xml", "sharedStrings.xml"
    dimension = rb'<dimension ref="[^"]*"/>'
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    count = rb'count="\d+" uniqueCount="\d+"'
    return [
        Trap("far cell", lambda base, _: part_edited(base, sheet, rb"</sheetData>", far), "too_large"),
        Trap(
            "huge shared-string count",
            lambda base, _: part_edited(base, strings, count, b'count="4294967295" uniqueCount="4294967295"'),
            READ,
        ),
        Trap("dimension too small", lambda base, _: part_edited(base, sheet, dimension, b'<dimension ref="A1:B3"/>'), READ),
        Trap("dimension too large", lambda base, _: part_edited(base, sheet, dimension, b'<dimension ref="A1:XFD1048576"/>'), READ),
        Trap("dimension beyond all", lambda base, _: part_edited(base, sheet, dimension, b'<dimension ref="A1:C99999999999"/>'), READ),
        Trap("dimension that is none", lambda base, _: part_edited(base, sheet, dimension, b'<dimension ref="xyz"/>'), READ),
        Trap("no dimension", lambda base, _: part_edited(base, sheet, dimension, b""), READ),
        Trap("own password", lambda base, _: under_password(base, "rahasia"), "encrypted"),
        Trap("default password", lambda base, _: under_password(base, "VelvetSweatshop"), READ),
        Trap("NULs in the sheet", lambda base, _: part_edited(base, sheet, rb"<sheetData>", b"<sheetData>" + bytes(50)), READ),
        Trap("mixed encodings", lambda base, _: part_edited(base, strings, rb"TEMBOKREJO", b"TEMBOKR\xc9JO"), "unreadable"),
        Trap("unclosed quote", lambda base, _: part_edited(base, strings, rb"DUSUN KRAJAN", b'"DUSUN KRAJAN'), READ),
        Trap("giant field", lambda base, _: part_edited(base, strings, rb"DUSUN KRAJAN", _long_text()), "giant_field"),
    ]


def traps_of_xlsb() -> list[Trap]:
    """What may be done to the records of an .xlsb."""
    dimension, end, strings = 148, 146, 159

    def declared(base: bytes, *corners: int) -> bytes:
        return xlsb_part_edited(
            base, "sheet1.bin", lambda kind, body: [(kind, struct.pack("<4I", *corners) if kind == dimension else body)]
        )

    far = [(0, struct.pack("<IIHBBBI", 1_048_575, 0, 300, 0, 0, 0, 0)), (2, struct.pack("<3I", 16_383, 0, 0x3FF00002))]
    huge = struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF)
    return [
        Trap("far cell", lambda base, _: xlsb_part_edited(base, "sheet1.bin", lambda kind, body: [*(far if kind == end else []), (kind, body)]), "reader_crashed"),
        Trap("huge shared-string count", lambda base, _: xlsb_part_edited(base, "sharedStrings.bin", lambda kind, body: [(kind, huge if kind == strings else body)]), "unreadable"),
        Trap("dimension too small", lambda base, _: declared(base, 0, 0, 0, 0), READ),
        Trap("dimension too large", lambda base, _: declared(base, 0, 1_048_575, 0, 16_383), READ),
        Trap("dimension beyond all", lambda base, _: declared(base, 0, 0xFFFFFFFF, 0, 0xFFFFFFFF), READ),
        Trap("dimension backwards", lambda base, _: declared(base, 9, 2, 9, 2), READ),
        Trap("own password", lambda base, _: under_password(base, "rahasia"), "encrypted"),
        Trap("default password", lambda base, _: under_password(base, "VelvetSweatshop"), READ),
        Trap("NULs in the sheet", lambda base, _: edited(base, lambda name, part: part + bytes(50) if name.endswith("sheet1.bin") else part), READ),
        Trap("giant field", lambda base, _: xlsb_part_edited(base, "sharedStrings.bin", _first_string_long), "giant_field"),
    ]  # fmt: skip


def _first_string_long(kind: int, body: bytes) -> list[tuple[int, bytes]]:
    text = _long_text().decode()
    return [
        (
            kind,
            b"\0" + struct.pack("<I", len(text)) + text.encode("utf-16-le")
            if kind == 19 and "KRAJAN".encode("utf-16-le") in body
            else body,
        )
    ]


@cache
def _long_text() -> bytes:
    """150,000 characters that no zip packs well."""
    chance = random.Random(1)
    return bytes(chance.choice(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") for _ in range(150_000))


def traps_of_xls() -> list[Trap]:
    """What may be done to the records of an .xls."""
    count = struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF)
    far = struct.pack("<5H", 0x203, 14, 65_535, 25, 0) + struct.pack("<d", 1.0)

    def with_far_cell(base: bytes) -> bytes:
        *before, last = [struct.pack("<HH", kind, len(body)) + body for kind, body in records(stream_of(base))]
        return in_ole(b"".join([*before, far, last]))

    def with_numbers(base: bytes, numbers: dict[int, int]) -> bytes:
        """The file with other numbers at some places of its file system, whose table stands in the first sector, behind the header."""
        changed = bytearray(in_ole(stream_of(base)))
        for place, number in numbers.items():
            struct.pack_into("<I", changed, place, number)
        return bytes(changed)

    return [
        Trap("sectors of two to the 65,535 bytes", lambda base, _: with_numbers(base, {32: 0xFFFF}), READ),
        Trap("a stream in a circle", lambda base, _: with_numbers(base, {512 + 4 * 4: 3}), "unreadable"),
        Trap("a directory in a circle", lambda base, _: with_numbers(base, {512 + 4 * 1: 1}), "unreadable"),
        Trap("a table of sectors in a circle", lambda base, _: with_numbers(base, {68: 0, 512 + 4 * 127: 0}), READ),
        Trap("far cell", lambda base, _: with_far_cell(base), READ),
        Trap(
            "huge shared-string count",
            lambda base, _: with_records(base, lambda kind, body: count + body[8:] if kind == SST else body),
            READ,
        ),
        Trap("dimension too small", lambda base, _: with_dimension(base, 1, 1), READ),
        Trap("dimension too large", lambda base, _: with_dimension(base, 65_536, 256), READ),
        Trap("dimension beyond all", lambda base, _: with_dimension(base, 0xFFFFFFFF, 0xFFFF), READ),
        Trap("own password, RC4", lambda base, _: rc4_encrypted(base, "rahasia"), "encrypted"),
        Trap("own password, XOR", lambda base, _: xor_encrypted(base, "rahasia"), "encrypted"),
        Trap("default password, RC4", lambda base, _: rc4_encrypted(base, "VelvetSweatshop"), READ),
        Trap("default password, XOR", lambda base, _: xor_encrypted(base, "VelvetSweatshop"), READ),
        Trap("NULs behind the end", lambda base, _: base + bytes(5_000), READ),
        Trap("an OLE head and nothing", lambda base, _: base[:8] + bytes(600), "truncated"),
        Trap("no file system around it", lambda base, _: stream_of(base), READ),
        Trap("Excel 5", lambda _, rows: in_ole(biff5({SHEET: rows}), "Book"), READ),
        Trap("Excel 4", lambda _, rows: biff4(rows), READ),
        Trap("Excel 3", lambda _, rows: biff3(rows), READ),
        Trap("Excel 2", lambda _, rows: biff2(rows), READ),
    ]


def traps_of_ods() -> list[Trap]:
    """What may be done to the document of an .ods."""
    content, row, cell = "content.xml", rb"<table:table-row>", b'<table:table-cell office:value-type="string">'
    far = (
        b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row><table:table-row><table:table-cell '
        b'table:number-columns-repeated="16383"/>' + cell + b"<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    )
    blank = (
        b'<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    repeated = b'<table:table-row table:number-rows-repeated="4294967295">' + cell.replace(b">", b' table:number-columns-repeated="16384">')
    encryption = b'<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="x"/></manifest:file-entry>'

    def locked(name: str, part: bytes) -> bytes:
        if name == "META-INF/manifest.xml":
            return re.sub(rb'(full-path="content\.xml"[^>]*?)/>', rb"\1>" + encryption, part)
        return bytes(range(256)) * 20 if name == content else part

    return [
        Trap("far cell", lambda base, _: part_edited(base, content, rb"</table:table>", far), "too_large"),
        Trap("rows and columns repeated", lambda base, _: part_edited(base, content, row, repeated + b"<text:p>x</text:p></table:table-cell></table:table-row>" + row), "too_large"),
        Trap("blank rows to the end", lambda base, _: part_edited(base, content, rb"</table:table>", blank + b"</table:table>"), READ),
        Trap("own password", lambda base, _: edited(base, locked), "encrypted"),
        Trap("NULs in the sheet", lambda base, _: part_edited(base, content, row, bytes(50) + row), READ),
        Trap("mixed encodings", lambda base, _: part_edited(base, content, rb"TEMBOKREJO", b"TEMBOKR\xc9JO"), "unreadable"),
        Trap("UTF-16", lambda base, _: edited(base, lambda name, part: part.decode().encode("utf-16") if name == content else part), "unreadable"),
        Trap("unclosed quote", lambda base, _: part_edited(base, content, rb"DUSUN KRAJAN", b'"DUSUN KRAJAN'), READ),
        Trap("giant field", lambda base, _: part_edited(base, content, rb"DUSUN KRAJAN", _long_text()), "giant_field"),
    ]  # fmt: skip


def traps_of_text(delimiter: str) -> list[Trap]:
    """What may be done to a text table."""
    sign = delimiter.encode()

    def line_changed(base: bytes, change: Callable[[bytes], bytes]) -> bytes:
        lines = base.splitlines(keepends=True)
        return b"".join([*lines[:5], change(lines[5]), *lines[6:]])

    return [
        Trap("NULs in the fields", lambda base, _: base.replace(b"TEMBOKREJO", b"TEM\0BOK\0REJO"), READ),
        Trap("only NULs", lambda *_: bytes(5_000), "empty_file"),
        Trap("mixed encodings", lambda base, _: base.replace(b"KRAJAN", "KRAJÁN".encode(), 1).replace(b"KRAJAN", b"KRAJ\xc1N", 1), READ),
        Trap("UTF-16", lambda base, _: base.decode().encode("utf-16"), READ),
        Trap("UTF-16 cut in a character", lambda base, _: base.decode().encode("utf-16")[:-1], "truncated"),
        Trap("unclosed quote", lambda base, _: line_changed(base, lambda line: b'"' + line), "unclosed_quote"),
        Trap("giant field", lambda base, _: line_changed(base, lambda line: line.replace(sign, sign + b"x" * 150_000, 1)), "giant_field"),
        Trap(
            "a definition of entities", lambda base, _: b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n' + base, "unknown_format"
        ),
    ]


def traps_of_html() -> list[Trap]:
    """What may be done to a page with a table."""
    entities = '<!DOCTYPE html [<!ENTITY a "lolol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>&b;&x;'
    spans = b"<tr>" + b"<td colspan=1000 rowspan=1000>x</td>" * 17 + b"</tr></table>"
    return [
        Trap("far cell", lambda base, _: base.replace(b"</table>", spans), "too_large"),
        Trap("spans of a thousand", lambda base, _: base.replace(b"<td>DUSUN", b"<td rowspan=0 colspan=-5>DUSUN").replace(b"<table", b"<table summary='<td>'", 1), READ),
        Trap("entity bomb", lambda _, rows: as_html(rows, entities), READ),
        Trap("unknown marked section", lambda base, _: base.replace(b"<tr>", b"<![NGI x]><tr>", 1), READ),
        Trap("Excel's marked sections", lambda base, _: base.replace(b"<tr>", b"<![if !supportEmptyParas]><!--[if gte mso 9]><xml></xml><![endif]--><tr>", 1), READ),
        Trap("NULs in the cells", lambda base, _: base.replace(b"KRAJAN", b"KRA\0JAN"), READ),
        Trap("only NULs", lambda *_: bytes(4_000), "empty_file"),
        Trap("mixed encodings", lambda base, _: base.replace(b"<meta charset=utf-8>", b"").replace(b"KRAJAN", "KRAJÁN".encode(), 1).replace(b"KRAJAN", b"KRAJ\xc1N", 1), READ),
        Trap("unclosed quote", lambda base, _: base.replace(b"DUSUN", b'"DUSUN', 1), READ),
        Trap("an unclosed quote in a tag", lambda base, _: base.replace(b"<td>DUSUN", b'<td class="x>DUSUN', 1), READ),
        Trap("giant field", lambda base, _: base.replace(b"DUSUN", b"x" * 150_000, 1), "giant_field"),
        Trap("hundreds of tables in each other", lambda base, _: base.replace(b"</body>", b"<table><tr><td>" * 300 + b"</body>"), READ),
    ]  # fmt: skip


def traps(kind: str) -> list[Trap]:
    """All traps of a kind."""
    if kind in {"xlsx", "xlsm"}:
        return traps_of_zips(kind, b"351005") + traps_of_xlsx()
    if kind == "xlsb":
        return traps_of_zips(kind, "351005".encode("utf-16-le")) + traps_of_xlsb()
    if kind == "ods":
        return traps_of_zips(kind, b"351005") + traps_of_ods()
    if kind == "xls":
        return traps_of_xls()
    return traps_of_html() if kind == "html" else traps_of_text(DELIMITERS[kind])


def wide_rows(rows: Rows, width: int) -> list[list[Any]]:
    """The rows with columns of no known name up to this width."""
    return [[*row, *(f"X{place}" if number == 0 else "x" for place in range(len(row), width))] for number, row in enumerate(rows)]


def tall_sheet(kind: str, path: Path, rows: int) -> Path:
    """A file of so many rows, each with its number, written straight as its parts."""
    base = whole(kind, path.parent, [[1]])
    numbers = range(2, rows + 1)
    if kind in DELIMITERS:
        path.write_bytes(base + "".join(f"{number}{DELIMITERS[kind]}\n" for number in numbers).encode())
    elif kind == "html":
        path.write_bytes(base.replace(b"</table>", "".join(f"<tr><td>{number}" for number in numbers).encode() + b"</table>"))
    elif kind == "xls":
        *before, end = [struct.pack("<HH", kind, len(body)) + body for kind, body in records(stream_of(base))]
        cells = [struct.pack("<5H", 0x203, 14, number - 1, 0, 0) + struct.pack("<d", number) for number in numbers]
        path.write_bytes(in_ole(b"".join([*before, *cells, end])))
    else:
        path.write_bytes(edited(base, lambda name, part: _with_tall_rows(kind, name, part, numbers), packed=1))
    return path


def _with_tall_rows(kind: str, name: str, part: bytes, numbers: Iterable[int]) -> bytes:
    """The part that holds the cells with further rows behind its last one."""
    if kind == "xlsb" and name.endswith("sheet1.bin"):
        row, cell = struct.Struct("<2BIIHBBBI"), struct.Struct("<2BIId")
        rows = (row.pack(0, 17, number - 1, 0, 300, 0, 0, 0, 0) + cell.pack(5, 16, 0, 0, number) for number in numbers)
        end = xlsb_record(146)
        return part.replace(end, b"".join(rows) + end, 1)
    if kind in {"xlsx", "xlsm"} and name.endswith("sheet1.xml"):
        rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in numbers)
        return part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    if kind == "ods" and name == "content.xml":
        row = '<table:table-row><table:table-cell office:value-type="float" office:value="{}"/></table:table-row>'
        return part.replace(b"</table:table>", "".join(map(row.format, numbers)).encode() + b"</table:table>")
    return part
