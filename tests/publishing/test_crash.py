"""`kill -9` at any step of a publication leaves the last state, and the next run reaches the state that was meant."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from publishing_frames import make_state
from publishing_runs import forked, killed_at, prepared_state, publish_audited, was_killed
from sqlalchemy import Engine, text

from publishing.audit import Audit, audit_state
from publishing.database import check, open_engine, revision
from publishing.prepared import Prepared
from publishing.state import prepare

PROCESS = Path(__file__).with_name("publishing_process.py")
COMMITTED = ("committed", "settled")


def visible(engine: Engine) -> tuple[int, str, int, int]:
    """What readers see: the publication, its hash, the families, and the versions begun by later publications."""
    with engine.connect() as connection:
        number, content = connection.execute(text("SELECT number, content_hash FROM publication ORDER BY number DESC LIMIT 1")).one()
        families = connection.execute(text("SELECT count(*) FROM family WHERE valid_to IS NULL")).scalar_one()
        later = connection.execute(text("SELECT count(*) FROM person WHERE valid_from > :n OR valid_to > :n"), {"n": number}).scalar_one()
    return number, content, families, later


def test_a_kill_at_any_step_leaves_the_old_state_or_the_new(database_url: str, engine: Engine) -> None:
    """Prevents a half-written state from becoming visible, and a dead run from blocking the next one.

    The steps are those that publication itself names, so that a new one is killed too.
    """
    first = publish_audited(engine, prepared_state(14))
    engine.dispose()
    meant = prepare(make_state(9, edition=2))
    audit = audit_state(meant, conservation_holds=True)
    steps: list[str] = []
    trial = open_engine("sqlite://")
    publish_audited(trial, prepared_state(14))
    publish_audited(trial, meant, on_step=steps.append)
    assert {"prepared", "audited", "begun", "compared", "gone from person", "new in person", "sealed", *COMMITTED} <= set(steps)
    for step in steps[: steps.index("committed")]:
        assert killed_at(database_url, meant, audit, step), step
        fresh = open_engine(database_url)
        assert visible(fresh) == (1, first.content_hash, 14, 0), step
        assert check(fresh) == [], step
        fresh.dispose()
    assert killed_at(database_url, meant, audit, "committed")
    fresh = open_engine(database_url)
    assert check(fresh) == []
    assert visible(fresh) == (2, audit.content_hash, 9, 0)
    third = prepare(make_state(10, edition=3))
    assert killed_at(database_url, third, audit_state(third, conservation_holds=True), "settled")
    assert visible(fresh)[0] == 3
    assert not publish_audited(fresh, third).published
    assert publish_audited(fresh, meant).content_hash == audit.content_hash
    fresh.dispose()


def test_a_kill_while_the_database_is_created_and_filled(empty_url: str) -> None:
    """Prevents a database with half a schema, or without its indexes and foreign keys, which no later run could use or create."""
    state = prepare(make_state(9))
    audit = audit_state(state, conservation_holds=True)
    for step in ("audited", "begun", "compared", "new in source_record", "new in eligibility", "sealed"):
        assert killed_at(empty_url, state, audit, step), step
        engine = open_engine(empty_url)
        assert (revision(engine) is None) == (step == "audited")
        with engine.connect() as connection:
            if revision(engine):
                assert connection.execute(text("SELECT count(*) FROM source_record")).scalar_one() == 0
        engine.dispose()
    engine = open_engine(empty_url)
    result = publish_audited(engine, state)
    assert (result.number, result.content_hash) == (1, audit.content_hash)
    assert check(engine) == []
    engine.dispose()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.needs("strace")
def test_a_kill_at_any_call_that_makes_things_last(database_url: str, engine: Engine, tmp_path: Path) -> None:
    """Prevents a commit that is only half on the disk: the process dies at its first, second, … fsync, truncation, rename.

    strace kills before the call is made. (On PostgreSQL these calls are the server's, which is not killed.)
    """
    first = publish_audited(engine, prepared_state(14))
    engine.dispose()
    meant = prepared_state(9, edition=2)
    audit = audit_state(meant, conservation_holds=True)
    before, after = (1, first.content_hash, 14, 0), (2, audit.content_hash, 9, 0)
    seen = []
    for number in range(1, 40):
        log = tmp_path / "strace.log"
        killed = killed_at_call(number, database_url, meant, audit, log)
        fresh = open_engine(database_url)
        state = visible(fresh)
        assert check(fresh) == []
        assert state in {before, after}
        fresh.dispose()
        if not killed:
            break
        seen.append((last_call(log), state[0]))
    assert state == after
    assert len(seen) >= 2, seen
    assert {number for _, number in seen} == {1, 2}, f"some kill came before the commit and some after it: {seen}"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.needs("strace")
def test_a_kill_at_any_call_that_makes_the_first_publication_last(database_url: str, tmp_path: Path) -> None:
    """Prevents the journal by which an empty database is filled from leaving it half filled, or without its log for later ones."""
    meant = prepared_state(14)
    audit = audit_state(meant, conservation_holds=True)
    path = Path(database_url.removeprefix("sqlite:///"))
    empty = path.read_bytes()
    seen = []
    for number in range(1, 40):
        path.write_bytes(empty)
        log = tmp_path / "strace.log"
        killed = killed_at_call(number, database_url, meant, audit, log)
        fresh = open_engine(database_url)
        with fresh.connect() as connection:
            found = connection.execute(text("SELECT count(*) FROM publication")).scalar_one()
            assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 14 * 3 * found
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert check(fresh) == []
        assert publish_audited(fresh, meant).published == (not found)
        assert visible(fresh) == (1, audit.content_hash, 14, 0)
        fresh.dispose()
        if not killed:
            break
        seen.append((last_call(log), found))
    assert found
    assert {number for _, number in seen} == {0, 1}, f"some kill came before the commit and some after it: {seen}"
    assert ("unlink", 0) in seen, f"the journal was there when a kill came: {seen}"


def last_call(log: Path) -> str:
    return str(re.findall(r"(\w+)\(", log.read_text())[-1])


def killed_at_call(number: int, url: str, prepared: Prepared, audit: Audit, log: Path) -> bool:
    """Publish in a fork that strace kills at its `number`th call that makes something last; whether it came to that."""
    path = url.removeprefix("sqlite:///")
    calls = "fsync,fdatasync,ftruncate,rename,unlink"
    watched = [word for name in (path, f"{path}-wal", f"{path}-journal", str(Path(path).parent)) for word in ("-P", name)]
    attached, tell = os.pipe()

    def wait_for_strace() -> None:
        os.close(tell)
        os.read(attached, 1)

    child = forked(url, prepared, audit, before=wait_for_strace)
    command = ["strace", "-f", "-p", str(child), "-o", str(log), *watched, "-e", f"trace={calls}"]
    with subprocess.Popen([*command, "-e", f"inject={calls}:signal=SIGKILL:when={number}"], stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        line = strace.stderr.readline()
        os.close(attached)
        os.close(tell)  # now the child goes on
        assert "attached" in line, line
        return was_killed(child)


def test_the_same_state_from_another_process(database_url: str, engine: Engine) -> None:
    """Prevents fingerprints or hashes from depending on the process, or the engine, that computes them."""
    here = publish_audited(engine, make_state(40))
    assert here.content_hash == audit_state(make_state(40), conservation_holds=True).content_hash
    there = subprocess.run(
        [sys.executable, str(PROCESS), database_url, "40"],
        capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert there.stdout.split() == ["1", here.content_hash], there.stderr
