"""What the v1 views promise to other systems, what a database really shows, and where the two part.

Engines don't say whether a column of a view may be empty, so it is seen: in a regency of which all is known, and in the same one after
much of what may be missing is missing. Kinds are read from the engine's catalogue, and from values where SQLite has none to tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from schemas import tables


class Promise(NamedTuple):
    """What is promised of one column of a view."""

    kind: str
    nullable: bool


Contract = Mapping[str, Mapping[str, Promise]]

_FILE = Path(__file__).with_name("v1_contract.json")
_KINDS = {
    "text": "text", "integer": "integer", "bigint": "integer", "double precision": "decimal", "double": "decimal", "boolean": "yes_no",
    "date": "day", "timestamp without time zone": "instant", "datetime": "instant", "user-defined": "point",
}  # fmt: skip
_DAY, _INSTANT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")


def read_contract() -> Contract:
    """The promise as it stands in `v1_contract.json`, where columns may be added and nothing else may change."""
    written = json.loads(_FILE.read_text(encoding="utf-8"))
    return {view: {name: Promise(*words) for name, words in columns.items()} for view, columns in written.items()}


def write_contract(contract: Contract) -> None:
    """Write the promise down again, after a column was added to it."""
    lines = []
    for view, columns in sorted(contract.items()):
        words = ",\n".join(f"    {json.dumps(name)}: {json.dumps(list(promise))}" for name, promise in columns.items())
        lines.append(f"  {json.dumps(view)}: {{\n{words}\n  }}")
    _FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def breaches(promised: Contract, found: Contract) -> list[str]:
    """How the found views break the promise; a column more, or one that is never empty though it might be, breaks nothing."""
    broken = []
    for view, columns in promised.items():
        if view not in found:
            broken.append(f"{view} is gone")
            continue
        shown = found[view]
        broken += [f"{view}.{name} is gone" for name in columns if name not in shown]
        kept = [name for name in shown if name in columns]
        if kept != [name for name in columns if name in shown]:
            broken.append(f"{view} shows its columns in another order")
        for name in kept:
            if shown[name].kind != columns[name].kind:
                broken.append(f"{view}.{name} was {columns[name].kind} and is {shown[name].kind}")
            if shown[name].nullable and not columns[name].nullable:
                broken.append(f"{view}.{name} was never empty and may be empty now")
    return broken


def observed(engine: Engine, views: Iterable[str]) -> Contract:
    """What the views show; much of what may be missing is missing while we look, and is there again afterwards."""
    with engine.connect() as connection:
        seen = {view: _nullable(connection, view) for view in views}
        kinds = {view: _kinds(connection, view) for view in views}
        connection.rollback()
        transaction = connection.begin()
        _forget(connection)
        for view in views:
            seen[view] = {name: seen[view][name] or missing for name, missing in _nullable(connection, view).items()}
        transaction.rollback()
    return {view: {name: Promise(kind, seen[view][name]) for name, kind in columns.items()} for view, columns in kinds.items()}


def _forget(connection: Connection) -> None:
    """Empty every column that may be empty in one row of three, all but positions in another third; half of the families lose all decisions.

    Whom a row is about must stay: the database itself asks for that.
    """
    connection.execute(text(f"DELETE FROM eligibility WHERE {_OF_HALF_THE_FAMILIES}"))
    for table in tables.METADATA.sorted_tables:
        if "row_hash" not in table.columns:
            continue
        subject = {f"{unit}_id" for unit in ("person", "family", "house")} if "unit" in table.columns else set()
        names = [column.name for column in table.columns if column.nullable and column.name not in {"valid_to", *subject}]
        for third, kept in ((0, ()), (1, ("latitude", "longitude"))):
            settings = ", ".join(f'"{name}" = NULL' for name in names if name not in kept)
            if settings:
                connection.execute(text(f"UPDATE {table.name} SET {settings} WHERE abs(row_hash % 3) = {third}"))


_HALF = "SELECT family_id FROM family WHERE row_hash % 2 = 0"
_OF_HALF_THE_FAMILIES = (
    f"family_id IN ({_HALF}) OR person_id IN (SELECT person_id FROM person WHERE family_id IN ({_HALF})) "
    f"OR house_id IN (SELECT house_id FROM family WHERE family_id IN ({_HALF}))"
)


def _nullable(connection: Connection, view: str) -> dict[str, bool]:
    rows = connection.execute(text(f"SELECT * FROM {view}"))
    names = list(rows.keys())
    values = rows.fetchall()
    assert values, f"{view} is empty, so nothing is known of it"
    return {name: any(row[place] is None for row in values) for place, name in enumerate(names)}


def _kinds(connection: Connection, view: str) -> dict[str, str]:
    if connection.dialect.name == "postgresql":
        query = text("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :view ORDER BY ordinal_position")
        return {name: _KINDS.get(kind.lower(), kind) for name, kind in connection.execute(query, {"view": view})}
    declared = connection.execute(text(f"SELECT name, type FROM pragma_table_info('{view}')")).fetchall()
    return {name: _KINDS[kind.lower()] if kind else _kind_of_values(connection, view, name) for name, kind in declared}


def _kind_of_values(connection: Connection, view: str, name: str) -> str:
    values: list[Any] = [row[0] for row in connection.execute(text(f'SELECT DISTINCT "{name}" FROM {view} WHERE "{name}" IS NOT NULL'))]
    if values and all(isinstance(value, int) for value in values):
        return "integer"
    if values and all(isinstance(value, int | float) for value in values):
        return "decimal"
    for kind, pattern in (("day", _DAY), ("instant", _INSTANT)):
        if values and all(pattern.fullmatch(str(value)) for value in values):
            return kind
    return "text"
