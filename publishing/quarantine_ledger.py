"""The ledger of cases, brought up to date with each publication, in its transaction: rows newly set aside, rows set aside no longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from publishing.prepared import Prepared
from schemas.correction_sheet import case_number
from schemas.tables_cases import quarantine_case


@dataclass(frozen=True)
class CaseAnswer:
    """What answered a case: a correction that somebody brought (`corrected`), or a newer delivery (`superseded`, by nobody)."""

    case_id: str
    status: str
    by: str | None = None
    at: datetime | None = None
    """UTC, without zone."""


def settle_cases(connection: Connection, prepared: Prepared, number: int, answers: Iterable[CaseAnswer]) -> None:
    """Open and close cases as publication `number` has it. A row that is set aside, but was answered by a newer delivery, is closed."""
    by_case = {answer.case_id: answer for answer in answers}
    waiting = {case: facts for case, facts in _set_aside(prepared).items() if case not in by_case or by_case[case].status != "superseded"}
    known = connection.execute(select(quarantine_case.c.case_id).where(quarantine_case.c.status == "open")).scalars()
    still_open = set(known)
    opened = [facts | {"case_id": case, "opened_in": number, "status": "open"} for case, facts in waiting.items() if case not in still_open]
    if opened:
        connection.execute(insert(quarantine_case), opened)
    for case in sorted(still_open - set(waiting)):
        answer = by_case.get(case, CaseAnswer(case, "superseded"))
        connection.execute(
            update(quarantine_case)
            .where(quarantine_case.c.case_id == case, quarantine_case.c.status == "open")
            .values(status=answer.status, closed_in=number, closed_by=answer.by, closed_at=answer.at)
        )


def _set_aside(prepared: Prepared) -> Mapping[str, dict[str, object]]:
    """The quarantined rows of the state by case number, each with the facts that the ledger keeps."""
    delivered = prepared["delivery"].data.select(["delivery_id", "file", "source", "sha256"]).to_pylist()
    files = {(file["delivery_id"], file["file"]): (file["source"], file["sha256"]) for file in delivered}
    columns = ["delivery_id", "file", "sheet", "row", "disposition", "reason", "column_name"]
    cases: dict[str, dict[str, object]] = {}
    for row in prepared["quarantined_row"].data.select(columns).to_pylist():
        if row.pop("disposition") == "quarantined" and (row["delivery_id"], row["file"]) in files:
            source, sha256 = files[row["delivery_id"], row["file"]]
            cases.setdefault(case_number(sha256, row["sheet"], row["row"]), row | {"source": source})
    return cases
