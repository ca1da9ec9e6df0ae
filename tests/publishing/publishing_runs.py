"""Audit and publish, as a run does."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from publishing.audit import audit_state
from publishing.publication import PublicationResult, publish

AS_OF = date(2026, 10, 1)


def publish_audited(engine: Engine, state: dict[str, pd.DataFrame], **others: object) -> PublicationResult:
    """Audit and publish, as a run does."""
    audit = audit_state(state, conservation_holds=True)
    assert audit.passed, audit.broken
    return publish(engine, state, audit=audit, as_of=AS_OF, code_version="1", inputs={"a.xlsx": "0" * 64}, **others)
