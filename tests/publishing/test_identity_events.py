"""The identity registry says what became of each id, on both engines."""

from __future__ import annotations

import pandas as pd
from publishing_frames import make_state
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, text

State = dict[str, pd.DataFrame]
IDS = {"person": "person_id", "family": "family_id", "house": "house_id"}


def events(engine: Engine, publication: int) -> list[tuple[str, str, str, str | None]]:
    query = "SELECT entity, kind, entity_id, other_id FROM identity_event WHERE publication = :n ORDER BY entity, kind, entity_id"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), {"n": publication})]


def replaced(state: State, old: str, new: str) -> State:
    """The state in which an id stands for another, wherever it stands."""
    kept = ("areas", "programmes", "population", "deliveries", "quarantine", "social_records", "register_records", "links", "code_lists")
    changed = dict(state)
    for name, frame in state.items():
        if name not in kept:
            columns = [column for column in frame.columns if column.endswith("_id") and column not in {"record_id", "programme_id"}]
            changed[name] = frame.assign(**{column: frame[column].replace({old: new}) for column in columns})
    return changed


def without_rows_of(state: State, column: str, value: str) -> State:
    return {
        name: frame[(frame[column] != value).fillna(True)].reset_index(drop=True) if column in frame else frame
        for name, frame in state.items()
    }


def test_everybody_is_created_once(engine: Engine, state: State) -> None:
    publish_audited(engine, state)
    created = events(engine, 1)
    assert {kind for _, kind, _, _ in created} == {"create"}
    for entity, column in IDS.items():
        frame = {"person": "persons", "family": "families", "house": "houses"}[entity]
        assert sorted(key for found, _, key, _ in created if found == entity) == sorted(state[frame][column])
    publish_audited(engine, prepared_state(60, edition=2))
    assert events(engine, 2) == [], "other names and rows are the same people"


def test_who_leaves_and_returns_is_not_created_again(engine: Engine) -> None:
    publish_audited(engine, prepared_state(12))
    publish_audited(engine, prepared_state(9))
    publish_audited(engine, prepared_state(12))
    assert events(engine, 2) == []
    assert events(engine, 3) == []


def unregistered_person(state: State) -> tuple[int, str]:
    """The first person whom the register does not know: the last member of the first family."""
    row = int(state["persons"].index[(state["persons"]["register_status"] == "unregistered").to_numpy()][0])
    return row, state["persons"].loc[row, "person_id"]


