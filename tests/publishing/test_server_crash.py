"""SIGKILL of the PostgreSQL server and all its processes, mid-publication: after its recovery readers see the old state or the new.

What no test on one machine can do is cut the power: what the kernel had taken stays taken, whether the server flushes or not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from postgres_server import PostgresServer, running_server
from publishing_frames import make_state
from publishing_runs import publish_audited, publish_with
from ready_databases import ready_postgresql
from sqlalchemy import Engine, text

from publishing.audit import Audit, audit_state
from publishing.bulk import loader_for
from publishing.database import check, open_engine, revision, snapshot
from publishing.errors import DatabaseFailure
from publishing.prepared import Prepared
from publishing.state import prepare
from schemas import tables

pytestmark = pytest.mark.needs("postgis")

State = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_server() as started:
        yield started


def holds(engine: Engine, prepared: Prepared) -> bool:
    """Whether every table holds exactly these rows, by their fingerprints, with everything built that finds and guards them."""
    with snapshot(engine) as connection:
        loader = loader_for(connection)
        for table in tables.STATE_TABLES:
            stored = loader.stored_hashes(table, current_only=table.name in tables.HISTORY)
            if not np.array_equal(np.sort(stored.view(np.uint64)), prepared[table.name].sorted_hashes):
                return False
    return True


def built(engine: Engine) -> set[str]:
    """Every index and constraint of the database, as it words them."""
    with engine.connect() as connection:
        indexes = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()")).scalars()
        constraints = connection.execute(text("SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint")).scalars()
        return {*indexes, *constraints}


def last_publication(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT coalesce(max(number), 0) FROM publication")).scalar_one()


def steps_of(url: str, prepared: Prepared, audit: Audit) -> list[str]:
    steps: list[str] = []
    engine = open_engine(url)
    publish_with(engine, prepared, audit, on_step=steps.append)
    engine.dispose()
    return steps


def publish_until_killed(server: PostgresServer, url: str, prepared: Prepared, audit: Audit, fatal: str) -> None:
    """Publish; the server dies when the step `fatal` ends. What comes of it says nothing of the data."""
    engine = open_engine(url)
    with pytest.raises(DatabaseFailure) as failure:
        publish_with(engine, prepared, audit, on_step=lambda step: server.kill() if step == fatal else None)
    assert "351001" not in str(failure.value)
    assert failure.value.__context__ is None
    engine.dispose()
    server.restart()


def test_the_server_dies_at_a_step_of_a_later_publication(server: PostgresServer) -> None:
    """Prevents a recovered server from showing rows of a publication that was never sealed, or losing those of one that was."""
    old, new = prepare(make_state(14)), prepare(make_state(9, edition=2))
    audit = audit_state(new, conservation_holds=True)
    trial, url = ready_postgresql(server), ready_postgresql(server)
    for address in (trial, url):
        first = open_engine(address)
        publish_audited(first, old)
        first.dispose()
    steps = steps_of(trial, new, audit)
    before = steps[steps.index("begun") : steps.index("committed")]
    assert {"gone from person", "new in person", "sealed"} <= set(before)
    for step in ("begun", "gone from person", "new in source_record", "new in identity_event", "sealed"):
        publish_until_killed(server, url, new, audit, step)
        engine = open_engine(url)
        assert last_publication(engine) == 1, step
        assert check(engine) == [], step
        assert holds(engine, old), step
        engine.dispose()
    engine = open_engine(url)
    result = publish_with(engine, new, audit, on_step=lambda step: server.kill() if step == "committed" else None)
    engine.dispose()
    server.restart()
    engine = open_engine(url)
    assert (result.number, last_publication(engine)) == (2, 2), "what was committed is there after a crash"
    assert check(engine) == []
    assert holds(engine, new)
    assert not publish_with(engine, new, audit).published
    engine.dispose()


def test_the_server_dies_while_the_database_is_created_and_filled(server: PostgresServer) -> None:
    """Prevents keys and indexes, which wait while an empty database is filled, from being lost with the server."""
    state = prepare(make_state(9))
    audit = audit_state(state, conservation_holds=True)
    url, sound = server.new_database(), open_engine(server.new_database())
    assert publish_with(sound, state, audit).published
    for step in ("begun", "new in source_record", "new in eligibility", "sealed"):
        publish_until_killed(server, url, state, audit, step)
        engine = open_engine(url)
        assert revision(engine) is not None
        assert last_publication(engine) == 0, step
        assert built(engine) == built(sound), step
        engine.dispose()
    engine = open_engine(url)
    result = publish_with(engine, state, audit)
    assert (result.number, result.content_hash) == (1, audit.content_hash)
    assert built(engine) == built(sound)
    assert holds(engine, state)
    engine.dispose()
    sound.dispose()


def test_the_server_dies_at_any_moment(server: PostgresServer) -> None:
    """Prevents what no step has a name for: a kill amid a COPY, a statement, a commit. Each publication is another state."""
    editions = {number: prepare(make_state(400, edition=number)) for number in range(1, 8)}
    audits = {number: audit_state(state, conservation_holds=True) for number, state in editions.items()}
    url = ready_postgresql(server)
    engine = open_engine(url)
    publish_with(engine, editions[1], audits[1])
    started = time.monotonic()
    publish_with(engine, editions[2], audits[2])
    whole = time.monotonic() - started
    engine.dispose()
    current, failures = 2, []
    for attempt, share in enumerate((0.1, 0.3, 0.5, 0.7, 0.85, 0.95)):
        meant = 3 + attempt % 5
        engine = open_engine(url)
        killer = threading.Timer(share * whole, server.kill)
        killer.start()
        try:
            publish_with(engine, editions[meant], audits[meant])
        except DatabaseFailure as failure:
            failures.append(str(failure))
        killer.join()
        engine.dispose()
        server.restart()
        engine = open_engine(url)
        assert check(engine) == []
        if holds(engine, editions[meant]):
            current = meant
        assert holds(engine, editions[current]), "neither the old state nor the new"
        engine.dispose()
    assert len(failures) >= 2, f"only {len(failures)} of 6 kills came before the end"
    assert "351001" not in " ".join(failures)
    engine = open_engine(url)
    result = publish_with(engine, editions[1], audits[1])
    assert result.content_hash == audits[1].content_hash
    assert holds(engine, editions[1])
    engine.dispose()
