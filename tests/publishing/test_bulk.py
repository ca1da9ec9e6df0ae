"""What goes in by the fast ways comes out as it was, on both engines: every type, nothing, the largest, texts of any script."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Engine, Integer, MetaData, Table, Text, inspect, select, text

from publishing.ahead import made_ahead
from publishing.binary_copy import binary_blocks
from publishing.bulk import loader_for
from publishing.database import ready_database, writing
from publishing.errors import StateError

ANYTHING = Table(
    "anything",
    MetaData(),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("words", Text),
    Column("code", Text),
    Column("small", Integer),
    Column("large", BigInteger),
    Column("decimal", Double),
    Column("yes", Boolean),
    Column("day", Date),
    Column("absent", Text),
)
ARROW = {
    "key": pa.int64(),
    "words": pa.large_string(),
    "code": pa.large_string(),
    "small": pa.int64(),
    "large": pa.int64(),
    "decimal": pa.float64(),
    "yes": pa.bool_(),
    "day": pa.date32(),
    "absent": pa.large_string(),
}
Row = tuple[Any, ...]

cells = st.tuples(
    st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    st.none() | st.sampled_from(["", "0", "NULL", "\\N", '"', "a,b", "Banyuwangi", "ꦧꦚꦸꦮꦔꦶ"]),
    st.none() | st.integers(-(1 << 31), (1 << 31) - 1),
    st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1000, 1, 1)),
    st.none(),
)


def arrow(rows: list[Row], *, coded: bool) -> pa.Table:
    """Rows as a publication prepares them; columns of few texts may be dictionary-encoded."""
    columns = {name: pa.array([row[place] for row in rows], kind) for place, (name, kind) in enumerate(ARROW.items())}
    return pa.table({**columns, "code": columns["code"].dictionary_encode() if coded else columns["code"]})


def stored(engine: Engine, rows: list[Row], replacing: list[Row], *, coded: bool) -> list[Row]:
    """What the table holds after these rows went in, and others replaced them."""
    with writing(engine) as connection:
        ANYTHING.drop(connection, checkfirst=True)
        ANYTHING.create(connection)
        loader = loader_for(connection)
        loader.insert(ANYTHING, arrow(rows, coded=coded), replace=False)
        loader.insert(ANYTHING, arrow(replacing, coded=coded), replace=True)
        return [tuple(row) for row in connection.execute(select(ANYTHING).order_by(ANYTHING.c.key))]


@pytest.mark.parametrize("coded", [False, True], ids=["texts", "codes"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_value_comes_out_as_it_went_in(engine: Engine, coded: bool, data: st.DataObject) -> None:
    """Prevents an empty text from becoming no value, a number from wrapping round, a day from shifting, a cell from changing its column."""
    given_rows = data.draw(st.lists(cells, min_size=1, max_size=8))
    rows = [(key, *row) for key, row in enumerate(given_rows)]
    replacing = [(key, *data.draw(cells)) for key in range(0, len(rows), 2)]
    expected = {row[0]: row for row in rows} | {row[0]: row for row in replacing}
    assert stored(engine, rows, replacing, coded=coded) == list(expected.values())


def test_more_rows_than_a_statement_or_a_block_takes(engine: Engine) -> None:
    """Prevents the rows at the end of a statement, or of a block, from being lost or written twice."""
    rows = [
        (key, f"words {key}", "abc"[key % 3], key % 7, -key, key / 3, key % 2 == 0, date(1990, 1, 1 + key % 28), None)
        for key in range(100_123)
    ]
    assert stored(engine, rows, [], coded=True) == rows


def test_a_float_keeps_its_last_bit(engine: Engine) -> None:
    values = [0.1 + 0.2, math.nextafter(114.2, 115), -0.0, 5e-324, 1.7976931348623157e308]
    rows = [(key, None, None, None, None, value, None, None, None) for key, value in enumerate(values)]
    assert [row[5] for row in stored(engine, rows, [], coded=False)] == values


def test_a_number_too_large_for_its_column_is_named_by_its_column() -> None:
    """Prevents a number from wrapping round on its way, and from standing in the error."""
    rows = pa.table({"small": pa.array([1, 1 << 31], pa.int64())})
    with pytest.raises(StateError, match="small") as error:
        list(binary_blocks(rows, {"small": Integer()}))
    assert str(1 << 31) not in str(error.value)


def test_texts_in_a_column_of_numbers_are_refused() -> None:
    """Prevents four letters from being taken for a number of 32 bits."""
    rows = pa.table({"small": pa.array(["abcd"], pa.large_string())})
    with pytest.raises(StateError, match="small") as error:
        list(binary_blocks(rows, {"small": Integer()}))
    assert "abcd" not in str(error.value)


def test_the_first_load_leaves_every_index_and_constraint(engine: Engine) -> None:
    """Prevents what waits while an empty database is filled from being forgotten."""

    def built() -> list[str]:
        if engine.dialect.name == "sqlite":
            queries = ["SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"]
        else:
            queries = [
                "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()",
                "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint",
            ]
        with engine.connect() as connection:
            return sorted(row for query in queries for row in connection.execute(text(query)).scalars())

    ready_database(engine)
    before = built()
    assert len([name for name in inspect(engine).get_table_names() if inspect(engine).get_pk_constraint(name)["constrained_columns"]]) > 10
    assert publish_audited(engine, prepared_state(12)).published
    assert built() == before
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            usual = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("foreign_keys", "temp_store", "temp_store_directory")]
        assert usual == [1, 2, None], "keys hold again, and nothing is sorted in files"
        assert {path.suffix for path in Path(str(engine.url.database)).parent.iterdir()} <= {".sqlite", ".sqlite-wal", ".sqlite-shm"}


def test_pieces_made_ahead_keep_their_order_and_their_errors() -> None:
    """Prevents a block from overtaking another, and an error on the other core from being lost."""

    def pieces() -> Any:
        yield from range(5)
        raise ValueError("the sixth")

    seen = []
    with pytest.raises(ValueError, match="the sixth"):
        seen.extend(made_ahead(pieces()))
    assert list(made_ahead(range(5))) == [0, 1, 2, 3, 4]
    assert list(made_ahead([])) == []
