"""What people say of two unregistered records: joined, kept apart, contradicted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_people import register_spec, tables

from matching import dedupe, link
from matching.joining import components, joined, sayings_of

TEXT = pd.StringDtype("pyarrow")
KEYS = pd.Series(list("abcdefgh"), dtype=TEXT)
EIGHT = np.arange(8)


def said(*triples):
    return pd.DataFrame(triples, columns=["left_key", "other_key", "decision"]).astype(TEXT)


def clusters(pairs, likely, *triples):
    left, right = (np.array(ends, dtype=np.int64) for ends in zip(*pairs, strict=True)) if pairs else (EIGHT[:0], EIGHT[:0])
    sayings = sayings_of(said(*triples) if triples else None, KEYS, EIGHT)
    return "".join(KEYS.iloc[joined(8, (left, right), np.array(likely, dtype=float), sayings)]), sayings.report


def test_same_joins_what_the_engine_would_not():
    """And all that hang on the two: a and b, b's c."""
    assert clusters([(1, 2)], [0.9], ("a", "b", "same"))[0] == "aaadefgh"


def test_different_cuts_the_weakest_pair_of_a_chain():
    """a-b-c-d are one by three pairs; that a is not d breaks the least likely of them."""
    chain = [(0, 1), (1, 2), (2, 3)]
    assert clusters(chain, [0.9, 0.8, 0.95])[0] == "aaaaefgh"
    assert clusters(chain, [0.9, 0.8, 0.95], ("a", "d", "different"))[0] == "aaccefgh"


def test_same_outranks_the_engine_where_people_keep_apart():
    """c belongs to d by people, and d is not a: the engine's a-c must go, however likely."""
    assert clusters([(0, 2)], [0.999], ("c", "d", "same"), ("a", "d", "different"))[0] == "abccefgh"


def test_people_who_contradict_each_other_are_reported():
    """a is b, b is c, c is not a: joined, and said."""
    found, report = clusters([], [], ("a", "b", "same"), ("b", "c", "same"), ("c", "a", "different"))
    assert found == "aaadefgh"
    assert report.to_numpy().tolist() == [["c", "a", "same_and_different"]]


def test_what_is_not_there_is_reported():
    """A row that left the list, and one that has found its person."""
    report = sayings_of(said(("a", "x", "same"), ("a", "h", "different")), KEYS, EIGHT[:7]).report
    assert report["reason"].tolist() == ["not_to_be_joined", "left_key_not_found"]


def test_another_word_is_refused():
    with pytest.raises(ValueError, match="'same' or 'different'"):
        sayings_of(said(("a", "b", "unsure")), KEYS, EIGHT)


edges = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=12, unique=True)


@settings(deadline=None)
@given(edges, edges, edges, st.randoms(use_true_random=False))
def test_people_are_heeded_whatever_the_engine_says(pairs, same, different, random):
    """Each *same* joins; each *different* that people do not contradict keeps apart; nothing else is joined without a pair."""
    likely = [random.random() for _ in pairs]
    triples = [(KEYS[one], KEYS[two], word) for word, some in (("same", same), ("different", different)) for one, two in some]
    text, report = clusters(pairs, likely, *triples)
    by_people = components(8, np.array([one for one, _ in same], dtype=np.int64), np.array([two for _, two in same], dtype=np.int64))
    assert all(text[one] == text[two] for one, two in same)
    contradicted = {(one, two) for one, two in different if by_people[one] == by_people[two]}
    assert all((text[one] == text[two]) == ((one, two) in contradicted) for one, two in different)
    assert (report["reason"] == "same_and_different").sum() == len(contradicted)
    free = components(8, *(np.array([pair[end] for pair in (*pairs, *same)], dtype=np.int64) for end in (0, 1)))
    assert all(free[one] == free[KEYS.tolist().index(text[one])] for one in range(8))


@pytest.fixture(scope="module")
def strangers():
    """A list in which thirty people who are in no register stand twice, the second time with less said."""
    left, right, _ = tables(1_500, 800, 905)
    first = link(left, right, register_spec())
    unregistered = left[left["record_id"].isin(first.links.loc[first.links["status"].eq("unregistered"), "left_id"])].head(30)
    twice = unregistered.assign(record_id="z" + unregistered["record_id"].str[1:], record_key="z" + unregistered["record_key"].str[1:])
    weak = np.arange(len(twice)) % 2 == 0
    twice = twice.assign(
        birth_date=twice["birth_date"].mask(weak),
        nik=twice["nik"].mask(weak),
        kk_number=twice["kk_number"].mask(weak),
        rt=twice["rt"].mask(weak),
    )
    return pd.concat([left, twice], ignore_index=True), right, first.model


def test_people_join_and_part_unregistered_records(strangers):
    """In a whole run: engine's doubts are offered, an answer settles them, and nothing else moves."""
    left, right, model = strangers
    before = link(left, right, register_spec(), model)
    cluster = before.links.dropna(subset="cluster_id").astype(object).set_index("left_id")["cluster_id"]
    joined_now = cluster[(cluster.index != cluster) & cluster.index.str.startswith("z")]
    assert len(joined_now)
    parted, mate = joined_now.index[0], joined_now.iloc[0]
    alone = cluster[~cluster.duplicated(keep=False)].index[:2].tolist()
    together = said((parted, mate, "different"), (alone[0], alone[1], "same"))
    after = link(left, right, register_spec(), model, together=together)
    now = after.links.dropna(subset="cluster_id").astype(object).set_index("left_id")["cluster_id"]
    assert now[parted] != now[mate]
    assert now[alone[0]] == now[alone[1]]
    moved = now != cluster
    assert set(moved[moved].index) <= {parted, mate, *alone}
    assert after.report.to_dict()["not_joined"] == {}


def test_doubtful_pairs_are_offered_until_somebody_speaks(strangers):
    """Likeliest first, each pair once, none that is joined or answered."""
    left, right, model = strangers
    spec = register_spec()
    spec = spec.model_copy(update={"thresholds": spec.thresholds.model_copy(update={"link": 0.9999, "review": 1e-6})})
    alike = link(left, right, spec, model).alike
    assert len(alike) > 1
    assert alike["probability"].is_monotonic_decreasing
    assert not alike.duplicated(["left_id", "other_id"]).any()
    answered = alike.iloc[:2]
    words = said(
        (answered["left_id"].iloc[0], answered["other_id"].iloc[0], "different"), (*answered.iloc[1][["other_id", "left_id"]], "same")
    )
    rest = link(left, right, spec, model, together=words).alike
    pairs = set(zip(rest["left_id"], rest["other_id"], strict=True))
    assert not pairs & set(zip(answered["left_id"], answered["other_id"], strict=True))


def test_dedupe_heeds_people_too():
    """The same words for one table."""
    table = pd.DataFrame({"record_id": ["1", "2", "3"], "name": ["SULASTRI WAHYUNI", "SULASTRI WAHYUNI", "BAMBANG"]}, dtype=TEXT)
    table = table.assign(birth_date=pd.to_datetime(["1980-02-03"] * 3), area_code="35.10.01.2001")
    spec = register_spec().model_copy(update={"left_key": None})
    found = dedupe(table, spec, decisions=said(("1", "2", "different"), ("2", "3", "same")))
    assert found.clusters["cluster_id"].tolist() == ["1", "2", "2"]
    assert found.decisions_not_applied.empty
