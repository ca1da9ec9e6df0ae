"""An independent listing of the rows that a file holds, to hold the readers to account.

This module shares no code with the readers: zip members are streamed as bytes and searched for row elements, BIFF records are walked,
text is counted in lines. It knows nothing of headers, types or contracts; it only says which rows of which sheet hold anything.
A reader that drops a row, or blanks it, is caught by comparing its rows with these.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intake.biff_rows import rows_of_xls
from intake.html_rows import rows_of_html
from intake.ods_rows import rows_of_ods
from intake.text_rows import rows_of_text
from intake.xlsb_rows import rows_of_xlsb
from intake.xlsx_rows import rows_of_xlsx

Rows = npt.NDArray[np.int64]
"""Row numbers, 1-based and rising, of the rows that hold a cell with something to see in it."""


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
            return rows_of_xlsx(archive)
    if head == bytes.fromhex("d0cf11e0a1b11ae1") or head[:1] == b"\x09":
        return rows_of_xls(path)
    content = path.read_bytes()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and b"<table" in content.lower():
        return rows_of_html(content)
    return {"": rows_of_text(content)}
