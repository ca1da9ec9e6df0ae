"""The hidden sheet of a review workbook: which cell answers for which record and resident, signed, so that a return is recognised.

Cells hold text only. The signature is a keyed hash of the whole sheet: a workbook of another office, or one whose keys were changed, is
told from our own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import pandas as pd

from publishing.review_binding import Hashing
from schemas.canonical import TEXT

INDEX_SHEET = "padan"
FORMAT = "padan-review-1"
_SEPARATOR = "\x1e"


@dataclass(frozen=True)
class AnswerPlace:
    """One candidate of one case, and where its answer stands. Rows and columns are those of the sheet of cases, from 0."""

    case: int
    title_row: int
    answer_row: int
    comment_row: int
    column: int
    source: str
    record_key: str
    mention: str
    record_hash: str
    candidate_hash: str
    stratum: str
    stratum_size: int

    def cells(self) -> list[str]:
        """As cells of the hidden sheet."""
        return [str(value) for value in astuple(self)]

    @classmethod
    def from_cells(cls, cells: Sequence[str]) -> AnswerPlace:
        """From cells of the hidden sheet. Raises ValueError when they are not such a row."""
        named = fields(cls)
        if len(cells) != len(named):
            raise ValueError(f"{len(cells)} cells, {len(named)} are needed")
        return cls(*(int(cell) if field.type == "int" else cell for field, cell in zip(named, cells, strict=True)))  # type: ignore[arg-type]


@dataclass(frozen=True)
class WorkbookFacts:
    """What the first cell of the hidden sheet says: the kind of workbook (cases or sample) and the name of the sheet of cases."""

    kind: str
    sheet: str
    signature: str

    def text(self) -> str:
        """As the text of the cell."""
        return json.dumps({"format": FORMAT, **vars(self)}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> WorkbookFacts | None:
        """None where the text is of something else."""
        try:
            told = json.loads(text)
            return cls(told["kind"], told["sheet"], told["signature"]) if told["format"] == FORMAT else None
        except (ValueError, KeyError, TypeError):
            return None


def signature(kind: str, sheet: str, places: Sequence[AnswerPlace], hashed: Hashing) -> str:
    """The keyed hash of everything that the hidden sheet says."""
    everything = _SEPARATOR.join([FORMAT, kind, sheet, *(cell for place in places for cell in place.cells())])
    return str(hashed(pd.Series([everything], dtype=TEXT)).iloc[0])
