"""The unified database as a file or server: opened, created, brought up to date, checked.

A run creates an empty database and refuses one whose schema is older (it names the command that brings it up to date) or newer.
On SQLite the file is readable by its owner alone and keeps its log beside it (WAL), so that readers never wait for a publication; the
first one, into an empty database, may go without the log, and then they wait for something to read (`sqlite_connection`).

Isolation: a publication is one transaction, so a single statement always sees one publication whole. Who reads with several
statements and wants them to fit wraps them in one transaction: on SQLite that is enough, on PostgreSQL it must be
`BEGIN ISOLATION LEVEL REPEATABLE READ` (`snapshot` does both).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError

from publishing import postgresql_connection, sqlite_connection
from publishing.errors import OldDatabase, without_values
from schemas import postgis
from schemas.tables import METADATA
from schemas.views import create_views, drop_views, view_names
from schemas.views.columns import VIEW_COLUMNS
from schemas.views.dictionary import DICTIONARY_COLUMNS

_MIGRATIONS = Path(__file__).resolve().parent.parent / "schemas" / "migrations"
_PATIENCE_SECONDS = 60
"""How long a second publication waits for the first before it gives up."""
_SECONDS_FOR_A_VIEW = 2.0
"""How long the swap of the views waits for a reader; whoever asks for the view meanwhile waits behind it, so not for long."""
_BUSY_STATE = "55P03"


def open_engine(url: str, *, patience_seconds: float = _PATIENCE_SECONDS) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`; a SQLite file is made if it is not there, with mode 0600."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return postgresql_connection.open_postgresql(parsed, patience_seconds)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made before SQLite opens it: SQLite would follow the umask, and gives its log and index the mode of this file.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": patience_seconds})
    event.listen(engine, "connect", sqlite_connection.set_up)
    event.listen(engine, "begin", sqlite_connection.begin)
    return engine


@contextmanager
def writing(engine: Engine, *, filling: bool = False) -> Iterator[Connection]:
    """One transaction that writes; a second one waits for it, readers do not.

    With `filling`, SQLite checks the foreign keys of all tables once, before the commit, instead of with each row, and may sort in
    files: whoever fills an empty database is done sooner. (PostgreSQL can do the like inside a transaction: `first_load` of its loader.)
    """
    with engine.connect() as connection:
        at_the_end = filling and engine.dialect.name == "sqlite"
        writer = connection.execution_options(padan_writes=True)
        if at_the_end:
            sqlite_connection.set_up_to_fill(connection)
        try:
            with writer.begin():
                if engine.dialect.name == "postgresql":
                    postgresql_connection.lock_out_other_writers(writer)
                yield writer
                if at_the_end:
                    sqlite_connection.check_foreign_keys(writer)
        finally:
            if at_the_end:
                sqlite_connection.set_up_as_usual(connection)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One transaction that reads: all its statements see the same publication."""
    with engine.connect() as connection:
        reader = connection.execution_options(isolation_level="REPEATABLE READ") if engine.dialect.name == "postgresql" else connection
        with reader.begin():
            yield reader


@without_values
def settle(engine: Engine) -> None:
    """Bring what SQLite's log holds into the file, as far as readers allow; the server needs nothing of the kind.

    A reader who sits on an old state keeps the log from being emptied. That costs disk, not correctness, and the next
    publication tries again: so this waits for a moment only, not for the whole patience of a publication.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
            driver.execute("PRAGMA busy_timeout=200")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            driver.execute(f"PRAGMA busy_timeout={patience}")


@without_values
def ready_database(engine: Engine) -> None:
    """Create the schema in an empty database. Raises OldDatabase when there is another schema than this version's."""
    found = revision(engine)
    if found == head():
        return
    if found is None and not set(inspect(engine).get_table_names()) - postgis.OBJECTS_OF_THE_EXTENSION:
        upgrade(engine)
        return
    raise OldDatabase(_advice(found))


def _advice(found: str | None) -> str:
    if found is not None and found not in _known_revisions():
        return (
            f"Basis data ini dibuat oleh versi Padan yang lebih baru (skema {found}); perbarui Padan. / "
            f"This database was made by a newer Padan (schema {found}); update Padan."
        )
    return (
        f"Skema basis data sudah lama ({found or 'tanpa versi'}; perlu {head()}): jalankan `padan database upgrade`. / "
        f"The database has an old schema ({found or 'no version'}; {head()} is needed): run `padan database upgrade`."
    )


@without_values
def upgrade(engine: Engine) -> str:
    """Bring the schema and its views up to date in one transaction; returns the revision that it now has.

    A reader in an open transaction holds the views on PostgreSQL: this asks for them again and again, each time for a moment, as
    long as the engine's patience lasts. Raises PublicationBusy after that, MissingPostgis.
    """
    give_up_at = time.monotonic() + engine.get_execution_options().get("padan_patience", _PATIENCE_SECONDS)
    while True:
        try:
            _upgrade_once(engine)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _BUSY_STATE or time.monotonic() >= give_up_at:
                raise
        else:
            return head()
        time.sleep(_SECONDS_FOR_A_VIEW / 2)


def _upgrade_once(engine: Engine) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            postgresql_connection.switch_postgis_on(connection)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(_SECONDS_FOR_A_VIEW * 1000)}")
        drop_views(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        create_views(connection)
        if engine.dialect.name == "postgresql":
            postgresql_connection.write_comments(connection)


@without_values
def check(engine: Engine) -> list[str]:
    """What is wrong with the database's schema, in words; empty when it is what this version needs."""
    found = revision(engine)
    if found != head():
        return [_advice(found)]
    found_columns = _columns(engine)
    wanted = {name: [column.name for column in table.columns] for name, table in METADATA.tables.items()}
    if engine.dialect.name == "postgresql":
        wanted[postgis.LOCATION_TABLE].append(postgis.LOCATION_COLUMN)
    problems = [f"table {name} is missing" for name in sorted(set(wanted) - set(found_columns))]
    views = {name: list(VIEW_COLUMNS.get(name, DICTIONARY_COLUMNS)) for name in view_names(engine.dialect.name)}
    problems += [f"view {name} is missing" for name in sorted(set(views) - set(found_columns))]
    for name, columns in sorted({**wanted, **views}.items()):
        if name in found_columns:
            problems += [f"column {name}.{column} is missing" for column in columns if column not in found_columns[name]]
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            problems += [f"SQLite: {row[0]}" for row in connection.exec_driver_sql("PRAGMA quick_check") if row[0] != "ok"]
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            problems += [f"{len(broken)} rows point at rows that do not exist"] if broken else []
    return problems


def _columns(engine: Engine) -> dict[str, set[str]]:
    """The columns of every table and view."""
    query = {
        "sqlite": "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type IN ('table', 'view')",
        "postgresql": "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()",
    }[engine.dialect.name]
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for name, column in connection.exec_driver_sql(query):
            found.setdefault(name, set()).add(column)
    return found


def revision(engine: Engine) -> str | None:
    """The schema revision that the database says it has."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The schema revision that this version of Padan needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def _known_revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
