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
import numpy.typing as npt
import pyarrow as pa

from publishing.prepared import Prepared, PreparedTable
from publishing.row_hash import Hashes, column_hashes, folded, mixed

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
                    rows = folded(rows, _looked_up(_places(prepared[name], column, prepared[entity], f"{entity}_id"), keys[entity]))
        digest.update(f"{name} {len(rows)}\n".encode())
        digest.update(np.sort(rows).astype("<u8").tobytes())
    return digest.hexdigest()


def table_hashes(prepared: Prepared) -> dict[str, str]:
    """SHA-256 of every row of each table, as hexadecimal text; changes with any value, id or provenance."""
    return {name: hashlib.sha256(table.sorted_hashes.astype("<u8").tobytes()).hexdigest() for name, table in sorted(prepared.items())}


def data_hash(prepared: Prepared) -> str:
    """SHA-256 of all tables' hashes: it says that data is exactly that which was audited."""
    return hashlib.sha256(json.dumps(table_hashes(prepared)).encode()).hexdigest()


def _natural_keys(prepared: Prepared) -> dict[str, Hashes]:
    """A key per row of person, family and house that no run and no home decides."""
    person, family, house = (prepared[name] for name in ("person", "family", "house"))
    with np.errstate(over="ignore"):
        person_keys = np.where(_registered_with(person, "nik"), person.fingerprints("nik"), person.content)
        members = _sum_per(_places(person, "family_id", family, "family_id"), person_keys, family.data.num_rows)
        family_keys = np.where(_registered_with(family, "kk_number"), family.fingerprints("kk_number"), folded(family.content, members))
        living_there = _sum_per(_places(family, "house_id", house, "house_id"), family_keys, house.data.num_rows)
        house_keys = np.where(living_there != 0, living_there, house.content)
    return {"person": person_keys, "family": family_keys, "house": house_keys}


def _registered_with(table: PreparedTable, number: str) -> npt.NDArray[np.bool_]:
    """The rows that the register knows by a number."""
    registered = table.fingerprints("register_status") == column_hashes(pa.array(["registered"], pa.large_string()))[0]
    return np.asarray(registered & ~table.missing(number), dtype=np.bool_)


def _sum_per(places: npt.NDArray[np.int64], keys: Hashes, count: int) -> Hashes:
    """For each of `count` rows the sum of the mixed keys of the rows that point at it: the order of rows does not count."""
    known = places >= 0
    sums = np.zeros(count, dtype=np.uint64)
    np.add.at(sums, places[known], mixed(keys[known]))
    return sums


def _looked_up(places: npt.NDArray[np.int64], keys: Hashes) -> Hashes:
    return np.where(places >= 0, keys[places], np.uint64(0)) if len(keys) else np.zeros(len(places), dtype=np.uint64)


def _places(of: PreparedTable, column: str, ids: PreparedTable, key: str) -> npt.NDArray[np.int64]:
    """For each row the place of the row of `ids` that its column names, -1 where it names none."""
    order = np.argsort(ids.fingerprints(key), kind="stable")
    ordered = ids.fingerprints(key)[order]
    wanted = of.fingerprints(column)
    found = np.searchsorted(ordered, wanted)
    found[found == len(ordered)] = 0
    known = ~of.missing(column) & (ordered[found] == wanted) if len(ordered) else np.zeros(len(wanted), dtype=np.bool_)
    return np.where(known, order[found] if len(ordered) else -1, -1)
