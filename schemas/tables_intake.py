"""What came in: deliveries, the records read from them, repaired cells, rows set aside.

With `attribute_source.cell` these tables lead from any value of a family back to the cell of the spreadsheet it came from.
"""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index

from schemas.tables_reference import UNITS
from schemas.tables_vocabulary import DAY, SMALL, TEXT, described, described_table, row_hash

_INTAKE = "intake"

delivery = described_table(
    "delivery",
    "Deliveries",
    "Every file that an office delivered, with what became of its rows",
    described("delivery_id", TEXT, "Id of the delivery (one dated folder of an office)", source=_INTAKE, sensitivity="open", key=True),
    described("file", TEXT, "Name of the file inside the delivery", source="file name", sensitivity="internal", key=True),
    described("source", TEXT, "Id of the source contract", source="schemas/sources", sensitivity="open", required=True),
    described("delivered_on", DAY, "Day of the delivery; empty for undated files", source="folder name", sensitivity="open"),
    described("ordinal", SMALL, "Order among deliveries of one day", source="folder name", sensitivity="internal"),
    described("sha256", TEXT, "SHA-256 of the file's bytes", source=_INTAKE, sensitivity="internal"),
    described("bytes", SMALL, "Size of the file", source=_INTAKE, sensitivity="internal", unit="byte"),
    described("records", SMALL, "Accepted mentions read from the file", source=_INTAKE, sensitivity="open", unit="record"),
    described("quarantined", SMALL, "Rows of the file set aside with a reason", source=_INTAKE, sensitivity="open", unit="row"),
    described("skipped", SMALL, "Blank, title, header, total and signature rows", source=_INTAKE, sensitivity="open", unit="row"),
    described("duplicates", SMALL, "Exact duplicates of another row", source=_INTAKE, sensitivity="open", unit="row"),
    row_hash(),
)


def _delivery_reference() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["delivery_id", "file"], ["delivery.delivery_id", "delivery.file"], deferrable=True, initially="DEFERRED")


source_record = described_table(
    "source_record",
    "Source records",
    "Every mention of a person, family or house in an office's list, and where it stands",
    described(
        "record_id", TEXT, "Id of the record: source, record key, ordinal among equals", source=_INTAKE, sensitivity="internal", key=True
    ),
    described("source", TEXT, "Id of the source contract", source="schemas/sources", sensitivity="open", required=True),
    described(
        "record_key",
        TEXT,
        "Keyed hash of the office's own key, stable from list to list",
        source=_INTAKE,
        sensitivity="internal",
        required=True,
    ),
    described(
        "mention", TEXT, "Which of the people named in the row is meant", source="source contract", sensitivity="internal", required=True
    ),
    described(
        "role", TEXT, "What the list is: population, welfare, recipients, survey, reports", source="source contract", sensitivity="open"
    ),
    described("unit", TEXT, "What a row of the list stands for", source="source contract", sensitivity="open", values=UNITS),
    described("programme", TEXT, "Programme of the list, if it is one of recipients", source="source contract", sensitivity="open"),
    described("delivery_id", TEXT, "Delivery that the record was read from", source=_INTAKE, sensitivity="open", required=True),
    described("file", TEXT, "File inside the delivery", source=_INTAKE, sensitivity="internal", required=True),
    described("sheet", TEXT, "Sheet of the workbook; empty for text files", source=_INTAKE, sensitivity="internal"),
    described("row", SMALL, "Row of the sheet as the office sees it, from 1", source=_INTAKE, sensitivity="internal", required=True),
    described("errors", TEXT, "Cells that could not be used: `column:code`, separated by spaces", source=_INTAKE, sensitivity="internal"),
    row_hash(),
    _delivery_reference(),
)

cell_repair = described_table(
    "cell_repair",
    "Repaired cells",
    "Cells whose value was put right by a certain rule, with what stood there before",
    row_hash(key=True),
    described(
        "record_id", TEXT, "Record of the cell", source=_INTAKE, sensitivity="internal", references="source_record.record_id", required=True
    ),
    described("column_name", TEXT, "Canonical column", source="schemas/canonical.py", sensitivity="internal", required=True),
    described("original", TEXT, "What the cell held", source="the office's file", sensitivity="specific"),
    described("rule", TEXT, "Rule that repaired it", source=_INTAKE, sensitivity="internal", required=True),
)

quarantined_row = described_table(
    "quarantined_row",
    "Quarantined rows",
    "Rows that could not be used, with the reason and the original cells, to be put right by the office",
    row_hash(key=True),
    described("delivery_id", TEXT, "Delivery of the row", source=_INTAKE, sensitivity="open", required=True),
    described("file", TEXT, "File inside the delivery", source=_INTAKE, sensitivity="internal", required=True),
    described("sheet", TEXT, "Sheet of the workbook", source=_INTAKE, sensitivity="internal"),
    described(
        "row", SMALL, "Row of the sheet, from 1; 0 for a whole refused delivery", source=_INTAKE, sensitivity="internal", required=True
    ),
    described(
        "disposition",
        TEXT,
        "quarantined or delivery_refused",
        source=_INTAKE,
        sensitivity="open",
        values=("quarantined", "delivery_refused"),
        required=True,
    ),
    described("reason", TEXT, "Code of the reason", source=_INTAKE, sensitivity="open"),
    described("column_name", TEXT, "Column that the reason is about", source=_INTAKE, sensitivity="internal"),
    described("shape", TEXT, "Shape of what was found, never the value", source=_INTAKE, sensitivity="internal"),
    described("message_id", TEXT, "What would be right, in Indonesian", source=_INTAKE, sensitivity="internal"),
    described("message_en", TEXT, "What would be right, in English", source=_INTAKE, sensitivity="internal"),
    described("cells", TEXT, "The row as delivered, JSON list", source="the office's file", sensitivity="specific"),
    _delivery_reference(),
)

Index(None, source_record.c.delivery_id, source_record.c.file)
Index(None, cell_repair.c.record_id)
Index(None, quarantined_row.c.delivery_id, quarantined_row.c.file)
