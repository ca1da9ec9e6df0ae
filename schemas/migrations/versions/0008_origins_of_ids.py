"""The index of the ids that others came from holds those that there are: most ids are new, and come from none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

THERE_IS_ONE = sa.text("other_id IS NOT NULL")


def upgrade() -> None:
    """The same name on both engines, over fewer rows."""
    name = op.f("ix_identity_event_other_id")
    op.drop_index(name, "identity_event")
    op.create_index(name, "identity_event", ["other_id"], sqlite_where=THERE_IS_ONE, postgresql_where=THERE_IS_ONE)
