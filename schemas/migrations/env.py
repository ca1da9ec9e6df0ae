"""How Alembic runs the migrations: on the connection that `publishing.database.upgrade` gives it, in its transaction."""

from __future__ import annotations

from alembic import context

from schemas.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller's transaction holds the migrations and the views together
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
