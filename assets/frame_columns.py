"""The words for columns that only frames have: neither canonical columns nor columns of a database table."""

from __future__ import annotations

from functools import cache

from schemas import tables

FRAME_COLUMNS: dict[str, str] = {
    "path": "Where the file lies on this machine",
    "types": "One letter per cell: T text, N number, D date, B boolean, E error, _ empty",
    "role": "What the list is for: population, welfare, recipients, survey, reports",
    "programme": "The programme whose list this is",
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
    "missing": "Rows that the reader lists and nothing accounts for",
    "extra": "Rows accounted for that the reader does not list",
    "holds": "Whether every row is accounted for, or whether the deprivation applies",
    "register_nik": "NIK of the resident to whom the record is linked",
    "cluster_id": "Which unregistered records are the same person",
    "evidence": "Comparisons, levels and weights behind the link (JSON)",
    "head_age": "Age of the family's head on the day of account",
    "head_sex": "Sex of the family's head",
}


@cache
def _table_comments() -> dict[str, str]:
    return {column.name: column.comment for table in tables.STATE_TABLES for column in table.columns if column.comment}


def frame_column_description(name: str) -> str | None:
    """The words for a column that is not canonical; None when nobody wrote them."""
    return FRAME_COLUMNS.get(name) or _table_comments().get(name)
