"""Candidate generation: nothing explodes, nothing is dropped in silence, the order of rows does not matter."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.blocking import candidate_pairs, split_pairs, unite
from matching.columns import encode_tables
from matching.spec import LinkSpec

TEXT = pd.StringDtype("pyarrow")


def spec_of(*rules, **columns):
    kinds = {"name": {"kind": "name"}, "area": {"kind": "code"}, "born": {"kind": "date"}} | columns
    return LinkSpec.model_validate(
        {
            "name": "t",
            "left_id": "id",
            "right_id": "id",
            "columns": kinds,
            "blocking": list(rules),
            "comparisons": [{"column": "area", "levels": ["equal"]}],
        }
    )


def table(**columns):
    return pd.DataFrame({name: pd.Series(values, dtype=TEXT) for name, values in columns.items()})


def pairs_of(spec, left, right, budget=10**9):
    with ThreadPoolExecutor(2) as threads:
        tables = encode_tables(left, right, spec, threads)
    numbers, report = candidate_pairs(tables, spec.blocking, np.arange(len(left)), budget)
    one, other = split_pairs(numbers, len(right))
    return set(zip(one.tolist(), other.tolist(), strict=True)), report


def test_a_block_of_200000_equal_keys_is_dropped_and_counted():
    """200,000 records without a village must not become 40,000,000,000 pairs."""
    left = right = table(area=["35.10"] * 200_000)
    pairs, report = pairs_of(spec_of({"keys": ["area"], "cap": 50}), left, right)
    assert pairs == set()
    assert report.loc[0, "dropped_by_cap"] == 200_000**2
    assert report.loc[0, "records_dropped"] == 200_000


def test_the_budget_tightens_the_last_rule_first():
    """Which rule gives way must be the spec's order, not chance."""
    left = table(area=["a"] * 4, name=["BUDI"] * 4)
    right = table(area=["a"] * 8, name=["BUDI"] * 8)
    spec = spec_of({"keys": ["area"], "cap": 8}, {"keys": ["name.sound"], "cap": 8})
    _, report = pairs_of(spec, left, right, budget=32)
    assert report["pairs"].tolist() == [32, 0]
    assert report["dropped_by_budget"].tolist() == [0, 32]
    assert report["cap_used"].tolist() == [8, 4]


def test_missing_keys_block_nothing():
    """Two people without a birth date have no birth date in common."""
    left = table(area=["a", None], name=["BUDI", "ANI"])
    right = table(area=[None, "a"], name=["BUDI", "ANI"])
    assert pairs_of(spec_of({"keys": ["area"], "cap": 9}), left, right)[0] == {(0, 1)}
    assert pairs_of(spec_of({"keys": ["area", "name.sound"], "cap": 9}), left, right)[0] == set()


def test_each_word_may_be_a_key():
    """A record that lost one word of a name is still found by the other."""
    left, right = table(name=["PURNOMO", "SITI"]), table(name=["AGUS PURNOMO", "AGUS SALIM", "NUR SITI"])
    assert pairs_of(spec_of({"keys": ["name.words"], "cap": 9}), left, right)[0] == {(0, 0), (1, 2)}


@pytest.mark.parametrize(
    ("key", "left", "right", "expected"),
    [
        ("born.unordered", "2001-02-03", "2001-03-02", True),
        ("born.year", "2001-02-03", "2001-12-30", True),
        ("area[:5]", "35.10.01", "35.10.02", True),
        ("area[:8]", "35.10.01", "35.10.02", False),
        ("name.first", "SOLEH AHMAD", "SHOLEH", True),
        ("name.skeleton", "MARIYAM", "MARYAMA", True),
    ],
)
def test_features_of_keys(key, left, right, expected):
    """A feature that silently means something else loses true pairs."""
    column = key.partition(".")[0].partition("[")[0]
    pairs, _ = pairs_of(spec_of({"keys": [key], "cap": 9}), table(**{column: [left]}), table(**{column: [right]}))
    assert (pairs == {(0, 0)}) is expected


def test_an_unknown_feature_is_named():
    """The message says which features there are."""
    with pytest.raises(ValueError, match="unknown feature 'sounds'; text: sound"):
        pairs_of(spec_of({"keys": ["name.sounds"], "cap": 9}), table(name=["A"]), table(name=["A"]))


small_texts = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=0, max_size=12)


@given(small_texts, small_texts, st.integers(min_value=1, max_value=4))
def test_pairs_are_those_that_agree_within_the_cap(left, right, cap):
    """Against the plain definition: every pair with an equal key whose right side is shared by at most ``cap`` rows."""
    pairs, report = pairs_of(spec_of({"keys": ["area"], "cap": cap}), table(area=left), table(area=right))
    expected = {
        (i, j)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if one is not None and one == other and right.count(other) <= cap
    }
    assert pairs == expected
    every = sum(1 for one in left for other in right if one is not None and one == other)
    assert report.loc[0, "pairs"] + report.loc[0, "dropped_by_cap"] == every


@given(st.lists(st.lists(st.integers(min_value=0, max_value=50), max_size=20), max_size=4))
def test_unite_is_a_sorted_union(parts):
    """A pair found by two rules is compared once."""
    arrays = [np.array(part, dtype=np.int64) for part in parts]
    assert unite(arrays).tolist() == sorted({value for part in parts for value in part})
