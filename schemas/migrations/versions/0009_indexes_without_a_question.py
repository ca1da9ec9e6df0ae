"""Two indexes go by which nobody looks anything up, and which a first publication of a regency spent seconds on."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Records are found by their id or their file; values by whose they are."""
    op.drop_index(op.f("ix_source_record_record_key"), "source_record")
    op.drop_index(op.f("ix_attribute_source_record_id"), "attribute_source")
