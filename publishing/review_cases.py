"""The review queue as people work through it: each doubtful record with what it says, its candidates beside it, in a useful order.

A case carries the keys to which a decision binds: the row's own key, the keyed hash of what it says, and of each candidate's NIK.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from publishing.key_lookup import looked_up, positions_of
from publishing.review_binding import Hashing, record_hashes
from publishing.review_contradictions import RECORD
from publishing.review_pairs import pairs_to_judge, references_of
from publishing.review_stakes import STAKE_COLUMNS, ranked, stakes_of
from schemas.canonical import TEXT

RECORD_FIELDS = ("nik", "kk_number", "name", "birth_date", "sex", "mother_name", "area_code", "hamlet", "rt", "rw", "address", "relation")
"""What is shown of both sides, in this order."""
RESIDENT_FIELDS = ("resident_status",)
"""What only the register says."""
MOST_STRANGERS = 5
"""Other unregistered records shown beside one."""
REASON_OF_PAIRS = "unregistered_twice"
NO_KECAMATAN = ""
_KECAMATAN_LENGTH = len("35.10.01")
QUEUE_FRAMES = ("review_cases", "unregistered_pairs", "social_records", "population", "persons", "families", "programme_eligibility")


@dataclass(frozen=True)
class ReviewQueue:
    """Cases and their candidates.

    cases: one row per record, most important first: record_id, `RECORD`, record_hash, kecamatan, reason, the stakes, `RECORD_FIELDS`,
    stratum and stratum_size (empty but in samples). candidates: record_id, rank, candidate_hash, probability, levels (level of each
    comparison as JSON), said (earlier decisions), origin (the list, where the candidate is another unregistered record and no resident),
    and what the register or that record says.
    """

    cases: pd.DataFrame
    candidates: pd.DataFrame

    def of_kecamatan(self, code: str) -> ReviewQueue:
        """The cases of one sub-district."""
        cases = self.cases[self.cases["kecamatan"] == code].reset_index(drop=True)
        return ReviewQueue(cases, self.candidates[self.candidates["record_id"].isin(cases["record_id"])].reset_index(drop=True))


def review_queue(frames: Mapping[str, pd.DataFrame], decisions: pd.DataFrame, hashed: Hashing, yearly: Mapping[str, int]) -> ReviewQueue:
    """The queue of the last run (`QUEUE_FRAMES`). decisions: the ledger in force; yearly: rupiah that a programme pays in a year."""
    review = frames["review_cases"]
    records = frames["social_records"]
    residents = candidates_of(review, frames["population"], decisions, records, hashed)
    pairs = pairs_to_judge(frames["unregistered_pairs"], records)
    strangers = strangers_of(pairs[pairs["rank"] <= MOST_STRANGERS], decisions, records, hashed)
    candidates = pd.concat([residents, strangers], ignore_index=True) if len(strangers) else residents
    asked = pd.Series([*review["record_id"].unique(), *strangers["record_id"].unique()], dtype=TEXT)
    places = positions_of(asked, records["record_id"])
    cases = cases_of(records.take(places[places >= 0]), candidates, hashed)
    stakes = stakes_of(
        cases,
        candidates,
        persons=frames["persons"],
        families=frames["families"],
        eligibility=frames["programme_eligibility"],
        yearly=yearly,
    )
    reason = dict.fromkeys(strangers["record_id"], REASON_OF_PAIRS)
    reason |= review.drop_duplicates("record_id").set_index("record_id")["reason"].to_dict()
    cases = cases.assign(**{name: stakes[name] for name in STAKE_COLUMNS}, reason=cases["record_id"].map(reason).astype(TEXT))
    return ReviewQueue(ranked(cases), candidates)


def cases_of(records: pd.DataFrame, candidates: pd.DataFrame, hashed: Hashing) -> pd.DataFrame:
    """Records as cases, without stakes; the sub-district is the record's, else that of its best candidate."""
    kept = ["record_id", *RECORD, "delivered_on", *(name for name in ("programme", "decile") if name in records)]
    fields = {name: records[name] if name in records else pd.Series(pd.NA, index=records.index, dtype=TEXT) for name in RECORD_FIELDS}
    cases = records[kept].assign(**fields, record_hash=record_hashes(records, hashed)).reset_index(drop=True)
    best = candidates[candidates["rank"] == 1].drop_duplicates("record_id")
    area = cases["area_code"].fillna(looked_up(best["area_code"], positions_of(cases["record_id"], best["record_id"]), cases.index))
    kecamatan = area.astype(TEXT).str.slice(0, _KECAMATAN_LENGTH).fillna(NO_KECAMATAN)
    empty = pd.Series(pd.NA, index=cases.index, dtype=TEXT)
    return cases.assign(kecamatan=kecamatan, stratum=empty, stratum_size=pd.Series(0, index=cases.index))


