"""Connections to PostgreSQL: how they stand, how one writer at a time is let in, what a schema needs there that SQLite lacks."""

from __future__ import annotations

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import SetColumnComment, SetTableComment

from publishing.errors import MissingPostgis
from schemas.tables import METADATA

_WRITERS_LOCK = 0x504144414E
"""The advisory lock that one writer at a time holds on PostgreSQL: "PADAN" in ASCII."""
_NO_EXTENSION_STATES = frozenset({"0A000", "42501", "58P01"})


def open_postgresql(url: URL, patience_seconds: float) -> Engine:
    """By psycopg 3, whatever name the URL gives to PostgreSQL; a lock that is not given in time is refused, never waited for longer."""
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    options = f"-c lock_timeout={max(1, int(patience_seconds * 1000))}"
    arguments = {"application_name": "padan", "connect_timeout": 10, "options": options}
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args=arguments,
        execution_options={"padan_patience": patience_seconds},
    )


def lock_out_other_writers(connection: Connection) -> None:
    """Until the transaction ends; waits for the writer who is in, for as long as the engine's patience lasts."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")


def switch_postgis_on(connection: Connection) -> None:
    """Raises MissingPostgis where the server has no PostGIS, or this user may not create the extension."""
    try:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _NO_EXTENSION_STATES:
            raise
    else:
        return
    raise MissingPostgis(
        "PostGIS belum ada di basis data ini: pasang paketnya di server, lalu jalankan `CREATE EXTENSION postgis` sebagai administrator. "
        "/ This database has no PostGIS: install it on the server, then run `CREATE EXTENSION postgis` as its administrator."
    )


def write_comments(connection: Connection) -> None:
    """The words of the dictionary, where a client such as psql shows them."""
    for table in METADATA.sorted_tables:
        connection.execute(SetTableComment(table))
        for column in table.columns:
            connection.execute(SetColumnComment(column))
