"""The ledger of quarantined rows as cases: opened by the publication that first set a row aside, closed by the one that no longer does.

`quarantined_row` shows what is set aside now; this ledger keeps what became of it: corrected, by whom and when, or overtaken by a newer
delivery. A row that is set aside again, because its delivery was restored, opens a case anew.
"""

from __future__ import annotations

from sqlalchemy import Index

from schemas.tables_vocabulary import INSTANT, SMALL, TEXT, described, described_table

CASE_STATES = ("open", "corrected", "superseded")

quarantine_case = described_table(
    "quarantine_case",
    "Cases of quarantine",
    "Every row that was ever set aside: since which publication, whether it was put right, by whom and when",
    described(
        "case_id", TEXT, "Number of the case, as it stands in the office's workbook", source="intake", sensitivity="internal", key=True
    ),
    described("opened_in", SMALL, "Publication that first had the row set aside", source="publishing", sensitivity="open", key=True),
    described("source", TEXT, "Id of the source contract", source="schemas/sources", sensitivity="open", required=True),
    described("delivery_id", TEXT, "Delivery of the row", source="intake", sensitivity="open", required=True),
    described("file", TEXT, "File inside the delivery", source="intake", sensitivity="internal", required=True),
    described("sheet", TEXT, "Sheet of the workbook", source="intake", sensitivity="internal"),
    described("row", SMALL, "Row of the sheet, from 1", source="intake", sensitivity="internal", required=True),
    described("reason", TEXT, "Code of the reason when the case was opened", source="intake", sensitivity="open"),
    described("column_name", TEXT, "Column that the reason is about", source="intake", sensitivity="internal"),
    described("status", TEXT, "Whether the row still waits", source="publishing", sensitivity="open", values=CASE_STATES, required=True),
    described("closed_in", SMALL, "Publication that no longer has the row set aside", source="publishing", sensitivity="open"),
    described("closed_by", TEXT, "User who brought the correction", source="PADAN_USER", sensitivity="personal"),
    described("closed_at", INSTANT, "Moment when the correction was brought, UTC", source="clock", sensitivity="internal", unit="UTC"),
    period="one row per case, kept after it was closed",
)

Index(None, quarantine_case.c.status)