def candidates_of(
    review: pd.DataFrame, population: pd.DataFrame, decisions: pd.DataFrame, records: pd.DataFrame, hashed: Hashing
) -> pd.DataFrame:
    """Residents as candidates. review: record_id, rank, register_nik, probability, evidence."""
    places = positions_of(review["register_nik"], population["nik"])
    review, residents = review[places >= 0], population.take(places[places >= 0])
    index = pd.RangeIndex(len(review))
    candidates = pd.DataFrame(
        {
            **{name: review[name].array for name in ("record_id", "rank", "register_nik", "probability")},
            **{name: residents[name].array for name in (*RECORD_FIELDS, *RESIDENT_FIELDS)},
            "candidate_hash": hashed(review["register_nik"]).array,
            "levels": pd.array([_levels(text) for text in review["evidence"]], dtype=TEXT),
            "origin": pd.Series(pd.NA, index=index, dtype=TEXT),
        },
        index=index,
    )
    return candidates.assign(said=_said(candidates, records, decisions))


def strangers_of(pairs: pd.DataFrame, decisions: pd.DataFrame, records: pd.DataFrame, hashed: Hashing) -> pd.DataFrame:
    """Unregistered records as candidates of others. pairs: record_id, other_record_id, rank, probability, evidence."""
    others = records.take(positions_of(pairs["other_record_id"], records["record_id"])).reset_index(drop=True)
    missing = pd.Series(pd.NA, index=others.index, dtype=TEXT)
    candidates = pd.DataFrame(
        {
            **{name: pairs[name].array for name in ("record_id", "rank")},
            "register_nik": missing,
            "probability": pairs["probability"].array,
            **{name: others.get(name, missing) for name in RECORD_FIELDS},
            **dict.fromkeys(RESIDENT_FIELDS, missing),
            "candidate_hash": references_of(others, record_hashes(others, hashed)),
            "levels": pd.array([_levels(text) for text in pairs["evidence"]], dtype=TEXT),
            "origin": others["source"],
        },
        index=others.index,
    )
    return candidates.assign(said=_said(candidates, records, decisions))


def _levels(evidence: object) -> str:
    """Comparison → level of one candidate, as JSON."""
    told = json.loads(str(evidence)) if isinstance(evidence, str) and evidence else {}
    return json.dumps({part["column"]: part["level"] for part in told.get("comparisons", ())})


def _said(candidates: pd.DataFrame, records: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """Earlier decisions on each pair, `who: decision`, joined by `; `."""
    if decisions.empty:
        return pd.Series(pd.NA, index=candidates.index, dtype=TEXT)
    keys = records[["record_id", *RECORD]].drop_duplicates("record_id")
    held = candidates[["record_id", "candidate_hash"]].merge(keys, on="record_id", how="left").reset_index(names="place")
    texts = decisions.assign(text=decisions["decided_by"].str.cat(decisions["decision"], sep=": "))
    met = held.merge(texts[[*RECORD, "candidate_hash", "text"]], on=[*RECORD, "candidate_hash"])
    return met.groupby("place")["text"].agg("; ".join).reindex(candidates.index).astype(TEXT)
