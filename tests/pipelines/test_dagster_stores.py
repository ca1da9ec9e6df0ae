"""Dagster's stores are written without waiting for the disk at each event, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from pipelines.dagster_stores import engines_kept, seldom_synced

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


@dg.op
def talking(context) -> None:  # type: ignore[no-untyped-def] # Dagster can't resolve the name of its type from a postponed annotation
    for number in range(20):
        context.log.info(f"{number}")


@dg.job
def talk() -> None:
    talking()


def test_an_engine_serves_a_whole_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents each event from compiling its statements anew: with an engine per event they are compiled as often as they are used."""
    really = sqlite_event_log.create_engine  # type: ignore[attr-defined]
    made: list[str] = []

    def counted(url: str, **options: object) -> Engine:
        made.append(url)
        engine: Engine = really(url, **options)
        return engine

    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance:
        monkeypatch.setattr(sqlite_event_log, "create_engine", counted)
        with engines_kept(instance):
            run = talk.execute_in_process(instance=instance)
            kept = [entry.user_message for entry in instance.all_logs(run.run_id) if entry.dagster_event is None]
    assert set(map(str, range(20))) <= set(kept)
    assert len(made) == len(set(made))


def test_a_failure_ends_it_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), seldom_synced(tmp_path):
        raise RuntimeError
    assert synchronous(tmp_path / "runs.db") == FULL
