"""One door to all readers: a file in, its sheets out, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import pyarrow.compute as pc

from intake.formats import FileFormat, detect_format
from intake.html_reader import read_html_tables
from intake.ole_check import runs_in_a_circle
from intake.passwords import without_password
from intake.raw_sheet import RawSheet
from intake.refusals import Refused
from intake.text_reader import MAXIMUM_FIELD, read_text_table
from intake.workbook_reader import read_workbook
from intake.zip_check import check_zip

_WORKBOOKS = frozenset({"xlsx", "xlsb", "xls", "ods"})
_CANNOT = frozenset({"unreadable", "reader_crashed"})
"""Reasons of the first reader with which the second one is asked."""

_first_reader_died: ContextVar[bool] = ContextVar("first_reader_died", default=False)


@contextmanager
def after_a_crash() -> Iterator[None]:
    """Within this context files are read as after a death of the first reader's process: by the second readers alone."""
    token = _first_reader_died.set(True)
    try:
        yield
    finally:
        _first_reader_died.reset(token)


def read_sheets(path: Path) -> Iterator[RawSheet]:
    """Yield the sheets of a file. Raises Refused with a reason code when it can't be read."""
    with without_password(path) as readable:
        for sheet in _read(readable):
            _check_fields(sheet)
            yield sheet


def _check_fields(sheet: RawSheet) -> None:
    for cells in sheet.cells:
        longest = pc.max(pc.binary_length(cells)).as_py() or 0
        if longest > MAXIMUM_FIELD and (longest := pc.max(pc.utf8_length(cells)).as_py()) > MAXIMUM_FIELD:
            raise Refused("giant_field", row=pc.index(pc.utf8_length(cells), longest).as_py() + 1, limit=MAXIMUM_FIELD)


def _read(path: Path) -> Iterator[RawSheet]:
    file_format = detect_format(path)
    if file_format in {"xlsx", "xlsb", "ods"}:
        check_zip(path)
    if file_format in _WORKBOOKS:
        yield from _read_workbook(path, file_format)
    elif _first_reader_died.get():
        raise Refused("reader_crashed")
    elif file_format == "html":
        yield from read_html_tables(path)
    else:
        yield read_text_table(path)


def _read_workbook(path: Path, file_format: FileFormat) -> Iterator[RawSheet]:
    """The sheets by the first reader; from the sheet on at which it gives up, by the second one."""
    read = 0
    problem = Refused("reader_crashed")
    if not _first_reader_died.get():
        try:
            for sheet in _by_first_reader(path, file_format):
                yield sheet
                read += 1
        except Refused as refused:
            if refused.code not in _CANNOT:
                raise
            problem = refused
        else:
            return
    yield from _read_again(path, file_format, read, problem)


def _by_first_reader(path: Path, file_format: FileFormat) -> Iterator[RawSheet]:
    if file_format == "xls" and runs_in_a_circle(path):
        raise Refused("unreadable")
    yield from read_workbook(path, file_format)


def _read_again(path: Path, file_format: FileFormat, first: int, problem: Refused) -> Iterator[RawSheet]:
    from intake.second_readers import SECOND_READERS  # nearly no file needs them, and they take long to load

    if file_format not in SECOND_READERS:
        raise problem
    try:
        yield from SECOND_READERS[file_format](path, first)
    except Refused as refused:
        raise problem if refused.code == "unreadable" else refused from None
