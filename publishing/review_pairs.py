"""Decisions on two records, neither of whose persons is in the register: how the ledger names the other record, and finds it again.

Where a decision on a resident holds the keyed hash of the NIK, one on another record holds its reference: the list, the mention, the row's
key and the hash of what the row says of who it is about. Both are keyed hashes, so a reference holds no value of a person's either.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from publishing.key_lookup import positions_of
from schemas.canonical import TEXT

_MARK, _SEPARATOR = "record:", "|"
_PARTS = ("source", "mention", "record_key", "record_hash")


def references_of(records: pd.DataFrame, record_hash: pd.Series[Any]) -> pd.Series[Any]:
    """The reference of each record (source, mention, record_key, and the hash of what it says, which may be missing)."""
    told = records[list(_PARTS[:-1])].assign(record_hash=record_hash.fillna("").array).astype(TEXT)
    return _MARK + told["source"].str.cat(told[list(_PARTS[1:])], sep=_SEPARATOR)


def are_references(values: pd.Series[Any]) -> pd.Series[bool]:
    """Which of the ledger's `candidate_hash` are references of records."""
    return values.astype(TEXT).str.startswith(_MARK).fillna(value=False).astype(bool)


def referred(values: pd.Series[Any]) -> pd.DataFrame:
    """What references name: source, mention, record_key, record_hash (missing where the row said too little), with their index."""
    parts = [str(value).removeprefix(_MARK).split(_SEPARATOR, len(_PARTS) - 1) for value in values]
    named = pd.DataFrame(parts, columns=list(_PARTS), index=values.index).astype(TEXT)
    return named.assign(record_hash=named["record_hash"].mask(named["record_hash"].eq("")))


def pairs_to_judge(alike: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Doubtful pairs (record_id, other_record_id, probability, evidence) as candidates of their first record, whichever way they came.

    The first is the one whose list, key and mention come first, so that a pair that is asked again is asked the same way round.
    Returns record_id, other_record_id, rank, probability, evidence.
    """
    places = {name: positions_of(alike[name], records["record_id"]) for name in ("record_id", "other_record_id")}
    keys = (records["source"] + _SEPARATOR + records["record_key"] + _SEPARATOR + records["mention"]).astype(TEXT)
    first, second = (keys.take(places[name]).reset_index(drop=True) for name in ("record_id", "other_record_id"))
    turned = (first > second).to_numpy(dtype=bool)
    plain = alike.reset_index(drop=True)
    one, other = plain["record_id"], plain["other_record_id"]
    pairs = plain.assign(record_id=one.where(~turned, other), other_record_id=other.where(~turned, one))
    pairs = pairs.sort_values(["record_id", "probability", "other_record_id"], ascending=[True, False, True], kind="stable")
    return pairs.assign(rank=pairs.groupby("record_id").cumcount() + 1).reset_index(drop=True)
