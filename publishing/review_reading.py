"""Returned review workbooks: whether they are ours, each answer stands where its case stands, and all answers can be true.

Nothing is taken from a set of workbooks in which anything is wrong. Messages name file, sheet, row and column, never a person's value.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from publishing.language import Language
from publishing.review_binding import Hashing
from publishing.review_contradictions import contradictions
from publishing.review_index import INDEX_SHEET, AnswerPlace, WorkbookFacts, signature
from publishing.review_ledger import ANSWER_COLUMNS
from publishing.review_workbook import ANSWERS
from publishing.texts import TEXTS
from schemas.canonical import TEXT

LARGEST_FILE = 50_000_000
"""Bytes: a review workbook of 5,000 cases has 2 MB; what is larger is not one."""
LARGEST_CONTENT = 500_000_000
MOST_ROWS = 200_000
_PLACE_COLUMNS = ("file", "sheet", "row", "column", "kind", "workbook_hash", "stratum", "stratum_size")


@dataclass(frozen=True)
class Returned:
    """What workbooks brought.

    answers: `ANSWER_COLUMNS`, file, sheet, row, column, kind, workbook_hash, stratum, stratum_size; unanswered: candidates without an
    answer; problems: what is wrong, in words: then nothing must be stored.
    """

    answers: pd.DataFrame
    unanswered: int
    problems: Sequence[str]


def read_returned(paths: Sequence[Path], hashed: Hashing, language: Language) -> Returned:
    """Read workbooks that came back."""
    parts, problems, unanswered = [], [], 0
    for path in paths:
        answers, empty, wrong = _read_one(path, hashed, language)
        parts.append(answers)
        problems += wrong
        unanswered += empty
    everything = pd.concat(parts, ignore_index=True) if parts else _frame([])
    problems += [_contradiction(one.kind, everything, one.one, one.other, language) for one in contradictions(everything)]
    return Returned(everything, unanswered, problems)


def _read_one(path: Path, hashed: Hashing, language: Language) -> tuple[pd.DataFrame, int, list[str]]:
    workbook = _opened(path)
    facts = None if workbook is None else WorkbookFacts.from_text(_text(workbook[INDEX_SHEET].cell(1, 1).value))
    if workbook is None or facts is None:
        return _frame([]), 0, [language.text("review.reading.not_ours", file=path.name)]
    places = _places(workbook[INDEX_SHEET])
    if places is None or facts.sheet not in workbook.sheetnames or signature(facts.kind, facts.sheet, places, hashed) != facts.signature:
        return _frame([]), 0, [language.text("review.reading.altered", file=path.name)]
    workbook_hash = hashlib.sha256(path.read_bytes()).hexdigest()
    return _answers(workbook[facts.sheet], places, path.name, facts, workbook_hash, language)


def _opened(path: Path) -> Any | None:
    """The workbook, if it is one of a sensible size and has our hidden sheet."""
    if path.stat().st_size > LARGEST_FILE or not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_CONTENT:
                return None
        workbook = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001 - whatever openpyxl makes of a stranger's file, it is no review workbook
        return None
    return workbook if INDEX_SHEET in workbook.sheetnames else None


def _places(index: Any) -> list[AnswerPlace] | None:
    """What the hidden sheet says; None where it is not as we wrote it."""
    rows = index.iter_rows(min_row=2, max_row=min(index.max_row, MOST_ROWS), max_col=len(fields(AnswerPlace)), values_only=True)
    try:
        return [AnswerPlace.from_cells([_text(value) for value in row]) for row in rows if any(row)]
    except ValueError:
        return None


def _answers(
    sheet: Any, places: list[AnswerPlace], name: str, facts: WorkbookFacts, workbook_hash: str, language: Language
) -> tuple[pd.DataFrame, int, list[str]]:
    rows, problems, unanswered = [], [], 0
    for place in places:
        letter = get_column_letter(place.column + 1)
        where = {"file": name, "sheet": facts.sheet, "row": place.answer_row + 1, "column": letter}
        title = _text(sheet.cell(place.title_row + 1, 1).value)
        if not _is_case(title, place.case):
            problems.append(
                language.text("review.reading.moved", **(where | {"row": place.title_row + 1, "column": "A", "case": place.case}))
            )
            continue
        said = _text(sheet.cell(place.answer_row + 1, place.column + 1).value).strip().casefold()
        if not said:
            unanswered += 1
            continue
        decision = _ANSWER_OF.get(said)
        if decision is None:
            problems.append(language.text("review.reading.unknown_answer", **where))
            continue
        comment = _text(sheet.cell(place.comment_row + 1, place.column + 1).value).strip()
        rows.append(
            {
                **{key: getattr(place, key) for key in ("source", "record_key", "mention", "candidate_hash", "stratum", "stratum_size")},
                **where,
                "record_hash": place.record_hash or None,
                "decision": decision,
                "comment": comment or None,
                "kind": facts.kind,
                "workbook_hash": workbook_hash,
            }
        )
    return _frame(rows), unanswered, problems


_ANSWER_OF = {word: answer for answer in ANSWERS for word in TEXTS[f"review.answer.{answer}"]}
"""Both languages are understood, whatever the workbook was written in."""


def _is_case(title: str, number: int) -> bool:
    return any(title.startswith(words.split("{number}")[0] + f"{number} ") for words in TEXTS["review.case"])


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = list(dict.fromkeys((*ANSWER_COLUMNS, *_PLACE_COLUMNS)))
    numbers = {"row": "int64", "stratum_size": "int64"}
    return pd.DataFrame(rows, columns=columns).astype({name: numbers.get(name, TEXT) for name in columns})


def _contradiction(kind: str, answers: pd.DataFrame, one: int, other: int, language: Language) -> str:
    first, second = ({name: answers[name].iloc[place] for name in ("file", "sheet", "row", "column")} for place in (one, other))
    elsewhere = "" if first["file"] == second["file"] else f"{first['file']}, "
    return language.text(f"review.reading.{kind}", **second, other=f"{elsewhere}{first['sheet']}!{first['column']}{first['row']}")
