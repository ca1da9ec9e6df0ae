"""The data dictionary that stands in the repository is that of the schema."""

from __future__ import annotations

from pathlib import Path

from families.survivorship import RULES
from families.survivorship_page import survivorship_page
from schemas import tables
from schemas.views.columns import VIEW_COLUMNS
from schemas.views.dictionary import dictionary_entries, dictionary_page

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_that_of_the_schema() -> None:
    """Prevents a page that describes last year's tables."""
    assert PAGE.read_text(encoding="utf-8") == dictionary_page() + "\n" + survivorship_page(), (
        "run `padan database dictionary --out docs/data-dictionary.md`"
    )


def test_every_column_of_the_schema_stands_on_it() -> None:
    lines = dictionary_page().splitlines()
    sections = {line.removeprefix("## ") for line in lines if line.startswith("## ")}
    assert sections == set(tables.METADATA.tables) | set(VIEW_COLUMNS)
    assert sum(line.startswith("| `") for line in lines) == len(list(dictionary_entries()))


def test_the_table_of_survivorship_names_every_column_once() -> None:
    rows = [line.split("|")[1] for line in survivorship_page().splitlines() if line.startswith("| `")]
    named = [column.strip(" `") for row in rows for column in row.split(",")]
    assert named == list(RULES)
