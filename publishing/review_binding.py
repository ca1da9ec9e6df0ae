"""From the ledger to the engine: which rows of today's lists, and which resident of today's register, each decision speaks of.

A decision finds its row by the row's key, in whatever file and place it now stands. Where the key is gone (a list without key columns
changed some other cell) it is found by what the row says of who the person is. A resident is found by the keyed hash of the NIK.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from publishing.key_lookup import looked_up, positions_of
from publishing.review_contradictions import RECORD
from schemas.canonical import TEXT

Hashing = Callable[[pd.Series], pd.Series]
"""Keyed hash of each value, missing for missing ones (`families.keyed_hash` with the office's key)."""

WHO = ("nik", "kk_number", "name", "birth_date", "sex", "mother_name", "area_code", "hamlet", "rt", "rw", "address")
_UNIT_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Bound:
    """Decisions as the engine takes them (left_key = record_id, right_id = NIK, decision), and what could not be bound.

    `counts`: decisions in force, bound by key, bound by what the row says, of unsure ones, and not bound by reason.
    """

    decisions: pd.DataFrame
    counts: dict[str, int]


def record_hashes(records: pd.DataFrame, hashed: Hashing) -> pd.Series:
    """The hash of what each row says of who it is about; missing where that is too little to tell people apart.

    Enough is a name with a NIK, a birth date, or both mother's name and village.
    """
    texts = pd.DataFrame({name: _plain(records, name) for name in WHO}, index=records.index)
    present = {name: texts[name].str.len() > 0 for name in WHO}  # DataFrame.apply would leave an empty frame as text
    enough = present["name"] & (present["nik"] | present["birth_date"] | (present["mother_name"] & present["area_code"]))
    joined = texts["name"].str.cat(texts[[name for name in WHO if name != "name"]], sep=_UNIT_SEPARATOR)
    return hashed(joined.where(enough).astype(TEXT))


def _plain(records: pd.DataFrame, name: str) -> pd.Series:
    if name not in records:
        return pd.Series("", index=records.index, dtype=TEXT)
    values = records[name]
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    return values.astype(TEXT).fillna("")


def bind_decisions(in_force: pd.DataFrame, records: pd.DataFrame, niks: pd.Series, hashed: Hashing) -> Bound:
    """Bind the ledger's decisions in force to today's rows and residents. A decision may bind several equal rows."""
    counts = {"in_force": len(in_force), "unsure": int((in_force["decision"] == "unsure").sum())}
    spoken = in_force[(in_force["decision"] != "unsure").to_numpy(dtype=bool)]
    if spoken.empty:
        none = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("left_key", "right_id", "decision")})
        return Bound(none, counts | {"bound": 0, "bound_by_content": 0, "record_not_found": 0, "resident_not_found": 0})
    of_source = records[records["source"].isin(spoken["source"].unique())]
    by_key = spoken.merge(of_source[[*RECORD, "record_id"]], on=list(RECORD), how="left")
    lost = by_key["record_id"].isna().to_numpy(dtype=bool)
    by_content = _by_content(by_key[lost].drop(columns="record_id"), of_source, hashed)
    rows = pd.concat([by_key[~lost], by_content], ignore_index=True)
    found = rows.assign(right_id=looked_up(niks, positions_of(rows["candidate_hash"], hashed(niks)), rows.index))
    here = found["right_id"].notna()
    bound = found.loc[here.to_numpy(dtype=bool), ["record_id", "right_id", "decision"]].rename(columns={"record_id": "left_key"})
    numbers = np.unique(found.loc[here, "decision_id"].astype("int64"))
    return Bound(
        bound.astype(TEXT).drop_duplicates(ignore_index=True),
        counts
        | {
            "bound": len(numbers),
            "bound_by_content": int(by_content["decision_id"].nunique()),
            "record_not_found": int(spoken["decision_id"].nunique() - rows["decision_id"].nunique()),
            "resident_not_found": int(rows["decision_id"].nunique() - len(numbers)),
        },
    )


def _by_content(lost: pd.DataFrame, records: pd.DataFrame, hashed: Hashing) -> pd.DataFrame:
    """Decisions whose row's key is gone, with the rows that say the same of who they are about."""
    places = ["source", "mention", "record_hash"]
    wanted = lost[lost["record_hash"].notna().to_numpy(dtype=bool)]
    if wanted.empty:
        return wanted.assign(record_id=pd.Series(dtype=TEXT))
    candidates = records[records["source"].isin(wanted["source"].unique())]
    rows = candidates[["source", "mention", "record_id"]].assign(record_hash=record_hashes(candidates, hashed))
    return wanted.merge(rows, on=places, how="inner")
