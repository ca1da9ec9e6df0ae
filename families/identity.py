"""Ids that stay: opaque, never made from a NIK, the same from run to run.

An id is a counter. New ones are handed out in the order of the keyed hash of the natural key (the NIK, the family card's number, the
first record of somebody who is in no register), so that they depend neither on the order of rows nor, readably, on any NIK.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import numpy as np
import pandas as pd

from families.lookup import Positions, positions_of, taken_at
from schemas.canonical import TEXT

PERSON_PREFIX, FAMILY_PREFIX, HOUSE_PREFIX = "P", "F", "H"
_DIGITS = 8


@dataclass(frozen=True)
class KnownIdentities:
    """The ids that earlier publications gave, as plain frames (all columns text).

    persons: nik_hash, person_id (a row without nik_hash is an id that is used up) · records: record_id, person_id (those of
    unregistered people are what counts) · families: kk_hash, family_id · houses: family_id, house_id.
    """

    persons: pd.DataFrame
    records: pd.DataFrame
    families: pd.DataFrame
    houses: pd.DataFrame

    @classmethod
    def none(cls) -> KnownIdentities:
        """Nothing is known yet: the first run."""
        return cls(
            persons=_text_frame("nik_hash", "person_id"),
            records=_text_frame("record_id", "person_id"),
            families=_text_frame("kk_hash", "family_id"),
            houses=_text_frame("family_id", "house_id"),
        )


def _text_frame(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype=TEXT) for column in columns})


def keyed_hash(values: pd.Series, key: bytes) -> pd.Series:
    """HMAC-SHA256 of each value as 64 hexadecimal digits; missing stays missing. Computed once per distinct value."""
    codes, distinct = pd.factorize(values)
    hashed = pd.array([hmac.digest(key, str(value).encode(), "sha256").hex() for value in distinct], dtype=TEXT)
    return pd.Series(hashed.take(codes, allow_fill=True), index=values.index, name=values.name)


def assign_ids(hashes: pd.Series, known: pd.DataFrame, prefix: str, *, held: pd.Series | None = None) -> pd.Series:
    """An id for each natural key. `known`: two columns, key and id; a key that is known keeps its id.

    New ids count on after the highest of `known` and of `held` (ids that were given to something else, or that are gone: an id
    is never used twice). Raises ValueError when a key is missing.
    """
    if hashes.isna().any():
        raise ValueError(f"{int(hashes.isna().sum())} rows have no natural key, so they cannot get an id")
    known_key, known_id = known.iloc[:, 0], known.iloc[:, 1]
    ids = taken_at(known_id.astype(TEXT), positions_of(hashes, known_key))
    new = ids.isna().to_numpy()
    fresh = pd.Series(sorted(hashes.to_numpy(dtype=object)[new]), dtype=TEXT).drop_duplicates(ignore_index=True)
    start = _highest(known_id) if held is None else max(_highest(known_id), _highest(held))
    numbered = pd.Series([f"{prefix}{number:0{_DIGITS}d}" for number in range(start + 1, start + 1 + len(fresh))], dtype=TEXT)
    fresh_ids = taken_at(numbered, positions_of(hashes, fresh))
    result = ids.where(~new, fresh_ids)
    result.index = hashes.index
    return result.rename("id")


def _highest(ids: pd.Series) -> int:
    """The highest counter among ids such as P00000012; 0 when there are none."""
    numbers = pd.to_numeric(ids.astype(TEXT).str.slice(1), errors="coerce")
    return int(numbers.max()) if numbers.notna().any() else 0


def adopted_ids(entities: Positions, candidate_ids: pd.Series, count: int) -> pd.Series:
    """Ids that come with the records: each entity keeps the id that most of its records had, and no id goes to two entities.

    `entities`: the entity (0 … count-1) of each record; `candidate_ids`: the id that the record had, missing where none. Ties go to
    the entity and to the id that come first. So a person of no register keeps the id while records come and go.
    """
    votes = pd.DataFrame({"entity": entities, "id": candidate_ids.to_numpy(dtype=object)}).dropna()
    votes = votes.groupby(["entity", "id"], as_index=False).size()
    votes = votes.sort_values(["size", "entity", "id"], ascending=[False, True, True], kind="stable")
    votes = votes.drop_duplicates("entity").drop_duplicates("id")
    ids = np.full(count, pd.NA, dtype=object)
    ids[votes["entity"].to_numpy(dtype=np.int64)] = votes["id"].to_numpy(dtype=object)
    return pd.Series(ids, dtype=TEXT)


def assign_house_ids(family_houses: pd.DataFrame, known: KnownIdentities, hash_key: bytes) -> pd.Series:
    """The id of each house: index `house_key`, value house_id. `family_houses`: family_id, house_key (which families share a house).

    In the order in which the houses first stand there. A house keeps the id that most of its families had before; a new one is numbered
    in the order of the keyed hash of its key.
    """
    houses = family_houses[["family_id", "house_key"]].dropna().reset_index(drop=True)
    keys = houses["house_key"].drop_duplicates(ignore_index=True)
    before = taken_at(known.houses["house_id"].astype(TEXT), positions_of(houses["family_id"], known.houses["family_id"]))
    kept = adopted_ids(positions_of(houses["house_key"], keys), before, len(keys))
    is_kept = kept.notna()
    pairs = pd.DataFrame({"key": keyed_hash(keys, hash_key)[is_kept], "id": kept[is_kept]})
    ids = assign_ids(keyed_hash(keys, hash_key), pairs, HOUSE_PREFIX, held=known.houses["house_id"])
    return pd.Series(ids.array, index=pd.Index(keys, name="house_key"), name="house_id")
