"""One review workbook: a card for each case, the record and its candidates side by side, a drop-down under each candidate.

Everything but answers and comments is locked; what an office once typed stays text. What differs from the record is coloured. A blind
workbook shows neither probabilities nor stakes nor earlier decisions, and its order says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from publishing.language import NOTHING, Language
from publishing.review_binding import Hashing
from publishing.review_cases import RECORD_FIELDS, RESIDENT_FIELDS, ReviewQueue
from publishing.review_index import INDEX_SHEET, AnswerPlace, WorkbookFacts, signature
from publishing.workbook import open_workbook, text_format, write_cell, write_row

ANSWERS = ("same", "different", "unsure")
Agreement = Literal["agrees", "close", "differs", "absent"]
_COLOURS: dict[Agreement, dict[str, Any]] = {
    "agrees": {"bg_color": "#DDEFDC"},
    "close": {"bg_color": "#FFF1B8", "italic": True},
    "differs": {"bg_color": "#F6C6BC", "bold": True},
    "absent": {"bg_color": "#EEEEEE", "font_color": "#777777"},
}
_HELP = ("what", "answer", "one", "comment", "return", "private")
_LABEL, _RECORD, _FIRST_CANDIDATE = 0, 1, 2


@dataclass(frozen=True)
class Look:
    """How a workbook is to be: its words, whether it hides scores and order, names of villages and of sources by their codes."""

    language: Language
    blind: bool
    villages: Mapping[str, str]
    sources: Mapping[str, str]
    kind: Literal["cases", "sample"] = "cases"


def write_review_workbook(path: Path, queue: ReviewQueue, place: str, look: Look, hashed: Hashing) -> int:
    """Write the cases of `queue` and return the number of candidates to be judged. The file is readable by its owner alone."""
    words = look.language
    with open_workbook(path) as workbook:
        formats: dict[str, Format] = {
            str(name): text_format(workbook, text_wrap=True, border=1, border_color="#CCCCCC", **look_) for name, look_ in _COLOURS.items()
        }
        formats |= {
            "plain": text_format(workbook, text_wrap=True, border=1, border_color="#CCCCCC"),
            "label": text_format(workbook, font_color="#555555"),
            "title": text_format(workbook, bold=True, font_color="#FFFFFF", bg_color="#2F4858"),
            "head": text_format(workbook, bold=True, bottom=1),
            "answer": text_format(workbook, locked=False, bold=True, border=2, border_color="#2F4858", bg_color="#FFFFFF"),
            "comment": text_format(workbook, locked=False, text_wrap=True, border=1, border_color="#2F4858", bg_color="#FFFFFF"),
            "heading": text_format(workbook, bold=True, font_size=14),
            "text": text_format(workbook, text_wrap=True),
        }
        _write_help(workbook.add_worksheet(words.text("review.sheet.help")), place, look, formats)
        sheet = workbook.add_worksheet(words.text("review.sheet.cases"))
        places = _write_cards(sheet, queue, look, formats)
        _write_index(workbook.add_worksheet(INDEX_SHEET), sheet.get_name(), places, look, hashed)
        sheet.activate()
    return len(places)


def _write_help(sheet: Worksheet, place: str, look: Look, formats: Mapping[str, Format]) -> None:
    words = look.language
    sheet.set_column(0, 0, 110)
    sheet.fit_to_pages(1, 0)
    title = "review.title" if look.kind == "cases" else "review.title.sample"
    write_cell(sheet, 0, 0, words.text(title, place=place) if look.kind == "cases" else words.text(title), formats["heading"])
    pairs = ("pairs",) if look.kind == "cases" else ()
    lines = [*_HELP[:3], *pairs, *_HELP[3:4], *(() if look.blind else ("order",)), *_HELP[4:]]
    for row, line in enumerate(lines, start=2):
        write_cell(sheet, row, 0, words.text(f"review.help.{line}"), formats["text"])
    row = len(lines) + 3
    write_cell(sheet, row, 0, words.text("review.help.colours"), formats["text"])
    for offset, name in enumerate(_COLOURS, start=1):
        write_cell(sheet, row + offset, 0, words.text(f"review.help.{name}"), formats[name])
    _lock(sheet)


def _write_cards(sheet: Worksheet, queue: ReviewQueue, look: Look, formats: Mapping[str, Format]) -> list[AnswerPlace]:
    sheet.set_column(_LABEL, _LABEL, 17)
    sheet.set_column(_RECORD, _FIRST_CANDIDATE + 4, 27)
    sheet.freeze_panes(0, _FIRST_CANDIDATE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    cases = queue.cases.sort_values("record_key", kind="stable") if look.blind else queue.cases
    by_record = dict(iter(queue.candidates.sort_values(["record_id", "rank"], kind="stable").groupby("record_id", sort=False)))
    places: list[AnswerPlace] = []
    row = 0
    for number, case in enumerate(_rows(cases), start=1):
        candidates = by_record[case["record_id"]]
        if look.blind:
            candidates = candidates.sort_values("candidate_hash", kind="stable")
        title = _case_title(case, number, len(cases), look)
        row = _write_card(sheet, row, title, number, case, _rows(candidates), look, formats, places) + 1
    _lock(sheet)
    return places


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict(orient="records")]


def _write_card(
    sheet: Worksheet,
    top: int,
    title: str,
    number: int,
    case: Mapping[str, Any],
    candidates: list[dict[str, Any]],
    look: Look,
    formats: Mapping[str, Format],
    places: list[AnswerPlace],
) -> int:
    """Write one card from row `top`; returns the first row below it."""
    words = look.language
    last = _FIRST_CANDIDATE + len(candidates)
    write_row(sheet, top, [title, *[None] * (_FIRST_CANDIDATE + 4)], formats["title"])
    heads = [words.text("review.record"), *(_candidate_title(place, one, look) for place, one in enumerate(candidates, start=1))]
    write_row(sheet, top + 1, heads, formats["head"], first_column=_RECORD)
    row = top + 2
    for field in (*RECORD_FIELDS, *RESIDENT_FIELDS):
        record, shown = _shown(case.get(field), field, look), [_shown(one.get(field), field, look) for one in candidates]
        if record is None and not any(shown):
            continue
        write_cell(sheet, row, _LABEL, words.text(f"review.field.{field}"), formats["label"])
        write_cell(sheet, row, _RECORD, record or NOTHING, formats["plain"])
        for column, (one, value) in enumerate(zip(candidates, shown, strict=True), start=_FIRST_CANDIDATE):
            mark = "plain" if field in RESIDENT_FIELDS else _agreement(field, record, value, json.loads(one["levels"]))
            write_cell(sheet, row, column, value or NOTHING, formats[mark])
        row += 1
    if not look.blind and any(pd.notna(one["said"]) for one in candidates):
        write_cell(sheet, row, _LABEL, words.text("review.said"), formats["label"])
        write_row(sheet, row, [None, *(_said(one["said"], words) for one in candidates)], formats["plain"], first_column=_RECORD)
        row += 1
    write_cell(sheet, row, _LABEL, words.text("review.answer"), formats["head"])
    write_cell(sheet, row + 1, _LABEL, words.text("review.comment"), formats["label"])
    choices = [words.text(f"review.answer.{answer}") for answer in ANSWERS]
    for column in range(_FIRST_CANDIDATE, last):
        sheet.write_blank(row, column, None, formats["answer"])
        sheet.write_blank(row + 1, column, None, formats["comment"])
    sheet.data_validation(
        row, _FIRST_CANDIDATE, row, last - 1, {"validate": "list", "source": choices, "error_message": words.text("review.help.answer")}
    )
    places += [
        AnswerPlace(
            case=number,
            title_row=top,
            answer_row=row,
            comment_row=row + 1,
            column=column,
            source=case["source"],
            record_key=case["record_key"],
            mention=case["mention"],
            record_hash=case["record_hash"] if pd.notna(case["record_hash"]) else "",
            candidate_hash=one["candidate_hash"],
            stratum=case["stratum"] if pd.notna(case["stratum"]) else "",
            stratum_size=int(case["stratum_size"]),
        )
        for column, one in enumerate(candidates, start=_FIRST_CANDIDATE)
    ]
    return row + 2


def case_title(words: Language, number: int, total: int) -> str:
    """The first words of a card, by which a return is checked."""
    return words.text("review.case", number=number, total=total)


def _case_title(case: Mapping[str, Any], number: int, total: int, look: Look) -> str:
    words = look.language
    parts = [case_title(words, number, total), look.sources.get(case["source"], case["source"])]
    if not look.blind:
        parts.append(words.text_or(f"quality.review.{case['reason']}", str(case["reason"])))
        parts += [words.text("review.stake.poor")] if case["poor"] else []
        if case["rupiah"]:
            parts.append(
                words.text("review.stake.money", amount=words.integer(case["rupiah"]), programmes=case["programmes"].replace(" ", ", "))
            )
        if pd.notna(case["delivered_on"]):
            parts.append(words.text("review.stake.delivered", day=words.date(pd.Timestamp(case["delivered_on"]).date())))
    return " · ".join(parts)


def _candidate_title(place: int, candidate: Mapping[str, Any], look: Look) -> str:
    words = look.language
    title = words.text("review.candidate", number=place)
    if not look.blind:
        title = words.text("review.candidate.likely", number=place, share=words.percent(candidate["probability"], 0))
    if pd.isna(candidate["origin"]):
        return title
    return f"{title} · {words.text('review.candidate.record', source=look.sources.get(candidate['origin'], candidate['origin']))}"


def _said(text: object, words: Language) -> str | None:
    if not isinstance(text, str):
        return None
    parts = [part.rpartition(": ") for part in text.split("; ")]
    return "; ".join(f"{who}: {words.text(f'review.answer.{answer}')}" for who, _, answer in parts)


def _shown(value: object, field: str, look: Look) -> str | None:
    """A value as an officer writes it; None where it is missing."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d-%m-%Y")
    text = str(value)
    return look.villages.get(text, text) if field == "area_code" else text


def _agreement(field: str, record: str | None, resident: str | None, levels: Mapping[str, str]) -> Agreement:
    """How a candidate's value stands to the record's: by the level that the comparison had, else by the texts."""
    if record is None or resident is None:
        return "absent"
    level = levels.get(field, "different")
    if record == resident or level == "equal":
        return "agrees"
    return "differs" if level in {"different", "missing"} else "close"


def _write_index(sheet: Worksheet, cases_sheet: str, places: list[AnswerPlace], look: Look, hashed: Hashing) -> None:
    facts = WorkbookFacts(look.kind, cases_sheet, signature(look.kind, cases_sheet, places, hashed))
    write_cell(sheet, 0, 0, facts.text())
    for row, place in enumerate(places, start=1):
        write_row(sheet, row, place.cells())
    sheet.very_hidden()
    sheet.protect("")


def _lock(sheet: Worksheet) -> None:
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True})
