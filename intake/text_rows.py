"""The rows of a text table, counted in lines (part of the independent listing; shares no code with the reader).

A line break inside a quoted field does not end a row. In nearly all files each line has an even number of quotation marks, and then
lines are rows; only otherwise the quoted fields are searched.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
_LINE_END = re.compile(r"\r\n|\n|\r")


def rows_of_text(content: bytes) -> Rows:
    """Numbers of the rows that hold more than separators and spaces."""
    text = _decoded(content).replace("\x00", "")
    lines = _LINE_END.split(text)
    separator = max(",;\t|", key=lambda sign: sum(line.count(sign) for line in lines[:200]))
    if '"' in text and any(line.count('"') % 2 for line in lines):
        lines = _LINE_END.split(_without_inner_line_ends(text, separator))
    nothing = re.compile(rf'^[\s"{re.escape(separator)}]*$')
    # Nearly every line begins with a letter or digit; the pattern is for the rest.
    rows = [number for number, line in enumerate(lines, start=1) if line and (line[0].isalnum() or nothing.match(line) is None)]
    return np.array(rows, np.int64)


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    if content[:3] == b"\xef\xbb\xbf":
        return content[3:].decode("utf-8", "replace")
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return content.decode("utf-16-le", "replace")
    if head[0::2].count(0) > len(head) // 4:
        return content.decode("utf-16-be", "replace")
    return content.decode("utf-8", "replace")


def _without_inner_line_ends(text: str, separator: str) -> str:
    """The text with the line breaks inside quoted fields replaced by spaces."""
    sign = re.escape(separator)
    quoted = re.compile(rf'(?:(?<={sign})|(?<=\n)|(?<=\r)|\A)"[^"]*(?:""[^"]*)*"(?={sign}|\r|\n|\Z)')
    return quoted.sub(lambda match: _LINE_END.sub(" ", match.group(0)), text)
