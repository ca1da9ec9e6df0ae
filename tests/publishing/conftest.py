"""A database of its own for each test, on each engine, and a state to publish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from publishing_frames import make_state
from sqlalchemy import Engine

from publishing.database import open_engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgis"))])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on: each test that uses a database runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'padan.sqlite'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.new_database()
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
