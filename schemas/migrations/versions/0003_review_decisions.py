"""The ledger of people's decisions about doubtful records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def one_of(column: str, *values: str) -> str:
    """A closed set of values, as the check constraint that SQLite evaluates fastest."""
    return " OR ".join(f"{column} = '{value}'" for value in values)


def upgrade() -> None:
    """Add the ledger."""
    op.create_table(
        "review_decision",
        sa.Column("decision_id", LARGE, nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("record_key", TEXT, nullable=False),
        sa.Column("mention", TEXT, nullable=False),
        sa.Column("record_hash", TEXT, nullable=True),
        sa.Column("candidate_hash", TEXT, nullable=False),
        sa.Column("decision", TEXT, nullable=False),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column("workbook_hash", TEXT, nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", TEXT, nullable=True),
        sa.Column("ended_as", TEXT, nullable=True),
        sa.CheckConstraint(one_of("decision", "same", "different", "unsure"), name=op.f("ck_review_decision_decision")),
        sa.CheckConstraint(one_of("ended_as", "withdrawn", "replaced"), name=op.f("ck_review_decision_ended_as")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_review_decision")),
    )
    op.create_index(op.f("ix_review_decision_source_record_key"), "review_decision", ["source", "record_key"], unique=False)
