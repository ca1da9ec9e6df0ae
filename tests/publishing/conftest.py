"""A database of its own for each test, and a state to publish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from publishing_frames import make_state
from sqlalchemy import Engine

from publishing.audit import audit_state
from publishing.database import open_engine
from publishing.publication import PublicationResult, publish

AS_OF = date(2026, 10, 1)


def publish_audited(engine: Engine, state: dict[str, pd.DataFrame], **others: object) -> PublicationResult:
    """Audit and publish, as a run does."""
    audit = audit_state(state, conservation_holds=True)
    assert audit.passed, audit.broken
    return publish(engine, state, audit=audit, as_of=AS_OF, code_version="1", inputs={"a.xlsx": "0" * 64}, **others)


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
