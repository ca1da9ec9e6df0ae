"""From a family back to the spreadsheet cells that it came from, in one statement that any SQL client runs."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine, text

from publishing.errors import without_values

FOLLOW_FAMILY = """
SELECT a.entity, a.entity_id, a.attribute, a.value, a.used, r.source, r.delivery_id, r.file, r.sheet, r.row, a.cell
FROM attribute_source AS a
INNER JOIN source_record AS r ON r.record_id = a.record_id
WHERE a.entity_id IN (
    SELECT family_id FROM family WHERE family_id = :family_id AND valid_to IS NULL
    UNION
    SELECT house_id FROM family WHERE family_id = :family_id AND valid_to IS NULL
    UNION
    SELECT person_id FROM person WHERE family_id = :family_id AND valid_to IS NULL
)
ORDER BY a.entity, a.entity_id, a.attribute, a.used DESC, r.source, a.cell
"""
"""Every value of a family, its members and its house, with file, sheet, row and cell; `used` marks the one that survived."""


@without_values
def followed_family(engine: Engine, family_id: str) -> pd.DataFrame:
    """The rows of `FOLLOW_FAMILY` for one family of `v1_poor_family`."""
    with engine.connect() as connection:
        return pd.read_sql_query(text(FOLLOW_FAMILY), connection, params={"family_id": family_id})
