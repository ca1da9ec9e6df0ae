"""What was said of aid and deprivations before stays readable, also when the record that said so is gone."""

from __future__ import annotations

import pandas as pd
import pytest
from alembic import command
from publishing_frames import make_state
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, text

from publishing.database import _config, upgrade, writing
from publishing.history import state_as_of


def listed(engine: Engine, publication: int) -> list[tuple[str, int]]:
    rows = state_as_of(engine, "aid_received", publication)
    return sorted(zip(rows["family_id"], rows["amount"], strict=True))


def test_aid_that_ended_and_aid_that_changed_are_there_as_of_an_earlier_publication(engine: Engine) -> None:
    """Prevents the question what a family received last quarter from having no answer."""
    before, after = make_state(30), make_state(30)
    aid = after["aid_received"].iloc[1:].reset_index(drop=True)
    aid.loc[0, "amount"] = 900_000
    assert publish_audited(engine, before).number == 1
    second = publish_audited(engine, {**after, "aid_received": aid})
    assert second.rows_written["aid_received"] == 3, "one ended, one closed, one new"
    families = before["aid_received"]["family_id"]
    assert listed(engine, 1) == sorted((family, 750_000) for family in families)
    assert listed(engine, 2) == sorted(zip(families[1:], [900_000, *[750_000] * (len(families) - 2)], strict=True))
    with engine.connect() as connection:
        shown = connection.execute(
            text("SELECT programmes_received FROM v1_poor_family WHERE family_id = :id"), {"id": families[0]}
        ).scalar_one()
    assert shown is None, "the view shows what is received now"


def test_a_deprivation_that_was_mended_is_there_as_of_an_earlier_publication(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    mended = state["deprivations"].copy()
    place = mended.index[mended["holds"] & (mended["code"] == "floor")][0]
    family = mended.loc[place, "family_id"]
    mended.loc[place, "holds"] = False
    publish_audited(engine, {**state, "deprivations": mended})
    lacked = []
    for publication in (1, 2):
        rows = state_as_of(engine, "deprivation", publication)
        assert len(rows) == len(mended)
        lacked.append(bool(rows.loc[(rows["family_id"] == family) & (rows["code"] == "floor"), "holds"].item()))
    assert lacked == [True, False]
    with engine.connect() as connection:
        shown = connection.execute(text("SELECT deprivations FROM v1_poor_family WHERE family_id = :id"), {"id": family}).scalars().all()
    assert all("floor" not in (codes or "") for codes in shown)


def test_aid_outlives_the_record_that_said_so(engine: Engine) -> None:
    """Prevents a reference to a record that the new quarter no longer holds from stopping the publication."""
    publish_audited(engine, prepared_state(13))
    publish_audited(engine, prepared_state(10))
    assert len(state_as_of(engine, "aid_received", 1)) == len(make_state(13)["aid_received"])
    assert len(state_as_of(engine, "aid_received", 2)) == len(make_state(10)["aid_received"])


@pytest.mark.parametrize("published", [True, False], ids=["published before", "empty"])
def test_a_database_without_this_history_keeps_its_rows(empty_engine: Engine, published: bool) -> None:
    """Prevents an upgrade from losing aid, or from claiming to know since when it was received."""
    with writing(empty_engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        if published:
            connection.execute(
                text(
                    "INSERT INTO publication (number, as_of, published_at, content_hash, data_hash, table_hashes, code_version, inputs, "
                    "counts, rows_written) VALUES (4, '2026-10-01', '2026-10-02 08:00:00', 'x', 'x', '{}', '1', '{}', '{}', 1)"
                )
            )
            connection.execute(
                text("INSERT INTO programme (programme_id, name_id, name_en, unit, row_hash) VALUES ('pkh', 'PKH', 'PKH', 'family', 1)")
            )
            connection.execute(
                text("INSERT INTO aid_received (row_hash, programme_id, unit, family_id, amount) VALUES (7, 'pkh', 'family', 'F1', 750000)")
            )
            connection.execute(text("INSERT INTO deprivation (row_hash, family_id, code, holds) VALUES (8, 'F1', 'floor', TRUE)"))
            connection.execute(
                text(
                    "INSERT INTO attribute_source (row_hash, entity, entity_id, attribute, value, used) "
                    "VALUES (9, 'family', 'F1', 'decile', '2', TRUE)"
                )
            )
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        kept = [
            pd.read_sql_query(text(query), connection).to_numpy().tolist()
            for query in (
                "SELECT row_hash, family_id, amount, valid_from, valid_to FROM aid_received",
                "SELECT row_hash, code, valid_from FROM deprivation",
                "SELECT row_hash, value, reason FROM attribute_source",
            )
        ]
    assert kept == ([[[7, "F1", 750_000, 4, None]], [[8, "floor", 4]], [[9, "2", None]]] if published else [[], [], []])
    assert publish_audited(empty_engine, prepared_state(5)).published
