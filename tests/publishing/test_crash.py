"""`kill -9` at any step of a publication leaves the last state, and the next run reaches the state that was meant."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from publishing_frames import make_state
from publishing_runs import publish_audited
from sqlalchemy import Engine, text

from publishing.audit import audit_state
from publishing.database import check, open_engine, revision

PROCESS = Path(__file__).with_name("publishing_process.py")
STEPS = [
    "prepared",
    "audited",
    "begun",
    "compared",
    "new in source_record",
    "gone from person",
    "new in person",
    "new in eligibility",
    "sealed",
]
COMMITTED = ["committed", "settled"]


def killed_at(url: str, families: int, step: str, edition: int = 2) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROCESS), url, str(families), str(edition), step], capture_output=True, text=True, timeout=120, check=False
    )


def visible(engine: Engine) -> tuple[int, str, int, int]:
    """What readers see: the publication, its hash, the families, and the versions begun by later publications."""
    with engine.connect() as connection:
        number, content = connection.execute(text("SELECT number, content_hash FROM publication ORDER BY number DESC LIMIT 1")).one()
        families = connection.execute(text("SELECT count(*) FROM family WHERE valid_to IS NULL")).scalar_one()
        later = connection.execute(text("SELECT count(*) FROM person WHERE valid_from > :n OR valid_to > :n"), {"n": number}).scalar_one()
    return number, content, families, later


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_before_the_commit_leaves_the_last_state(database_url: str, engine: Engine, step: str) -> None:
    """Prevents a half-written state from becoming visible, and a dead run from blocking the next one."""
    first = publish_audited(engine, make_state(40))
    engine.dispose()
    dead = killed_at(database_url, 30, step)
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    fresh = open_engine(database_url)
    assert check(fresh) == []
    assert visible(fresh) == (1, first.content_hash, 40, 0)
    again = publish_audited(fresh, make_state(30, edition=2))
    assert again.number == 2
    assert visible(fresh) == (2, again.content_hash, 30, 0)
    assert again.content_hash == audit_state(make_state(30, edition=2), conservation_holds=True).content_hash


@pytest.mark.parametrize("step", COMMITTED)
def test_a_kill_after_the_commit_leaves_the_new_state(database_url: str, engine: Engine, step: str) -> None:
    publish_audited(engine, make_state(40))
    engine.dispose()
    assert killed_at(database_url, 30, step).returncode == -signal.SIGKILL
    fresh = open_engine(database_url)
    assert check(fresh) == []
    assert visible(fresh)[0] == 2
    assert not publish_audited(fresh, make_state(30, edition=2)).published


def test_a_kill_while_the_database_is_created(database_url: str) -> None:
    """Prevents a database with half a schema, which no later run could use or create."""
    assert killed_at(database_url, 30, "begun").returncode == -signal.SIGKILL
    engine = open_engine(database_url)
    assert revision(engine) is not None
    assert publish_audited(engine, make_state(30, edition=2)).number == 1


def test_the_same_state_from_another_process(database_url: str, engine: Engine) -> None:
    """Prevents fingerprints or hashes from depending on the process that computes them."""
    here = publish_audited(engine, make_state(40))
    there = killed_at(database_url, 40, "never", edition=1)
    assert there.stdout.split() == ["1", here.content_hash], there.stderr
