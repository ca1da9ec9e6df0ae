"""Who is already known: the ids that earlier publications gave, so that the next run gives the same ones.

Versions that have ended count too: a family that left the database and comes back is the same family.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, Engine, text

from publishing.database import revision
from publishing.errors import without_values
from schemas.canonical import TEXT

_QUERIES: dict[str, tuple[tuple[str, str], str]] = {
    "persons": (
        ("nik_hash", "person_id"),
        (
            "SELECT nik_hash, person_id FROM person WHERE nik_hash IS NOT NULL AND register_status = 'registered' "
            "ORDER BY valid_from, person_id"
        ),
    ),
    "records": (
        ("record_id", "person_id"),
        "SELECT record_id, person_id FROM person_link WHERE status = 'unregistered' AND person_id IS NOT NULL ORDER BY record_id",
    ),
    "families": (
        ("kk_hash", "family_id"),
        "SELECT kk_hash, family_id FROM family WHERE kk_hash IS NOT NULL ORDER BY valid_from, family_id",
    ),
    "houses": (
        ("family_id", "house_id"),
        "SELECT family_id, house_id FROM family WHERE house_id IS NOT NULL ORDER BY valid_from, family_id",
    ),
}


@without_values
def known_identities(engine: Engine) -> dict[str, pd.DataFrame]:
    """Four frames, each with one row per key and the id that the newest publication gave it.

    persons (nik_hash, person_id), records (record_id, person_id; people whom the register does not know),
    families (kk_hash, family_id), houses (family_id, house_id). All empty where nothing was published yet.
    """
    if revision(engine) is None:
        return {name: pd.DataFrame({column: pd.Series(dtype=TEXT) for column in columns}) for name, (columns, _) in _QUERIES.items()}
    with engine.connect() as connection:
        return {name: _newest(connection, columns, query) for name, (columns, query) in _QUERIES.items()}


def _newest(connection: Connection, columns: tuple[str, str], query: str) -> pd.DataFrame:
    rows = connection.execute(text(query)).fetchall()
    frame = pd.DataFrame(rows, columns=list(columns)).astype(TEXT)
    return frame.drop_duplicates(columns[0], keep="last", ignore_index=True)
