"""What became of the ids: who is new, who proved to be somebody else, what parted. Found by comparing two states, never guessed from names.

Ids are compared by what carries them: a person's by the records that are linked to it, a family's by its members, a house's by
its families. When what an old id carried now stands under another id, the ids have something to do with each other:

- the old id is gone, the other was known before: `merge`, or `absorb` when the old one was unregistered and the other is not;
- the old id is gone, the other is new: `alias`, the same thing under a new id;
- the old id stays, the other is new: `split`;
- the old id stays, the other was known: somebody moved, and that is no event of ids.

A member who proves to be somebody else carries the family all the same: it goes where that one is.

An id that is gone because nobody lists it any more has no successor, and a resident whom the register still holds is never said to be
another one, whatever records were linked to either.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from publishing.key_lookup import looked_up, positions_of
from publishing.prepared import Prepared, among_sorted, plain
from publishing.row_hash import as_signed, column_hashes, table_hashes, told_apart
from publishing.state import among
from schemas.canonical import TEXT

_ENTITIES = ("person", "family", "house")
_QUERIES: dict[str, tuple[tuple[str, ...], str]] = {
    "person": (
        ("id", "nik", "status", "family_id"),
        "SELECT person_id, nik, register_status, family_id FROM person WHERE valid_to IS NULL",
    ),
    "family": (("id", "status", "house_id"), "SELECT family_id, register_status, house_id FROM family WHERE valid_to IS NULL"),
    "house": (("id",), "SELECT house_id FROM house WHERE valid_to IS NULL"),
    "record": (("id", "person_id"), "SELECT record_id, person_id FROM person_link WHERE person_id IS NOT NULL"),
    "identity": (("entity", "id"), "SELECT entity, entity_id FROM identity_event WHERE kind = 'create'"),
}

Stored = dict[str, pd.DataFrame]


def stored_identities(connection: Connection) -> Stored:
    """The current persons, families, houses and linked records, and every id that was ever given."""
    return {
        name: pd.DataFrame(connection.execute(text(query)).fetchall(), columns=list(columns)).astype(TEXT)
        for name, (columns, query) in _QUERIES.items()
    }


def identity_events(stored: Stored, prepared: Prepared, publication: int) -> pa.Table:
    """The events of this publication as rows of `identity_event`. `stored`: of `stored_identities`, before anything is written."""
    if not len(stored["identity"]):
        return _all_new(prepared, publication)
    ids = {entity: _column(prepared, entity, f"{entity}_id") for entity in _ENTITIES}
    status = {entity: _column(prepared, entity, "register_status") for entity in ("person", "family")}
    carried = {
        "person": (stored["record"]["id"], stored["record"]["person_id"], *_pair(prepared, "person_link", "record_id", "person_id")),
        "family": (stored["person"]["id"], stored["person"]["family_id"], *_pair(prepared, "person", "person_id", "family_id")),
        "house": (stored["family"]["id"], stored["family"]["house_id"], *_pair(prepared, "family", "family_id", "house_id")),
    }
    niks = column_hashes(pa.array(stored["person"]["nik"], from_pandas=True))
    residents = among_sorted(niks, np.sort(prepared.residents)) & stored["person"]["nik"].notna().to_numpy()
    still_residents = stored["person"].loc[residents, "id"]
    parts = []
    for entity in _ENTITIES:
        known = stored["identity"].loc[(stored["identity"]["entity"] == entity).fillna(False), "id"]
        unregistered = _unregistered(stored[entity]["id"], stored[entity]["status"]) if entity != "house" else known[:0]
        new = ids[entity][~among(ids[entity], known)]
        parts.append(_rows(entity, "create", new, None))
        flows = _flows(*carried[entity])
        if entity == "person":
            flows = flows[~among(flows["old"], still_residents)]
        still_unregistered = _unregistered(ids[entity], status[entity]) if entity != "house" else known[:0]
        relations = _relations(entity, flows, known, ids[entity], unregistered, still_unregistered)
        parts.append(relations)
        if entity == "person":
            before, *_ = carried["family"]
            carried["family"] = (_successors(before, relations), *carried["family"][1:])
        now_registered = ids[entity][among(ids[entity], unregistered) & ~among(ids[entity], still_unregistered)]
        parts.append(_rows(entity, "alias", now_registered, None))
    return _table(pd.concat(parts, ignore_index=True), publication)


def _all_new(prepared: Prepared, publication: int) -> pa.Table:
    """The events of the first publication: every id is new, and nothing was before it."""
    ids = [plain(prepared[entity].data[f"{entity}_id"]).combine_chunks() for entity in _ENTITIES]
    codes = np.repeat(np.arange(len(_ENTITIES), dtype=np.int32), [len(column) for column in ids])
    entity_id = pa.concat_arrays(ids)
    kind = pa.DictionaryArray.from_arrays(np.zeros(len(codes), dtype=np.int32), pa.array(["create"], pa.large_string()))
    entity = pa.DictionaryArray.from_arrays(codes, pa.array(_ENTITIES, pa.large_string()))
    other_id = pa.nulls(len(codes), pa.large_string())
    return _in_order({"entity": entity, "kind": kind, "entity_id": entity_id, "other_id": other_id}, publication)


def _flows(carrier_before: pd.Series, old: pd.Series, carrier_now: pd.Series, new: pd.Series) -> pd.DataFrame:
    """How many carriers went from an old id to another one: old, new, carriers, and of each id's carriers the share."""
    place = positions_of(carrier_before, carrier_now)
    pairs = pd.DataFrame({"old": old.array, "new": looked_up(new, place, old.index).array}).dropna()
    counted = pairs.groupby(["old", "new"], as_index=False, sort=True).size().rename(columns={"size": "carriers"})
    counted["of_old"] = counted.groupby("old")["carriers"].transform("sum")
    return counted[counted["old"] != counted["new"]]


