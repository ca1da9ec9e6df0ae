"""Readers see one publication or the next, never a mixture, and neither they nor the publication stop each other."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, text

from publishing.database import open_engine, snapshot, upgrade
from publishing.errors import PublicationBusy

PUBLICATIONS = 20


def test_no_transaction_sees_a_mixture(database_url: str, engine: Engine) -> None:
    """Prevents a report that counts families of one publication and persons of another.

    Publication n has 10 + n families of 3: every reader's transaction must find these numbers to fit.
    """
    publish_audited(engine, prepared_state(11))
    seen: list[tuple[int, int, int, int]] = []
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        reader = open_engine(database_url)
        try:
            while not done.is_set():
                with snapshot(reader) as connection:
                    number = connection.execute(text("SELECT max(number) FROM v1_publication")).scalar_one()
                    families = connection.execute(text("SELECT count(*) FROM v1_dci_group")).scalar_one()
                    persons = connection.execute(text("SELECT count(*) FROM v1_person")).scalar_one()
                    links = connection.execute(text("SELECT count(*) FROM person_link")).scalar_one()
                seen.append((number, families, persons, links))
                time.sleep(0.02)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(error)
        finally:
            reader.dispose()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(2, PUBLICATIONS + 1):
        assert publish_audited(engine, prepared_state(10 + number)).number == number
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert {row[0] for row in seen} <= set(range(1, PUBLICATIONS + 1))
    assert len({row[0] for row in seen}) > 1, "no reader saw a change"
    assert all(
        (families, persons, links) == (10 + number, 3 * (10 + number), 3 * (10 + number)) for number, families, persons, links in seen
    )


def test_an_idle_reader_does_not_stop_a_publication(database_url: str, engine: Engine) -> None:
    """Prevents a forgotten notebook from holding up the nightly run."""
    publish_audited(engine, prepared_state(21))
    idle = open_engine(database_url)
    with snapshot(idle) as connection:
        before = connection.execute(text("SELECT count(*) FROM v1_poor_family")).scalar_one()
        started = time.monotonic()
        assert publish_audited(engine, prepared_state(31)).number == 2
        assert publish_audited(engine, prepared_state(41)).number == 3
        assert time.monotonic() - started < 30, "it waited for the reader"
        assert connection.execute(text("SELECT count(*) FROM v1_poor_family")).scalar_one() == before, "the reader's own state moved"
    idle.dispose()


def test_a_reader_of_an_empty_database_does_not_stop_the_first_load(database_url: str, engine: Engine) -> None:
    """Prevents the faster way of filling an empty database, which wants it for itself, from waiting for somebody who looks at it."""
    idle = open_engine(database_url)
    with snapshot(idle) as connection:
        assert connection.execute(text("SELECT count(*) FROM v1_person")).scalar_one() == 0
        started = time.monotonic()
        assert publish_audited(engine, prepared_state(12)).number == 1
        assert time.monotonic() - started < 30, "it waited for the reader"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM v1_person")).scalar_one() == 36
    idle.dispose()


def test_readers_who_come_while_the_database_is_filled(database_url: str, engine: Engine) -> None:
    """Prevents an error, or a part of the first publication, for those who open the database at any of its steps."""
    seen: list[int] = []
    failures: list[Exception] = []
    readers: list[threading.Thread] = []

    def read() -> None:
        reader = open_engine(database_url)
        try:
            with snapshot(reader) as connection:
                seen.append(connection.execute(text("SELECT count(*) FROM v1_person")).scalar_one())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(error)
        finally:
            reader.dispose()

    def somebody_comes(_step: str) -> None:
        readers.append(threading.Thread(target=read))
        readers[-1].start()

    publish_audited(engine, prepared_state(400), on_step=somebody_comes)
    for reader in readers:
        reader.join()
    assert failures == []
    assert set(seen) == {0, 1200}
    assert publish_audited(engine, prepared_state(11)).number == 2
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


@pytest.mark.parametrize("engine_name", [pytest.param("postgresql", marks=pytest.mark.needs("postgis"))], indirect=True)
def test_new_views_wait_for_readers_as_long_as_they_may(database_url: str, engine: Engine) -> None:
    """Prevents an upgrade that stands for ever behind an idle reader, with everybody else queueing behind it."""
    publish_audited(engine, prepared_state(11))
    impatient = open_engine(database_url, patience_seconds=0.5)
    with psycopg.connect(database_url) as idle:
        idle.execute("SELECT count(*) FROM v1_person")
        with pytest.raises(PublicationBusy):
            upgrade(impatient)
        leave = threading.Timer(1.0, idle.close)
        leave.start()
        upgrade(engine)
        leave.join()
    impatient.dispose()


def test_two_publishers_at_once(database_url: str, engine: Engine) -> None:
    """Prevents two schedulers from writing at once: one waits for the other, and both states are published, one after the other."""
    publish_audited(engine, prepared_state(11))
    results, failures = [], []

    def publish_state(families: int) -> None:
        own = open_engine(database_url)
        try:
            results.append(publish_audited(own, prepared_state(families)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(error)
        finally:
            own.dispose()

    publishers = [threading.Thread(target=publish_state, args=(families,)) for families in (15, 18)]
    for publisher in publishers:
        publisher.start()
    for publisher in publishers:
        publisher.join()
    assert failures == []
    assert sorted(result.number for result in results) == [2, 3]
    last = max(results, key=lambda result: result.number)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM v1_dci_group")).scalar_one() == last.counts["family"]
