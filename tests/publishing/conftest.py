"""A database of its own for each test, on each engine, and a state to publish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from publishing_frames import make_state
from ready_databases import ready_postgresql, ready_sqlite
from sqlalchemy import Engine

from publishing.database import open_engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgis"))])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on: each test that uses a database runs on both."""
    return str(request.param)


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without a schema, for tests of how it comes about."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'padan.sqlite'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture
def empty_engine(empty_url: str) -> Iterator[Engine]:
    opened = open_engine(empty_url)
    yield opened
    opened.dispose()


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that has its schema and no row."""
    if engine_name == "sqlite":
        yield ready_sqlite(tmp_path / "home" / "padan.sqlite")
        return
    server = request.getfixturevalue("postgres_server")
    url = ready_postgresql(server)
    yield url
    server.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def state() -> dict[str, pd.DataFrame]:
    return make_state(60)
