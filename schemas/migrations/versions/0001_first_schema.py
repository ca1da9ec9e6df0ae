"""The first schema: areas, programmes, deliveries, records, people, houses, aid, publications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUBJECT = "CASE unit WHEN 'person' THEN person_id WHEN 'family' THEN family_id WHEN 'house' THEN house_id END IS NOT NULL"


def one_of(column: str, *values: str) -> str:
    """A closed set of values, as the check constraint that SQLite evaluates fastest."""
    return " OR ".join(f"{column} = '{value}'" for value in values)


def upgrade() -> None:  # noqa: PLR0915
    """Create all tables."""
    op.create_table(
        "area",
        sa.Column("area_code", TEXT, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("parent_code", TEXT, nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("families", sa.Integer(), nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.CheckConstraint(one_of("level", "regency", "kecamatan", "village"), name=op.f("ck_area_level")),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["area.area_code"], name=op.f("fk_area_parent_code_area"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("area_code", name=op.f("pk_area")),
    )
    op.create_index(op.f("ix_area_parent_code"), "area", ["parent_code"], unique=False)
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
        sa.CheckConstraint(one_of("entity", "person", "family", "house"), name=op.f("ck_attribute_source_entity")),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_attribute_source")),
    )
    op.create_index(op.f("ix_attribute_source_entity_id"), "attribute_source", ["entity_id"], unique=False)
    op.create_index(op.f("ix_attribute_source_record_id"), "attribute_source", ["record_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("entry_id", LARGE, nullable=False),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=True),
        sa.Column("entity_id", TEXT, nullable=True),
        sa.Column("purpose", TEXT, nullable=True),
        sa.Column("detail", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "code_list",
        sa.Column("code_list", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=True),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("origin", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.PrimaryKeyConstraint("code_list", "code", name=op.f("pk_code_list")),
    )
    op.create_table(
        "delivery",
        sa.Column("delivery_id", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("sha256", TEXT, nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("records", sa.Integer(), nullable=True),
        sa.Column("quarantined", sa.Integer(), nullable=True),
        sa.Column("skipped", sa.Integer(), nullable=True),
        sa.Column("duplicates", sa.Integer(), nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "file", name=op.f("pk_delivery")),
    )
    op.create_table(
        "deprivation",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("family_id", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=True),
        sa.Column("value", TEXT, nullable=True),
        sa.Column("record_id", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_deprivation")),
    )
    op.create_index(op.f("ix_deprivation_family_id"), "deprivation", ["family_id"], unique=False)
    op.create_table(
        "eligibility_reason",
        sa.Column("reasons_id", LARGE, nullable=False),
        sa.Column("reasons", TEXT, nullable=False),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.PrimaryKeyConstraint("reasons_id", name=op.f("pk_eligibility_reason")),
    )
    op.create_table(
        "programme",
        sa.Column("programme_id", TEXT, nullable=False),
        sa.Column("name_id", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=True),
        sa.Column("agency", TEXT, nullable=True),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("rule_version", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.CheckConstraint(one_of("unit", "person", "family", "house"), name=op.f("ck_programme_unit")),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme")),
    )
    op.create_table(
        "publication",
        sa.Column("number", LARGE, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.Column("data_hash", TEXT, nullable=False),
        sa.Column("table_hashes", TEXT, nullable=False),
        sa.Column("code_version", TEXT, nullable=False),
        sa.Column("inputs", TEXT, nullable=False),
        sa.Column("counts", TEXT, nullable=False),
        sa.Column("rows_written", LARGE, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_publication")),
    )
    op.create_table(
        "eligibility",
        sa.Column("programme_id", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=True),
        sa.Column("family_id", TEXT, nullable=True),
        sa.Column("house_id", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("qualifies", sa.Boolean(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("reasons_id", LARGE, nullable=True),
        sa.Column("rule_version", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("valid_from", LARGE, nullable=False),
        sa.Column("valid_to", LARGE, nullable=True),
        sa.CheckConstraint(SUBJECT, name=op.f("ck_eligibility_subject")),
        sa.CheckConstraint(
            one_of("status", "eligible", "ineligible", "unknown", "receiving", "blocked_by_overlap"), name=op.f("ck_eligibility_status")
        ),
        sa.CheckConstraint(one_of("unit", "person", "family", "house"), name=op.f("ck_eligibility_unit")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.programme_id"],
            name=op.f("fk_eligibility_programme_id_programme"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["reasons_id"],
            ["eligibility_reason.reasons_id"],
            name=op.f("fk_eligibility_reasons_id_eligibility_reason"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["valid_from"],
            ["publication.number"],
            name=op.f("fk_eligibility_valid_from_publication"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["valid_to"], ["publication.number"], name=op.f("fk_eligibility_valid_to_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_hash", "valid_from", name=op.f("pk_eligibility")),
    )
    op.create_index(
        op.f("ix_eligibility_programme_id_status"),
        "eligibility",
        ["programme_id", "status"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        "uq_eligibility_family",
        "eligibility",
        ["family_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("unit = 'family' AND valid_to IS NULL"),
        postgresql_where=sa.text("unit = 'family' AND valid_to IS NULL"),
    )
    op.create_index(
        "uq_eligibility_house",
        "eligibility",
        ["house_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("unit = 'house' AND valid_to IS NULL"),
        postgresql_where=sa.text("unit = 'house' AND valid_to IS NULL"),
    )
    op.create_index(
        "uq_eligibility_person",
        "eligibility",
        ["person_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("unit = 'person' AND valid_to IS NULL"),
        postgresql_where=sa.text("unit = 'person' AND valid_to IS NULL"),
    )
    op.create_table(
        "family",
        sa.Column("family_id", TEXT, nullable=False),
        sa.Column("kk_number", TEXT, nullable=True),
        sa.Column("kk_hash", TEXT, nullable=True),
        sa.Column("head_person_id", TEXT, nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("area_code", TEXT, nullable=True),
        sa.Column("hamlet", TEXT, nullable=True),
        sa.Column("rt", TEXT, nullable=True),
        sa.Column("rw", TEXT, nullable=True),
        sa.Column("address", TEXT, nullable=True),
        sa.Column("house_id", TEXT, nullable=True),
        sa.Column("register_status", TEXT, nullable=False),
        sa.Column("decile", sa.Integer(), nullable=True),
        sa.Column("poverty_status", TEXT, nullable=False),
        sa.Column("poverty_source", TEXT, nullable=True),
        sa.Column("is_poor", sa.Boolean(), nullable=False),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("valid_from", LARGE, nullable=False),
        sa.Column("valid_to", LARGE, nullable=True),
        sa.CheckConstraint(
            one_of("poverty_status", "extreme_poor", "poor", "near_poor", "not_poor", "unknown"), name=op.f("ck_family_poverty_status")
        ),
        sa.CheckConstraint(one_of("register_status", "registered", "unregistered"), name=op.f("ck_family_register_status")),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.area_code"], name=op.f("fk_family_area_code_area"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["valid_from"], ["publication.number"], name=op.f("fk_family_valid_from_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["valid_to"], ["publication.number"], name=op.f("fk_family_valid_to_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("family_id", "valid_from", name=op.f("pk_family")),
    )
    op.create_index(
        op.f("ix_family_area_code"),
        "family",
        ["area_code"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        op.f("ix_family_house_id"),
        "family",
        ["house_id"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        op.f("ix_family_kk_number"),
        "family",
        ["kk_number"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        "uq_family_current",
        "family",
        ["family_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "house",
        sa.Column("house_id", TEXT, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("position_precision", TEXT, nullable=False),
        sa.Column("position_radius_m", sa.Double(), nullable=True),
        sa.Column("area_code", TEXT, nullable=True),
        sa.Column("position_source", TEXT, nullable=True),
        sa.Column("tenure", TEXT, nullable=True),
        sa.Column("floor_area_m2", sa.Double(), nullable=True),
        sa.Column("floor", TEXT, nullable=True),
        sa.Column("wall", TEXT, nullable=True),
        sa.Column("roof", TEXT, nullable=True),
        sa.Column("water", TEXT, nullable=True),
        sa.Column("lighting", TEXT, nullable=True),
        sa.Column("power", TEXT, nullable=True),
        sa.Column("fuel", TEXT, nullable=True),
        sa.Column("latrine", TEXT, nullable=True),
        sa.Column("closet", TEXT, nullable=True),
        sa.Column("disposal", TEXT, nullable=True),
        sa.Column("house_condition", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("valid_from", LARGE, nullable=False),
        sa.Column("valid_to", LARGE, nullable=True),
        sa.CheckConstraint(
            one_of("position_precision", "gps", "house", "rt", "rw", "hamlet", "village", "kecamatan", "none"),
            name=op.f("ck_house_position_precision"),
        ),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.area_code"], name=op.f("fk_house_area_code_area"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["valid_from"], ["publication.number"], name=op.f("fk_house_valid_from_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["valid_to"], ["publication.number"], name=op.f("fk_house_valid_to_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("house_id", "valid_from", name=op.f("pk_house")),
    )
    op.create_index(
        "uq_house_current",
        "house",
        ["house_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "person",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("nik", TEXT, nullable=True),
        sa.Column("nik_hash", TEXT, nullable=True),
        sa.Column("name", TEXT, nullable=True),
        sa.Column("birth_place", TEXT, nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", TEXT, nullable=True),
        sa.Column("relation", TEXT, nullable=True),
        sa.Column("marital_status", TEXT, nullable=True),
        sa.Column("religion", TEXT, nullable=True),
        sa.Column("education", TEXT, nullable=True),
        sa.Column("occupation", TEXT, nullable=True),
        sa.Column("father_name", TEXT, nullable=True),
        sa.Column("mother_name", TEXT, nullable=True),
        sa.Column("vital_status", TEXT, nullable=True),
        sa.Column("register_status", TEXT, nullable=False),
        sa.Column("residence", TEXT, nullable=True),
        sa.Column("kk_number", TEXT, nullable=True),
        sa.Column("family_id", TEXT, nullable=True),
        sa.Column("disability_level", sa.Integer(), nullable=True),
        sa.Column("severe_disability", sa.Boolean(), nullable=True),
        sa.Column("chronic_illness", sa.Boolean(), nullable=True),
        sa.Column("pregnant", sa.Boolean(), nullable=True),
        sa.Column("school_participation", TEXT, nullable=True),
        sa.Column("school_level", TEXT, nullable=True),
        sa.Column("works", sa.Boolean(), nullable=True),
        sa.Column("has_business", sa.Boolean(), nullable=True),
        sa.Column("widowed", sa.Boolean(), nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("valid_from", LARGE, nullable=False),
        sa.Column("valid_to", LARGE, nullable=True),
        sa.CheckConstraint(one_of("register_status", "registered", "unregistered"), name=op.f("ck_person_register_status")),
        sa.CheckConstraint(one_of("sex", "L", "P"), name=op.f("ck_person_sex")),
        sa.CheckConstraint(one_of("vital_status", "alive", "dead", "unknown"), name=op.f("ck_person_vital_status")),
        sa.ForeignKeyConstraint(
            ["valid_from"], ["publication.number"], name=op.f("fk_person_valid_from_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["valid_to"], ["publication.number"], name=op.f("fk_person_valid_to_publication"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person_id", "valid_from", name=op.f("pk_person")),
    )
    op.create_index(
        op.f("ix_person_family_id"),
        "person",
        ["family_id"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        op.f("ix_person_nik_hash"),
        "person",
        ["nik_hash"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        "uq_person_current",
        "person",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "quarantined_row",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("delivery_id", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("sheet", TEXT, nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("disposition", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("column_name", TEXT, nullable=True),
        sa.Column("shape", TEXT, nullable=True),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("message_en", TEXT, nullable=True),
        sa.Column("cells", TEXT, nullable=True),
        sa.CheckConstraint(one_of("disposition", "quarantined", "delivery_refused"), name=op.f("ck_quarantined_row_disposition")),
        sa.ForeignKeyConstraint(
            ["delivery_id", "file"],
            ["delivery.delivery_id", "delivery.file"],
            name=op.f("fk_quarantined_row_delivery_id_file_delivery"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_quarantined_row")),
    )
    op.create_index(op.f("ix_quarantined_row_delivery_id_file"), "quarantined_row", ["delivery_id", "file"], unique=False)
    op.create_table(
        "source_record",
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("record_key", TEXT, nullable=False),
        sa.Column("mention", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=True),
        sa.Column("unit", TEXT, nullable=True),
        sa.Column("programme", TEXT, nullable=True),
        sa.Column("delivery_id", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("sheet", TEXT, nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("errors", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.CheckConstraint(one_of("unit", "person", "family", "house"), name=op.f("ck_source_record_unit")),
        sa.ForeignKeyConstraint(
            ["delivery_id", "file"],
            ["delivery.delivery_id", "delivery.file"],
            name=op.f("fk_source_record_delivery_id_file_delivery"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_source_record")),
    )
    op.create_index(op.f("ix_source_record_delivery_id_file"), "source_record", ["delivery_id", "file"], unique=False)
    op.create_index(op.f("ix_source_record_record_key"), "source_record", ["record_key"], unique=False)
    op.create_table(
        "targeting_gap",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("programme_id", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=True),
        sa.Column("family_id", TEXT, nullable=True),
        sa.Column("house_id", TEXT, nullable=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=True),
        sa.CheckConstraint(SUBJECT, name=op.f("ck_targeting_gap_subject")),
        sa.CheckConstraint(
            one_of("kind", "eligible_not_receiving", "receiving_not_eligible", "receiving_twice"), name=op.f("ck_targeting_gap_kind")
        ),
        sa.CheckConstraint(one_of("unit", "person", "family", "house"), name=op.f("ck_targeting_gap_unit")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.programme_id"],
            name=op.f("fk_targeting_gap_programme_id_programme"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_targeting_gap")),
    )
    op.create_index(
        "ix_targeting_gap_family",
        "targeting_gap",
        ["family_id"],
        unique=False,
        sqlite_where=sa.text("unit = 'family'"),
        postgresql_where=sa.text("unit = 'family'"),
    )
    op.create_index(
        "ix_targeting_gap_house",
        "targeting_gap",
        ["house_id"],
        unique=False,
        sqlite_where=sa.text("unit = 'house'"),
        postgresql_where=sa.text("unit = 'house'"),
    )
    op.create_index(
        "ix_targeting_gap_person",
        "targeting_gap",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("unit = 'person'"),
        postgresql_where=sa.text("unit = 'person'"),
    )
    op.create_index(op.f("ix_targeting_gap_programme_id_kind"), "targeting_gap", ["programme_id", "kind"], unique=False)
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
        sa.CheckConstraint(one_of("unit", "person", "family", "house"), name=op.f("ck_aid_received_unit")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.programme_id"],
            name=op.f("fk_aid_received_programme_id_programme"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.record_id"],
            name=op.f("fk_aid_received_record_id_source_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_aid_received")),
    )
    op.create_index(
        "ix_aid_received_family",
        "aid_received",
        ["family_id"],
        unique=False,
        sqlite_where=sa.text("unit = 'family'"),
        postgresql_where=sa.text("unit = 'family'"),
    )
    op.create_index(
        "ix_aid_received_house",
        "aid_received",
        ["house_id"],
        unique=False,
        sqlite_where=sa.text("unit = 'house'"),
        postgresql_where=sa.text("unit = 'house'"),
    )
    op.create_index(
        "ix_aid_received_person",
        "aid_received",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("unit = 'person'"),
        postgresql_where=sa.text("unit = 'person'"),
    )
    op.create_index(op.f("ix_aid_received_programme_id"), "aid_received", ["programme_id"], unique=False)
    op.create_index(op.f("ix_aid_received_record_id"), "aid_received", ["record_id"], unique=False)
    op.create_table(
        "cell_repair",
        sa.Column("row_hash", LARGE, nullable=False),
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("column_name", TEXT, nullable=False),
        sa.Column("original", TEXT, nullable=True),
        sa.Column("rule", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.record_id"],
            name=op.f("fk_cell_repair_record_id_source_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_hash", name=op.f("pk_cell_repair")),
    )
    op.create_index(op.f("ix_cell_repair_record_id"), "cell_repair", ["record_id"], unique=False)
    op.create_table(
        "person_link",
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("method", TEXT, nullable=True),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("evidence", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.CheckConstraint(one_of("method", "nik", "evidence", "decision"), name=op.f("ck_person_link_method")),
        sa.CheckConstraint(one_of("status", "linked", "review", "unregistered"), name=op.f("ck_person_link_status")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.record_id"],
            name=op.f("fk_person_link_record_id_source_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_person_link")),
    )
    op.create_index(op.f("ix_person_link_person_id"), "person_link", ["person_id"], unique=False)
    op.create_table(
        "review_case",
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("register_nik", TEXT, nullable=True),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("evidence", TEXT, nullable=True),
        sa.Column("row_hash", LARGE, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.record_id"],
            name=op.f("fk_review_case_record_id_source_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("record_id", "rank", name=op.f("pk_review_case")),
    )
