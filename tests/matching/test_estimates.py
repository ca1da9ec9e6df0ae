"""What a run says of itself: bounds that hold what they say, strangers counted by striking out, and nothing claimed without labels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_people import register_spec, tables

from matching import LinkModel, LinkSpec, link
from matching.absence import Strata
from matching.compare import Comparer
from matching.competition import Groups
from matching.estimates import Expected
from matching.households import fellows_of
from matching.label_checks import WITH, WITHOUT, LabelChecks, not_found, settled_wrongly, strangers_linked
from matching.labels import Choices, good_labels, identifier_pairs, labelled_pairs
from matching.prepared import prepare
from matching.stages import Stages


@pytest.mark.parametrize(("mean", "error"), [(0.5, 0.2), (2.0, 1.0), (8.0, 3.0), (40.0, 6.0), (500.0, 60.0), (30.0, 0.0)])
def test_bounds_of_a_count_hold_what_they_say(mean, error):
    """Counts drawn as the bounds assume must lie within them about nineteen times in twenty, not always and not seldom."""
    rng = np.random.default_rng(5)
    expected = np.full(40_000, mean) if not error else rng.gamma((mean / error) ** 2, error**2 / mean, 40_000)
    counts = rng.poisson(expected)
    low, high = Expected(mean, mean, error).bounds
    held = ((counts >= low) & (counts <= high)).mean()
    assert held >= 0.93
    assert held <= (0.98 if mean > 5 else 0.998)  # of a count of one or two no bounds hold just 95 %


@pytest.mark.parametrize("chances", [[0.7] * 40, [0.9] * 20 + [0.1] * 60, [0.5] * 200], ids=["likely", "mixed", "even"])
def test_likely_cases_vary_less_than_a_poisson_count(chances):
    """Records that are almost surely missed add to the expectation and hardly to its spread; bounds that ignore that are too wide."""
    chance = np.array(chances)
    counts = (np.random.default_rng(6).random((20_000, len(chance))) < chance).sum(axis=1)
    low, high = Expected(chance.sum(), (chance * (1 - chance)).sum(), 0.0).bounds
    assert 0.92 <= ((counts >= low) & (counts <= high)).mean() <= 0.985
    poisson = Expected(chance.sum(), chance.sum(), 0.0).bounds
    assert high - low < poisson[1] - poisson[0]


def test_bounds_of_a_handful_hold_what_they_say_on_average():
    """With equal tails an expectation of two cases or less was held in 98 of 100 runs, as nothing lies below zero: too wide, not honest."""
    means = np.arange(0.3, 3.0, 0.05)
    chances = np.array([Expected(mean, mean, 0.6 * mean).chance for mean in means])
    assert 0.94 <= chances.mean() <= 0.96
    assert chances.min() >= 0.88
    drawn = np.random.default_rng(7).poisson(np.random.default_rng(8).gamma(1 / 0.36, 0.36 * 1.5, 40_000))
    low, high = Expected(1.5, 1.5, 0.9).bounds
    assert ((drawn >= low) & (drawn <= high)).mean() == pytest.approx(Expected(1.5, 1.5, 0.9).chance, abs=0.01)


def test_a_labelled_record_is_not_led_to_its_household_by_itself():
    """A record that went there alone found its true candidate by its own link, which hid that no rule finds such records."""
    left, right, _ = tables()
    spec = register_spec()
    prepared = prepare(left.head(2).assign(kk_number="3510010101010001"), right, spec, Stages())
    for rows, links, expected in (([0], [10], 0), ([0, 1], [10, 10], 1)):
        fellows = fellows_of(prepared.tables, spec, np.array(rows), np.array(links))
        assert fellows is not None
        led = fellows.pairs(np.array([0]), prepared.tables.right_count) % prepared.tables.right_count
        assert (10 in led) == bool(expected)
        assert 10 in fellows.pairs(np.array([1]), prepared.tables.right_count) % prepared.tables.right_count  # others are led there


@settings(max_examples=60, deadline=None)
@given(st.floats(min_value=0, max_value=3_000), st.floats(min_value=0, max_value=200))
def test_bounds_are_in_order(mean, error):
    """Whatever is expected, the lower bound is the lower one, and neither is beside the expectation."""
    low, high = Expected(mean, mean, error).bounds
    assert 0 <= low <= mean + 1
    assert high >= low
    assert high >= np.floor(mean) - 1 or error > mean


def test_no_labels_claim_no_recall():
    """With weights from EM nothing is known of people whom no rule reached: the interval must not pretend it."""
    left, right, _ = tables()
    spec = register_spec()
    spec = spec.model_copy(update={"training": spec.training.model_copy(update={"least_labels": 10**9})})
    result = link(left, right, spec)
    assert result.model.learned_from == "em"
    assert result.model.checks is None
    assert result.report.recall.low == 0.0
    assert result.report.recall.high == 1.0


def test_checks_survive_the_model_file():
    """A run with a model that was trained before states the same intervals."""
    left, right, _ = tables()
    result = link(left, right, register_spec())
    assert isinstance(result.model.checks, LabelChecks)
    again = link(left, right, register_spec(), LinkModel.from_json(result.model.to_json()))
    assert again.report.precision == result.report.precision
    assert again.report.recall == result.report.recall


def test_what_labels_say_goes_by_what_a_record_lacks():
    """A stranger with a number of his own is linked far more seldom than one without; what is not named gets the overall share."""
    left, right, _ = tables()
    spec = register_spec()
    strata = Strata.of(prepare(left, right, spec, Stages()).tables, spec)
    chosen = next(name for name in strata.names if "birth_date" in name and "nik" not in name)
    checks = LabelChecks({chosen: (0.25, 0.1), "*": (0.5, 0.2)}, (1.0, 0.0), (0.0, 0.0), 1, {})
    share, error = strangers_linked(checks, Groups.of(np.arange(len(left))), strata)
    here = np.array([name == chosen for name in strata.names])[strata.of_record]
    assert here.any()
    assert (set(share[here]), set(error[here])) == ({0.25}, {0.1})
    assert (set(share[~here]), set(error[~here])) == ({0.5}, {0.2})


def test_strangers_with_a_number_of_their_own_are_told_from_those_without():
    """To count both alike would state more wrong links than there are: another number speaks against every candidate."""
    left, right, _ = tables()
    spec = register_spec()
    checks = link(left, right, spec).model.checks
    strata = Strata.of(prepare(left, right, spec, Stages()).tables, spec)
    assert checks is not None
    assert {*strata.names, "*"} <= set(checks.strangers)
    assert any("nik" in name.split(",") for name in checks.strangers)
    assert any("nik" not in name.split(",") for name in checks.strangers)


@pytest.mark.parametrize(("name", "alike"), [("HARTINI", 0), ("SUPARMAN", 1)])
def test_a_borrowed_number_settles_wrongly_as_often_as_relatives_have_alike_names(name, alike):
    """The probability of a settled pair was learned where its number was hidden: it says nothing of how numbers are borrowed."""
    person = {"nik": "3510014107800001", "name": "SUPARMAN", "kk_number": "3510011212120001", "sex": "L", "area_code": "35.10.01.2001"}
    rest = dict.fromkeys(("mother_name", "hamlet", "rt", "rw"), pd.NA) | {"birth_date": pd.NaT}
    right = pd.DataFrame([person | rest, person | rest | {"nik": "3510014107800002", "name": name}])
    left = pd.DataFrame([person | rest | {"record_id": "r0"}])
    spec = register_spec()
    prepared = prepare(left, right, spec, Stages())
    comparer = Comparer(prepared.tables, spec)
    pairs = np.zeros(2, dtype=np.int32), np.arange(2, dtype=np.int32)
    outcomes = comparer.outcomes(*pairs)
    true = np.array([True, False])
    choices = Choices(*pairs, outcomes, Groups.of(pairs[0]), true, 0)
    share, error = settled_wrongly(spec, comparer, choices, outcomes, np.array([0.25, 0.0]), 10)
    assert share == pytest.approx(0.75 * (alike + 0.5) / 2 / 10)
    assert error == pytest.approx(0.75 * (alike + 0.5) ** 0.5 / 2 / 10)


def test_where_relatives_are_not_told_the_settled_pairs_keep_their_doubt():
    """To state that no settled pair is wrong, because nothing is known of borrowed numbers, would be a claim out of nothing."""
    left, right, _ = tables()
    spec = register_spec()
    assert spec.identifier is not None
    untold = spec.model_copy(update={"identifier": spec.identifier.model_copy(update={"borrowed_within": "", "unlike": ""})})
    result = link(left, right, untold)
    assert result.model.checks is not None
    assert result.model.checks.settled is None
    assert LinkModel.from_json(result.model.to_json()).checks == result.model.checks
    sure = replace(result.model, checks=replace(result.model.checks, settled=(0.0, 0.0)))
    assert result.report.precision.share < link(left, right, untold, sure).report.precision.share


def test_what_labels_say_of_other_candidates_changes_the_stated_precision():
    """A check of the probabilities that the estimate does not heed is none."""
    left, right, _ = tables()
    model = link(left, right, register_spec()).model
    assert model.checks is not None
    stated = [
        link(left, right, register_spec(), replace(model, checks=replace(model.checks, **change))).report.precision
        for change in ({}, {"elsewhere": (3.0, 0.0)}, {"settled": (0.01, 0.0)})
    ]
    assert stated[1].share < stated[0].share
    assert stated[2].share < stated[0].share - 0.001


def test_a_number_and_the_birth_date_inside_it_make_no_label():
    """A mistyped number that is somebody else's agrees on the birth date by itself; as a label it would teach that people are not there."""
    left, right, _ = tables()
    spec = register_spec()
    other = right.iloc[[0]]
    record = left.head(1).assign(
        nik=other["nik"].to_numpy(),
        birth_date=other["birth_date"].to_numpy(),
        name="ZULKARNAEN WIBISONO",
        kk_number=pd.NA,
        mother_name=pd.NA,
    )
    record = record.assign(area_code=pd.NA, rt=pd.NA, rw=pd.NA)
    for change, expected in (({}, 0), ({"kk_number": other["kk_number"].to_numpy()}, 1), ({"name": other["name"].to_numpy()}, 1)):
        prepared = prepare(record.assign(**change), right, spec, Stages())
        comparer = Comparer(prepared.tables, spec)
        confirmed = identifier_pairs(prepared.tables, spec, comparer)
        assert len(confirmed.left) == 1
        label = good_labels(spec, comparer, confirmed)
        assert len(labelled_pairs(prepared.tables, spec, confirmed, label)[0]) == expected


