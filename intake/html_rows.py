"""The rows of HTML tables (part of the independent listing; shares no code with the reader): tags are counted, nothing is parsed."""

from __future__ import annotations

import html
import re

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_TAG = re.compile(r"<(/?)(table|tr|td|th)\b[^>]*>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"<[^>]*>")
_COMMENT = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def rows_of_html(content: bytes) -> dict[str, Rows]:
    """For each table, named `tabel <n>` in the order of the page, the numbers of its rows that show something."""
    text = _COMMENT.sub("", _decoded(content))
    rows: list[set[int]] = []
    counts: list[int] = []
    stack: list[int] = []
    place = 0
    for tag in _TAG.finditer(text):
        before = html.unescape(_OTHER_TAG.sub("", text[place : tag.start()]))
        if stack and counts[stack[-1]] and before.strip():
            rows[stack[-1]].add(counts[stack[-1]])
        place = tag.end()
        closing, name = bool(tag.group(1)), tag.group(2).lower()
        if name == "table" and not closing:
            stack.append(len(rows))
            rows.append(set())
            counts.append(0)
        elif name == "table" and stack:
            stack.pop()
        elif name == "tr" and not closing and stack:
            counts[stack[-1]] += 1
        elif name in {"td", "th"} and not closing and stack and not counts[stack[-1]]:
            counts[stack[-1]] = 1
    return {f"tabel {number}": np.array(sorted(found), np.int64) for number, found in enumerate(rows, start=1)}


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    declared = _CHARSET.search(content[:4096])
    if declared is not None and content[:3] != b"\xef\xbb\xbf":
        try:
            return content.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return content.decode("utf-8", "replace")
