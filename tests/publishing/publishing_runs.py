"""Audit and publish, as a run does; also in a process that is killed on the way."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from datetime import date
from functools import cache

from publishing_frames import make_state
from sqlalchemy import Engine

from publishing.audit import Audit, audit_state
from publishing.database import open_engine
from publishing.prepared import Prepared
from publishing.publication import PublicationResult, publish
from publishing.state import State, prepare

AS_OF = date(2026, 10, 1)
FAILED = 99
"""What a process that neither published nor was killed ends with."""


@cache
def prepared_state(families: int, edition: int = 1) -> Prepared:
    """A small regency, prepared once for all tests that only need something to be published."""
    return prepare(make_state(families, edition=edition))


def publish_audited(engine: Engine, state: State | Prepared, **others: object) -> PublicationResult:
    """Audit and publish what was prepared once, as a run does."""
    prepared = prepare(state)
    audit = audit_state(prepared, conservation_holds=True)
    assert audit.passed, audit.broken
    return publish_with(engine, prepared, audit, **others)


def publish_with(engine: Engine, state: State | Prepared, audit: Audit, **others: object) -> PublicationResult:
    """Publish with an audit that was made before."""
    return publish(engine, state, audit=audit, as_of=AS_OF, code_version="1", inputs={"a.xlsx": "0" * 64}, **others)


def killed_at(url: str, state: State | Prepared, audit: Audit, fatal: str) -> bool:
    """Publish in a process of its own that kills itself with SIGKILL when the step `fatal` ends; whether it came to that."""
    return was_killed(forked(url, state, audit, on_step=lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == fatal else None))


def forked(
    url: str,
    state: State | Prepared,
    audit: Audit,
    *,
    before: Callable[[], None] = lambda: None,
    on_step: Callable[[str], None] = lambda _step: None,
) -> int:
    """Begin to publish in a process of its own, after `before`; returns the process's id.

    A fork, not a new interpreter: the imports would take longer than all the rest. Nothing of the parent's connections is used.
    """
    child = os.fork()
    if child:
        return child
    try:
        before()
        publish_with(open_engine(url), state, audit, on_step=on_step)
    except BaseException:  # noqa: BLE001 - the test that forked must not go on in the child
        traceback.print_exc()
    else:
        os._exit(0)
    finally:
        os._exit(FAILED)


def was_killed(child: int) -> bool:
    """Wait until a forked publication ends: whether by SIGKILL. Raises AssertionError when it failed otherwise."""
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the forked publication failed"
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
