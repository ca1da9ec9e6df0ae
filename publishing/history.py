"""The state of an earlier publication: nothing is lost when a person, family, house, decision, aid or deprivation changes.

`valid_from` and `valid_to` are publication numbers. A version belongs to publication n when it began by then and had not ended:
that is all that a query of an earlier state needs, in any SQL client.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine, text

from publishing.database import snapshot
from publishing.errors import NoSuchPublication, without_values
from schemas import tables

STATE_AS_OF = "SELECT * FROM {table} WHERE valid_from <= :publication AND (valid_to IS NULL OR valid_to > :publication)"
"""The rows of a history table as they stood in publication `:publication`."""


@without_values
def state_as_of(engine: Engine, table: str, publication: int) -> pd.DataFrame:
    """The business columns of a table with history (`tables.HISTORY`) as publication `publication` showed them.

    Raises KeyError for a table without history, NoSuchPublication.
    """
    if table not in tables.HISTORY:
        raise KeyError(f"table {table} has no history; these have: {', '.join(sorted(tables.HISTORY))}")
    with snapshot(engine) as connection:
        if publication not in publication_numbers(engine):
            raise NoSuchPublication(f"tidak ada publikasi nomor {publication} / there is no publication number {publication}")
        rows = pd.read_sql_query(text(STATE_AS_OF.format(table=table)), connection, params={"publication": publication})
    return rows[list(tables.business_columns(tables.METADATA.tables[table]))]


@without_values
def publication_numbers(engine: Engine) -> list[int]:
    """The numbers of all publications, oldest first; empty where nothing was published."""
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT number FROM publication ORDER BY number")).scalars())
