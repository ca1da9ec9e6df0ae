"""Dagster's stores are written without waiting for the disk at each event, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipelines.dagster_stores import seldom_synced

FULL, NORMAL = 2, 1


def synchronous(path: Path) -> int:
    """How a connection that an engine opens now waits for the disk."""
    with create_engine(f"sqlite:///{path}", poolclass=NullPool).connect() as connection:
        connection.execute(text("PRAGMA journal_mode = WAL"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS event (id INTEGER)"))
        connection.execute(text("INSERT INTO event VALUES (1)"))
        connection.commit()
        return int(connection.execute(text("PRAGMA synchronous")).scalar_one())


def test_only_stores_in_the_folder_and_only_while_it_lasts(tmp_path: Path) -> None:
    """Prevents Padan's own database, which stands beside Dagster's stores, from losing a publication with the power."""
    stores = tmp_path / "stores"
    stores.mkdir()
    with seldom_synced(stores):
        assert synchronous(stores / "runs.db") == NORMAL
        assert synchronous(tmp_path / "padan.sqlite") == FULL
    assert synchronous(stores / "runs.db") == FULL


def test_the_log_of_writes_is_not_moved_at_each_close(tmp_path: Path) -> None:
    """Prevents a flush at the end of each connection: another one is open, so SQLite keeps the log. In the end all is in the file."""
    with seldom_synced(tmp_path):
        synchronous(tmp_path / "runs.db")  # a new store becomes one with a log here
        synchronous(tmp_path / "runs.db")
        assert (tmp_path / "runs.db-wal").stat().st_size > 0
    assert not (tmp_path / "runs.db-wal").exists()
    assert synchronous(tmp_path / "runs.db") == FULL


def test_a_failure_ends_it_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), seldom_synced(tmp_path):
        raise RuntimeError
    assert synchronous(tmp_path / "runs.db") == FULL
