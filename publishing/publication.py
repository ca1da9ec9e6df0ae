"""Publishing: one consistent new state of the unified database, in one transaction that writes only what changed.

Whoever calls `publish` must bring the audit of exactly this data; that an asset check passed in some other run is not enough.
The publication's own row is written last. A kill at any moment leaves the last state; running again on the same input
touches nothing at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, func, insert, select

from publishing.audit import Audit
from publishing.bulk import loader_for
from publishing.changes import TableChange, find_change, write_changes
from publishing.content_hash import data_hash, table_hashes
from publishing.database import ready_database, settle, writing
from publishing.errors import NotAudited, without_values
from publishing.history import publication_numbers
from publishing.identity_events import CARRYING_TABLES, identity_events, stored_identities
from publishing.prepared import Prepared
from publishing.quarantine_ledger import CaseAnswer, settle_cases
from publishing.state import State, prepare
from schemas import tables


@dataclass(frozen=True)
class PublicationResult:
    """What became of a publication. `published` is False when the database already held exactly this state."""

    number: int
    content_hash: str
    published: bool
    counts: Mapping[str, int]
    rows_written: Mapping[str, int]

    @property
    def total_written(self) -> int:
        """Rows inserted, closed or removed, over all tables."""
        return sum(self.rows_written.values())


def publish(
    engine: Engine,
    state: State | Prepared,
    *,
    audit: Audit,
    as_of: date,
    code_version: str,
    inputs: Mapping[str, str],
    actor: str = "padan",
    answers: Iterable[CaseAnswer] = (),
    on_step: Callable[[str], None] = lambda _step: None,
) -> PublicationResult:
    """Publish a state: the frames of a run, or what `prepare` made of them, which saves doing it for audit and publication each.

    `on_step` is told of each step as it ends (progress lines; tests that kill the process there).

    `answers` say what settled quarantined rows since the last publication: corrections, newer deliveries.

    Raises NotAudited when the audit failed or is of other data, OldDatabase, PublicationBusy when another publication runs for
    longer than the engine's patience, StateError, DatabaseFailure. Nothing is written in any of these cases.
    """
    prepared = prepare(state)
    on_step("prepared")
    content = _require_audited(prepared, audit)
    on_step("audited")
    ready_database(engine)
    result = _write(engine, prepared, content, audit, as_of, code_version, inputs, actor, answers, on_step)
    settle(engine)
    on_step("settled")
    return result


def _require_audited(prepared: Prepared, audit: Audit) -> str:
    if data_hash(prepared) != audit.data_hash:
        raise NotAudited(
            "Data ini bukan data yang telah diperiksa; tidak diterbitkan. / This is not the data that was audited; it is not published."
        )
    if not audit.passed:
        broken = "; ".join(f"{finding.check}: {finding.subject} ({finding.broken})" for finding in audit.broken)
        raise NotAudited(f"Pemeriksaan gagal; tidak diterbitkan. / The audit failed; nothing is published: {broken}")
    return audit.content_hash


@without_values
def _write(
    engine: Engine,
    prepared: Prepared,
    content: str,
    audit: Audit,
    as_of: date,
    code_version: str,
    inputs: Mapping[str, str],
    actor: str,
    answers: Iterable[CaseAnswer],
    on_step: Callable[[str], None],
) -> PublicationResult:
    counts = {name: table.data.num_rows for name, table in prepared.items()}
    hashes = table_hashes(prepared)
    with writing(engine, filling=not publication_numbers(engine)) as connection:
        on_step("begun")
        loader = loader_for(connection)
        last, unchanged = _last_publication(connection, hashes)
        changes = [find_change(loader, table, prepared[table.name]) for table in tables.STATE_TABLES if table.name not in unchanged]
        on_step("compared")
        if last and all(change.empty for change in changes):
            return PublicationResult(last, content, published=False, counts=counts, rows_written=dict.fromkeys(counts, 0))
        number = last + 1
        events = None
        if any(change.table.name in CARRYING_TABLES and not change.empty for change in changes):
            events = identity_events(stored_identities(connection), prepared, number)
            on_step("identities compared")
        written = {**dict.fromkeys(counts, 0), **{change.table.name: change.rows for change in changes}}
        with loader.first_load([*tables.STATE_TABLES, tables.identity_event]) if not last else nullcontext():
            write_changes(loader, changes, number, on_step)
            if events is not None:
                loader.insert(tables.identity_event, events, replace=False)
                on_step("new in identity_event")
            settle_cases(connection, prepared, number, answers)
            _seal(connection, number, content, audit, as_of, code_version, inputs, actor, counts, hashes, changes)
        on_step("sealed")
    on_step("committed")
    return PublicationResult(number, content, published=True, counts=counts, rows_written=written)


def _last_publication(connection: Connection, hashes: Mapping[str, str]) -> tuple[int, frozenset[str]]:
    """The newest publication's number (0 for none), and the tables whose rows are still those that it left."""
    publication = tables.publication
    newest = select(publication.c.number, publication.c.table_hashes).order_by(publication.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row is None:
        return 0, frozenset()
    stored = json.loads(row.table_hashes)
    return row.number, frozenset(name for name, value in hashes.items() if stored.get(name) == value)


def _seal(
    connection: Connection,
    number: int,
    content: str,
    audit: Audit,
    as_of: date,
    code_version: str,
    inputs: Mapping[str, str],
    actor: str,
    counts: Mapping[str, int],
    hashes: Mapping[str, str],
    changes: list[TableChange],
) -> None:
    """The trail's entry and, last of all, the publication's own row."""
    now = datetime.now(UTC).replace(tzinfo=None)
    entry = (connection.execute(select(func.max(tables.audit_entry.c.entry_id))).scalar() or 0) + 1
    connection.execute(
        insert(tables.audit_entry).values(
            entry_id=entry, happened_at=now, actor=actor, action="publish", entity="publication", entity_id=str(number)
        )
    )
    connection.execute(
        insert(tables.publication).values(
            number=number,
            as_of=as_of,
            published_at=now,
            content_hash=content,
            data_hash=audit.data_hash,
            table_hashes=json.dumps(hashes),
            code_version=code_version,
            inputs=json.dumps(dict(sorted(inputs.items())), ensure_ascii=False),
            counts=json.dumps(counts),
            rows_written=sum(change.rows for change in changes),
        )
    )
