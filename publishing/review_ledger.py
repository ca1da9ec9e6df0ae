"""The ledger of people's decisions in the unified database: added to, ended softly, never overwritten.

Who decides again on the same record replaces what they said before; what others said stays. Where people contradict each other both
decisions stand, the contradiction is reported, and the record waits in review until it is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, update

from publishing.audit_trail import add_entry
from publishing.database import ready_database, revision, writing
from publishing.errors import without_values
from publishing.review_contradictions import PAIR, RECORD, Contradiction, contradictions
from schemas.canonical import TEXT
from schemas.tables import review_decision

ANSWER_COLUMNS = (*PAIR, "record_hash", "decision", "comment")
"""What is stored of an answer; all text, `record_hash` and `comment` may be missing."""
LEDGER_COLUMNS = tuple(column.name for column in review_decision.columns)


@dataclass(frozen=True)
class Stored:
    """What became of the answers of one workbook: numbers of decisions, and the conflicts with other people's."""

    new: int
    repeated: int
    replaced: int
    conflicts: pd.DataFrame
    """kind, decision_id, decided_by, other_id, other_by: decisions of different people that exclude each other."""


@without_values
def ledger(engine: Engine, *, ended: bool = False) -> pd.DataFrame:
    """The decisions in force in the order of their numbers, with those that ended where wanted: `LEDGER_COLUMNS`."""
    if revision(engine) is None:
        return pd.DataFrame({name: pd.Series(dtype=TEXT) for name in LEDGER_COLUMNS})
    with engine.connect() as connection:
        return _read(connection, ended=ended)


def _read(connection: Connection, *, ended: bool) -> pd.DataFrame:
    query = select(review_decision).order_by(review_decision.c.decision_id)
    if not ended:
        query = query.where(review_decision.c.ended_at.is_(None))
    frame = pd.DataFrame(connection.execute(query).fetchall(), columns=list(LEDGER_COLUMNS))
    texts = [name for name in LEDGER_COLUMNS if name not in {"decision_id", "decided_at", "ended_at"}]
    return frame.astype(dict.fromkeys(texts, TEXT))


@without_values
def store(engine: Engine, answers: pd.DataFrame, *, actor: str, at: datetime, workbook_hash: str) -> Stored:
    """Add one person's answers (`ANSWER_COLUMNS`), which must not contradict each other.

    An answer that says what this person already said of the pair changes nothing. Another decision on the same pair, or *same* with
    another resident, replaces theirs. Raises OldDatabase, DatabaseFailure; then nothing is stored.
    """
    ready_database(engine)
    with writing(engine) as connection:
        before = _read(connection, ended=False)
        own = before[before["decided_by"] == actor]
        given = _once(answers)
        repeated, replaced = _against_own(given, own)
        new = given[~repeated]
        _end(connection, replaced, actor=actor, at=at, ended_as="replaced")
        _add(connection, new, actor=actor, at=at, workbook_hash=workbook_hash)
        add_entry(
            connection,
            actor=actor,
            action="review_import",
            at=at,
            entity="review_decision",
            entity_id=workbook_hash,
            detail={"new": len(new), "repeated": int(repeated.sum()), "replaced": len(replaced)},
        )
        return Stored(len(new), int(repeated.sum()), len(replaced), conflicts_of(_read(connection, ended=False)))


def _once(answers: pd.DataFrame) -> pd.DataFrame:
    """One answer per pair: of several that do not contradict each other, one that is not *unsure*."""
    unsure_last = answers.assign(_unsure=answers["decision"].eq("unsure")).sort_values("_unsure", kind="stable")
    return unsure_last.drop_duplicates(list(PAIR)).drop(columns="_unsure").sort_index().reset_index(drop=True)


def _against_own(answers: pd.DataFrame, own: pd.DataFrame) -> tuple[pd.Series, list[int]]:
    """Which answers only repeat what the person said, and the numbers of the decisions that the others replace."""
    held = (
        answers[[*PAIR, "decision"]]
        .reset_index(names="place")
        .merge(own[["decision_id", *PAIR, "decision"]], on=list(PAIR), suffixes=("", "_before"))
    )
    repeats = held["decision"].eq(held["decision_before"]).to_numpy(dtype=bool)
    repeated = pd.Series(answers.index.isin(held.loc[repeats, "place"]), index=answers.index)
    record = list(RECORD)
    now_same = answers.loc[(answers["decision"] == "same").to_numpy(dtype=bool), list(PAIR)]
    elsewhere = own.loc[(own["decision"] == "same").to_numpy(dtype=bool), ["decision_id", *PAIR]].merge(
        now_same, on=record, suffixes=("", "_now")
    )
    moved = elsewhere.loc[(elsewhere["candidate_hash"] != elsewhere["candidate_hash_now"]).to_numpy(dtype=bool), "decision_id"]
    return repeated, sorted({*held.loc[~repeats, "decision_id"].astype(int), *moved.astype(int)})


def _add(connection: Connection, answers: pd.DataFrame, *, actor: str, at: datetime, workbook_hash: str) -> None:
    if answers.empty:
        return
    first = int(connection.execute(select(func.coalesce(func.max(review_decision.c.decision_id), 0))).scalar_one()) + 1
    plain = answers[list(ANSWER_COLUMNS)].astype(object).where(answers[list(ANSWER_COLUMNS)].notna(), None)
    rows: list[dict[str, object]] = [
        {
            **{str(name): value for name, value in row.items()},
            "decision_id": first + place,
            "decided_at": at,
            "decided_by": actor,
            "workbook_hash": workbook_hash,
        }
        for place, row in enumerate(plain.to_dict(orient="records"))
    ]
    connection.execute(insert(review_decision), rows)


def _end(connection: Connection, numbers: Sequence[int], *, actor: str, at: datetime, ended_as: str) -> int:
    if not numbers:
        return 0
    ending = (
        update(review_decision)
        .where(review_decision.c.decision_id.in_(list(numbers)), review_decision.c.ended_at.is_(None))
        .values(ended_at=at, ended_by=actor, ended_as=ended_as)
    )
    return int(connection.execute(ending).rowcount)


@without_values
def withdraw(engine: Engine, numbers: Sequence[int], *, actor: str, at: datetime) -> list[int]:
    """End decisions by their numbers; returns those that were not in force, and then nothing is ended."""
    ready_database(engine)
    with writing(engine) as connection:
        in_force = set(_read(connection, ended=False)["decision_id"].astype(int))
        unknown = sorted(set(numbers) - in_force)
        if unknown:
            return unknown
        _end(connection, numbers, actor=actor, at=at, ended_as="withdrawn")
        add_entry(
            connection,
            actor=actor,
            action="review_withdraw",
            at=at,
            entity="review_decision",
            detail={"decisions": sorted(numbers)},
        )
    return []


def conflicts_of(in_force: pd.DataFrame) -> pd.DataFrame:
    """Contradictions among decisions in force: kind, decision_id, decided_by, other_id, other_by."""
    held = in_force.reset_index(drop=True)
    return pd.DataFrame(
        [_named(one, held) for one in contradictions(held)], columns=["kind", "decision_id", "decided_by", "other_id", "other_by"]
    )


def _named(one: Contradiction, held: pd.DataFrame) -> tuple[str, int, str, int, str]:
    numbers, people = held["decision_id"].astype("int64").tolist(), held["decided_by"].tolist()
    return one.kind, numbers[one.one], people[one.one], numbers[one.other], people[one.other]
