"""Whatever fails, no NIK leaves by way of an error: not in its text, not in what it was caused by."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Callable
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from publishing_frames import TEXT, make_state
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import SQLAlchemyError

from publishing import publication
from publishing.audit import audit_state
from publishing.errors import DatabaseFailure, PublishingError, StateError, without_values
from schemas import tables

CANARY = "3510016503870042"
State = dict[str, pd.DataFrame]


def everything_said(error: BaseException) -> str:
    """The text of an error, of all that it is chained to, and of its traceback."""
    parts, seen = [], set()
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        parts += [str(one), repr(one), repr(one.args), repr(vars(one)), *traceback.format_exception(one)]
        todo += [one.__cause__, one.__context__]
    return "\n".join(parts)


def passed_whatever_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database be the one that refuses."""
    monkeypatch.setattr(publication, "_require_audited", lambda *_: "0" * 64)


def nik_twice(state: State) -> None:
    state["persons"].loc[[0, 1], "person_id"] = CANARY


def sex_that_there_is_not(state: State) -> None:
    state["persons"].loc[0, "sex"] = CANARY


def dangling_record(state: State) -> None:
    state["links"].loc[0, "record_id"] = CANARY


def missing_status(state: State) -> None:
    state["persons"].loc[0, ["nik", "register_status"]] = [CANARY, pd.NA]


