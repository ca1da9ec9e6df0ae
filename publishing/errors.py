"""What can go wrong when publishing, said without personal data.

A database's own message quotes the values that it objects to ("Key (nik)=(3510…) already exists"), and so may an Arrow or
pandas error. None of these messages leaves this package: only the SQLSTATE, the table and the constraint do, and only if they
are names of our own schema.
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from schemas.tables import METADATA

P = ParamSpec("P")
R = TypeVar("R")


class PublishingError(Exception):
    """Anything that keeps a state from being published. Messages never hold personal data."""


class StateError(PublishingError):
    """The frames to be published lack something, or hold something of the wrong kind."""


class NotAudited(PublishingError):
    """The data was not audited, failed its audit, or is not what was audited."""


class PublicationBusy(PublishingError):
    """Another publication is running."""


class OldDatabase(PublishingError):
    """The database has another schema than this version of Padan; nothing was touched."""


class NoSuchPublication(PublishingError):
    """There is no publication with this number."""


class MissingPostgis(PublishingError):
    """The PostgreSQL server lacks PostGIS, or this user may not switch it on."""


class DatabaseFailure(PublishingError):
    """The database refused: by SQLSTATE (or SQLite's name of the error), table and constraint alone."""

    def __init__(self, code: str, table: str | None, constraint: str | None) -> None:
        self.code, self.table, self.constraint = code, table, constraint
        where = "".join(f", {label} {name}" for label, name in (("table", table), ("constraint", constraint)) if name)
        super().__init__(f"database error {code}{where}")


def without_values(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, but a database error leaves it as DatabaseFailure, with nothing of the original attached.

    The new error is raised outside the `except` block: even `raise … from None` would keep the original as `__context__`,
    where loggers that print whole chains find it.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            failure = _described(error)
        raise failure

    return guarded


def _described(error: BaseException) -> PublishingError:
    original = getattr(error, "orig", None) or error
    code = _code(original)
    if code in _BUSY:
        return PublicationBusy("another publication holds the database; wait for it, then run again")
    diagnosis = getattr(original, "diag", None)
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", str(original)))
    tables_of = _tables_of_constraints()
    constraint = getattr(diagnosis, "constraint_name", None) or _only(words & set(tables_of))
    if constraint not in tables_of:
        constraint = None
    table = getattr(diagnosis, "table_name", None) or _only(words & set(METADATA.tables)) or tables_of.get(constraint or "")
    return DatabaseFailure(code, table if table in METADATA.tables else None, constraint)


_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03"})


def _code(original: BaseException) -> str:
    found = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    return found if isinstance(found, str) and re.fullmatch(r"[A-Z0-9_]+", found) else type(original).__name__


def _only(names: set[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


@functools.cache
def _tables_of_constraints() -> dict[str, str]:
    named = ((part.name, table.name) for table in METADATA.tables.values() for part in table.constraints)
    indexes = ((index.name, table.name) for table in METADATA.tables.values() for index in table.indexes)
    return {str(name): table for name, table in (*named, *indexes) if name}
