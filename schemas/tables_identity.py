"""The identity registry: what became of the ids of persons, families and houses, as events that are only ever added.

An id is opaque and is never given twice. When two ids turn out to mean the same, or one turns out to mean two, nothing is
renamed: an event says so, and a system that kept an old id finds its successor here.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from schemas.tables_people import ENTITIES
from schemas.tables_vocabulary import LARGE, TEXT, described, described_table, row_hash

_REGISTRY = "identity registry"
IDENTITY_EVENTS = ("create", "absorb", "merge", "split", "alias")

identity_event = described_table(
    "identity_event",
    "Identity events",
    "How ids of persons, families and houses came about, joined and parted",
    row_hash(key=True),
    described(
        "publication",
        LARGE,
        "Publication in which it happened",
        source="publication.number",
        sensitivity="internal",
        references="publication.number",
        required=True,
    ),
    described("entity", TEXT, "What the id stands for", source=_REGISTRY, sensitivity="internal", values=ENTITIES, required=True),
    described(
        "kind",
        TEXT,
        "create: a new id; absorb: an unregistered one proved to be this registered one; merge: two were one; split: part of the other "
        "is now this one; alias: the same as the other, under a new id or with a new number",
        source=_REGISTRY,
        sensitivity="internal",
        values=IDENTITY_EVENTS,
        required=True,
    ),
    described("entity_id", TEXT, "The id that holds from now on", source=_REGISTRY, sensitivity="internal", required=True),
    described("other_id", TEXT, "The id that it came from, where there is one", source=_REGISTRY, sensitivity="internal"),
    period="one row per event",
)

Index(None, identity_event.c.entity_id)
_THERE_IS_ONE = text("other_id IS NOT NULL")
Index(None, identity_event.c.other_id, sqlite_where=_THERE_IS_ONE, postgresql_where=_THERE_IS_ONE)
