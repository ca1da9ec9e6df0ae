"""The rows of an OpenDocument sheet (part of the independent listing; shares no code with the readers).

One XML member holds all tables; equal rows, often a million blank ones at the end, are written once with a repeat count.
"""

from __future__ import annotations

import html
import re
import zipfile

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_PART = re.compile(
    rb"<table:table\s[^>]*?table:name=\"([^\"]*)\"[^>]*>|<table:table-row(\s[^>]*?)?(/)?>(?:(?<=/>)|(.*?)</table:table-row>)|</table:table>",
    re.DOTALL,
)
_ROWS_REPEATED = re.compile(rb"table:number-rows-repeated=\"(\d+)\"")
_ANNOTATION = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(\s[^>]*?)?(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL)
_VALUE_TYPE = re.compile(rb"office:value-type=\"([\w-]+)\"")
_STRING_VALUE = re.compile(rb"office:string-value=\"([^\"]*)\"")
_TAG = re.compile(rb"<[^>]*>")


def rows_of_ods(archive: zipfile.ZipFile) -> dict[str, Rows]:
    """For each table the numbers of its rows that show something."""
    listed: dict[str, list[int]] = {}
    rows: list[int] = []
    number = 0
    for part in _PART.finditer(archive.read("content.xml")):
        if part.group(1) is not None:
            rows, number = listed.setdefault(html.unescape(part.group(1).decode("utf-8")), []), 0
        elif part.group(0).startswith(b"<table:table-row"):
            repeated = _ROWS_REPEATED.search(part.group(2) or b"")
            count = int(repeated.group(1)) if repeated else 1
            if part.group(4) is not None and _shows_something(part.group(4)):
                rows.extend(range(number + 1, number + count + 1))
            number += count
    return {name: np.array(numbers, np.int64) for name, numbers in listed.items()}


def _shows_something(row: bytes) -> bool:
    for cell in _CELL.finditer(_ANNOTATION.sub(b"", row)):
        kind = _VALUE_TYPE.search(cell.group(1) or b"")
        if kind is None:
            continue
        if kind.group(1) != b"string":
            return True
        stated = _STRING_VALUE.search(cell.group(1) or b"")
        text = stated.group(1) if stated else _TAG.sub(b"", cell.group(2) or b"")
        if html.unescape(text.decode("utf-8", "replace")).strip():
            return True
    return False
