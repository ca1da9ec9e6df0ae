"""What linkage remembers from run to run: the model, the last links, and that something has moved."""

import sys
from pathlib import Path

import pandas as pd
import pytest

import matching
from assets.link_memory import likely_residents, linked_since, model_for
from publishing.language import Language
from publishing.link_drift import drift_sentences
from simulation import benchmark_profile

SPEC = Path(__file__).parents[2] / "schemas" / "linkage" / "register.yaml"
TEXT = pd.StringDtype("pyarrow")
NO_DECISIONS = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("left_key", "right_id", "decision")})
NO_PAIRS = NO_DECISIONS.rename(columns={"right_id": "other_key"})


@pytest.fixture(scope="module")
def office():
    left, right, _ = benchmark_profile(1_500, 700, 904)
    left.insert(0, "record_id", pd.Series([f"r{number:05d}" for number in range(len(left))], dtype=TEXT))
    left = left.assign(record_key=left["record_id"], source=["a", "b"] * (len(left) // 2), lists_person_once=True)
    return left, right, matching.LinkSpec.load(SPEC).model_copy(update={"left_order": ()})


def test_a_second_run_trains_nothing_and_links_nothing(office, tmp_path):
    """The same inbox again must give the same links, at no cost."""
    left, right, spec = office
    model, reason = model_for(left, right, spec, tmp_path / "linkage")
    first, moved = linked_since(left, right, spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    assert reason == "first"
    assert not moved
    again, reason = model_for(left, right, spec, tmp_path / "linkage")
    second, moved = linked_since(left, right, spec, again, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    assert reason is None
    assert not moved
    assert second.report.counts["linked_again"] == second.report.counts["pairs_compared"] == 0
    assert second.links.to_csv() == first.links.to_csv()


def test_one_changed_delivery_links_itself_alone_and_as_a_whole_run_would(office, tmp_path):
    """Through the home and back, byte for byte."""
    left, right, spec = office
    model, _ = model_for(left.iloc[:-30], right, spec, tmp_path / "linkage")
    linked_since(left.iloc[:-30], right, spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    model, reason = model_for(left, right, spec, tmp_path / "linkage")
    result, _ = linked_since(left, right, spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    assert reason is None
    assert 30 <= result.report.counts["linked_again"] < 300
    whole = matching.link(left, right, spec, model, NO_DECISIONS)
    assert result.links.to_csv() == whole.links.to_csv()
    assert result.review.to_csv() == whole.review.to_csv()


def test_a_changed_register_trains_and_links_everything(office, tmp_path):
    """A resident who moved in may be anybody."""
    left, right, spec = office
    model, _ = model_for(left, right, spec, tmp_path / "linkage")
    linked_since(left, right, spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    model, reason = model_for(left, right.iloc[:-5], spec, tmp_path / "linkage")
    result, _ = linked_since(left, right.iloc[:-5], spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    assert reason == "right_table"
    assert "linked_again" not in result.report.counts


def test_a_list_read_wrongly_is_a_warning(office, tmp_path):
    """A column that an office moved shows in the share of links before anybody looks at the list."""
    left, right, spec = office
    model, _ = model_for(left, right, spec, tmp_path / "linkage")
    linked_since(left, right, spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    damaged = left.assign(
        nik=left["nik"].mask(left["source"].eq("b")), name=left["name"].where(left["source"].eq("a"), left["mother_name"])
    )
    model, reason = model_for(damaged, right, spec, tmp_path / "linkage")
    _, moved = linked_since(damaged, right, spec, model, NO_DECISIONS, NO_PAIRS, tmp_path / "linkage")
    assert reason is None
    assert {one.stratum for one in moved} >= {"all", "source=b"}
    said = drift_sentences([vars(one) for one in moved], Language("id"), {"b": "Daftar B"})
    assert any(line.startswith("Daftar B: bagian tertaut dari 9") for line in said)
    assert all(" from " in line for line in drift_sentences([vars(one) for one in moved], Language("en")))


def test_the_memory_is_the_owners_alone(office, tmp_path):
    """It holds NIKs."""
    left, right, spec = office
    model_for(left, right, spec, tmp_path / "linkage")
    assert sys.platform == "win32" or (tmp_path / "linkage").stat().st_mode & 0o077 == 0


def test_what_decisions_probably_speak_of_is_remembered(office, tmp_path):
    """Hashing every resident to find the few that people judged takes seconds in each run."""
    left, right, spec = office
    model, _ = model_for(left, right, spec, tmp_path / "linkage")
    assert likely_residents(tmp_path / "linkage").empty
    spoken = pd.DataFrame(
        {"left_key": [left["record_id"].iloc[0]], "right_id": [right["nik"].iloc[7]], "decision": ["different"]}, dtype=TEXT
    )
    result, _ = linked_since(left, right, spec, model, spoken, NO_PAIRS, tmp_path / "linkage")
    assert set(likely_residents(tmp_path / "linkage")) == {right["nik"].iloc[7], *result.review["right_id"]}
