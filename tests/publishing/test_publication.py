"""One transaction that writes only what changed, for exactly the data that was audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from publishing_frames import TEXT, make_state
from publishing_runs import AS_OF, prepared_state, publish_audited
from sqlalchemy import Engine, text

from publishing.audit import audit_state
from publishing.errors import NotAudited, PublicationBusy, StateError
from publishing.publication import publish
from schemas import tables

State = dict[str, pd.DataFrame]


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}")).fetchall()), key=repr)
            for name in tables.METADATA.tables
        }


def current(engine: Engine, table: str) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.read_sql_query(text(f"SELECT * FROM {table} WHERE valid_to IS NULL"), connection)


def changed(frame: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    copy = frame.copy()
    copy.loc[row, column] = value
    return copy


def test_what_goes_in_comes_out(engine: Engine, state: State) -> None:
    """Prevents a column from landing in another, or a value from changing its type on the way."""
    result = publish_audited(engine, state)
    assert (result.number, result.published) == (1, True)
    person = current(engine, "person").set_index("person_id")
    given = state["persons"].set_index("person_id").loc[person.index]
    for column in ("nik", "name", "sex", "kk_number", "mother_name", "register_status"):
        assert person[column].fillna("").tolist() == given[column].fillna("").tolist(), column
    assert pd.to_datetime(person["birth_date"]).tolist() == given["birth_date"].tolist()
    assert person["disability_level"].tolist() == given["disability_level"].tolist()
    assert person["pregnant"].astype("boolean").fillna(False).tolist() == given["pregnant"].fillna(False).tolist()
    house = current(engine, "house").set_index("house_id")
    assert house["floor_area_m2"].isna().sum() == state["houses"]["floor_area_m2"].isna().sum()
    assert result.counts["person"] == len(state["persons"])
    with engine.connect() as connection:
        repaired = connection.execute(text("SELECT column_name, original, rule FROM cell_repair")).fetchall()
        settled = connection.execute(text("SELECT count(*) FROM person_link WHERE person_id IS NOT NULL")).scalar()
        delivered = connection.execute(text("SELECT records, quarantined, skipped FROM delivery ORDER BY delivery_id")).fetchall()
    assert set(repaired) == {("nik", "'3510", "apostrophe")}
    assert len(repaired) == sum(number % 7 == 0 for number in range(180))
    assert settled == len(state["links"])
    assert [tuple(row) for row in delivered] == [(180, 1, 1), (160, 0, 0)]


def test_the_same_input_twice_touches_nothing(engine: Engine, state: State) -> None:
    """Prevents history from filling up with versions that differ in nothing."""
    first = publish_audited(engine, state)
    before = contents(engine)
    second = publish_audited(engine, make_state(60))
    assert (second.number, second.published, second.total_written) == (first.number, False, 0)
    assert second.content_hash == first.content_hash
    assert contents(engine) == before


def test_rows_in_another_order_touch_nothing(engine: Engine, state: State) -> None:
    """Prevents the order of files or rows from counting as a change."""
    publish_audited(engine, state)
    shuffled = {name: frame.sample(frac=1, random_state=7, ignore_index=True) for name, frame in state.items()}
    assert not publish_audited(engine, shuffled).published


def test_one_changed_family_is_all_that_is_versioned(engine: Engine, state: State) -> None:
    """Prevents a publication from rewriting what did not change."""
    publish_audited(engine, state)
    before = contents(engine)
    family_id = state["families"].loc[5, "family_id"]
    state["families"] = changed(state["families"], 5, "address", "JL. KENANGA 9")
    result = publish_audited(engine, state)
    assert {name: rows for name, rows in result.rows_written.items() if rows} == {"family": 2}
    with engine.connect() as connection:
        versions = connection.execute(
            text("SELECT address, valid_from, valid_to FROM family WHERE family_id = :id ORDER BY valid_from"), {"id": family_id}
        ).fetchall()
    assert [tuple(version) for version in versions] == [("JL. MAWAR 0000005", 1, 2), ("JL. KENANGA 9", 2, None)]
    after = contents(engine)
    assert {name for name in after if after[name] != before[name]} == {"family", "publication", "audit_entry"}


def test_a_person_who_leaves_and_returns_keeps_both_versions(engine: Engine, state: State) -> None:
    """Prevents the return to an old state from colliding with the version that once held it."""
    publish_audited(engine, state)
    with_change = {**state, "persons": changed(state["persons"], 0, "name", "AHMAD")}
    publish_audited(engine, with_change)
    publish_audited(engine, state)
    with engine.connect() as connection:
        versions = connection.execute(
            text("SELECT name, valid_from, valid_to FROM person WHERE person_id = :id ORDER BY valid_from"),
            {"id": state["persons"].loc[0, "person_id"]},
        ).fetchall()
    assert [tuple(version) for version in versions] == [("SITI 0000000", 1, 2), ("AHMAD", 2, 3), ("SITI 0000000", 3, None)]


def test_records_that_vanish_are_removed_and_their_family_closed(engine: Engine) -> None:
    """Prevents the database from keeping what no list says any more, and from losing that it once said it."""
    large, small = make_state(12), make_state(10)
    publish_audited(engine, large)
    publish_audited(engine, small)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM source_record WHERE source = 'dinsos_dtsen'")).scalar() == 30
        assert connection.execute(text("SELECT count(*) FROM family WHERE valid_to = 2")).scalar() == 2
        assert connection.execute(text("SELECT count(*) FROM person WHERE valid_to = 2")).scalar() == 6
    fresh = publish_audited(engine, large)
    assert fresh.number == 3


def test_a_state_again_gives_the_same_content_hash(engine: Engine, state: State) -> None:
    """Prevents what the database went through from leaking into what it says."""
    first = publish_audited(engine, state)
    publish_audited(engine, {**state, "persons": changed(state["persons"], 0, "name", "AHMAD")})
    assert publish_audited(engine, state).content_hash == first.content_hash


def test_equal_rows_are_both_kept(engine: Engine, state: State) -> None:
    """Prevents two equal payments from becoming one."""
    state["aid_received"] = pd.concat([state["aid_received"], state["aid_received"].head(1)], ignore_index=True)
    publish_audited(engine, state)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM aid_received")).scalar() == len(state["aid_received"])
    assert not publish_audited(engine, state).published


def test_reasons_stand_once(engine: Engine, state: State) -> None:
    """Prevents a gigabyte of repeated sentences; the view still shows them with each decision."""
    publish_audited(engine, state)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM eligibility_reason")).scalar() == 4
        assert connection.execute(text("SELECT count(*) FROM v1_eligibility WHERE reasons LIKE '%desil 1-5%'")).scalar() == 60 + 180


def test_a_withdrawn_rule_leaves_its_history_readable(engine: Engine, state: State) -> None:
    """Prevents the reasons of past decisions from being removed with the rule that gave them."""
    publish_audited(engine, state)
    eligibility = state["programme_eligibility"]
    state["programme_eligibility"] = eligibility[eligibility["programme_id"] == "pkh"].reset_index(drop=True)
    publish_audited(engine, state)
    with engine.connect() as connection:
        unexplained = connection.execute(
            text(
                "SELECT count(*) FROM eligibility e LEFT JOIN eligibility_reason r ON r.reasons_id = e.reasons_id "
                "WHERE e.valid_to = 2 AND r.reasons IS NULL"
            )
        ).scalar()
    assert unexplained == 0


def test_steps_are_reported(engine: Engine, state: State) -> None:
    steps: list[str] = []
    publish_audited(engine, state, on_step=steps.append)
    assert steps[:4] == ["prepared", "audited", "begun", "compared"]
    assert steps[-3:] == ["sealed", "committed", "settled"]


def unaudited(state: State) -> Any:
    return audit_state(make_state(59), conservation_holds=True)


def failed(state: State) -> Any:
    return audit_state(state, conservation_holds=False)


def changed_since(state: State) -> Any:
    audit = audit_state(state, conservation_holds=True)
    state["persons"].loc[0, "name"] = "SOMEBODY ELSE"
    return audit


def provenance_changed_since(state: State) -> Any:
    audit = audit_state(state, conservation_holds=True)
    state["social_records"].loc[0, "row"] = 99_999
    return audit


@pytest.mark.parametrize("audit_of", [unaudited, failed, changed_since, provenance_changed_since])
def test_only_audited_data_is_published(empty_engine: Engine, state: State, audit_of: Callable[[State], Any]) -> None:
    """Prevents a job that selects the publication alone from publishing what no audit has passed."""
    audit = audit_of(state)
    with pytest.raises(NotAudited):
        publish(empty_engine, state, audit=audit, as_of=AS_OF, code_version="1", inputs={})
    from publishing.database import revision

    assert revision(empty_engine) is None, "not even the schema was created"


def test_a_missing_frame_or_column_is_named(engine: Engine, state: State) -> None:
    with pytest.raises(StateError, match="frame families lacks the columns decile"):
        audit_state({**state, "families": state["families"].drop(columns="decile")}, conservation_holds=True)
    with pytest.raises(StateError, match="lacks the frame houses"):
        audit_state({name: frame for name, frame in state.items() if name != "houses"}, conservation_holds=True)
    with pytest.raises(StateError, match="no table takes: family"):
        audit_state({**state, "family": state["families"]}, conservation_holds=True)


def test_frames_may_come_with_other_but_equal_types(engine: Engine, state: State) -> None:
    """Prevents a detour through Parquet or CSV (decimals for integers, plain objects for text) from counting as a change."""
    publish_audited(engine, state)
    state["families"] = state["families"].assign(decile=state["families"]["decile"].astype("float64"))
    state["persons"] = state["persons"].astype({"name": object, "nik": object, "pregnant": object})
    state["programme_eligibility"] = state["programme_eligibility"].astype({"reasons": TEXT})
    assert not publish_audited(engine, state).published


def test_a_second_publication_waits_no_longer_than_it_may(database_url: str, engine: Engine, state: State) -> None:
    """Prevents two schedulers from writing at once, and the second from failing without saying why."""
    from publishing.database import open_engine, writing

    publish_audited(engine, state)
    impatient = open_engine(database_url, patience_seconds=0.2)
    with writing(engine), pytest.raises(PublicationBusy):
        publish_audited(impatient, prepared_state(61))
    assert publish_audited(impatient, prepared_state(61)).number == 2


def test_integers_of_the_largest_kind_survive(engine: Engine, state: State) -> None:
    """Prevents fingerprints and amounts from being rounded or cut to 32 bits."""
    state["aid_received"] = changed(state["aid_received"], 0, "amount", 6_100_000_000)
    publish_audited(engine, state)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT max(amount) FROM aid_received")).scalar() == 6_100_000_000
        hashes = connection.execute(text("SELECT row_hash FROM person")).scalars().all()
    assert max(np.abs(np.array(hashes, dtype=np.float64))) > 2**60