@pytest.mark.parametrize(
    ("damage", "table"),
    [(nik_twice, "person"), (sex_that_there_is_not, "person"), (dangling_record, None), (missing_status, "person")],
)
def test_the_database_refuses(
    engine: Engine,
    state: State,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[State], None],
    table: str | None,
) -> None:
    """Prevents `UNIQUE constraint failed … (3510…)` from reaching a log."""
    caplog.set_level(logging.DEBUG)
    publish_audited(engine, state)
    damage(state)
    passed_whatever_it_holds(monkeypatch)
    audit = audit_state(make_state(5), conservation_holds=True)
    with pytest.raises(DatabaseFailure) as caught:
        publication.publish(engine, state, audit=audit, as_of=date(2026, 10, 1), code_version="1", inputs={})
    assert caught.value.table == (table or {"sqlite": None, "postgresql": "person_link"}[engine.dialect.name])
    assert CANARY not in everything_said(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert CANARY not in caplog.text
    with engine.connect() as connection:
        assert connection.execute(text("SELECT max(number) FROM publication")).scalar() == 1, "nothing was published"


@pytest.mark.parametrize("damage", [nik_twice, sex_that_there_is_not, dangling_record, missing_status])
def test_the_empty_database_refuses(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, damage: Callable[[State], None]
) -> None:
    """Prevents keys that are checked once, at the end of a first load, from letting anything in or from quoting what they found."""
    caplog.set_level(logging.DEBUG)
    state = make_state(5)
    audit = audit_state(state, conservation_holds=True)
    damage(state)
    with monkeypatch.context() as patched:
        passed_whatever_it_holds(patched)
        with pytest.raises(DatabaseFailure) as caught:
            publication.publish(engine, state, audit=audit, as_of=date(2026, 10, 1), code_version="1", inputs={})
    assert caught.value.table == ("person_link" if damage is dangling_record else "person")
    assert CANARY not in everything_said(caught.value) + caplog.text
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 0, "nothing was published"
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1, "keys are checked again"
    assert publish_audited(engine, prepared_state(5)).number == 1


@pytest.mark.parametrize(
    ("frame", "column"),
    [("families", "decile"), ("persons", "birth_date"), ("houses", "latitude"), ("persons", "pregnant"), ("aid_received", "amount")],
)
def test_a_value_of_the_wrong_kind(state: State, frame: str, column: str) -> None:
    """Prevents Arrow's "Could not convert '3510…'" from being passed on."""
    state[frame][column] = pd.Series([CANARY + "x"] * len(state[frame]), dtype=TEXT)
    with pytest.raises(StateError) as caught:
        audit_state(state, conservation_holds=True)
    assert column in str(caught.value)
    assert CANARY not in everything_said(caught.value)


def test_an_sqlalchemy_insert_that_fails(engine: Engine, state: State) -> None:
    """Prevents other writers of this package from forgetting: the guard holds for any function that it stands on."""
    publish_audited(engine, state)

    @without_values
    def write_twice() -> None:
        with engine.begin() as connection:
            for _ in range(2):
                connection.execute(insert(tables.area).values(area_code=CANARY, level="village", kind="desa", name="X", row_hash=1))

    with pytest.raises(DatabaseFailure) as caught:
        write_twice()
    assert caught.value.table == "area"
    assert CANARY not in everything_said(caught.value)


def test_a_value_of_another_type_at_the_database(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Prevents the server's `date/time field value out of range: "3510…"`, and the driver's own refusal, from reaching a log."""
    caplog.set_level(logging.DEBUG)
    publish_audited(engine, prepared_state(5))

    @without_values
    def write_a_text_for_a_day() -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("UPDATE delivery SET delivered_on = CAST(:day AS DATE)"), {"day": CANARY})
            else:  # SQLite keeps any text as a day: the driver is the one that refuses
                connection.execute(update(tables.delivery).values(delivered_on=CANARY))

    with pytest.raises(DatabaseFailure) as caught:
        write_a_text_for_a_day()
    assert caught.value.code == {"sqlite": "TypeError", "postgresql": "22008"}[engine.dialect.name]
    assert CANARY not in everything_said(caught.value) + caplog.text


@pytest.mark.parametrize(
    "lost", [sqlite3.OperationalError(f"near {CANARY}: disk I/O error"), SQLAlchemyError(f"lost while writing {CANARY}")]
)
def test_a_lost_connection(lost: Exception) -> None:
    @without_values
    def lose() -> None:
        raise lost

    with pytest.raises(PublishingError) as caught:
        lose()
    assert CANARY not in everything_said(caught.value)


@pytest.mark.parametrize("engine_name", [pytest.param("postgresql", marks=pytest.mark.needs("postgis"))], indirect=True)
def test_copy_refuses_a_value(engine: Engine, state: State, caplog: pytest.LogCaptureFixture) -> None:
    """Prevents COPY's "invalid byte sequence …, CONTEXT: COPY family, line 1, column address", and what it quotes, from reaching a log."""
    from publishing.bulk import loader_for
    from publishing.database import writing

    caplog.set_level(logging.DEBUG)
    publish_audited(engine, state)
    rows = pa.table({"family_id": pa.array([CANARY], pa.large_string()), "address": pa.array([CANARY + "\x00"], pa.large_string())})

    @without_values
    def load() -> None:
        with writing(engine) as connection:
            loader_for(connection).insert(tables.family, rows, replace=False)

    with pytest.raises(DatabaseFailure) as caught:
        load()
    assert caught.value.code == "22021", "a byte that no text may hold"
    assert CANARY not in everything_said(caught.value)
    assert CANARY not in caplog.text


@pytest.mark.parametrize("engine_name", [pytest.param("postgresql", marks=pytest.mark.needs("postgis"))], indirect=True)
def test_the_server_cuts_the_connection(engine: Engine, state: State, caplog: pytest.LogCaptureFixture) -> None:
    """Prevents the statement that was under way from being quoted; nothing is published, and the next run publishes it."""
    caplog.set_level(logging.DEBUG)
    publish_audited(engine, prepared_state(5))
    state["persons"].loc[0, "nik"] = CANARY
    state["population"].loc[0, "nik"] = CANARY
    state["links"].loc[0, "register_nik"] = CANARY

    def cut(step: str) -> None:
        if step == "new in person":
            with engine.connect() as other:
                other.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    )
                )

    with pytest.raises(PublishingError) as caught:
        publish_audited(engine, state, on_step=cut)
    assert CANARY not in everything_said(caught.value)
    assert CANARY not in caplog.text
    assert publish_audited(engine, state).number == 2
