"""What a review case could change: whether the family is poor, which programmes and how much money a year hang on the answer.

The order in which people work follows from it: poor families first, then by the money that the answer moves on average (money times the
probability that one of the candidates is the person), then by how sure it is that there is anything to find, then the longest waiting.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from publishing.key_lookup import looked_up, positions_of
from schemas.canonical import TEXT

POOR_DECILES = 4
STAKE_COLUMNS = ("poor", "rupiah", "programmes", "mass", "delivered_on")


def stakes_of(
    records: pd.DataFrame,
    candidates: pd.DataFrame,
    *,
    persons: pd.DataFrame,
    families: pd.DataFrame,
    eligibility: pd.DataFrame,
    yearly: Mapping[str, int],
) -> pd.DataFrame:
    """`STAKE_COLUMNS` for each record, in its order.

    records: record_id, delivered_on, and programme, decile where known; candidates: record_id, register_nik, probability. yearly: what a
    programme pays a unit in a year, in rupiah. At stake are the programme whose list the record stands in, and what the candidates'
    families qualify for without receiving it.
    """
    family = looked_up(persons["family_id"], positions_of(candidates["register_nik"], persons["nik"]), candidates.index)
    poor_families = families.loc[families["is_poor"].fillna(False).astype(bool), "family_id"]
    qualifying = _qualifying(eligibility, persons)
    hangs = candidates.assign(family_id=family.astype(TEXT))[["record_id", "family_id"]].merge(qualifying, on="family_id")
    own = records[["record_id"]].assign(programme_id=_column(records, "programme")).dropna()
    programmes = pd.concat([own, hangs[["record_id", "programme_id"]]]).drop_duplicates().sort_values(["record_id", "programme_id"])
    programmes["rupiah"] = programmes["programme_id"].map(dict(yearly)).fillna(0).astype("int64")
    by_record = programmes.groupby("record_id").agg(programmes=("programme_id", " ".join), rupiah=("rupiah", "sum"))
    poor_records = set(candidates.loc[positions_of(family, poor_families) >= 0, "record_id"])
    decile = pd.to_numeric(_column(records, "decile"), errors="coerce")
    mass = candidates.groupby("record_id")["probability"].sum()
    ids = records["record_id"]
    return pd.DataFrame(
        {
            "poor": (ids.isin(poor_records) | decile.le(POOR_DECILES).fillna(False)).to_numpy(dtype=bool),
            "rupiah": ids.map(by_record["rupiah"]).fillna(0).astype("int64"),
            "programmes": ids.map(by_record["programmes"]).fillna("").astype(TEXT),
            "mass": ids.map(mass).fillna(0.0).clip(upper=1.0).round(6),
            "delivered_on": records["delivered_on"],
        },
        index=records.index,
    )


def ranked(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases (`STAKE_COLUMNS`, record_id) in the order in which they should be settled."""
    expected = (cases["rupiah"] * cases["mass"]).round()
    return (
        cases.assign(_expected=expected)
        .sort_values(
            ["poor", "_expected", "mass", "delivered_on", "record_id"],
            ascending=[False, False, False, True, True],
            kind="stable",
            ignore_index=True,
        )
        .drop(columns="_expected")
    )


def _qualifying(eligibility: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """Families with the programmes that they, or one of them, qualify for and do not receive."""
    eligible = eligibility.loc[eligibility["status"].eq("eligible").fillna(False).to_numpy(dtype=bool)]
    of_person = looked_up(persons["family_id"], positions_of(eligible["person_id"], persons["person_id"]), eligible.index)
    found = pd.DataFrame({"family_id": eligible["family_id"].fillna(of_person), "programme_id": eligible["programme_id"]})
    return found.dropna().astype(TEXT).drop_duplicates(ignore_index=True)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype=TEXT)
