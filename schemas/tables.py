"""The unified database: all tables, and how each is kept.

`HISTORY` tables keep every published version of a row; the others of `STATE_TABLES` hold the current state only. The order of
`STATE_TABLES` is that of the story: what came in, who it is, how they live, what help fits.
"""

from __future__ import annotations

from sqlalchemy import Table

from schemas.tables_aid import aid_received, deprivation, eligibility, eligibility_reason, report, targeting_gap
from schemas.tables_cases import quarantine_case
from schemas.tables_identity import identity_event
from schemas.tables_intake import cell_repair, delivery, quarantined_row, source_record
from schemas.tables_people import attribute_source, family, house, person, person_link, review_case
from schemas.tables_publication import audit_entry, publication
from schemas.tables_reference import area, code_list, programme
from schemas.tables_review import review_decision
from schemas.tables_vocabulary import METADATA

__all__ = [
    "BOOKKEEPING",
    "HISTORY",
    "METADATA",
    "SCHEMA_REVISION",
    "STATE_TABLES",
    "aid_received",
    "area",
    "attribute_source",
    "audit_entry",
    "business_columns",
    "cell_repair",
    "code_list",
    "delivery",
    "deprivation",
    "eligibility",
    "eligibility_reason",
    "family",
    "house",
    "identity_event",
    "person",
    "person_link",
    "programme",
    "publication",
    "quarantine_case",
    "quarantined_row",
    "report",
    "review_case",
    "review_decision",
    "source_record",
    "targeting_gap",
]

SCHEMA_REVISION = "0009"
"""The newest file of `schemas/migrations/versions`; stands in the data dictionary as its version."""

STATE_TABLES: tuple[Table, ...] = (
    area,
    code_list,
    programme,
    delivery,
    source_record,
    cell_repair,
    quarantined_row,
    person,
    family,
    house,
    attribute_source,
    person_link,
    review_case,
    aid_received,
    eligibility_reason,
    eligibility,
    deprivation,
    targeting_gap,
    report,
)
"""What a publication writes, besides its own row and the audit trail."""

HISTORY: frozenset[str] = frozenset(table.name for table in (person, family, house, eligibility, aid_received, deprivation))
BOOKKEEPING: frozenset[str] = frozenset({"row_hash", "valid_from", "valid_to"})


def business_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table that say something about the world, without those that keep its history."""
    return tuple(column.name for column in table.columns if column.name not in BOOKKEEPING)
