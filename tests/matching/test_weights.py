"""Known-truth tests: weights that made the data are recovered from it, by labels and without; derivatives are those of the loss."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import LinkSpec, train
from matching.choice_model import ChoiceSet, choice_loss, fit_choices
from matching.compare import Scale
from matching.competition import Groups, probabilities
from matching.patterns import Patterns
from matching.weights import WeightTable

SCALES = (Scale("one", ("missing", "equal", "near", "different"), 1), Scale("two", ("missing", "equal", "different"), 1))
M = (np.array([0.0, 0.8, 0.15, 0.05]), np.array([0.0, 0.9, 0.1]))
U = (np.array([0.0, 0.05, 0.10, 0.85]), np.array([0.0, 0.2, 0.8]))


def simulated(records=6_000, candidates=5, absent=0.1, seed=1):
    """Records with candidates whose levels come from M (the true one) and U (the others); one in ten has no true candidate."""
    rng = np.random.default_rng(seed)
    outcomes = np.stack([rng.choice(len(u), p=u, size=records * candidates) for u in U]).astype(np.int16)
    true = np.zeros(records * candidates, dtype=bool)
    present = np.flatnonzero(rng.random(records) > absent)
    place = present * candidates + rng.integers(0, candidates, len(present))
    true[place] = True
    for number, m in enumerate(M):
        outcomes[number, place] = rng.choice(len(m), p=m, size=len(place))
    return outcomes, true, Groups.of(np.repeat(np.arange(records), candidates))


def empty_table():
    return WeightTable(SCALES, 0.0, {scale.name: np.zeros(scale.size) for scale in SCALES})


def test_labels_recover_the_weights_that_made_the_data():
    """A fit that gets known weights wrong gets unknown ones wrong."""
    outcomes, true, groups = simulated()
    choices = ChoiceSet(Patterns.of(outcomes, SCALES), groups, true, np.ones(len(groups.starts)))
    table, _ = fit_choices(choices, empty_table(), (), 0.05, 0.01, frozenset())
    for name, m, u in zip(("one", "two"), M, U, strict=True):
        expected = np.log(m[1:] / u[1:])
        fitted = table.main[name][1:]
        assert fitted - fitted.mean() == pytest.approx(expected - expected.mean(), abs=0.25)


def test_fitted_probabilities_are_calibrated():
    """Of the links at 80 %, about four in five must be right: reports and review queues are made of these numbers."""
    outcomes, true, groups = simulated()
    choices = ChoiceSet(Patterns.of(outcomes, SCALES), groups, true, np.ones(len(groups.starts)))
    table, _ = fit_choices(choices, empty_table(), (), 1e-6, 0.01, frozenset())
    fresh, fresh_true, fresh_groups = simulated(seed=2)
    probability, _ = probabilities(table.scores(fresh), fresh_groups)
    for low in (0.2, 0.4, 0.6, 0.8):
        chosen = (probability >= low) & (probability < low + 0.2)
        assert fresh_true[chosen].mean() == pytest.approx(probability[chosen].mean(), abs=0.04)


def test_few_labels_leave_the_starting_weights():
    """Thirty labels must not overturn what is known without them."""
    outcomes, true, groups = simulated(records=30)
    start = WeightTable(SCALES, -1.0, {"one": np.array([0.0, 3.0, 0.0, -3.0]), "two": np.array([0.0, 2.0, -2.0])})
    table, _ = fit_choices(ChoiceSet(Patterns.of(outcomes, SCALES), groups, true, np.ones(30)), start, (), 0.05, 50.0, frozenset())
    assert table.main["one"] == pytest.approx(start.main["one"], abs=0.5)


def test_an_interaction_is_learned():
    """Two comparisons that only count together: the additive model cannot see it, the interacting one must."""
    rng = np.random.default_rng(3)
    records, candidates = 4_000, 4
    outcomes = rng.integers(1, 3, (2, records * candidates)).astype(np.int16)
    groups = Groups.of(np.repeat(np.arange(records), candidates))
    agree = outcomes[0] == outcomes[1]
    scores = np.where(agree, 2.0, -2.0)
    probability, _ = probabilities(scores, groups)
    draw = rng.random(records)[groups.of_pair]
    upper = np.concatenate([np.cumsum(part) for part in np.split(probability, records)])
    true = (draw < upper) & (draw >= upper - probability)
    scales = (Scale("one", ("missing", "equal", "different"), 1), Scale("two", ("missing", "equal", "different"), 1))
    start = WeightTable(scales, 0.0, {scale.name: np.zeros(3) for scale in scales})
    choices = ChoiceSet(Patterns.of(outcomes, scales), groups, true, np.ones(records))
    table, _ = fit_choices(choices, start, (("one", "two"),), 0.01, 0.1, frozenset())
    fitted = table.scores(np.array([[1, 1, 2, 2], [1, 2, 1, 2]], dtype=np.int16))
    assert fitted[0] - fitted[1] == pytest.approx(4.0, abs=0.4)
    assert fitted[3] - fitted[2] == pytest.approx(4.0, abs=0.4)


def test_em_recovers_the_shares_that_made_the_data():
    """Without labels, how often true pairs agree must come out as it was put in, one record in ten being of nobody on the right."""
    rng = np.random.default_rng(4)
    people, agree, values = 3_000, {"one": 0.9, "two": 0.8, "three": 0.95}, {"one": 300, "two": 200, "three": 100}
    right = pd.DataFrame({name: rng.integers(0, size, people) for name, size in values.items()})
    left = right.head(2_000).copy()
    for name, share in agree.items():
        wrong = rng.random(len(left)) >= share
        left.loc[wrong, name] = (left.loc[wrong, name] + rng.integers(1, values[name], int(wrong.sum()))) % values[name]
    strangers = pd.DataFrame({name: rng.integers(0, size, 220) for name, size in values.items()})
    left = pd.concat([left, strangers], ignore_index=True).astype(str).assign(id=lambda frame: [f"l{row}" for row in frame.index])
    right = right.astype(str).assign(id=[f"r{row}" for row in range(people)])
    spec = LinkSpec.model_validate(
        {
            "name": "known",
            "left_id": "id",
            "right_id": "id",
            "columns": {name: {"kind": "code"} for name in values},
            "blocking": [{"keys": [name], "cap": 100} for name in values],
            "comparisons": [{"column": name, "levels": ["equal"]} for name in values],
        }
    )
    model = train(left, right, spec)
    assert model.learned_from == "em"
    for name, share in agree.items():
        equal, different = model.weights.main[name][1:]
        chance = (left[name].value_counts(normalize=True) * right[name].value_counts(normalize=True)).sum()
        assert chance * np.exp(equal) == pytest.approx(share, abs=0.03)
        assert (1 - chance) * np.exp(different) == pytest.approx(1 - share, abs=0.03)


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=0, max_value=10_000), st.floats(min_value=0.01, max_value=0.4))
def test_the_derivative_is_that_of_the_loss(seed, struck_out):
    """A wrong derivative lets the fit stop anywhere."""
    rng = np.random.default_rng(seed)
    groups = Groups.of(np.sort(rng.integers(0, 4, 12)))
    true = np.zeros(12, dtype=bool)
    true[[start for start in groups.starts if rng.random() < 0.7]] = True
    outcomes = np.zeros((1, 12), dtype=np.int16)
    choices = ChoiceSet(Patterns.of(outcomes, (Scale("x", ("missing",), 1),)), groups, true, rng.random(len(groups.starts)))
    scores = rng.normal(size=12)
    _, gradient = choice_loss(scores, choices, struck_out)
    for place in range(12):
        step = np.zeros(12)
        step[place] = 1e-6
        slope = (choice_loss(scores + step, choices, struck_out)[0] - choice_loss(scores - step, choices, struck_out)[0]) / 2e-6
        assert gradient[place] == pytest.approx(slope, abs=1e-5)


@given(st.lists(st.floats(min_value=-30, max_value=30), min_size=1, max_size=20), st.integers(min_value=1, max_value=5))
def test_competition_shares_out_exactly_one(scores, records):
    """Candidates and *none of them* are all there is."""
    groups = Groups.of(np.sort(np.arange(len(scores)) % records))
    probability, none = probabilities(np.array(scores), groups)
    assert groups.sums(probability) + none == pytest.approx(1.0)


def test_two_equal_namesakes_get_less_than_half_each():
    """They go to review by themselves."""
    probability, _ = probabilities(np.array([9.0, 9.0]), Groups.of(np.array([0, 0])))
    assert (probability < 0.5).all()


def test_the_table_is_saved_and_read_without_loss():
    """A model file that rounds differently links differently."""
    table = WeightTable(
        SCALES, -1.25, {"one": np.array([0, 1.5, 0.1, -2.0]), "two": np.array([0, 1.0, -1.0])}, {("one", "two"): np.ones((4, 3)) / 3}
    )
    again = WeightTable.from_dict(table.rounded().to_dict())
    outcomes = np.array([[0, 1, 2, 3], [2, 1, 0, 1]], dtype=np.int16)
    assert again.scores(outcomes) == pytest.approx(table.rounded().scores(outcomes), abs=0)
    assert again.shares(outcomes).sum(axis=0) + again.intercept == pytest.approx(again.scores(outcomes))
