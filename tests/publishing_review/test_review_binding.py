"""Which rows and residents a decision speaks of, when lists and numbers change."""

from __future__ import annotations

import pandas as pd
from review_material import LINES, frames, hashed

from publishing.review_binding import Bound, bind_decisions, record_hashes
from schemas.canonical import TEXT

NIK = LINES["r2"][2][0]


def decision(key: str, said: str = "same", nik: str = NIK) -> pd.DataFrame:
    records = frames()["social_records"]
    row = records[records["record_key"] == key]
    values = {"decision_id": 1, "source": "list", "record_key": key, "mention": "person", "record_hash": record_hashes(row, hashed).iloc[0]}
    values |= {"candidate_hash": hashed(pd.Series([nik])).iloc[0], "decision": said}
    return pd.DataFrame([values]).astype({name: TEXT for name in values if name != "decision_id"})


def bound(decisions: pd.DataFrame, records: pd.DataFrame | None = None, niks: tuple[str, ...] = (NIK,)) -> Bound:
    return bind_decisions(decisions, frames()["social_records"] if records is None else records, pd.Series(niks, dtype=TEXT), hashed)


def test_a_decision_binds_its_row_and_its_resident() -> None:
    assert bound(decision("r2")).decisions.to_numpy().tolist() == [["list:r2:1", NIK, "same"]]


def test_a_row_that_moved_is_found_by_its_key() -> None:
    """Another file, another place, other answers: the row's key is the same."""
    records = frames()["social_records"].assign(record_id="other", name="NAMA LAIN")
    found = bound(decision("r2"), records[records["record_key"] == "r2"])
    assert found.decisions["left_key"].tolist() == ["other"]
    assert found.counts["bound_by_content"] == 0


def test_a_row_whose_key_changed_is_found_by_what_it_says_of_the_person() -> None:
    """Lists without key columns get a new key with every changed cell."""
    records = frames()["social_records"].assign(record_key="new", decile=9)
    found = bound(decision("r2"), records)
    assert found.decisions["left_key"].tolist() == ["list:r2:1"]
    assert found.counts["bound_by_content"] == 1


def test_a_row_that_says_too_little_is_not_found_by_content() -> None:
    """A bare name is anybody: a decision on one MUSA must not bind the next."""
    records = frames()["social_records"].assign(birth_date=pd.NaT)
    assert record_hashes(records, hashed).isna().all()


def test_what_cannot_be_bound_is_counted() -> None:
    gone = bound(decision("r2"), frames()["social_records"].assign(record_key="new", name="NAMA LAIN"))
    assert gone.decisions.empty
    assert gone.counts["record_not_found"] == 1
    assert bound(decision("r2"), niks=("3510019999999999",)).counts["resident_not_found"] == 1


def test_unsure_decides_nothing() -> None:
    found = bound(decision("r2", "unsure"))
    assert found.decisions.empty
    assert found.counts["unsure"] == 1


def test_equal_rows_are_all_bound() -> None:
    records = pd.concat([frames()["social_records"], frames()["social_records"].assign(record_id="twin")])
    assert sorted(bound(decision("r2"), records).decisions["left_key"]) == ["list:r2:1", "twin"]


def test_no_records_have_no_hashes() -> None:
    """Prevents a run without doubtful records from failing: an empty frame of text has no true and false."""
    assert record_hashes(frames()["social_records"].iloc[:0], hashed).empty