def test_a_label_of_what_stands_inside_the_identifier_alone_is_refused():
    """The mistake above must not come back through a specification."""
    text = register_spec().to_yaml().replace("labels_when:\n", "labels_when:\n  - birth_date:\n    - equal\n", 1)
    with pytest.raises(ValueError, match="stands inside it"):
        LinkSpec.from_yaml(text)


def test_what_is_left_of_a_number_finds_people_whom_no_other_rule_finds():
    """To count records with a damaged number like those without one would state a recall that is too low."""
    left, right, _ = tables()
    result = link(left, right, register_spec())
    assert result.model.checks is not None
    (without, error), (having, _) = (result.model.checks.unfound[name] for name in (WITHOUT, WITH))
    assert 0 < having < without
    assert error > 0


def test_few_labels_in_doubt_state_a_wider_recall():
    """An interval that does not say how little it rests on is not an interval."""
    left, right, _ = tables()
    model = link(left, right, register_spec()).model
    assert model.checks is not None
    left = left.assign(**dict.fromkeys(("nik", "kk_number", "mother_name", "hamlet", "rt", "rw"), pd.NA), birth_date=pd.NaT)

    def width(doubt):
        told = replace(model, checks=replace(model.checks, doubt=doubt))
        recall = link(left, right, register_spec(), told).report.recall
        return recall.high - recall.low

    assert model.checks.doubt > 0
    assert width(0.0) > width(1e6)


def test_only_open_records_are_not_found():
    """A record that the number settled cannot be missed, and a run without labels must own up to knowing nothing."""
    left, right, _ = tables()
    spec = register_spec()
    encoded = prepare(left, right, spec, Stages()).tables
    has = np.flatnonzero(encoded.columns["nik"].left >= 0)[:1]
    lacks = np.flatnonzero(encoded.columns["nik"].left < 0)[:1]
    checks = LabelChecks({"*": (0.5, 0.2)}, (1.0, 0.0), (0.0, 0.0), 1, {WITHOUT: (0.2, 0.1), WITH: (0.05, 0.02)})
    shares, errors = not_found(checks, encoded, spec, np.concatenate((has, lacks)))
    assert (shares[has], shares[lacks], errors[has], errors[lacks]) == (0.05, 0.2, 0.02, 0.1)
    assert np.count_nonzero(shares) == 2
    assert np.isinf(not_found(None, encoded, spec, has)[1][has]).all()
