"""Databases that have their schema already: made once by each process that tests, then copied, since a migration takes longer than most tests.

Only tests of how a database comes about begin with an empty one.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from postgres_server import TEMPLATE, PostgresServer

_READY = "padan_ready"


def ready_sqlite(path: Path) -> str:
    """The URL of a new SQLite file at this path that has the schema and no row; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_sqlite_file())
    return f"sqlite:///{path}"


def ready_postgresql(server: PostgresServer) -> str:
    """The URL of a new database on the server that has the schema and no row."""
    if _READY not in server.templates:
        server.run(f"CREATE DATABASE {_READY} TEMPLATE {TEMPLATE}")
        _give_schema(server.url(_READY))
        server.templates.add(_READY)
    return server.new_database(template=_READY)


@cache
def _sqlite_file() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="padan-ready-"))
    try:
        path = folder / "padan.sqlite"
        _give_schema(f"sqlite:///{path}")
        # What stands in the log beside the file would be missing in the copy.
        with sqlite3.connect(path) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.close()
        assert not busy
        return path.read_bytes()
    finally:
        shutil.rmtree(folder)


def _give_schema(url: str) -> None:
    from publishing.database import open_engine, ready_database

    engine = open_engine(url)
    ready_database(engine)
    engine.dispose()
