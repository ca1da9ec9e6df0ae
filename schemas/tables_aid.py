"""Aid: what each unit receives, what it is entitled to and why, what it lacks, and where the two disagree."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Table, text

from schemas.tables_reference import UNITS
from schemas.tables_vocabulary import DAY, LARGE, SMALL, TEXT, YES_NO, described, described_table, row_hash, valid_from, valid_to

_RULES = "eligibility, schemas/programmes"
ELIGIBILITY_STATUSES = ("eligible", "ineligible", "unknown", "receiving", "blocked_by_overlap")
GAP_KINDS = ("eligible_not_receiving", "receiving_not_eligible", "receiving_twice")


def _subject() -> tuple[Any, ...]:
    """Whom a row is about: the unit of the programme, and the id of that person, family or house."""
    return (
        described(
            "programme_id",
            TEXT,
            "The programme",
            source="schemas/programmes",
            sensitivity="internal",
            references="programme.programme_id",
            required=True,
        ),
        described("unit", TEXT, "Whom the row is about", source="schemas/programmes", sensitivity="internal", values=UNITS, required=True),
        *(
            described(f"{unit}_id", TEXT, f"The {unit}, where the unit is a {unit}", source="families", sensitivity="internal")
            for unit in UNITS
        ),
        CheckConstraint("CASE unit " + " ".join(f"WHEN '{unit}' THEN {unit}_id" for unit in UNITS) + " END IS NOT NULL", name="subject"),
    )


aid_received = described_table(
    "aid_received",
    "Aid received",
    "Aid that an office's list says a person, family or house receives, with its history",
    row_hash(key=True),
    *_subject(),
    described("period", TEXT, "Months that the aid is for, YYYY-MM/YYYY-MM", source="the office's list", sensitivity="personal"),
    described("amount", LARGE, "Amount", source="the office's list", sensitivity="specific", unit="rupiah"),
    # No foreign key: an ended version outlives the record that it came from. The audit checks the reference of what is published.
    described("record_id", TEXT, "Record that says so", source="intake", sensitivity="internal"),
    described("is_current", YES_NO, "Whether the aid still runs at the day of account", source="eligibility", sensitivity="internal"),
    described("payer", TEXT, "Who pays, where a programme has several payers", source="the office's list", sensitivity="internal"),
    described(
        "listed",
        YES_NO,
        "Whether a list of recipients says so, rather than a mark in another list",
        source="eligibility",
        sensitivity="internal",
    ),
    valid_from(),
    valid_to(),
)

eligibility_reason = described_table(
    "eligibility_reason",
    "Reasons of eligibility",
    "The distinct lists of reasons, kept once because a few hundred texts explain more than a million decisions",
    described("reasons_id", LARGE, "Fingerprint of the text", source="computed", sensitivity="internal", key=True),
    described(
        "reasons",
        TEXT,
        "JSON list of criteria: code, text in both languages, whether it holds",
        source=_RULES,
        sensitivity="internal",
        required=True,
    ),
    row_hash(),
)

eligibility = described_table(
    "eligibility",
    "Eligibility",
    "Whether a programme fits a person, family or house, and why, with its history",
    *_subject(),
    described("status", TEXT, "The decision", source=_RULES, sensitivity="specific", values=ELIGIBILITY_STATUSES, required=True),
    described("qualifies", YES_NO, "Whether the criteria are met, overlaps and receipt aside", source=_RULES, sensitivity="specific"),
    described(
        "priority", SMALL, "Order among the eligible, 1 first; empty where the rule gives none", source=_RULES, sensitivity="internal"
    ),
    described(
        "reasons_id", LARGE, "Reasons of the decision", source=_RULES, sensitivity="internal", references="eligibility_reason.reasons_id"
    ),
    described("rule_version", TEXT, "Version of the rule", source="schemas/programmes", sensitivity="internal"),
    row_hash(key=True),
    valid_from(),
    valid_to(),
)

deprivation = described_table(
    "deprivation",
    "Deprivations",
    "What a family lacks: criteria of poverty whose answer is known, with their history",
    row_hash(key=True),
    described("family_id", TEXT, "The family", source="families", sensitivity="internal", required=True),
    described("code", TEXT, "Code of the criterion", source="eligibility", sensitivity="specific", required=True),
    described("holds", YES_NO, "Whether the family is deprived in it", source="eligibility", sensitivity="specific"),
    described("value", TEXT, "The answer that decides", source="linked records", sensitivity="specific"),
    described("record_id", TEXT, "Record that gave the answer; empty where several did", source="eligibility", sensitivity="internal"),
    valid_from(),
    valid_to(),
)

report = described_table(
    "report",
    "Reports",
    "What citizens reported about a person, as a call centre's list says; a report is no aid, and no finding of poverty",
    described(
        "record_id", TEXT, "Record of the report", source="intake", sensitivity="internal", references="source_record.record_id", key=True
    ),
    described("channel", TEXT, "Source of the report", source="schemas/sources", sensitivity="internal", required=True),
    described("report_number", TEXT, "Number of the report at the call centre", source="the office's list", sensitivity="internal"),
    described("reported_on", DAY, "Day of the report", source="the office's list", sensitivity="personal"),
    described("kind", TEXT, "What was reported", source="the office's list", sensitivity="specific"),
    described("status", TEXT, "How far the office has come with it", source="the office's list", sensitivity="internal"),
    described("person_id", TEXT, "Who it is about; empty while in review or unnamed", source="matching", sensitivity="internal"),
    described("house_id", TEXT, "House in which that person lives", source="families", sensitivity="internal"),
    row_hash(),
)

targeting_gap = described_table(
    "targeting_gap",
    "Targeting gaps",
    "Where aid and entitlement disagree",
    row_hash(key=True),
    *_subject(),
    described("kind", TEXT, "What is wrong", source="eligibility", sensitivity="specific", values=GAP_KINDS, required=True),
    described("detail", TEXT, "What explains it", source="eligibility", sensitivity="specific"),
)


def _per_unit(table: Table, *, unique: bool, only: str | None = None, also: Column[Any] | None = None) -> None:
    """An index for each unit, holding only the rows of that unit."""
    for unit in UNITS:
        where = text(f"unit = '{unit}'" + (f" AND {only}" if only else ""))
        columns = [table.c[f"{unit}_id"], *([also] if also is not None else [])]
        kind = "uq" if unique else "ix"
        Index(f"{kind}_{table.name}_{unit}", *columns, unique=unique, sqlite_where=where, postgresql_where=where)


_per_unit(eligibility, unique=True, only="valid_to IS NULL", also=eligibility.c.programme_id)
_per_unit(aid_received, unique=False, only="valid_to IS NULL")
_per_unit(targeting_gap, unique=False)
Index(None, aid_received.c.record_id)
Index(None, aid_received.c.programme_id)
Index(None, targeting_gap.c.programme_id, targeting_gap.c.kind)
Index(None, deprivation.c.family_id, sqlite_where=text("valid_to IS NULL"), postgresql_where=text("valid_to IS NULL"))
Index(None, report.c.person_id)
Index(
    None,
    eligibility.c.programme_id,
    eligibility.c.status,
    sqlite_where=text("valid_to IS NULL"),
    postgresql_where=text("valid_to IS NULL"),
)
