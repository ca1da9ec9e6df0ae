"""The trail of who did what to which data, and when: one function that adds an entry inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from schemas.tables import audit_entry


def add_entry(
    connection: Connection,
    *,
    actor: str,
    action: str,
    at: datetime,
    entity: str,
    entity_id: str | None = None,
    purpose: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add an entry and return its number. `at` is a moment in UTC without zone; `detail` holds no personal data."""
    number = int(connection.execute(select(func.coalesce(func.max(audit_entry.c.entry_id), 0))).scalar_one()) + 1
    connection.execute(
        insert(audit_entry).values(
            entry_id=number,
            happened_at=at,
            actor=actor,
            action=action,
            entity=entity,
            entity_id=entity_id,
            purpose=purpose,
            detail=None if detail is None else json.dumps(detail, ensure_ascii=False, sort_keys=True),
        )
    )
    return number
