"""The publications, and the trail of who did what. A publication's row is written last: it is what makes a state visible."""

from __future__ import annotations

from schemas.tables_vocabulary import DAY, INSTANT, LARGE, TEXT, described, described_table

_HERE = "publishing"

publication = described_table(
    "publication",
    "Publications",
    "Every state of the database that was published, one transaction each",
    described("number", LARGE, "Number of the publication, from 1 without gaps", source=_HERE, sensitivity="open", key=True),
    described("as_of", DAY, "Day from which ages, windows and freshness count", source="the run", sensitivity="open", required=True),
    described("published_at", INSTANT, "Moment of the publication, UTC", source="clock", sensitivity="open", unit="UTC", required=True),
    described(
        "content_hash",
        TEXT,
        "SHA-256 of what the v1 views show, without times, ids and hashes",
        source=_HERE,
        sensitivity="open",
        required=True,
    ),
    described(
        "data_hash",
        TEXT,
        "SHA-256 of every row of exactly this data; the audit passed for it",
        source=_HERE,
        sensitivity="internal",
        required=True,
    ),
    described(
        "table_hashes",
        TEXT,
        "SHA-256 of the rows of each table, JSON; a table whose hash is still the same need not be compared again",
        source=_HERE,
        sensitivity="internal",
        required=True,
    ),
    described("code_version", TEXT, "Version of Padan", source="the run", sensitivity="open", required=True),
    described(
        "inputs",
        TEXT,
        "What went in, JSON: delivered files, contracts, rules and their hashes",
        source="the run",
        sensitivity="internal",
        required=True,
    ),
    described("counts", TEXT, "Current rows of each table, JSON", source=_HERE, sensitivity="open", required=True),
    described(
        "rows_written",
        LARGE,
        "Rows inserted, closed or removed by this publication",
        source=_HERE,
        sensitivity="open",
        unit="row",
        required=True,
    ),
    period="one row per publication",
)

audit_entry = described_table(
    "audit_entry",
    "Audit trail",
    "Who did what to which data, and when; rows are only ever added",
    described("entry_id", LARGE, "Number of the entry", source=_HERE, sensitivity="internal", key=True),
    described("happened_at", INSTANT, "Moment, UTC", source="clock", sensitivity="internal", unit="UTC", required=True),
    described("actor", TEXT, "User who did it", source="PADAN_USER", sensitivity="personal", required=True),
    described("action", TEXT, "What was done: publish, look_up, export …", source=_HERE, sensitivity="internal", required=True),
    described("entity", TEXT, "Kind of what it was done to", source=_HERE, sensitivity="internal"),
    described("entity_id", TEXT, "Id of what it was done to", source=_HERE, sensitivity="internal"),
    described("purpose", TEXT, "Why, as the user said", source="the user", sensitivity="internal"),
    described("detail", TEXT, "Further facts, JSON, without personal data", source=_HERE, sensitivity="internal"),
    period="one row per action",
)
