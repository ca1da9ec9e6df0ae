"""The v1 views: what other systems read. One SQL file each, the same text for SQLite and PostgreSQL.

Within v1, columns are only ever added. `columns.py` says what each column of each view means; from it and from the tables
comes the data dictionary, which is a view itself. The only differences between the engines are the name of one function, and
one view more where there are points to show (`NAME.postgresql.sql`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect

from schemas.views.dictionary import dictionary_view

_FOLDER = Path(__file__).parent


DICTIONARY_VIEW = "v1_data_dictionary"


@cache
def view_names(dialect: str) -> tuple[str, ...]:
    """The names of all views on this engine (`sqlite` or `postgresql`), sorted."""
    files = {
        path.name.split(".")[0] for path in _FOLDER.glob("v1_*.sql") if path.name.count(".") == 1 or path.name.split(".")[1] == dialect
    }
    return tuple(sorted({*files, DICTIONARY_VIEW}))


def view_sql(name: str, dialect: str) -> str:
    """The statement that creates a view on this engine."""
    if name == DICTIONARY_VIEW:
        return dictionary_view()
    own = _FOLDER / f"{name}.{dialect}.sql"
    text = (own if own.exists() else _FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    # SQLite learnt the standard's name of this function in 3.44; Python 3.11 is often built with an older one.
    return text.replace("string_agg(", "group_concat(") if dialect == "sqlite" else text


def create_views(connection: Connection) -> None:
    """Create all views; none of them may exist."""
    for name in view_names(connection.dialect.name):
        text = view_sql(name, connection.dialect.name)
        connection.exec_driver_sql(text.replace("%", "%%") if _doubles_percent(connection) else text)


def _doubles_percent(connection: Connection) -> bool:
    """Drivers that take parameters as %s read a lone % as the start of one."""
    return connection.dialect.paramstyle in {"format", "pyformat"}


def drop_views(connection: Connection) -> None:
    """Drop all v1 views that exist; nothing else depends on them."""
    for name in sorted(inspect(connection).get_view_names()):
        if name.startswith("v1_"):
            connection.exec_driver_sql(f"DROP VIEW {name}")
