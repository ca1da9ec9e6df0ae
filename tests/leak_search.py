"""Looks for personal data where none may be: in Dagster's storage, logs, reports, exports, wherever a value could have slipped.

A byte search is not enough: Parquet keeps strings in compressed dictionaries, workbooks are zip archives, Dagster compresses its
snapshots, pages embed arrays as base64. So every file is searched as bytes *and* unpacked, again and again, down to plain values:
zip (xlsx, ods, any), gzip, bzip2, xz, zlib, tar, Parquet, Arrow, SQLite (with its write-ahead log), old and binary Excel, HTML and
XML without their tags, JSON escapes, base64. Numbers are also looked for as 8-byte integers and floats, and with signs between
their groups. What looks like an archive and cannot be opened is reported too: not having looked is not having found nothing.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import contextlib
import gzip
import html
import io
import lzma
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from schemas.redaction import mask_nik

DEEPEST = 8
"""Archives within archives; beyond it somebody plays."""

_DIGIT_RUN = re.compile(rb"[0-9]{16,}")
_GROUPED = re.compile(rb"(?<=[0-9])(?:[ .'\-/]|\xc2\xa0|\xe2\x80\x8b)(?=[0-9])")
_UTF16_RUN = re.compile(rb"(?:[0-9]\x00){16,}")
_INLINE_TAG = re.compile(rb"</?(?:[a-z]+:)?(?:r|t|rPr|span|b|i|u|em|strong|mark|font|s|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_FONT = re.compile(rb"<rPr>.*?</rPr>", re.DOTALL)
_TAG = re.compile(rb"<[^<>]*>")
_JSON_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


class Hit(NamedTuple):
    """Where personal data was found: the file, the place inside it (`xl/sharedStrings.xml`, `person.nik`), and what, masked."""

    path: Path
    inner: str
    what: str


class Unreadable(Exception):  # noqa: N818 - a finding, not a fault of the search
    """A container that could not be opened."""


class LeakSearch:
    """A search for the same needles in any number of places. Needles are NIKs (16 digits), or names and other texts of 4 letters up."""

    def __init__(self, needles: Iterable[str]) -> None:
        """Prepare the needles; raises ValueError for one that is too short to mean anything."""
        wanted = set(needles)
        short = sorted(needle for needle in wanted if len(needle) < 4)
        if short or not wanted:
            raise ValueError(f"needles of fewer than 4 characters, or none at all: {short}")
        self._numbers = {needle.encode() for needle in wanted if re.fullmatch("[0-9]{16}", needle)}
        self._integers = np.array(sorted(int(number) for number in self._numbers), dtype=np.int64)
        self._floats = np.sort(self._integers.astype(np.float64).view(np.int64))
        self._texts = sorted(needle for needle in wanted if needle.encode() not in self._numbers)
        self._encoded = [(text, text.casefold().encode(encoding)) for text in self._texts for encoding in ("utf-8", "utf-16-le")]

    def in_paths(self, paths: Iterable[Path]) -> list[Hit]:
        """All hits in files and folders, each place once, sorted. A path that does not exist is an error of the test."""
        hits: set[Hit] = set()
        for path in paths:
            if not path.exists():
                raise FileNotFoundError(path)
            for file in [path] if path.is_file() else sorted(path.rglob("*")):
                hits.update(Hit(file, "the file's name", what) for what in self._in_plain(file.name.encode()))
                if file.is_file():
                    hits.update(Hit(file, inner, what) for inner, what in self._in_file(file))
        return sorted(hits)

    def in_bytes(self, content: bytes, inner: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
        """Hits in a content as (place, what), the content unpacked as far as it goes."""
        for what in self._in_plain(content):
            yield inner, what
        if depth >= DEEPEST:
            yield inner, "archives nested too deeply"
            return
        try:
            for name, part in _parts(content):
                place = f"{inner}/{name}" if inner else name
                for what in self._in_plain(name.encode()):
                    yield place, what
                yield from self.in_bytes(part, place, depth + 1)
        except Unreadable as error:
            yield inner, f"could not be opened: {error}"

    def _in_file(self, file: Path) -> Iterator[tuple[str, str]]:
        content = file.read_bytes()
        if content.startswith(b"SQLite format 3\0"):
            for what in self._in_plain(content):
                yield "", what
            try:
                for place, part in _sqlite_columns(file):
                    yield from self.in_bytes(part, place, depth=1)
            except sqlite3.DatabaseError as error:
                yield "", f"could not be opened: SQLite ({type(error).__name__})"
        else:
            yield from self.in_bytes(content)

    def _in_plain(self, content: bytes) -> set[str]:
        """What of the needles stands in the bytes as they are, masked."""
        found = {mask_nik(str(number)) for number in self._numbers_in(content)}
        if self._encoded:
            folded = content.lower()
            found |= {f"{text[:2]}…" for text, needle in self._encoded if needle in folded}
        return found

    def _numbers_in(self, content: bytes) -> set[int]:
        if not self._numbers:
            return set()
        runs = {run.group() for run in _DIGIT_RUN.finditer(content)}
        runs |= {run.group().replace(b"\0", b"") for run in _UTF16_RUN.finditer(content)}
        ungrouped = _GROUPED.sub(b"", content)
        if len(ungrouped) != len(content):
            runs |= {run.group() for run in _DIGIT_RUN.finditer(ungrouped)}
        found = {int(run) for run in runs if len(run) == 16 and run in self._numbers}
        for run in runs:
            if len(run) > 16:
                found.update(self._numbers_in_long_run(run))
        return found | self._binary_numbers_in(content)

    def _numbers_in_long_run(self, run: bytes) -> set[int]:
        digits = np.frombuffer(run, np.uint8).astype(np.int64) - ord("0")
        windows = np.lib.stride_tricks.sliding_window_view(digits, 16)
        places = 10 ** np.arange(15, -1, -1, dtype=np.int64)
        return self._known(np.concatenate([part @ places for part in np.array_split(windows, len(windows) // 100_000 + 1)]), self._integers)

    def _binary_numbers_in(self, content: bytes) -> set[int]:
        found: set[int] = set()
        for shift in range(8):
            words = (
                np.frombuffer(content, np.int64, (len(content) - shift) // 8, shift) if len(content) >= shift + 8 else np.zeros(0, np.int64)
            )
            found |= self._known(words, self._integers)
            found |= {int(np.int64(bits).view(np.float64)) for bits in self._known(words, self._floats)}
        return found

    @staticmethod
    def _known(values: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> set[int]:
        near = values[(values >= wanted[0]) & (values <= wanted[-1])]
        return {int(value) for value in near[np.isin(near, wanted)]}


def search_leaks(paths: Iterable[Path], needles: Iterable[str]) -> list[Hit]:
    """All places in these files and folders that hold one of the needles, in whatever packing."""
    return LeakSearch(needles).in_paths(paths)


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What a container holds, as (name, content); nothing for plain bytes."""
    for magic, opened in _CONTAINERS.items():
        if content.startswith(magic):
            yield from opened(content)
            return
    if content[257:262] == b"ustar":
        yield from _tar_members(content)
    elif _has_zlib_header(content):
        with contextlib.suppress(zlib.error):
            yield "zlib", zlib.decompressobj().decompress(content)
    yield from _text_views(content)


