"""Readers see one publication or the next, never a mixture, and neither they nor the publication stop each other."""

from __future__ import annotations

import threading
import time

from publishing_frames import make_state
from publishing_runs import publish_audited
from sqlalchemy import Engine, text

from publishing.database import open_engine

PUBLICATIONS = 8


def test_no_transaction_sees_a_mixture(database_url: str, engine: Engine) -> None:
    """Prevents a report that counts families of one publication and persons of another.

    Publication n has 20 + n families of 3: every reader's transaction must find these numbers to fit.
    """
    publish_audited(engine, make_state(21))
    seen: list[tuple[int, int, int, int]] = []
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        reader = (
            open_engine(database_url).execution_options(isolation_level="REPEATABLE READ")
            if engine.dialect.name != "sqlite"
            else open_engine(database_url)
        )
        try:
            while not done.is_set():
                with reader.connect() as connection, connection.begin():
                    number = connection.execute(text("SELECT max(number) FROM v1_publication")).scalar_one()
                    families = connection.execute(text("SELECT count(*) FROM v1_dci_group")).scalar_one()
                    persons = connection.execute(text("SELECT count(*) FROM v1_person")).scalar_one()
                    links = connection.execute(text("SELECT count(*) FROM person_link")).scalar_one()
                seen.append((number, families, persons, links))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(2, PUBLICATIONS + 1):
        assert publish_audited(engine, make_state(20 + number)).number == number
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert {(families, persons, links) for number, families, persons, links in seen} == {
        (20 + number, 3 * (20 + number), 3 * (20 + number)) for number in {row[0] for row in seen}
    }
    assert all(families == 20 + number for number, families, _, _ in seen)


def test_an_idle_reader_does_not_stop_a_publication(database_url: str, engine: Engine) -> None:
    """Prevents a forgotten notebook from holding up the nightly run."""
    publish_audited(engine, make_state(21))
    idle = open_engine(database_url)
    with idle.connect() as connection, connection.begin():
        assert connection.execute(text("SELECT count(*) FROM v1_poor_family")).scalar_one() > 0
        started = time.monotonic()
        assert publish_audited(engine, make_state(22)).number == 2
        assert publish_audited(engine, make_state(23)).number == 3
        assert time.monotonic() - started < 15, "it waited for the reader"
