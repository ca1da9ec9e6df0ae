"""Who lives in a family, in numbers; the register's row of each person; reports of the call centre."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("children", "elderly", "dependants", "disabled", "pregnant", "pupils", "widows", "orphans")
FLAGS = ("single_head", "elderly_alone")


def upgrade() -> None:
    """Add the columns and the table. SQLite copies the two tables, so that a column stands in its place."""
    recreate: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("person", recreate=recreate) as person:
        person.add_column(sa.Column("register_record", TEXT, nullable=True))
    with op.batch_alter_table("family", recreate=recreate) as family:
        for name in COUNTS:
            family.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in FLAGS:
            family.add_column(sa.Column(name, sa.Boolean(), nullable=True))
    op.create_table(
        "report",
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("report_number", TEXT, nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("kind", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=True),
        sa.Column("person_id", TEXT, nullable=True),
        sa.Column("house_id", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.record_id"],
            name=op.f("fk_report_record_id_source_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_person_id"), "report", ["person_id"], unique=False)
