"""A database of its own for each test, and a state to publish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from publishing_frames import make_state
from sqlalchemy import Engine

from publishing.database import open_engine


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'padan.sqlite'}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def state() -> dict[str, pd.DataFrame]:
    return make_state(60)
