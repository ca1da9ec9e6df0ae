"""The ledger of decisions: what a second answer does to a first, whose word is whose, and that nothing is ever lost."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from publishing.review_ledger import Stored, conflicts_of, ledger, store, withdraw
from schemas.canonical import TEXT
from schemas.tables import audit_entry

MONDAY, TUESDAY = datetime(2026, 10, 5, 9), datetime(2026, 10, 6, 9)


def answers(*given: tuple[str, str, str]) -> pd.DataFrame:
    """record key, resident, decision."""
    rows = [
        {
            "source": "list",
            "record_key": key,
            "mention": "person",
            "record_hash": f"who {key}",
            "candidate_hash": resident,
            "decision": said,
            "comment": None,
        }
        for key, resident, said in given
    ]
    return pd.DataFrame(rows).astype(TEXT)


def stored(engine: Engine, who: str, *given: tuple[str, str, str], at: datetime = MONDAY) -> Stored:
    return store(engine, answers(*given), actor=who, at=at, workbook_hash="w")


def in_force(engine: Engine) -> list[tuple[str, str, str, str]]:
    held = ledger(engine)
    return list(zip(held["decided_by"], held["record_key"], held["candidate_hash"], held["decision"], strict=True))


def test_an_empty_database_has_an_empty_ledger(engine: Engine) -> None:
    """The first run of all asks for decisions before there is any table."""
    assert ledger(engine).empty


def test_answers_are_kept_with_who_and_when(engine: Engine) -> None:
    stored(engine, "siti", ("r1", "x", "same"), ("r1", "y", "different"), ("r2", "z", "unsure"))
    held = ledger(engine)
    assert held["decision"].tolist() == ["same", "different", "unsure"]
    assert set(held["decided_by"]) == {"siti"}
    assert pd.Timestamp(held["decided_at"].iloc[0]) == pd.Timestamp(MONDAY)
    with engine.connect() as connection:
        assert connection.execute(select(audit_entry.c.actor, audit_entry.c.action)).all() == [("siti", "review_import")]


def test_the_same_answer_again_changes_nothing(engine: Engine) -> None:
    """Prevents a workbook that is imported twice from doubling the ledger."""
    stored(engine, "siti", ("r1", "x", "same"))
    again = stored(engine, "siti", ("r1", "x", "same"), at=TUESDAY)
    assert (again.new, again.repeated, again.replaced) == (0, 1, 0)
    assert len(ledger(engine, ended=True)) == 1


def test_ones_own_new_answer_replaces_the_old_one(engine: Engine) -> None:
    stored(engine, "siti", ("r1", "x", "same"))
    stored(engine, "siti", ("r1", "x", "different"), ("r1", "y", "same"), at=TUESDAY)
    assert in_force(engine) == [("siti", "r1", "x", "different"), ("siti", "r1", "y", "same")]
    ended = ledger(engine, ended=True).iloc[0]
    assert (ended["ended_as"], ended["ended_by"], pd.Timestamp(ended["ended_at"])) == ("replaced", "siti", pd.Timestamp(TUESDAY))


def test_same_with_another_resident_moves_ones_own_word(engine: Engine) -> None:
    """Prevents a person from contradicting themselves for ever after correcting a mistake."""
    stored(engine, "siti", ("r1", "x", "same"))
    assert stored(engine, "siti", ("r1", "y", "same"), at=TUESDAY).conflicts.empty
    assert in_force(engine) == [("siti", "r1", "y", "same")]


def test_another_persons_word_stands_and_the_conflict_is_named(engine: Engine) -> None:
    """Prevents the last one to import from overruling colleagues in silence."""
    stored(engine, "siti", ("r1", "x", "same"))
    conflicts = stored(engine, "budi", ("r1", "x", "different"), at=TUESDAY).conflicts
    assert conflicts.to_dict(orient="records") == [
        {"kind": "same_and_different", "decision_id": 1, "decided_by": "siti", "other_id": 2, "other_by": "budi"}
    ]
    assert withdraw(engine, [1], actor="ani", at=TUESDAY) == []
    assert conflicts_of(ledger(engine)).empty
    assert in_force(engine) == [("budi", "r1", "x", "different")]


def test_a_withdrawn_decision_stays_in_the_books(engine: Engine) -> None:
    stored(engine, "siti", ("r1", "x", "same"))
    assert withdraw(engine, [1, 7], actor="ani", at=TUESDAY) == [7], "nothing is ended when one number is wrong"
    assert len(ledger(engine)) == 1
    assert withdraw(engine, [1], actor="ani", at=TUESDAY) == []
    assert ledger(engine).empty
    assert ledger(engine, ended=True)["ended_as"].tolist() == ["withdrawn"]
    assert withdraw(engine, [1], actor="ani", at=TUESDAY) == [1]


@pytest.mark.parametrize("order", [("same", "unsure"), ("unsure", "same")])
def test_unsure_gives_way_to_a_decision_in_the_same_workbook(engine: Engine, order: tuple[str, str]) -> None:
    stored(engine, "siti", *(("r1", "x", said) for said in order))
    assert in_force(engine) == [("siti", "r1", "x", "same")]