def _has_zlib_header(content: bytes) -> bool:
    return content[:1] == b"\x78" and int.from_bytes(content[:2], "big") % 31 == 0


def _text_views(content: bytes) -> Iterator[tuple[str, bytes]]:
    """A text as a person reads it: without tags, entities and escapes; and the base64 that it carries."""
    if b"<" in content and _TAG.search(content):
        without_tags = _TAG.sub(b"\n", _INLINE_TAG.sub(b"", _FONT.sub(b"", content)))
        shown = html.unescape(without_tags.decode("utf-8", "replace")).encode("utf-8", "replace")
        if b"<" not in shown:
            yield "text", shown
    if _JSON_ESCAPE.search(content):
        yield "unescaped", _JSON_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)).encode("utf-8", "replace"), content)
    small: set[bytes] = set()
    for found in _BASE64.finditer(content):
        unpacked = _from_base64(found.group())
        if len(unpacked) > 4096 or _has_zlib_header(unpacked) or unpacked.startswith(tuple(_CONTAINERS)):
            yield f"base64 at {found.start()}", unpacked
        else:
            small.add(unpacked)  # mostly words and paths that only look like base64: searched together, or it takes minutes
    if small:
        yield "base64", b"\n".join(sorted(small))


def _from_base64(text: bytes) -> bytes:
    packed = text.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    packed = packed[:-1] if len(packed) % 4 == 1 else packed
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except binascii.Error:
        return b""


