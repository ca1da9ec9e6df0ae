"""New deliveries: linking what changed gives what linking everything would give."""

import numpy as np
import pandas as pd
import pytest
from matching_people import register_spec, tables

from matching import link, relink
from matching.neighbourhood import Neighbourhood
from matching.snapshot import snapshot
from matching.stages import Stages

TEXT = pd.StringDtype("pyarrow")


def register_and_list():
    left, right, _ = tables(1_500, 900, 902)
    twins = left.iloc[:60].assign(record_id="z" + left["record_id"].str[1:], record_key="z" + left["record_key"].str[1:])
    twins["nik"] = twins["nik"].where(np.arange(60) % 2 == 0)
    left = pd.concat([left, twins], ignore_index=True)
    return left.assign(source=np.where(np.arange(len(left)) % 3 == 0, "a", "b"), lists_person_once=True), right


@pytest.fixture(scope="module")
def before():
    left, right = register_and_list()
    return left, right, link(left.iloc[:-70], right, register_spec(), keep_state=True)


def changed(left, kind):
    """The list after a new delivery of some kind."""
    left = left.copy()
    match kind:
        case "same rows, other ids":
            left["record_id"] = "n" + left["record_id"]
        case "70 new rows":
            return left
        case "rows gone":
            return left.iloc[30:-70]
        case "one name":
            left.loc[5, "name"] = "SULASTRI WAHYUNINGSIH"
        case "family card of forty":
            left.loc[100:139, "kk_number"] = left.loc[200:239, "kk_number"].to_numpy()
        case "numbers of thirty":
            left.loc[300:329, "nik"] = pd.NA
        case "called after a child":
            left.loc[::25, "name"] = "PAK " + left.loc[::25, "name"].str.split(" ").str[0]
            left.loc[::25, ["nik", "birth_date"]] = pd.NA
        case "same households, no numbers":
            left.loc[:400, "nik"] = pd.NA
        case "another list":
            left.loc[0:200, "source"] = "c"
    return left.iloc[:-70]


KINDS = (
    "same rows, other ids", "70 new rows", "rows gone", "one name", "family card of forty", "numbers of thirty", "another list",
    "called after a child", "same households, no numbers",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_linking_what_changed_equals_linking_everything(before, kind):
    """A short cut that changes a link is no short cut."""
    left, right, previous = before
    now = changed(left, kind).sample(frac=1, random_state=7)
    again = relink(previous, now, right, register_spec())
    full = link(now, right, register_spec(), previous.model, keep_state=True)
    assert again.report.counts["linked_again"] < len(now) / 2
    pd.testing.assert_frame_equal(again.links, full.links)
    pd.testing.assert_frame_equal(again.review, full.review)
    pd.testing.assert_frame_equal(again.report.strata, full.report.strata)
    assert again.report.precision == full.report.precision
    pd.testing.assert_frame_equal(again.state.records, full.state.records)
    assert set(again.state.claims.itertuples(index=False)) == set(full.state.claims.itertuples(index=False))


def test_decisions_change_only_what_they_speak_of(before):
    """A clerk's decision must take effect at the next run although no row changed."""
    left, right, previous = before
    linked = previous.links[previous.links["status"].eq("linked")].iloc[[3, 40]]
    decisions = pd.DataFrame(
        {"left_key": linked["left_id"].to_numpy(), "right_id": linked["right_id"].to_numpy(), "decision": "different"}, dtype=TEXT
    )
    now = left.iloc[:-70]
    again = relink(previous, now, right, register_spec(), decisions)
    full = link(now, right, register_spec(), previous.model, decisions)
    assert 2 <= again.report.counts["linked_again"] < 100
    pd.testing.assert_frame_equal(again.links, full.links)
    back = relink(again, now, right, register_spec())
    pd.testing.assert_frame_equal(back.links, link(now, right, register_spec(), previous.model).links)


def test_nothing_changed_links_nothing(before):
    """A run on the same deliveries costs no pair."""
    left, right, previous = before
    again = relink(previous, left.iloc[:-70], right, register_spec())
    assert again.report.counts["linked_again"] == again.report.counts["pairs_compared"] == 0


def test_another_register_links_everything(before):
    """A resident who moved in may be anybody."""
    left, right, previous = before
    again = relink(previous, left.iloc[:-70], right.iloc[:-10], register_spec())
    assert "linked_again" not in again.report.counts
    assert again.links.equals(link(left.iloc[:-70], right.iloc[:-10], register_spec(), previous.model).links)


def test_a_register_in_a_file_is_gone_on_with(before, tmp_path):
    """Whether the register comes as a frame or as a file is no reason to link everything."""
    left, right, previous = before
    right.to_parquet(tmp_path / "register.parquet", row_group_size=400)
    again = relink(previous, left, tmp_path / "register.parquet", register_spec())
    assert again.report.counts["linked_again"] < len(left) / 2
    pd.testing.assert_frame_equal(again.links, link(left, right, register_spec(), previous.model).links)


def test_decisions_that_cannot_be_used_are_told_of_all_records(before):
    """A decision on a record that did not change, or on nobody, must still be in the report."""
    left, right, previous = before
    linked = previous.links[previous.links["status"].eq("linked")].iloc[[5]]
    said = [(linked["left_id"].iloc[0], "nobody", "same"), ("nothing", right["nik"].iloc[0], "same"), ("nothing", "nobody", "different")]
    decisions = pd.DataFrame(said, columns=["left_key", "right_id", "decision"], dtype=TEXT)
    now = left.iloc[:-70]
    again = relink(relink(previous, now, right, register_spec(), decisions), now, right, register_spec(), decisions)
    full = link(now, right, register_spec(), previous.model, decisions)
    assert len(full.report.decisions_not_applied) == 3
    pd.testing.assert_frame_equal(again.report.decisions_not_applied, full.report.decisions_not_applied)
    pd.testing.assert_frame_equal(again.links, full.links)


def test_few_records_need_few_residents(before):
    """What one record costs must not grow with the register: of it only candidates and their households are read."""
    left, right, previous = before
    now = snapshot(left, right, register_spec(), None)
    near = Neighbourhood(now, register_spec(), previous.state.right, None).of(np.array([7, 30]), Stages())
    assert near.prepared.tables.left_count == 2
    assert 0 < near.prepared.tables.right_count < len(right) / 10


def test_identifiers_of_any_length_are_linked_whole(before):
    """How long an unstated number is shows in the whole column alone: a part of it could be read otherwise."""
    left, right, _ = before
    given = register_spec()
    columns = {name: column.model_copy(update={"digits": None}) for name, column in given.columns.items()}
    spec = given.model_copy(update={"columns": columns})
    first = link(left.iloc[:-70], right, spec, keep_state=True)
    again = relink(first, left, right, spec)
    assert "linked_again" not in again.report.counts
    pd.testing.assert_frame_equal(again.links, link(left, right, spec, first.model).links)


def test_a_result_without_state_is_refused(before):
    """The message says what to do."""
    left, right, previous = before
    bare = link(left.iloc[:200], right, register_spec(), previous.model)
    with pytest.raises(ValueError, match="keep_state=True"):
        relink(bare, left, right, register_spec())
