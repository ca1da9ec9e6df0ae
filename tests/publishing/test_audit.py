"""Each way in which data can be wrong is found by the audit, and by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from publishing_frames import TEXT, make_state, text

from publishing.audit import Audit, audit_state
from publishing.state import prepare

State = dict[str, pd.DataFrame]


def without(frame: str, row: int = 0) -> Callable[[State], None]:
    def damage(state: State) -> None:
        state[frame] = state[frame].drop(index=row).reset_index(drop=True)

    return damage


def with_value(frame: str, column: str, value: object, row: int = 0) -> Callable[[State], None]:
    def damage(state: State) -> None:
        copy = state[frame].copy()
        copy.loc[row, column] = value
        state[frame] = copy

    return damage


def twice(frame: str, row: int = 0) -> Callable[[State], None]:
    def damage(state: State) -> None:
        state[frame] = pd.concat([state[frame], state[frame].loc[[row]]], ignore_index=True)

    return damage


def no_population(state: State) -> None:
    state["population"] = state["population"].head(0)


def open_question(state: State) -> None:
    with_value("links", "status", "review")(state)
    with_value("links", "register_nik", pd.NA)(state)
    without("record_persons")(state)


CASES: dict[str, tuple[Callable[[State], None], str, str]] = {
    "a mention without a link": (without("links"), "links", "mentions without a link"),
    "a link without a mention": (without("social_records"), "links", "links without a mention"),
    "a mention linked twice": (twice("links"), "links", "mentions with more than one link"),
    "linked to nobody": (with_value("links", "register_nik", pd.NA), "links", "linked to nobody"),
    "linked to a stranger": (with_value("links", "register_nik", "3510019999999999"), "links", "linked to someone unknown to the register"),
    "linked to someone not kept": (with_value("persons", "nik", pd.NA), "links", "linked to someone who is not kept"),
    "settled without a person": (without("record_persons"), "links", "settled links without a person"),
    "a question without a candidate": (open_question, "links", "open questions without a candidate"),
    "an unknown status": (with_value("links", "status", "perhaps"), "references", "person_link.status has another value"),
    "no population": (no_population, "population", "residents"),
    "a family that does not exist": (with_value("persons", "family_id", "F-nowhere"), "references", "person.family_id"),
    "a head who does not exist": (with_value("families", "head_person_id", "P-nobody"), "references", "family.head_person_id"),
    "a house that does not exist": (with_value("families", "house_id", "H-nowhere"), "references", "family.house_id"),
    "a village that does not exist": (with_value("families", "area_code", "35.10.99.2001"), "references", "family.area_code"),
    "a programme without a name": (without("programmes"), "references", "eligibility.programme_id"),
    "aid from a record that does not exist": (with_value("aid_received", "record_id", "x:1:0"), "references", "aid_received.record_id"),
    "a delivery that was not delivered": (
        with_value("social_records", "file", "other.xlsx"),
        "references",
        "source_record.delivery_id, file",
    ),
    "an attribute of nobody": (
        with_value("attribute_sources", "entity_id", "F-nowhere"),
        "references",
        "attribute_source.entity_id (family)",
    ),
    "one person twice": (twice("persons"), "references", "person has a key twice"),
    "one NIK twice": (with_value("persons", "nik", "3510010000000001"), "references", "person.nik stands twice among registered persons"),
    "one subject decided twice": (twice("programme_eligibility"), "references", "eligibility is decided twice for one subject"),
    "a sex that there is not": (with_value("persons", "sex", "X"), "references", "person.sex has another value"),
    "no poverty status": (with_value("families", "poverty_status", pd.NA), "references", "family.poverty_status is missing"),
    "a subject without id": (
        with_value("programme_eligibility", "family_id", pd.NA),
        "references",
        "eligibility has no subject of its unit",
    ),
}


@pytest.mark.parametrize(("damage", "check", "subject"), CASES.values(), ids=CASES.keys())
def test_damage_is_found_by_name(damage: Callable[[State], None], check: str, subject: str) -> None:
    state = make_state(12)
    damage(state)
    audit = audit_state(state, conservation_holds=True)
    assert not audit.passed
    assert (check, subject) in {(finding.check, finding.subject) for finding in audit.broken}


def test_sound_data_passes() -> None:
    audit = audit_state(make_state(12), {"dinsos_dtsen": True, "dukcapil_population": True})
    assert audit.passed
    assert set(audit.by_check()) == {"row_conservation", "population", "links", "references"}


@pytest.mark.parametrize(
    "conservation", [False, {"dinsos_dtsen": False, "dinsos_pkh": True}, {}], ids=["none", "one source", "not examined"]
)
def test_lost_rows_keep_data_from_being_published(conservation: bool | dict[str, bool]) -> None:
    """Prevents a publication from which delivered rows are missing, or for which nobody looked."""
    audit = audit_state(make_state(12), conservation)
    assert not audit.passed
    assert audit.by_check()["row_conservation"] == 1


def test_what_was_prepared_is_not_changed_by_changing_the_frames() -> None:
    """Prevents a frame that changes after the audit from being published under it: numbers could share the frame's memory."""
    state = make_state(12)
    prepared = prepare(state)
    before = {name: table.data.to_pylist() for name, table in prepared.items()}
    for frame in state.values():
        for column in frame.columns:
            if isinstance(frame[column].dtype, np.dtype) and frame[column].dtype != object:
                memory = frame[column].to_numpy()
                memory.flags.writeable = True
                memory[:] = memory[::-1].copy()
            elif frame[column].dtype == TEXT and len(frame):
                frame.loc[0, column] = "changed"
    assert {name: table.data.to_pylist() for name, table in prepared.items()} == before
    assert prepare(prepared) is prepared


def test_an_audit_travels_as_json() -> None:
    audit = audit_state(make_state(12), conservation_holds=True)
    assert Audit.from_json(audit.to_json()) == audit


def test_findings_hold_no_values() -> None:
    """Prevents a NIK from reaching asset metadata by way of a finding."""
    state = make_state(12)
    with_value("links", "register_nik", "3510019999999999")(state)
    state["persons"] = state["persons"].assign(family_id=text(["3510018888888888"] * len(state["persons"])))
    said = repr(audit_state(state, conservation_holds=True).to_json())
    assert "3510019999999999" not in said
    assert "3510018888888888" not in said
