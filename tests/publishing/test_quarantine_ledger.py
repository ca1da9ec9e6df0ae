"""The ledger of cases. Mistakes prevented: a corrected row that leaves no trace of who put it right, a case closed while its row is
still set aside, a restored delivery whose case stays closed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from alembic import command
from alembic.config import Config
from publishing_runs import publish_audited
from sqlalchemy import Engine, MetaData, insert, text

from publishing.database import upgrade, writing
from publishing.quarantine_ledger import CaseAnswer
from schemas import migrations
from schemas.correction_sheet import case_number

State = dict[str, pd.DataFrame]


def ledger(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM quarantine_case ORDER BY opened_in, case_id")).mappings()]


@pytest.fixture
def case_id(state: State) -> str:
    row = state["quarantine"][state["quarantine"]["disposition"] == "quarantined"].iloc[0]
    delivered = state["deliveries"].set_index(["delivery_id", "file"])
    return case_number(delivered.loc[(row["delivery_id"], row["file"]), "sha256"], row["sheet"], row["row"])


def without_quarantined(state: State) -> State:
    return state | {"quarantine": state["quarantine"][state["quarantine"]["disposition"] != "quarantined"].reset_index(drop=True)}


def test_a_row_set_aside_opens_a_case_once(engine: Engine, state: State, case_id: str) -> None:
    publish_audited(engine, state)
    publish_audited(engine, state | {"areas": state["areas"].assign(residents=7)})
    (case,) = ledger(engine)
    assert (case["case_id"], case["opened_in"], case["status"], case["closed_in"]) == (case_id, 1, "open", None)


def test_a_corrected_row_is_closed_with_who_and_when(engine: Engine, state: State, case_id: str) -> None:
    publish_audited(engine, state)
    moment = datetime(2026, 9, 21, 12)
    publish_audited(engine, without_quarantined(state), answers=[CaseAnswer(case_id, "corrected", "sari", moment)])
    (case,) = ledger(engine)
    assert (case["status"], case["closed_in"], case["closed_by"]) == ("corrected", 2, "sari")
    assert str(case["closed_at"]).startswith("2026-09-21 12:00:00")


def test_a_row_that_a_newer_delivery_overtook_is_superseded_and_opens_anew_when_it_is_back(engine: Engine, state: State) -> None:
    publish_audited(engine, state)
    publish_audited(engine, without_quarantined(state))
    publish_audited(engine, state)
    assert [(case["opened_in"], case["status"], case["closed_in"]) for case in ledger(engine)] == [(1, "superseded", 2), (3, "open", None)]


def test_a_row_that_is_still_set_aside_stays_open_whatever_was_sent(engine: Engine, state: State, case_id: str) -> None:
    publish_audited(engine, state)
    changed = state | {"areas": state["areas"].assign(residents=7)}
    publish_audited(engine, changed, answers=[CaseAnswer(case_id, "corrected", "sari", datetime(2026, 9, 21))])
    assert [case["status"] for case in ledger(engine)] == ["open"]


def test_a_row_answered_by_a_newer_delivery_is_closed_though_it_is_still_in_its_old_file(
    engine: Engine, state: State, case_id: str
) -> None:
    publish_audited(engine, state)
    publish_audited(engine, state | {"areas": state["areas"].assign(residents=7)}, answers=[CaseAnswer(case_id, "superseded")])
    (case,) = ledger(engine)
    assert (case["status"], case["closed_in"], case["closed_by"]) == ("superseded", 2, None)


def upgraded_to(engine: Engine, revision: str) -> None:
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_an_older_database_gets_a_case_for_each_row_that_is_set_aside(empty_engine: Engine) -> None:
    """Prevents rows that were set aside before the ledger existed from vanishing without a trace when they are corrected."""
    if empty_engine.dialect.name == "postgresql":
        with empty_engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    upgraded_to(empty_engine, "0003")
    before = MetaData()
    before.reflect(empty_engine, only=["publication", "delivery", "quarantined_row"])
    place = {"delivery_id": "dinsos_pkh/2026-09-20", "file": "a.xlsx"}
    publication = {
        "number": 4, "as_of": date(2026, 9, 20), "published_at": datetime(2026, 9, 21), "content_hash": "c", "data_hash": "d", "table_hashes": "{}",
        "code_version": "1", "inputs": "{}", "counts": "{}", "rows_written": 1,
    }  # fmt: skip
    with empty_engine.begin() as connection:
        connection.execute(insert(before.tables["publication"]), publication)
        connection.execute(insert(before.tables["delivery"]), place | {"source": "dinsos_pkh", "sha256": "ab", "row_hash": 1})
        row = place | {"sheet": "PKH 1", "row": 3, "disposition": "quarantined", "reason": "required_value_missing", "row_hash": 2}
        connection.execute(insert(before.tables["quarantined_row"]), row)
    upgrade(empty_engine)
    (case,) = ledger(empty_engine)
    assert (case["case_id"], case["source"], case["opened_in"], case["status"]) == (case_number("ab", "PKH 1", 3), "dinsos_pkh", 4, "open")
