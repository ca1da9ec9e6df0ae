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
            "SELECT CASE WHEN register_status = 'registered' THEN nik_hash END AS nik_hash, person_id FROM person "
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
    """Four frames with the ids that the newest publication gave; all empty where nothing was published yet.

    persons (nik_hash, person_id): every person_id ever given, so that none is given again; nik_hash is missing for people whom
    the register did not know. records (record_id, person_id): those people's records. families (kk_hash, family_id) and
    houses (family_id, house_id): one row per key.
    """
    if revision(engine) is None:
        return {name: pd.DataFrame({column: pd.Series(dtype=TEXT) for column in columns}) for name, (columns, _) in _QUERIES.items()}
    with engine.connect() as connection:
        frames = {name: _rows(connection, columns, query) for name, (columns, query) in _QUERIES.items()}
    persons = frames["persons"].drop_duplicates("person_id", keep="last", ignore_index=True)
    outlived = persons["nik_hash"].notna() & persons["nik_hash"].duplicated(keep="last")
    frames["persons"] = persons.assign(nik_hash=persons["nik_hash"].mask(outlived))
    for name in ("records", "families", "houses"):
        frames[name] = frames[name].drop_duplicates(frames[name].columns[0], keep="last", ignore_index=True)
    return frames


def _rows(connection: Connection, columns: tuple[str, str], query: str) -> pd.DataFrame:
    rows = connection.execute(text(query)).fetchall()
    return pd.DataFrame(rows, columns=list(columns)).astype(TEXT)
