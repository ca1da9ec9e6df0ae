"""The ledger of people's decisions: who said of which record that it is, or is not, a certain resident.

A decision binds the key of the record's row and the keyed hash of the resident's NIK, neither of which changes when a new list comes
or when ids are given anew. Rows are only ever added; one that no longer holds says when it ended, by whom and why.
"""

from __future__ import annotations

from sqlalchemy import Index

from schemas.tables_vocabulary import INSTANT, LARGE, TEXT, described, described_table

DECISIONS = ("same", "different", "unsure")
ENDINGS = ("withdrawn", "replaced")

_PEOPLE = "review workbook"

review_decision = described_table(
    "review_decision",
    "Decisions of people",
    "What people said of a record and a resident: the same person, another one, or unsure; outranks every score for ever",
    described("decision_id", LARGE, "Number of the decision", source="publishing", sensitivity="internal", key=True),
    described("decided_at", INSTANT, "Moment of the import, UTC", source="clock", sensitivity="internal", unit="UTC", required=True),
    described("decided_by", TEXT, "User who decided", source="PADAN_USER", sensitivity="personal", required=True),
    described("source", TEXT, "Id of the source contract of the record", source=_PEOPLE, sensitivity="internal", required=True),
    described("record_key", TEXT, "Key of the row, the same in every delivery", source="intake", sensitivity="internal", required=True),
    described("mention", TEXT, "Which of the people named in the row", source="intake", sensitivity="internal", required=True),
    described(
        "record_hash",
        TEXT,
        "Keyed hash of what the row said of who the person is: finds the row again when its key changed",
        source="HMAC-SHA256",
        sensitivity="personal",
    ),
    described(
        "candidate_hash", TEXT, "Keyed hash of the NIK of the resident judged", source="HMAC-SHA256", sensitivity="personal", required=True
    ),
    described("decision", TEXT, "What was decided", source=_PEOPLE, sensitivity="personal", values=DECISIONS, required=True),
    described("comment", TEXT, "What the officer added", source=_PEOPLE, sensitivity="personal"),
    described("workbook_hash", TEXT, "SHA-256 of the workbook that brought it", source=_PEOPLE, sensitivity="internal"),
    described("ended_at", INSTANT, "Moment from which it no longer holds, UTC", source="clock", sensitivity="internal", unit="UTC"),
    described("ended_by", TEXT, "User who ended it", source="PADAN_USER", sensitivity="personal"),
    described("ended_as", TEXT, "How it ended", source="publishing", sensitivity="internal", values=ENDINGS),
    period="one row per decision, kept after it ended",
)

Index(None, review_decision.c.source, review_decision.c.record_key)
