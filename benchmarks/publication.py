"""How long publication takes at the size of a regency, on either engine: `python -m benchmarks.publication --engine postgresql`.

Prints the seconds of preparing and auditing a state (which a run does once, for audit and publication), of the first load, of
publishing the same state again, and of the next quarter's delivery in which every thirtieth family has changed. PostgreSQL is a
server of its own that flushes to the disk as an office's would, unless --database-url names another (an empty database).
"""

from __future__ import annotations

import argparse
import cProfile
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
from sqlalchemy import text

from publishing.audit import Audit, audit_state
from publishing.database import open_engine
from publishing.prepared import Prepared
from publishing.publication import publish
from publishing.state import prepare

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "publishing")]


def main() -> None:
    """Parse the arguments, make the state, publish it three times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--families", type=int, default=200_000)
    parser.add_argument("--database-url")
    parser.add_argument("--profile", type=Path, help="where to write a profile of the first load (pstats)")
    arguments = parser.parse_args()
    from publishing_frames import make_state

    state = make_state(arguments.families)
    print(f"{len(state['persons']):,} persons, {len(state['families']):,} families, {len(state['links']):,} links")
    with ExitStack() as stack:
        engine = open_engine(arguments.database_url or _own_database(arguments.engine, stack))
        prepared, audit = _audited(state, "prepared and audited")
        profile = cProfile.Profile() if arguments.profile else None
        steps: list[tuple[str, float]] = []
        with _timed("first load"):
            if profile:
                profile.enable()
            _publish(engine, prepared, audit, on_step=lambda step: steps.append((step, time.perf_counter())))
            if profile:
                profile.disable()
                profile.dump_stats(arguments.profile)
        for (_, before), (step, after) in pairwise(steps):
            if after - before > 0.5:
                print(f"    {step:<32} {after - before:6.1f} s")
        prepared, audit = _audited(state, "prepared and audited again")
        with _timed("unchanged"):
            _publish(engine, prepared, audit)
        prepared, audit = _audited(with_changes(state), "prepared and audited, next quarter")
        with _timed("next quarter"):
            _publish(engine, prepared, audit)
        with engine.connect() as connection:
            rows = sum(
                connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
                for name in ("person", "family", "house", "eligibility")
            )
        print(f"{rows:,} rows with history; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB at most")
        engine.dispose()


def _own_database(engine: str, stack: ExitStack) -> str:
    if engine == "sqlite":
        return f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/padan.sqlite"
    from postgres_server import running_server

    return stack.enter_context(running_server(durable=True)).new_database()


def with_changes(state: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The state with another decile and address for every thirtieth family."""
    families = state["families"].copy()
    families.loc[::30, "decile"] = families.loc[::30, "decile"] % 10 + 1
    families.loc[::30, "address"] = "JL. KENANGA"
    return {**state, "families": families}


def _publish(engine, prepared, audit, on_step=lambda _step: None) -> None:  # type: ignore[no-untyped-def]
    publish(engine, prepared, audit=audit, as_of=date(2026, 10, 1), code_version="1", inputs={}, on_step=on_step)


def _audited(state: dict[str, pd.DataFrame], what: str) -> tuple[Prepared, Audit]:
    with _timed(what):
        prepared = prepare(state)
        audit = audit_state(prepared, conservation_holds=True)
    assert audit.passed, audit.broken
    return prepared, audit


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started, worked = time.perf_counter(), time.process_time()
    yield
    print(f"{what:<36} {time.perf_counter() - started:6.1f} s, of which {time.process_time() - worked:.1f} s of this process", flush=True)


if __name__ == "__main__":
    main()
