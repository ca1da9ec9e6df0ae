"""Merged cells of OpenDocument sheets, which the workbook reader does not tell: read from the document itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from intake.raw_sheet import Range

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DIGITS = 8
"""No spreadsheet has 10 million rows; a longer count is a trap."""
_SPANS_ROWS = re.compile(rb"number-rows-spanned=[\"'](?:[2-9]|1\d)")


def merged_ranges_of_ods(path: Path) -> dict[str, tuple[Range, ...]]:
    """By sheet the ranges that span several rows; empty for a document without any, which is told without parsing it.

    The archive has passed `intake.zip_check`, which refuses entities.
    """
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
        if _SPANS_ROWS.search(content) is None:
            return {}
        del content
        with archive.open("content.xml") as stream:
            try:
                return _ranges(ET.iterparse(stream, events=("start", "end")))  # noqa: S314 - archives with entities were refused
            except ET.ParseError:
                return {}  # the workbook reader says what is wrong with it


def _ranges(events: Iterable[tuple[str, ET.Element]]) -> dict[str, tuple[Range, ...]]:
    found: dict[str, list[Range]] = {}
    sheet, row, column = "", 0, 0
    for event, element in events:
        name = element.tag.removeprefix(_TABLE)
        if name == "table" and event == "start":
            sheet, row = element.get(_TABLE + "name", ""), 0
        elif name == "table-row":
            if event == "start":
                column = 0
            else:
                row += _count(element, "number-rows-repeated")
                element.clear()
        elif name in {"table-cell", "covered-table-cell"} and event == "start":
            rows, columns = _count(element, "number-rows-spanned"), _count(element, "number-columns-spanned")
            if rows > 1:
                found.setdefault(sheet, []).append((row, column, row + rows - 1, column + columns - 1))
            column += _count(element, "number-columns-repeated")
    return {name: tuple(ranges) for name, ranges in found.items()}


def _count(element: ET.Element, name: str) -> int:
    text = element.get(_TABLE + name, "1")
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 1
