"""The words for columns that only frames have: neither canonical columns nor columns of a database table."""

from __future__ import annotations

from functools import cache

from schemas import tables
from schemas.programme_facts import FAMILY_FACTS, HOUSE_FACTS, PERSON_FACTS

FRAME_COLUMNS: dict[str, str] = {
    "record_id": "Id of the mention: source, keyed hash of the row's key, ordinal among equals",
    "other_record_id": "Id of the other unregistered record that may be of the same person",
    "source": "Id of the source contract",
    "delivery_id": "Delivery: source and folder in the inbox",
    "delivered_on": "Day of the delivery; empty for undated files",
    "file": "File inside the delivery",
    "sheet": "Sheet of the workbook; empty for text files",
    "table": "Number of the table in its sheet, from 1; above 1 only where a sheet holds several",
    "row": "True row of the sheet, from 1; 0 for a whole refused delivery",
    "unit": "Whom the row is about: person, family or house",
    "letter": "Letter of the spreadsheet column",
    "canonical": "Canonical column that it was taken for; missing when unknown",
    "proposal": "Canonical column that it might be",
    "code": "Which sign of poverty, or which doubt",
    "distance_m": "Distance from the stated village's boundary, in metres",
    "path": "Where the file lies on this machine",
    "types": "One letter per cell: T text, N number, D date, B boolean, E error, _ empty",
    "role": "What the list is for: population, welfare, recipients, survey, reports",
    "programme": "The programme whose list this is",
    "lists_person_once": "Whether the list is to name each person once, so that two rows are two people",
    "errors": "Cells that could not be used, as column:code",
    "repairs": "Cells that were repaired: column, original, rule (JSON)",
    "disposition": "Why the row is not a record: quarantined, blank, title, header, total, duplicate …",
    "reason": "The reason, as a code",
    "column": "The column that the reason is about",
    "shape": "The shape of what was found, never the value",
    "message_id": "What would be right, in Indonesian",
    "message_en": "What would be right, in English",
    "cells": "The original cells of a quarantined row (JSON)",
    "layout": "For header rows: which letter each canonical column has (JSON)",
    "read": "Rows with content that the independent reader lists",
    "accepted": "Rows that became records",
    "quarantined": "Rows set aside with a reason",
    "skipped": "Rows that hold no record: blank, titles, headers, totals, signatures",
    "duplicates": "Rows that repeat another one exactly",
    "blank": "Rows without content",
    "header": "Header as the office wrote it, or the number of header rows",
    "title": "Rows of titles above a table",
    "repeated_header": "Headers repeated inside a table",
    "total": "Rows of totals",
    "signature": "Rows of signatures below a table",
    "ignored_sheet": "Rows of sheets that hold no table",
    "block_line": "Lines of a block report that hold for the rows below",
    "ignored_table": "Rows of another table of the sheet that the contract does not know",
    "hidden_sheet": "Rows of hidden sheets, which are not read",
    "score_holding": "Signs of poverty of the local score that hold",
    "score_known": "Signs of poverty of the local score that are known",
    "current": "Whether the aid is received now",
    "months_since": "Months since the end of the listed period",
    "missing": "Rows that the reader lists and nothing accounts for",
    "extra": "Rows accounted for that the reader does not list",
    "holds": "Whether every row is accounted for, or whether the deprivation applies",
    "register_nik": "NIK of the resident to whom the record is linked",
    "cluster_id": "Which unregistered records are the same person",
    "evidence": "Comparisons, levels and weights behind the link (JSON)",
    "moved": "How an interview found the person elsewhere than on the register's family card; missing: where the register has them",
    "moved_by": "Record of the interview that proves where the person lives",
    "card_of_register": "Number of the family card on which the register has the person",
    "relation_of_register": "Relation to the family's head according to the register",
    "head_age": "Age of the family's head on the day of account",
    "head_sex": "Sex of the family's head",
}


@cache
def _fact_meanings() -> dict[str, str]:
    return {name: fact.meaning for facts in (HOUSE_FACTS, PERSON_FACTS, FAMILY_FACTS) for name, fact in facts.items()}


@cache
def _table_comments() -> dict[str, str]:
    return {column.name: column.comment for table in tables.STATE_TABLES for column in table.columns if column.comment}


def frame_column_description(name: str) -> str | None:
    """The words for a column that is not canonical; None when nobody wrote them."""
    return FRAME_COLUMNS.get(name) or _fact_meanings().get(name) or _table_comments().get(name)
