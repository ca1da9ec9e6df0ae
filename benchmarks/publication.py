"""How long publication takes at the size of a regency, on either engine: `python -m benchmarks.publication --engine postgresql`.

Prints the seconds of preparing and auditing a state (which a run does once, for audit and publication), of the first load, of
publishing the same state again, and of the next quarter's delivery in which every thirtieth family has changed. PostgreSQL is a
server of its own that flushes to the disk as an office's would, unless --database-url names another (an empty database).

Every programme that has rules decides in it, on as many families, persons and houses as in a whole run on the sample. With
--as-in-a-run, aid, deprivations and origins of values too are as many for each family as there; the bound of the design counts
persons, families, links and their history alone.
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
from schemas.canonical import TEXT

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "publishing")]


def main() -> None:
    """Parse the arguments, make the state, publish it three times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--families", type=int, default=200_000)
    parser.add_argument("--database-url")
    parser.add_argument("--as-in-a-run", action="store_true", help="also as many rows of aid, deprivations and origins as in a run")
    parser.add_argument("--profile", type=Path, help="where to write a profile of the first load (pstats)")
    arguments = parser.parse_args()
    from publishing_frames import make_state

    state = with_all_programmes(make_state(arguments.families))
    if arguments.as_in_a_run:
        state = as_in_a_run(state)
    print(f"{len(state['persons']):,} persons, {len(state['families']):,} families, {len(state['links']):,} links")
    counted = ("programme_eligibility", "aid_received", "deprivations", "targeting_gaps", "attribute_sources")
    print(", ".join(f"{len(state[name]):,} {name}" for name in counted))
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


DECIDED_SHARES = {
    "asn_berbagi": ("family", 0.16),
    "aspd": ("person", 0.01),
    "banyuwangi_cerdas": ("person", 0.08),
    "garda_ampuh": ("person", 0.10),
    "healthy_latrine": ("house", 0.51),
    "mitra_mapan": ("family", 1.0),
    "pip": ("person", 0.08),
    "pkh_plus": ("person", 0.04),
    "rantang_kasih": ("person", 0.18),
    "siswa_asuh_sebaya": ("person", 0.07),
    "spm": ("person", 0.58),
}
"""Of how many families, persons or houses each further programme decides: measured in a whole run on the sample."""
AID_PER_FAMILY, DEPRIVATIONS_PER_FAMILY, ORIGINS_PER_FAMILY = 3, 11, 10
"""Rows for each stored family in a whole run on the sample: 2,739, 9,616 and 8,609 of 901 families."""


def with_all_programmes(state: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The state with the decisions of the programmes in DECIDED_SHARES; a third of them with the same reasons as the other programmes."""
    ids = {"family": state["families"]["family_id"], "person": state["persons"]["person_id"], "house": state["houses"]["house_id"]}
    decided, programmes = [state["programme_eligibility"].astype({"reasons": object})], [state["programmes"]]
    for programme, (unit, share) in DECIDED_SHARES.items():
        units = ids[unit].sample(frac=share, random_state=1).reset_index(drop=True)
        met = pd.Series(range(len(units))) % 3 == 0
        rows = pd.DataFrame({"programme_id": programme, "unit": unit, f"{unit}_id": units, "rule_version": "1"})
        rows["status"] = met.map({True: "eligible", False: "ineligible"})
        rows["reasons"] = met.map(
            {True: f'[{{"code": "{programme}", "holds": true}}]', False: f'[{{"code": "{programme}", "holds": false}}]'}
        )
        decided.append(rows)
        programmes.append(pd.DataFrame([{"programme_id": programme, "name_id": programme, "name_en": programme, "unit": unit}]))
    eligibility = pd.concat(decided, ignore_index=True)
    texts = {name: TEXT for name in eligibility.columns if name != "reasons"}
    eligibility = eligibility.astype({**texts, "reasons": "category"})
    return {**state, "programme_eligibility": eligibility, "programmes": pd.concat(programmes, ignore_index=True).astype(TEXT)}


def as_in_a_run(state: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The state with as many rows of aid, deprivations and origins of values for each family as a run gives."""
    family_id = state["families"]["family_id"]
    record_id = state["social_records"]["record_id"].iloc[:: len(state["persons"]) // len(family_id)].reset_index(drop=True)
    aid = pd.DataFrame({"programme_id": "sembako", "unit": "family", "family_id": family_id, "record_id": record_id, "current": True})
    origin = state["attribute_sources"].iloc[: len(family_id)]
    return {
        **state,
        "aid_received": _repeated(state["aid_received"], aid, "period", AID_PER_FAMILY),
        "deprivations": _repeated(state["deprivations"], state["deprivations"].iloc[: len(family_id)], "code", DEPRIVATIONS_PER_FAMILY - 3),
        "attribute_sources": _repeated(state["attribute_sources"], origin, "attribute", ORIGINS_PER_FAMILY - 2),
    }


def _repeated(frame: pd.DataFrame, rows: pd.DataFrame, column: str, times: int) -> pd.DataFrame:
    more = [rows.assign(**{column: f"{column}_{number}"}) for number in range(times)]
    return pd.concat([frame, *more], ignore_index=True).astype(frame.dtypes)


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
