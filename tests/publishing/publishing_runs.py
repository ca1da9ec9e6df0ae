"""Audit and publish, as a run does; also in a process that is killed on the way."""

from __future__ import annotations

import os
import signal
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from publishing.audit import Audit, audit_state
from publishing.database import open_engine
from publishing.prepared import Prepared
from publishing.publication import PublicationResult, publish
from publishing.state import State

AS_OF = date(2026, 10, 1)
ENDED = 99
"""What a process that was not killed ends with."""


def publish_audited(engine: Engine, state: State | Prepared, **others: object) -> PublicationResult:
    """Audit and publish, as a run does."""
    audit = audit_state(state, conservation_holds=True)
    assert audit.passed, audit.broken
    return publish_with(engine, state, audit, **others)


def publish_with(engine: Engine, state: State | Prepared, audit: Audit, **others: object) -> PublicationResult:
    """Publish with an audit that was made before."""
    return publish(engine, state, audit=audit, as_of=AS_OF, code_version="1", inputs={"a.xlsx": "0" * 64}, **others)


def killed_at(url: str, state: dict[str, pd.DataFrame], audit: Audit, fatal: str) -> bool:
    """Publish in a process of its own that kills itself with SIGKILL when the step `fatal` ends; whether it came to that.

    A fork, not a new interpreter: the imports would take longer than all the rest. Nothing of the parent's connections is used.
    """
    child = os.fork()
    if child == 0:
        try:
            publish_with(
                open_engine(url), state, audit, on_step=lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == fatal else None
            )
        finally:
            os._exit(ENDED)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
