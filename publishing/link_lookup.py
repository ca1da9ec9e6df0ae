"""One record's link as it is published, with its candidates, its evidence and what people decided; looking is written on the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from publishing.audit_trail import add_entry
from publishing.database import ready_database, writing
from publishing.errors import without_values
from publishing.explanation import Explanation, explain
from schemas.tables import person, person_link, review_case, review_decision, source_record


@dataclass(frozen=True)
class Candidate:
    """A resident whom the record is, or may be: NIK and stored id where there is one, and the sum of the evidence."""

    nik: str | None
    person_id: str | None
    explanation: Explanation


@dataclass(frozen=True)
class PublishedLink:
    """A record's place, its outcome, its candidates (one where it is linked) and the decisions about its row that are in force.

    `nothing_found` is what is known where no resident fits. `decisions`: decision_id, decided_at, decided_by, decision.
    """

    record_id: str
    file: str
    sheet: str
    row: int
    status: str
    method: str | None
    probability: float
    reason: str | None
    candidates: Sequence[Candidate]
    nothing_found: Explanation
    decisions: Sequence[dict[str, Any]]


@without_values
def look_up_link(engine: Engine, record_id: str, *, actor: str, at: datetime, purpose: str | None) -> PublishedLink | None:
    """The link of a record; None where no such record is published. The look is on the trail before anything is returned."""
    ready_database(engine)
    with writing(engine) as connection:
        query = select(person_link, source_record).join(source_record, source_record.c.record_id == person_link.c.record_id)
        row = connection.execute(query.where(person_link.c.record_id == record_id)).first()
        if row is None:
            return None
        add_entry(connection, actor=actor, action="look_up", at=at, entity="source_record", entity_id=record_id, purpose=purpose)
        return _link(connection, row)


def _link(connection: Connection, row: Row[Any]) -> PublishedLink:
    told = row._mapping
    probability = float(told[person_link.c.probability] or 0.0)
    own = explain(told[person_link.c.evidence], probability)
    cases = connection.execute(
        select(review_case).where(review_case.c.record_id == told[person_link.c.record_id]).order_by(review_case.c.rank)
    ).all()
    status = told[person_link.c.status]
    candidates: list[Candidate] = []
    if status == "linked":
        person_id = told[person_link.c.person_id]
        nik = connection.execute(select(person.c.nik).where(person.c.person_id == person_id, person.c.valid_to.is_(None))).scalar()
        candidates = [Candidate(nik, person_id, own)]
    elif status == "review":
        candidates = [Candidate(case.register_nik, None, explain(case.evidence, float(case.probability or 0.0))) for case in cases]
    decisions = connection.execute(
        select(review_decision.c.decision_id, review_decision.c.decided_at, review_decision.c.decided_by, review_decision.c.decision)
        .where(
            review_decision.c.source == told[source_record.c.source],
            review_decision.c.record_key == told[source_record.c.record_key],
            review_decision.c.mention == told[source_record.c.mention],
            review_decision.c.ended_at.is_(None),
        )
        .order_by(review_decision.c.decision_id)
    ).all()
    return PublishedLink(
        record_id=told[person_link.c.record_id],
        file=told[source_record.c.file] or "",
        sheet=told[source_record.c.sheet] or "",
        row=int(told[source_record.c.row] or 0),
        status=status,
        method=told[person_link.c.method],
        probability=probability,
        reason=cases[0].reason if cases else None,
        candidates=candidates,
        nothing_found=own,
        decisions=[dict(one._mapping) for one in decisions],
    )
