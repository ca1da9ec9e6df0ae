"""The unified database as a file or server: opened, created, brought up to date, checked.

A run creates an empty database and refuses one whose schema is older (it names the command that brings it up to date) or newer.
On SQLite the file is readable by its owner alone and keeps its log beside it (WAL), so that readers never wait for a publication.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url

from publishing.errors import OldDatabase, without_values
from schemas.tables import METADATA
from schemas.views import create_views, drop_views, view_names

_MIGRATIONS = Path(__file__).resolve().parent.parent / "schemas" / "migrations"
_PATIENCE_SECONDS = 60
"""How long a second publication waits for the first before it gives up."""


def open_engine(url: str, *, patience_seconds: float = _PATIENCE_SECONDS) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; a SQLite file is made if it is not there, with mode 0600."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made before SQLite opens it: SQLite would follow the umask, and gives its log and index the mode of this file.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": patience_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin when we say so, DDL included
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("padan_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; a second one waits for it, readers do not."""
    with engine.connect() as connection:
        writer = connection.execution_options(padan_writes=True)
        with writer.begin():
            yield writer


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
    if found is None and not inspect(engine).get_table_names():
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
    """Bring the schema and its views up to date in one transaction; returns the revision that it now has."""
    with writing(engine) as connection:
        drop_views(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        create_views(connection)
    return head()


@without_values
def check(engine: Engine) -> list[str]:
    """What is wrong with the database's schema, in words; empty when it is what this version needs."""
    found = revision(engine)
    if found != head():
        return [_advice(found)]
    inspector = inspect(engine)
    present = set(inspector.get_table_names())
    problems = [f"table {name} is missing" for name in sorted(set(METADATA.tables) - present)]
    for name in sorted(set(METADATA.tables) & present):
        columns = {column["name"] for column in inspector.get_columns(name)}
        problems += [f"column {name}.{column.name} is missing" for column in METADATA.tables[name].columns if column.name not in columns]
    problems += [f"view {name} is missing" for name in view_names() if name not in set(inspector.get_view_names())]
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            problems += [f"SQLite: {row[0]}" for row in connection.exec_driver_sql("PRAGMA quick_check") if row[0] != "ok"]
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            problems += [f"{len(broken)} rows point at rows that do not exist"] if broken else []
    return problems


def revision(engine: Engine) -> str | None:
    """The schema revision that the database says it has."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
