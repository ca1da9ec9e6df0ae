"""Dagster's SQLite stores, written without waiting for the disk at each event.

Dagster opens a store anew for each of the thousand events of a run, commits and closes it. SQLite then flushes three times: at the
commit, and, as the last connection leaves, when the write-ahead log is moved into the file and deleted. On the sample that was a third
of the run. With `synchronous=NORMAL` a commit flushes nothing, and while another connection is open the log stays
(https://www.sqlite.org/pragma.html#pragma_synchronous). A power cut may cost the last events of a run; it breaks no store, and
Padan's own database is not concerned: it is published with `synchronous=FULL`.

For each event Dagster also makes an engine anew, and with it SQLAlchemy compiles the same statements again: half of the time that an
event takes. Here an engine lives as long as the run.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import Engine, event


@contextmanager
def seldom_synced(folder: Path) -> Iterator[None]:
    """While open, connections of this process to SQLite files below the folder flush at checkpoints only."""
    folder = folder.resolve()
    kept_open: dict[Path, sqlite3.Connection] = {}

    def on_connect(connection: Any, _record: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
        if folder not in path.parents:
            return
        connection.execute("PRAGMA synchronous = NORMAL")
        if path not in kept_open:
            kept_open[path] = sqlite3.connect(path, check_same_thread=False)
        # Only what has read holds the log open, and a new store gets its log after its first connection.
        kept_open[path].execute("SELECT count(*) FROM sqlite_master").fetchone()

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
        for connection in kept_open.values():
            connection.close()


@contextmanager
def engines_kept(instance: dg.DagsterInstance) -> Iterator[None]:
    """While open, the instance's event log makes one engine for each of its files.

    Dagster has no setting for it, so the name by which its event log calls SQLAlchemy is exchanged; where a release has no such name,
    nothing is kept and nothing else changes.
    """
    module: Any = sys.modules[type(instance.event_log_storage).__module__]
    make_engine = getattr(module, "create_engine", None)
    if make_engine is None:
        yield
        return
    engines: dict[str, Engine] = {}

    def kept_engine(url: str, **options: Any) -> Engine:
        if url not in engines:
            engines[url] = make_engine(url, **options)
        return engines[url]

    module.create_engine = kept_engine
    try:
        yield
    finally:
        module.create_engine = make_engine
        for engine in engines.values():
            engine.dispose()
