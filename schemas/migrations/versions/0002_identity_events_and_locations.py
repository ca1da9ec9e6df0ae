"""Identity events; on PostgreSQL the position of each house as a point."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOCATION = (
    "CREATE EXTENSION IF NOT EXISTS postgis",
    (
        "ALTER TABLE house ADD COLUMN location geometry(Point, 4326) "
        "GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)) STORED"
    ),
    "CREATE INDEX ix_house_location ON house USING gist (location) WHERE valid_to IS NULL",
)


def one_of(column: str, *values: str) -> str:
    """A closed set of values, as the check constraint that SQLite evaluates fastest."""
    return " OR ".join(f"{column} = '{value}'" for value in values)


def upgrade() -> None:
    """Add the table of events, and the generated column where the engine has points."""
    op.create_table(
        "identity_event",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("publication", LARGE, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("entity_id", TEXT, nullable=False),
        sa.Column("other_id", TEXT, nullable=True),
        sa.CheckConstraint(one_of("entity", "person", "family", "house"), name=op.f("ck_identity_event_entity")),
        sa.CheckConstraint(one_of("kind", "create", "absorb", "merge", "split", "alias"), name=op.f("ck_identity_event_kind")),
        sa.ForeignKeyConstraint(
            ["publication"],
            ["publication.number"],
            name=op.f("fk_identity_event_publication_publication"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_identity_event")),
    )
    op.create_index(op.f("ix_identity_event_entity_id"), "identity_event", ["entity_id"], unique=False)
    op.create_index(op.f("ix_identity_event_other_id"), "identity_event", ["other_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in LOCATION:
            op.execute(statement)
