"""History of aid and deprivations; why an interview outweighs a family card.

What is there is taken to have begun in the newest publication: nobody knows any more since when it was so.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUBJECT = "CASE unit WHEN 'person' THEN person_id WHEN 'family' THEN family_id WHEN 'house' THEN house_id END IS NOT NULL"
UNITS = ("person", "family", "house")
AID = "row_hash, programme_id, unit, person_id, family_id, house_id, period, amount, record_id, is_current, payer, listed"
NEWEST = "(SELECT max(number) FROM publication)"
CURRENT = "valid_to IS NULL"


def one_of(column: str, *values: str) -> str:
    """A closed set of values, as the check constraint that SQLite evaluates fastest."""
    return " OR ".join(f"{column} = '{value}'" for value in values)


def upgrade() -> None:
    """Each table is made anew and filled from a copy, which both engines do in the same words."""
    _remade("aid_received", _aid_received, AID, NEWEST)
    _remade("deprivation", _deprivation, "row_hash, family_id, code, holds, value, record_id", NEWEST)
    _remade("attribute_source", _attribute_source, "row_hash, entity, entity_id, attribute, value, source, record_id, cell, used", None)


def _remade(name: str, create: Callable[[], None], columns: str, began: str | None) -> None:
    op.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {columns} FROM {name}")  # noqa: S608 - our own names
    op.drop_table(name)
    create()
    into, values = (f"{columns}, valid_from", f"{columns}, {began}") if began else (columns, columns)
    op.execute(f"INSERT INTO {name} ({into}) SELECT {values} FROM kept")  # noqa: S608 - our own names
    op.execute("DROP TABLE kept")


def _points_at(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name, initially="DEFERRED", deferrable=True)


def _versions(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("valid_from", LARGE, nullable=False),
        sa.Column("valid_to", LARGE, nullable=True),
        _points_at(table, "valid_from", "publication", "number"),
        _points_at(table, "valid_to", "publication", "number"),
        sa.PrimaryKeyConstraint("row_hash", "valid_from", name=op.f(f"pk_{table}")),
    ]


def _index(name: str, table: str, column: str, where: str | None = None) -> None:
    only = sa.text(where) if where else None
    op.create_index(op.f(name), table, [column], unique=False, sqlite_where=only, postgresql_where=only)


def _aid_received() -> None:
    op.create_table(
        "aid_received",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("programme_id", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=True),
        sa.Column("family_id", TEXT, nullable=True),
        sa.Column("house_id", TEXT, nullable=True),
        sa.Column("period", TEXT, nullable=True),
        sa.Column("amount", LARGE, nullable=True),
        sa.Column("record_id", TEXT, nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=True),
        sa.Column("payer", TEXT, nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(SUBJECT, name=op.f("ck_aid_received_subject")),
        sa.CheckConstraint(one_of("unit", *UNITS), name=op.f("ck_aid_received_unit")),
        _points_at("aid_received", "programme_id", "programme", "programme_id"),
        *_versions("aid_received"),
    )
    for unit in UNITS:
        _index(f"ix_aid_received_{unit}", "aid_received", f"{unit}_id", f"unit = '{unit}' AND {CURRENT}")
    _index("ix_aid_received_record_id", "aid_received", "record_id")
    _index("ix_aid_received_programme_id", "aid_received", "programme_id")


def _deprivation() -> None:
    op.create_table(
        "deprivation",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("family_id", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=True),
        sa.Column("value", TEXT, nullable=True),
        sa.Column("record_id", TEXT, nullable=True),
        *_versions("deprivation"),
    )
    _index("ix_deprivation_family_id", "deprivation", "family_id", CURRENT)


def _attribute_source() -> None:
    op.create_table(
        "attribute_source",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("entity_id", TEXT, nullable=False),
        sa.Column("attribute", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=True),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("record_id", TEXT, nullable=True),
        sa.Column("cell", TEXT, nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.CheckConstraint(one_of("entity", *UNITS), name=op.f("ck_attribute_source_entity")),
        sa.CheckConstraint(one_of("reason", "joined", "split"), name=op.f("ck_attribute_source_reason")),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_attribute_source")),
    )
    _index("ix_attribute_source_entity_id", "attribute_source", "entity_id")
    _index("ix_attribute_source_record_id", "attribute_source", "record_id")
