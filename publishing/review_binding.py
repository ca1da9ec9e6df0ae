"""From the ledger to the engine: which rows of today's lists, and which resident of today's register, each decision speaks of.

A decision finds its row by the row's key, in whatever file and place it now stands. Where the key is gone (a list without key columns
changed some other cell) it is found by what the row says of who the person is. A resident is found by the keyed hash of the NIK.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from publishing.key_lookup import looked_up, positions_of
from publishing.review_contradictions import RECORD
from publishing.review_pairs import are_references, referred
from schemas.canonical import TEXT

Hashing = Callable[[pd.Series], pd.Series]
"""Keyed hash of each value, missing for missing ones (`families.keyed_hash` with the office's key)."""

WHO = ("nik", "kk_number", "name", "birth_date", "sex", "mother_name", "area_code", "hamlet", "rt", "rw", "address")
_UNIT_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Bound:
    """Decisions as the engine takes them (left_key = record_id, right_id = NIK, decision), and what could not be bound.

    `together`: those on two records (left_key, other_key: record_id, decision). `counts`: decisions in force, bound by key, bound by what
    the row says, of unsure ones, and not bound by reason.
    """

    decisions: pd.DataFrame
    together: pd.DataFrame
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


def bind_decisions(
    in_force: pd.DataFrame, records: pd.DataFrame, niks: pd.Series, hashed: Hashing, likely: pd.Series | None = None
) -> Bound:
    """Bind the ledger's decisions in force to today's rows and residents. A decision may bind several equal rows.

    likely: NIKs that decisions probably speak of (the last run's queue, and what was bound then); only where one of the residents is not
    among them are all hashed, which takes six seconds for 1.8 million.
    """
    counts = {"in_force": len(in_force), "unsure": int((in_force["decision"] == "unsure").sum())}
    spoken = in_force[(in_force["decision"] != "unsure").to_numpy(dtype=bool)]
    if spoken.empty:
        none = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("left_key", "right_id", "other_key", "decision")})
        nothing = {"bound": 0, "bound_by_content": 0, "record_not_found": 0, "resident_not_found": 0}
        return Bound(none.drop(columns="other_key"), none.drop(columns="right_id"), counts | nothing)
    pairs = are_references(spoken["candidate_hash"]).to_numpy(dtype=bool)
    rows, by_content = _rows_of(spoken, records, hashed)
    of_pair = rows["decision_id"].isin(spoken.loc[pairs, "decision_id"]).to_numpy(dtype=bool)
    found = rows[~of_pair].assign(right_id=lambda held: _residents(held["candidate_hash"], niks, hashed, likely))
    bound = found.dropna(subset="right_id")
    together = _together(spoken[pairs], rows[of_pair], records, hashed)
    numbers = set(bound["decision_id"]) | set(together["decision_id"])
    return Bound(
        _as_told(bound, ["left_key", "right_id", "decision"]),
        _as_told(together, ["left_key", "other_key", "decision"]),
        counts
        | {
            "bound": len(numbers),
            "bound_by_content": by_content,
            "record_not_found": int(spoken["decision_id"].nunique() - rows["decision_id"].nunique()) + _lost(rows[of_pair], together),
            "resident_not_found": _lost(found, bound),
        },
    )


def _as_told(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return rows.rename(columns={"record_id": "left_key"})[columns].astype(TEXT).drop_duplicates(ignore_index=True)


def _lost(before: pd.DataFrame, after: pd.DataFrame) -> int:
    return int(before["decision_id"].nunique() - after["decision_id"].nunique())


def _rows_of(spoken: pd.DataFrame, records: pd.DataFrame, hashed: Hashing) -> tuple[pd.DataFrame, int]:
    """Decisions with the record_id of each row that they speak of, and how many were found by what the row says."""
    of_source = records[records["source"].isin(spoken["source"].unique())]
    by_key = spoken.merge(of_source[[*RECORD, "record_id"]], on=list(RECORD), how="left")
    lost = by_key["record_id"].isna().to_numpy(dtype=bool)
    by_content = _by_content(by_key[lost].drop(columns="record_id"), of_source, hashed)
    return pd.concat([by_key[~lost], by_content], ignore_index=True), int(by_content["decision_id"].nunique())


def _together(spoken: pd.DataFrame, rows: pd.DataFrame, records: pd.DataFrame, hashed: Hashing) -> pd.DataFrame:
    """Decisions on two records with both record_ids: decision_id, decision, record_id, other_key."""
    others = referred(spoken["candidate_hash"]).assign(decision_id=spoken["decision_id"])
    there, _ = _rows_of(others, records, hashed)
    named = there[["decision_id", "record_id"]].rename(columns={"record_id": "other_key"})
    return rows[["decision_id", "decision", "record_id"]].merge(named, on="decision_id")


def _residents(candidate_hash: pd.Series, niks: pd.Series, hashed: Hashing, likely: pd.Series | None) -> pd.Series:
    """The NIK behind each hash, missing where the register has none such."""
    found = pd.Series(pd.NA, index=candidate_hash.index, dtype=TEXT)
    for some in ([] if likely is None else [niks[niks.isin(likely).to_numpy(dtype=bool)]]) + [niks]:
        if not found.isna().any():
            break
        found = found.fillna(looked_up(some, positions_of(candidate_hash, hashed(some)), candidate_hash.index))
    return found


def _by_content(lost: pd.DataFrame, records: pd.DataFrame, hashed: Hashing) -> pd.DataFrame:
    """Decisions whose row's key is gone, with the rows that say the same of who they are about."""
    places = ["source", "mention", "record_hash"]
    wanted = lost[lost["record_hash"].notna().to_numpy(dtype=bool)]
    if wanted.empty:
        return wanted.assign(record_id=pd.Series(dtype=TEXT))
    candidates = records[records["source"].isin(wanted["source"].unique())]
    rows = candidates[["source", "mention", "record_id"]].assign(record_hash=record_hashes(candidates, hashed))
    return wanted.merge(rows, on=places, how="inner")
