"""The content hash sees what the views say, and nothing that a home, a key or a day decides."""

from __future__ import annotations

import pandas as pd
import pytest
from publishing_frames import make_state

from publishing.audit import audit_state
from publishing.content_hash import content_hash, data_hash
from publishing.state import prepare

State = dict[str, pd.DataFrame]


def test_two_homes_agree() -> None:
    """Prevents ids and keyed hashes, which differ from home to home, from reaching the content hash."""
    here, there = prepare(make_state(40, home="here")), prepare(make_state(40, home="there"))
    assert set(here["person"].data["person_id"].to_pylist()).isdisjoint(there["person"].data["person_id"].to_pylist())
    assert content_hash(here) == content_hash(there)
    assert data_hash(here) != data_hash(there)


def test_order_does_not_count() -> None:
    state = make_state(40)
    shuffled = {name: frame.sample(frac=1, random_state=3, ignore_index=True) for name, frame in state.items()}
    assert content_hash(prepare(state)) == content_hash(prepare(shuffled))
    assert data_hash(prepare(state)) == data_hash(prepare(shuffled))


@pytest.mark.parametrize(
    ("frame", "column", "value"),
    [
        ("persons", "name", "AHMAD"),
        ("persons", "pregnant", True),
        ("families", "address", "JL. KENANGA"),
        ("families", "decile", 9),
        ("houses", "latitude", -8.1),
        ("houses", "floor", "2"),
        ("areas", "residents", 77),
        ("programme_eligibility", "status", "unknown"),
        ("deprivations", "value", "another answer"),
        ("aid_received", "amount", 1),
    ],
)
@pytest.mark.parametrize("row", [0, 2])
def test_every_change_of_content_counts(frame: str, column: str, value: object, row: int) -> None:
    """Row 2 of persons is somebody whom the register does not know: they have no NIK to be told by."""
    state = make_state(40)
    before = content_hash(prepare(state))
    state[frame].loc[row, column] = value
    assert content_hash(prepare(state)) != before


def test_a_member_who_changes_families_counts() -> None:
    """Prevents the replacement of ids by natural keys from losing who belongs to whom."""
    state = make_state(40)
    before = content_hash(prepare(state))
    state["persons"].loc[1, "family_id"] = state["families"].loc[9, "family_id"]
    assert content_hash(prepare(state)) != before


def test_a_decision_that_changes_its_subject_counts() -> None:
    state = make_state(40)
    before = content_hash(prepare(state))
    decisions = state["programme_eligibility"]
    first, other = decisions.loc[0, "family_id"], decisions.loc[1, "family_id"]
    assert decisions.loc[0, "status"] != decisions.loc[1, "status"]
    decisions.loc[0, "family_id"], decisions.loc[1, "family_id"] = other, first
    assert content_hash(prepare(state)) != before


def test_provenance_is_data_but_not_content() -> None:
    """Prevents a renamed file from looking like another state of the world, and from being published unaudited."""
    state = make_state(40)
    before = audit_state(state, conservation_holds=True)
    for frame in ("social_records", "deliveries"):
        state[frame]["file"] = state[frame]["file"].str.replace("dtsen", "daftar")
    state["quarantine"]["file"] = state["quarantine"]["file"].str.replace("dtsen", "daftar")
    after = audit_state(state, conservation_holds=True)
    assert after.passed
    assert after.content_hash == before.content_hash
    assert after.data_hash != before.data_hash