def _readable(
    what: str, *failures: type[Exception]
) -> Callable[[Callable[[bytes], Iterator[tuple[str, bytes]]]], Callable[[bytes], Iterator[tuple[str, bytes]]]]:
    """Turns the failures of a reader into Unreadable."""

    def wrap(reader: Callable[[bytes], Iterator[tuple[str, bytes]]]) -> Callable[[bytes], Iterator[tuple[str, bytes]]]:
        def guarded(content: bytes) -> Iterator[tuple[str, bytes]]:
            try:
                yield from reader(content)
            except failures as error:
                raise Unreadable(f"{what} ({type(error).__name__})") from None

        return guarded

    return wrap


@_readable("zip", zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError)
def _zip_members(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield "comment", archive.comment
        for member in archive.infolist():
            yield member.filename, archive.read(member)
        if any(member.filename.endswith(".bin") for member in archive.infolist()):
            yield from _workbook_cells(content)


@_readable("tar", tarfile.TarError, OSError)
def _tar_members(content: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            handle = archive.extractfile(member)
            yield member.name, handle.read() if handle else b""


@_readable("compressed stream", OSError, EOFError, zlib.error, lzma.LZMAError)
def _gzip_stream(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield "gzip", gzip.decompress(content)


@_readable("compressed stream", OSError, EOFError, ValueError)
def _bzip2_stream(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield "bzip2", bz2.decompress(content)


@_readable("compressed stream", OSError, EOFError, lzma.LZMAError)
def _xz_stream(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield "xz", lzma.decompress(content)


@_readable("workbook", CalamineError, OSError, ValueError)
def _workbook_cells(content: bytes) -> Iterator[tuple[str, bytes]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python()
        yield name, "\n".join(_as_text(cell) for row in rows for cell in row if cell != "").encode("utf-8", "replace")


@_readable("Parquet", pa.ArrowException, OSError)
def _parquet_columns(content: bytes) -> Iterator[tuple[str, bytes]]:
    file = pq.ParquetFile(io.BytesIO(content))
    yield "metadata", b"\n".join([*(file.metadata.metadata or {}).values(), str(file.schema_arrow).encode()])
    for group in range(file.num_row_groups):
        yield from _table_columns(file.read_row_group(group))


@_readable("Arrow", pa.ArrowException, OSError)
def _arrow_columns(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield from _table_columns(pa.ipc.open_file(io.BytesIO(content)).read_all())


def _table_columns(table: pa.Table) -> Iterator[tuple[str, bytes]]:
    for name, column in zip(table.column_names, table.columns, strict=True):
        with contextlib.suppress(pa.ArrowNotImplementedError):
            column = column.unique()  # noqa: PLW2901 - nested columns have no unique values
        values = [value for value in column.to_pylist() if value is not None]
        yield name, b"\n".join(value if isinstance(value, bytes) else _as_text(value).encode("utf-8", "replace") for value in values)
        for value in values:
            if isinstance(value, bytes):
                yield name, value


def _sqlite_columns(file: Path) -> Iterator[tuple[str, bytes]]:
    """Every column of every table as (table.column, values); blobs one by one, because each may be an archive."""
    with tempfile.TemporaryDirectory() as folder:
        for source in file.parent.glob(f"{file.name}*"):  # with its write-ahead log, which holds what was written last
            if source.name in {file.name, f"{file.name}-wal"}:
                shutil.copy(source, Path(folder) / source.name.replace(file.name, "copy"))
        with contextlib.closing(sqlite3.connect(Path(folder) / "copy")) as database:
            database.text_factory = bytes
            tables = [name.decode() for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")]
            for table in tables:
                quoted = table.replace('"', '""')
                cursor = database.execute(f'SELECT * FROM "{quoted}"')
                names = [description[0] for description in cursor.description]
                texts: list[list[bytes]] = [[] for _ in names]
                for row in cursor:
                    for column, value in enumerate(row):
                        if value is not None:
                            texts[column].append(value if isinstance(value, bytes) else _as_text(value).encode())
                for name, values in zip(names, texts, strict=True):
                    yield f"{table}.{name}", b"\n".join(values)
                    for value in values:
                        if _has_zlib_header(value) or value.startswith(tuple(_CONTAINERS)):
                            yield f"{table}.{name}", value


def _as_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return str(int(value))
    return str(value)


_CONTAINERS: dict[bytes, Callable[[bytes], Iterator[tuple[str, bytes]]]] = {
    b"PK\x03\x04": _zip_members,
    b"\x1f\x8b\x08": _gzip_stream,
    b"BZh": _bzip2_stream,
    b"\xfd7zXZ\x00": _xz_stream,
    b"PAR1": _parquet_columns,
    b"ARROW1": _arrow_columns,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _workbook_cells,
}
