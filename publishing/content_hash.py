"""One hash for what a state says about the world, the same in every office that has the same files.

Two fresh homes give the same people other ids and other keyed hashes, and a publication another time. The content hash must not
see any of that: it covers the columns that the v1 views show, less times, ids and hashes, and where a row names a person, family
or house by id, it sees that one's natural key instead: the NIK, the family card's number, and for those who have none, the
content of the person, the members of the family, the families of the house. The order of rows does not count.

The data hash, beside it, covers every column of every row as it is: it says that data is exactly that which was audited.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from publishing.row_hash import Hashes, column_hashes, folded, mixed
from publishing.state import Prepared

_ENTITY_OF = {"person_id": "person", "family_id": "family", "house_id": "house", "head_person_id": "person"}
_SHOWN_BY_VIEWS = ("area", "person", "family", "house", "eligibility", "deprivation", "aid_received")


def content_hash(prepared: Prepared) -> str:
    """SHA-256 of what the v1 views show, as hexadecimal text."""
    keys = _natural_keys(prepared)
    digest = hashlib.sha256()
    for name in _SHOWN_BY_VIEWS:
        data = prepared[name].data
        rows = prepared[name].content
        with np.errstate(over="ignore"):
            for column, entity in _ENTITY_OF.items():
                if column in data.column_names:
                    rows = folded(rows, _looked_up(data[column], prepared[entity].data[f"{entity}_id"], keys[entity]))
        digest.update(f"{name} {len(rows)}\n".encode())
        digest.update(np.sort(rows).astype("<u8").tobytes())
    return digest.hexdigest()


def table_hashes(prepared: Prepared) -> dict[str, str]:
    """SHA-256 of every row of each table, as hexadecimal text; changes with any value, id or provenance."""
    return {name: hashlib.sha256(np.sort(table.hashes).astype("<u8").tobytes()).hexdigest() for name, table in sorted(prepared.items())}


def data_hash(prepared: Prepared) -> str:
    """SHA-256 of all tables' hashes: it says that data is exactly that which was audited."""
    return hashlib.sha256(json.dumps(table_hashes(prepared)).encode()).hexdigest()


def _natural_keys(prepared: Prepared) -> dict[str, Hashes]:
    """A key per row of person, family and house that no run and no home decides."""
    person, family, house = (prepared[name].data for name in ("person", "family", "house"))
    with np.errstate(over="ignore"):
        in_register = pc.fill_null(pc.and_(pc.equal(person["register_status"], "registered"), pc.is_valid(person["nik"])), False)
        person_keys = np.where(_as_mask(in_register), column_hashes(person["nik"]), prepared["person"].content)
        members = _sum_per(person["family_id"], person_keys, family["family_id"])
        has_card = pc.fill_null(pc.and_(pc.equal(family["register_status"], "registered"), pc.is_valid(family["kk_number"])), False)
        family_keys = np.where(_as_mask(has_card), column_hashes(family["kk_number"]), folded(prepared["family"].content, members))
        living_there = _sum_per(family["house_id"], family_keys, house["house_id"])
        house_keys = np.where(living_there != 0, living_there, prepared["house"].content)
    return {"person": person_keys, "family": family_keys, "house": house_keys}


def _sum_per(of: pa.ChunkedArray, keys: Hashes, ids: pa.ChunkedArray) -> Hashes:
    """For each of `ids` the sum of the mixed keys of the rows that point at it: the order of rows does not count."""
    places = _places(of, ids)
    known = places >= 0
    sums = np.zeros(len(ids), dtype=np.uint64)
    np.add.at(sums, places[known], mixed(keys[known]))
    return sums


def _looked_up(of: pa.ChunkedArray, ids: pa.ChunkedArray, keys: Hashes) -> Hashes:
    places = _places(of, ids)
    return np.where(places >= 0, keys[places], np.uint64(0)) if len(keys) else np.zeros(len(of), dtype=np.uint64)


def _places(of: pa.ChunkedArray, ids: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    found = pc.index_in(of, value_set=ids.combine_chunks())
    missing = pc.or_(pc.is_null(found), pc.is_null(of))
    return pc.if_else(missing, -1, found).cast(pa.int64()).to_numpy()  # type: ignore[no-any-return]


def _as_mask(values: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return values.to_numpy()  # type: ignore[no-any-return]
