"""The data dictionary that stands in the repository is that of the schema."""

from __future__ import annotations

from pathlib import Path

from schemas import tables
from schemas.views.columns import VIEW_COLUMNS
from schemas.views.dictionary import dictionary_entries, dictionary_page

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_that_of_the_schema() -> None:
    """Prevents a page that describes last year's tables."""
    assert PAGE.read_text(encoding="utf-8") == dictionary_page(), "run `padan database dictionary --out docs/data-dictionary.md`"


def test_every_column_of_the_schema_stands_on_it() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    sections = {line.removeprefix("## ") for line in lines if line.startswith("## ")}
    assert sections == set(tables.METADATA.tables) | set(VIEW_COLUMNS)
    assert sum(line.startswith("| `") for line in lines) == len(list(dictionary_entries()))
