"""Where each value of a person comes from, and what other sources say of it: one line per value, down to file, sheet and row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from schemas.tables import person
from schemas.tables_people import FROM_RECORDS, FROM_RECORDS_ELSE_REGISTER, FROM_REGISTER

_PERSON = "SELECT * FROM person WHERE person_id = :person AND valid_to IS NULL"
_PLACE = "SELECT source, delivery_id, file, sheet, row FROM source_record WHERE record_id = :record"
_LISTED = (
    "SELECT a.attribute, a.value, a.used, a.source, a.cell, r.delivery_id, r.file, r.sheet, r.row FROM attribute_source AS a "
    "LEFT JOIN source_record AS r ON r.record_id = a.record_id WHERE a.entity = 'person' AND a.entity_id = :person "
    "ORDER BY a.attribute, a.used DESC, a.source, r.delivery_id, r.row, a.value"
)
_SPEAKERS = {
    FROM_REGISTER: ("register_record", "office_record"),
    FROM_RECORDS: ("office_record",),
    FROM_RECORDS_ELSE_REGISTER: ("register_record", "office_record"),
}
"""The record that a value comes from where no used one is listed: the first of these that the person has."""

_WHERE = ("source", "delivery_id", "file", "sheet", "row", "cell")


def value_origins(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """One row per value that is held or disputed: attribute, value, source, delivery_id, file, sheet, row, cell, others.

    `others` says what else was stated: `source: value (file, row, cell)`, separated by semicolons; missing where nobody
    disagrees. There are no rows for somebody who is not stored.
    """
    held = connection.execute(text(_PERSON), {"person": person_id}).mappings().one_or_none()
    if held is None:
        return []
    listed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(text(_LISTED), {"person": person_id}).mappings():
        listed[row["attribute"]].append(dict(row))
    places = {name: _place(connection, held[name]) for name in ("register_record", "office_record")}
    origins = []
    for column in person.columns:
        speakers = _SPEAKERS.get(column.info["source"])
        stated = listed[column.name]
        if speakers is None or (held[column.name] is None and not stated):
            continue
        origin: Mapping[str, Any] = {}
        if held[column.name] is not None:
            used = next((row for row in stated if row["used"]), None)
            origin = used or next((places[name] for name in speakers if held[name] is not None), {})
        others = "; ".join(_told(row) for row in stated if not row["used"])
        origins.append(
            {
                "attribute": column.name,
                "value": held[column.name],
                **{name: origin.get(name) for name in _WHERE},
                "others": others or None,
            }
        )
    return origins


def _place(connection: Connection, record_id: str | None) -> dict[str, Any]:
    row = connection.execute(text(_PLACE), {"record": record_id}).mappings().one_or_none()
    return dict(row) if row else {}


def _told(row: Mapping[str, Any]) -> str:
    where = ", ".join(str(part) for part in (row["file"], row["row"], row["cell"]) if part is not None)
    return f"{row['source']}: {row['value']} ({where})"
