"""Ids that were given stay given, also to those who left and came back."""

from __future__ import annotations

import pandas as pd
from publishing_frames import make_state
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine

from publishing.database import revision
from publishing.identities import known_identities


def test_nothing_is_known_of_an_empty_database(empty_engine: Engine) -> None:
    known = known_identities(empty_engine)
    assert {name: list(frame.columns) for name, frame in known.items()} == {
        "persons": ["nik_hash", "person_id"],
        "records": ["record_id", "person_id"],
        "families": ["kk_hash", "family_id"],
        "houses": ["family_id", "house_id"],
    }
    assert all(frame.empty for frame in known.values())
    assert revision(empty_engine) is None, "asking creates nothing"


def test_what_was_published_is_known(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    known = known_identities(engine)
    persons = state["persons"].set_index("person_id")["nik_hash"]
    assert known["persons"].set_index("person_id")["nik_hash"].sort_index().equals(persons.sort_index())
    unregistered = state["links"].loc[state["links"]["status"] == "unregistered", "record_id"]
    assert sorted(known["records"]["record_id"]) == sorted(unregistered)
    assert dict(zip(known["families"]["kk_hash"], known["families"]["family_id"], strict=True)) == dict(
        zip(state["families"]["kk_hash"], state["families"]["family_id"], strict=True)
    )
    assert dict(zip(known["houses"]["family_id"], known["houses"]["house_id"], strict=True)) == dict(
        zip(state["families"]["family_id"], state["families"]["house_id"], strict=True)
    )


def test_those_who_left_are_still_known(engine: Engine) -> None:
    """Prevents a family that comes back after a quarter from becoming another family."""
    publish_audited(engine, prepared_state(12))
    publish_audited(engine, prepared_state(10))
    known = known_identities(engine)
    assert len(known["persons"]) == 36
    assert len(known["families"]) == 12


def test_the_newest_id_of_a_person_counts_and_the_old_one_is_used_up(engine: Engine) -> None:
    """Prevents an id of the past from being given to somebody else."""
    state = make_state(6)
    publish_audited(engine, state)
    old = state["persons"].loc[1, "person_id"]
    renamed = {name: frame.replace({old: "P-new"}) if name != "areas" else frame for name, frame in state.items()}
    renamed["programme_eligibility"] = renamed["programme_eligibility"].assign(reasons=state["programme_eligibility"]["reasons"])
    publish_audited(engine, renamed)
    persons = known_identities(engine)["persons"]
    nik_hash = state["persons"].loc[1, "nik_hash"]
    assert persons.loc[persons["nik_hash"] == nik_hash, "person_id"].tolist() == ["P-new"]
    assert pd.isna(persons.set_index("person_id").loc[old, "nik_hash"])
