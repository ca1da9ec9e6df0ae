"""Every table and column of the unified database says what it means, and the migrations make exactly these tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Table, inspect
from sqlalchemy.schema import CreateTable

from publishing.database import head, open_engine, ready_database
from schemas import tables
from schemas.code_lists import code_list_ids
from schemas.tables_vocabulary import TEXT, described, described_table

COLUMNS: list[Column[object]] = [column for table in tables.METADATA.sorted_tables for column in table.columns]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'padan.sqlite'}")
    ready_database(opened)
    yield opened
    opened.dispose()


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_has_its_words(column: Column[object]) -> None:
    """Prevents a column that nobody can explain a year later, or whose sensitivity nobody weighed."""
    assert column.comment, column
    assert len(column.info["definition"]) > 5
    assert column.info["source"]
    assert column.info["sensitivity"] in {"open", "internal", "personal", "specific"}
    for word in ("definition", "source", "sensitivity"):
        assert column.info[word] in column.comment


@pytest.mark.parametrize("table", tables.METADATA.sorted_tables, ids=str)
def test_every_table_has_its_words_and_its_names(table: Table) -> None:
    """Prevents constraints without a name, which no migration can change and no error message can mention."""
    assert table.comment
    assert table.info["title"]
    for part in (*table.constraints, *table.indexes):
        assert part.name, (table, part)
        assert len(str(part.name)) <= 63, "PostgreSQL cuts longer names"
    assert table.primary_key.columns


def test_a_column_without_words_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="source"):
        described("x", TEXT, "Something")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="definition"):
        described("x", TEXT, " ", source="y", sensitivity="open")
    with pytest.raises(ValueError, match="words"):
        described_table("nameless", "Nameless", "A table", Column("bare", TEXT))
    assert "nameless" not in tables.METADATA.tables


def test_named_code_lists_exist() -> None:
    """Prevents the dictionary from pointing at a list that there is not."""
    named = {column.info["classification"].removeprefix("code list ") for column in COLUMNS if "code list" in column.info["classification"]}
    assert named <= set(code_list_ids())


def test_keyed_identifiers_are_text() -> None:
    """Prevents a NIK that is stored as a number and loses its last digits."""
    for name in ("nik", "kk_number", "area_code", "rt", "rw", "person_id", "family_id"):
        assert {str(column.type) for column in COLUMNS if column.name == name} == {"TEXT"}, name


def test_specific_data_is_marked() -> None:
    """Prevents health, schooling of children and finance from passing as general data (UU 27/2022, article 4)."""
    for name in ("disability_level", "chronic_illness", "pregnant", "decile", "poverty_status", "amount"):
        assert {column.info["sensitivity"] for column in COLUMNS if column.name == name} == {"specific"}, name


def test_migrations_make_these_tables(engine: Engine) -> None:
    """Prevents a column that is declared but that no database has."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, tables.METADATA) == []
        created = {
            name: connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).scalar_one()
            for name in tables.METADATA.tables
        }
    for name, table in tables.METADATA.tables.items():
        declared = str(CreateTable(table).compile(dialect=engine.dialect))
        assert sorted(_lines(created[name])) == sorted(_lines(declared)), name


def _lines(statement: str) -> list[str]:
    # A table that SQLite copied for a new column comes back with its name in quotes.
    return [line.strip().rstrip(",").rstrip() for line in statement.replace('"', "").strip().splitlines() if line.strip()]


def test_the_revision_in_the_dictionary_is_the_newest() -> None:
    assert head() == tables.SCHEMA_REVISION


def test_history_tables_keep_versions(engine: Engine) -> None:
    for name in tables.HISTORY:
        assert {"valid_from", "valid_to", "row_hash"} <= {column.name for column in tables.METADATA.tables[name].columns}
    names = {index["name"] for table in ("person", "family", "house") for index in inspect(engine).get_indexes(table)}
    assert {"uq_person_current", "uq_family_current", "uq_house_current"} <= names
