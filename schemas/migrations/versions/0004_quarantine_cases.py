"""The ledger of quarantined rows as cases; what is set aside now opens its case in the last publication."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from schemas.correction_sheet import case_number

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the ledger and fill it from the rows that are set aside."""
    ledger = op.create_table(
        "quarantine_case",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("opened_in", sa.Integer(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("delivery_id", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("sheet", TEXT, nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("column_name", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("closed_in", sa.Integer(), nullable=True),
        sa.Column("closed_by", TEXT, nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("status = 'open' OR status = 'corrected' OR status = 'superseded'", name=op.f("ck_quarantine_case_status")),
        sa.PrimaryKeyConstraint("case_id", "opened_in", name=op.f("pk_quarantine_case")),
    )
    op.create_index(op.f("ix_quarantine_case_status"), "quarantine_case", ["status"], unique=False)
    rows = op.get_bind().execute(
        sa.text(
            'SELECT d.source, d.sha256, q.delivery_id, q.file, q.sheet, q."row", q.reason, q.column_name, '
            "(SELECT max(number) FROM publication) AS opened_in "
            "FROM quarantined_row q JOIN delivery d ON d.delivery_id = q.delivery_id AND d.file = q.file "
            "WHERE q.disposition = 'quarantined'"
        )
    )
    cases = {}
    for row in rows.mappings():
        facts = dict(row)
        number = case_number(facts.pop("sha256"), facts["sheet"], facts["row"])
        cases[number] = facts | {"case_id": number, "status": "open"}
    if cases:
        op.bulk_insert(ledger, list(cases.values()))
