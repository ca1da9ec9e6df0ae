"""One door to all readers: a file in, its sheets out, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from intake.formats import detect_format
from intake.html_reader import read_html_tables
from intake.passwords import without_password
from intake.raw_sheet import RawSheet
from intake.text_reader import read_text_table
from intake.workbook_reader import read_workbook
from intake.zip_check import check_zip


def read_sheets(path: Path) -> Iterator[RawSheet]:
    """Yield the sheets of a file. Raises Refused with a reason code when it can't be read."""
    with without_password(path) as readable:
        yield from _read(readable)


def _read(path: Path) -> Iterator[RawSheet]:
    file_format = detect_format(path)
    if file_format in {"xlsx", "xlsb", "ods"}:
        check_zip(path)
        yield from read_workbook(path, file_format)
    elif file_format == "xls":
        yield from read_workbook(path, file_format)
    elif file_format == "html":
        yield from read_html_tables(path)
    else:
        yield read_text_table(path)