def _relations(
    entity: str, flows: pd.DataFrame, known: pd.Series, alive: pd.Series, unregistered: pd.Series, still_unregistered: pd.Series
) -> pd.DataFrame:
    flows = flows.sort_values(["carriers", "old", "new"], ascending=[False, True, True], kind="stable")
    gone = flows[~among(flows["old"], alive) & (2 * flows["carriers"] >= flows["of_old"]).to_numpy()].drop_duplicates("old")
    to_new = gone[~among(gone["new"], known)]
    alias = to_new.drop_duplicates("new")
    joined = gone.drop(index=alias.index)
    absorbed = among(joined["old"], unregistered) & ~among(joined["new"], still_unregistered)
    split = flows[among(flows["old"], alive) & ~among(flows["new"], known)]
    split = split[~among(split["new"], alias["new"])].drop_duplicates("new")
    return pd.concat(
        [
            _rows(entity, "alias", alias["new"], alias["old"]),
            _rows(entity, "absorb", joined["new"][absorbed], joined["old"][absorbed]),
            _rows(entity, "merge", joined["new"][~absorbed], joined["old"][~absorbed]),
            _rows(entity, "split", split["new"], split["old"]),
        ],
        ignore_index=True,
    )


def _successors(ids: pd.Series, relations: pd.DataFrame) -> pd.Series:
    """The ids that hold now: of those that became another one, that one."""
    became = relations[(relations["kind"] != "split").to_numpy()]
    return looked_up(became["entity_id"], positions_of(ids, became["other_id"]), ids.index).fillna(ids)


def _rows(entity: str, kind: str, entity_id: pd.Series, other_id: pd.Series | None) -> pd.DataFrame:
    nobody = pd.array([pd.NA] * len(entity_id), dtype=TEXT)
    return pd.DataFrame(
        {
            "entity": pd.array([entity] * len(entity_id), dtype=TEXT),
            "kind": pd.array([kind] * len(entity_id), dtype=TEXT),
            "entity_id": entity_id.array,
            "other_id": nobody if other_id is None else other_id.array,
        }
    )


def _table(rows: pd.DataFrame, publication: int) -> pa.Table:
    text_type = pa.large_string()
    columns = ("entity", "kind", "entity_id", "other_id")
    return _in_order({name: pa.array(rows[name], from_pandas=True).cast(text_type) for name in columns}, publication)


def _in_order(columns: dict[str, pa.Array], publication: int) -> pa.Table:
    """The rows as the table holds them, each with its fingerprint, in the order of these."""
    count = len(columns["entity_id"])
    data = pa.table({"publication": pa.array(np.full(count, publication, dtype=np.int64)), **columns})
    hashes = as_signed(told_apart(table_hashes(data)))
    order = np.argsort(hashes, kind="stable")
    return data.append_column("row_hash", pa.array(hashes)).take(pa.array(order)).combine_chunks()


def _column(prepared: Prepared, table: str, column: str) -> pd.Series:
    values: pd.Series[Any] = prepared[table].data[column].to_pandas()
    return values.astype(TEXT)


def _pair(prepared: Prepared, table: str, carrier: str, carried: str) -> tuple[pd.Series, pd.Series]:
    return _column(prepared, table, carrier), _column(prepared, table, carried)


def _unregistered(ids: pd.Series, status: pd.Series) -> pd.Series:
    return ids[(status == "unregistered").fillna(False).to_numpy(dtype=bool)]


CARRYING_TABLES = frozenset({"person", "family", "house", "person_link"})
"""Tables whose changes can bring events; where none of them changed, nothing is looked at."""
