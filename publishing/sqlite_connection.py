"""Connections to SQLite: how they stand, how their transactions begin, and how one that fills an empty database differs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

_PAGE_SIZE = "page_size=8192"
"""A new file's pages, twice the usual size: a regency's first publication takes a tenth less time. Older files keep theirs."""
_MOMENT_MILLISECONDS = 100
_USUAL = ("foreign_keys=ON", "temp_store=MEMORY")
"""How a connection to SQLite stands, but for one that fills an empty database."""


def set_up(connection: Any, _record: object) -> None:
    """How every connection stands: readers never wait, what is committed is on the disk, foreign keys hold."""
    connection.isolation_level = None  # transactions begin when we say so, DDL included
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA {_PAGE_SIZE}")
    _ask_for_journal(connection, "WAL")
    for pragma in ("synchronous=FULL", *_USUAL, "cache_size=-65536"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection) -> None:
    """A transaction that writes takes its lock at once, instead of when it is too late to wait for it."""
    writes = connection.get_execution_options().get("padan_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def check_foreign_keys(connection: Connection) -> None:
    """Raise what SQLite itself would, with the name of the table: its own error at the commit does not tell it."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        error = sqlite3.IntegrityError(f"FOREIGN KEY constraint failed: {broken[0]}")
        error.sqlite_errorname = "SQLITE_CONSTRAINT_FOREIGNKEY"
        raise error


def _ask_for_journal(driver: Any, mode: str) -> None:
    """Switch to this kind of journal if nobody else has the database open, and do not wait for them: one works as well as the other."""
    if driver.execute("PRAGMA journal_mode").fetchone()[0] == mode.lower():
        return
    patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute(f"PRAGMA busy_timeout={_MOMENT_MILLISECONDS}")
    try:
        driver.execute(f"PRAGMA journal_mode={mode}").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")


def set_up_to_fill(connection: Connection) -> None:
    """An empty database is filled without the log, which takes every page twice: the journal holds only what was there before.

    A kill leaves that journal, and whoever opens the database next rolls back by it. Readers who come meanwhile wait at last, for a
    state that is still empty; where one has the database open already, the log is kept.

    Files for sorting lie beside the database, not where everybody's temporary files do; they have no name that others could open.
    """
    driver: Any = connection.connection.dbapi_connection
    _ask_for_journal(driver, "DELETE")
    folder = str(Path(driver.execute("PRAGMA database_list").fetchone()[2]).parent).replace("'", "''")
    _set(connection, "foreign_keys=OFF", "temp_store=FILE", f"temp_store_directory='{folder}'")


def _set(connection: Connection, *pragmas: str) -> None:
    """On the driver's own connection, since SQLite refuses these inside a transaction, which SQLAlchemy would begin."""
    driver: Any = connection.connection.dbapi_connection
    for pragma in pragmas:
        driver.execute(f"PRAGMA {pragma}")


def set_up_as_usual(connection: Connection) -> None:
    """After the transaction that filled the database, however it ended."""
    _set(connection, "temp_store_directory=''", *_USUAL)
    driver: Any = connection.connection.dbapi_connection
    _ask_for_journal(driver, "WAL")