def test_an_unregistered_person_who_proves_to_be_a_known_resident_is_absorbed(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    row, unregistered = unregistered_person(state)
    resident = state["persons"].loc[0, "person_id"]
    after = replaced(state, unregistered, resident)
    after["persons"] = state["persons"].drop(index=row).reset_index(drop=True)
    after["links"] = state["links"].copy()
    after["links"].loc[row, ["status", "method", "register_nik", "cluster_id"]] = [
        "linked",
        "evidence",
        state["persons"].loc[0, "nik"],
        pd.NA,
    ]
    after["programme_eligibility"] = without_rows_of(state, "person_id", unregistered)["programme_eligibility"]
    after["targeting_gaps"] = without_rows_of(state, "person_id", unregistered)["targeting_gaps"]
    publish_audited(engine, after)
    assert events(engine, 2) == [("person", "absorb", resident, unregistered)]


def test_a_person_who_enters_the_register_keeps_the_id_and_the_event_says_so(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    row, person = unregistered_person(state)
    after = {**state, "persons": state["persons"].copy(), "links": state["links"].copy()}
    nik = "3510019999999999"
    after["persons"].loc[row, ["nik", "nik_hash", "register_status", "cluster_id"]] = [nik, "f" * 64, "registered", pd.NA]
    after["links"].loc[row, ["status", "method", "register_nik", "cluster_id"]] = ["linked", "nik", nik, pd.NA]
    newcomer = state["register_records"].head(1).assign(record_id="dukcapil_population:new:0", record_key="new", row=9999)
    after["register_records"] = pd.concat([state["register_records"], newcomer], ignore_index=True)
    after["population"] = pd.concat(
        [state["population"], pd.DataFrame({"nik": [nik], "record_id": ["dukcapil_population:new:0"]})], ignore_index=True
    )
    publish_audited(engine, after)
    assert events(engine, 2) == [("person", "alias", person, None)]


def test_two_families_that_were_one_are_merged(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    kept, gone = state["families"].loc[1, "family_id"], state["families"].loc[2, "family_id"]
    after = replaced(state, gone, kept)
    after["families"] = state["families"].drop(index=2).reset_index(drop=True)
    for name in ("programme_eligibility", "targeting_gaps", "deprivations", "aid_received"):
        after[name] = without_rows_of(state, "family_id", gone)[name]
    publish_audited(engine, after)
    assert events(engine, 2) == [("family", "merge", kept, gone)]


def test_a_family_under_another_id_is_an_alias(engine: Engine) -> None:
    """A renewed family card: other number, other id, the same people."""
    state = make_state(12)
    publish_audited(engine, state)
    old = state["families"].loc[4, "family_id"]
    publish_audited(engine, replaced(state, old, "Fnew"))
    assert events(engine, 2) == [("family", "alias", "Fnew", old), ("family", "create", "Fnew", None)]


def test_a_member_with_a_family_of_their_own_is_a_split_and_a_mere_move_is_not(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    married, home = state["persons"].loc[4, "person_id"], state["families"].loc[1, "family_id"]
    after = {**state, "persons": state["persons"].copy()}
    after["persons"].loc[4, "family_id"] = "Fnew"
    own = state["families"].loc[[1]].assign(family_id="Fnew", kk_number="3510019900000001", kk_hash="e" * 64, head_person_id=married)
    after["families"] = pd.concat([state["families"], own], ignore_index=True)
    publish_audited(engine, after)
    assert events(engine, 2) == [("family", "create", "Fnew", None), ("family", "split", "Fnew", home)]
    moved = {**after, "persons": after["persons"].copy()}
    moved["persons"].loc[5, "family_id"] = state["families"].loc[7, "family_id"]
    publish_audited(engine, moved)
    assert events(engine, 3) == []


def test_a_house_that_was_two_is_split(engine: Engine) -> None:
    state = make_state(12)
    shared = {**state, "families": state["families"].copy()}
    shared["families"].loc[[2, 3], "house_id"] = state["families"].loc[2, "house_id"]
    shared["houses"] = state["houses"].drop(index=3).reset_index(drop=True)
    for name in ("programme_eligibility", "targeting_gaps", "attribute_sources"):
        column = "entity_id" if name == "attribute_sources" else "house_id"
        shared[name] = without_rows_of(state, column, state["families"].loc[3, "house_id"])[name]
    publish_audited(engine, shared)
    publish_audited(engine, state)
    found = events(engine, 2)
    assert ("house", "split", state["families"].loc[3, "house_id"], state["families"].loc[2, "house_id"]) in found
    assert {kind for _, kind, _, _ in found} == {"create", "split"}


def test_a_record_that_is_linked_to_another_resident_says_nothing_about_ids(engine: Engine) -> None:
    """Prevents a corrected link from declaring two residents, both in the register, to be one."""
    state = make_state(12)
    publish_audited(engine, state)
    gone, other = state["persons"].loc[3, "person_id"], state["persons"].loc[9, "person_id"]
    after = {**state, "links": state["links"].copy(), "record_persons": state["record_persons"].copy()}
    after["links"].loc[3, "register_nik"] = state["persons"].loc[9, "nik"]
    after["record_persons"].loc[3, "person_id"] = other
    after = without_rows_of(after, "person_id", gone) | {"record_persons": after["record_persons"]}
    after["families"] = state["families"].copy()
    after["families"].loc[1, "head_person_id"] = state["persons"].loc[4, "person_id"]
    publish_audited(engine, after)
    assert events(engine, 2) == []
