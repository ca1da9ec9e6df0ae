"""All that is held about one person, and where each value came from: for an officer, and for somebody who asks what is known of them.

The look is written on the audit trail before anything is read. Nothing but what is published is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from publishing.audit_trail import add_entry
from publishing.database import ready_database, snapshot, writing
from publishing.errors import without_values
from publishing.value_origins import value_origins

Rows = list[dict[str, Any]]

SECTIONS: dict[str, tuple[tuple[str, str], str | None]] = {
    "person": (("Orang", "Person"), "SELECT * FROM v1_person_full WHERE person_id = :person"),
    "register": (
        ("Baris register penduduk", "Row of the population register"),
        (
            "SELECT r.source, r.delivery_id, r.file, r.sheet, r.row FROM person AS p "
            "INNER JOIN source_record AS r ON r.record_id = p.register_record WHERE p.person_id = :person AND p.valid_to IS NULL"
        ),
    ),
    "records": (
        ("Catatan dinas yang tertaut", "Records of offices that are linked"),
        (
            "SELECT r.source, r.mention, r.programme, r.delivery_id, r.file, r.sheet, r.row, l.status, l.method, l.probability "
            "FROM person_link AS l INNER JOIN source_record AS r ON r.record_id = l.record_id WHERE l.person_id = :person "
            "ORDER BY r.source, r.delivery_id, r.row"
        ),
    ),
    "in_review": (
        ("Catatan yang masih diragukan", "Records in doubt that may be about this person"),
        (
            "SELECT r.source, r.mention, r.delivery_id, r.file, r.sheet, r.row, c.probability, c.reason "
            "FROM review_case AS c INNER JOIN source_record AS r ON r.record_id = c.record_id "
            "WHERE c.register_nik = (SELECT nik FROM person WHERE person_id = :person AND valid_to IS NULL) ORDER BY r.source, r.row"
        ),
    ),
    "family": (
        ("Keluarga", "Family"),
        (
            "SELECT * FROM family WHERE family_id = (SELECT family_id FROM person WHERE person_id = :person AND valid_to IS NULL) "
            "AND valid_to IS NULL"
        ),
    ),
    "origins": (
        ("Asal tiap nilai orang ini, dan kata sumber lain", "Where each value of this person comes from, and what others say"),
        None,
    ),
    "values": (
        ("Asal nilai keluarga dan rumah", "Where values of family and house come from"),
        (
            "SELECT a.entity, a.attribute, a.value, a.used, a.source, r.delivery_id, r.file, r.sheet, r.row, a.cell "
            "FROM attribute_source AS a LEFT JOIN source_record AS r ON r.record_id = a.record_id WHERE a.entity_id IN ("
            "SELECT p.family_id FROM person AS p WHERE p.person_id = :person AND p.valid_to IS NULL "
            "UNION SELECT f.house_id FROM person AS p INNER JOIN family AS f ON f.family_id = p.family_id AND f.valid_to IS NULL "
            "WHERE p.person_id = :person AND p.valid_to IS NULL) "
            "ORDER BY a.entity, a.attribute, a.used DESC, a.source, a.cell"
        ),
    ),
    "aid": (
        ("Bantuan orang ini", "Aid of this person"),
        (
            "SELECT a.programme_id, a.period, a.amount, a.is_current, r.source, r.file, r.sheet, r.row FROM aid_received AS a "
            "LEFT JOIN source_record AS r ON r.record_id = a.record_id WHERE a.unit = 'person' AND a.person_id = :person "
            "AND a.valid_to IS NULL ORDER BY a.programme_id"
        ),
    ),
    "eligibility": (
        ("Kelayakan orang ini", "Eligibility of this person"),
        "SELECT programme_id, status, reasons FROM v1_eligibility WHERE unit = 'person' AND person_id = :person ORDER BY programme_id",
    ),
    "reports": (
        ("Laporan", "Reports"),
        "SELECT channel, report_number, reported_on, kind, status FROM report WHERE person_id = :person ORDER BY reported_on",
    ),
    "identity": (
        ("Riwayat id", "History of the id"),
        (
            "SELECT publication, kind, entity_id, other_id FROM identity_event WHERE entity = 'person' "
            "AND (entity_id = :person OR other_id = :person) ORDER BY publication"
        ),
    ),
    "looks": (
        ("Siapa yang pernah melihat", "Who has looked"),
        "SELECT happened_at, actor, action, purpose FROM audit_entry WHERE entity = 'person' AND entity_id = :person ORDER BY entry_id",
    ),
}
"""What is shown, in this order: the section's title in both languages, and its query; `origins` is put together from several."""


@dataclass(frozen=True)
class PersonFile:
    """What is held about a person: the rows of each section of SECTIONS."""

    person_id: str
    sections: Mapping[str, Rows]


@without_values
def look_up_person(engine: Engine, *, nik: str | None, person_id: str | None, actor: str, at: datetime, purpose: str) -> PersonFile | None:
    """All that is held about the person with this NIK or id; None where nobody is stored under it. `at`: UTC without zone.

    The trail gets an entry either way: action look_up, with the purpose, and with the id of the person if there is one.
    """
    ready_database(engine)
    with writing(engine) as connection:
        found = _found(connection, nik, person_id)
        detail = None if found else {"found": False}
        add_entry(connection, actor=actor, action="look_up", at=at, entity="person", entity_id=found, purpose=purpose, detail=detail)
    if found is None:
        return None
    with snapshot(engine) as connection:
        sections = {name: _rows(connection, query, found) for name, (_, query) in SECTIONS.items()}
    return PersonFile(found, sections)


def _rows(connection: Connection, query: str | None, person_id: str) -> Rows:
    if query is None:
        return value_origins(connection, person_id)
    return [dict(row) for row in connection.execute(text(query), {"person": person_id}).mappings()]


def _found(connection: Connection, nik: str | None, person_id: str | None) -> str | None:
    column, value = ("nik", nik) if nik is not None else ("person_id", person_id)
    query = text(f"SELECT person_id FROM person WHERE {column} = :value AND valid_to IS NULL")  # noqa: S608 - one of our own columns
    found = connection.execute(query, {"value": value}).scalar()
    return None if found is None else str(found)
