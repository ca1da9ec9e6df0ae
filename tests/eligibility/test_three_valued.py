"""Taking "nobody asked" for "no" would refuse families, and taking it for "yes" would pay them; both are mistakes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from eligibility.conditions import evaluate
from eligibility.three_valued import Truth, all_of, any_of, at_least
from schemas.programme_conditions import Condition

State = bool | None
states = st.sampled_from([True, False, None])
CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def truth(values: list[State]) -> Truth:
    return Truth.of(pd.Series(values, dtype="boolean"))


def back(answer: Truth) -> list[State]:
    return [None if value is pd.NA else bool(value) for value in answer.to_series()]


@given(st.lists(st.tuples(states, states), min_size=1))
def test_and_or_not_are_kleenes(pairs: list[tuple[State, State]]) -> None:
    left, right = (pd.array([pair[place] for pair in pairs], dtype="boolean") for place in (0, 1))
    ours_left, ours_right = truth(list(left)), truth(list(right))
    assert back(ours_left & ours_right) == [None if v is pd.NA else v for v in left & right]
    assert back(ours_left | ours_right) == [None if v is pd.NA else v for v in left | right]
    assert back(~ours_left) == [None if v is pd.NA else not v for v in left]


@given(st.lists(states, min_size=1, max_size=6), st.data())
def test_at_least_is_settled_exactly_when_every_way_to_answer_agrees(parts: list[State], data: st.DataObject) -> None:
    minimum = data.draw(st.integers(1, len(parts)))
    completions = product(*([part] if part is not None else [True, False] for part in parts))
    outcomes = {sum(completion) >= minimum for completion in completions}
    expected = outcomes.pop() if len(outcomes) == 1 else None
    assert back(at_least(minimum, [truth([part]) for part in parts])) == [expected]


@given(st.lists(states, min_size=1, max_size=6))
def test_all_and_any_are_the_ends_of_at_least(parts: list[State]) -> None:
    truths = [truth([part]) for part in parts]
    conjunction, disjunction = truths[0], truths[0]
    for part in truths[1:]:
        conjunction, disjunction = conjunction & part, disjunction | part
    assert back(all_of(truths)) == back(conjunction)
    assert back(any_of(truths)) == back(disjunction)


def test_an_answer_is_never_both_yes_and_no() -> None:
    answer = truth([True, False, None])
    assert not (answer.holds & answer.fails).any()
    assert answer.states.tolist() == [1, 0, 2]


COLUMNS = {
    "decile": pd.Series([1, 4, 5, pd.NA], dtype="Int64"),
    "floor_area_per_person": pd.Series([7.19, 7.2, 8.0, np.nan]),
    "floor": pd.Series(["8", "1", pd.NA, "7"], dtype=pd.StringDtype("pyarrow")),
    "poor": pd.Series([True, False, pd.NA, True], dtype="boolean"),
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param({"column": "decile", "operator": "at_most", "value": 4}, [True, True, False, None], id="at_most includes its bound"),
        pytest.param({"column": "decile", "operator": "at_least", "value": 4}, [False, True, True, None], id="at_least includes its bound"),
        pytest.param({"column": "decile", "operator": "above", "value": 4}, [False, False, True, None], id="above does not"),
        pytest.param(
            {"column": "floor_area_per_person", "operator": "below", "value": 7.2},
            [True, False, False, None],
            id="NaN is unknown, not false",
        ),
        pytest.param({"column": "floor", "operator": "one_of", "value": ["7", "8"]}, [True, False, None, True], id="one_of"),
        pytest.param({"column": "floor", "operator": "none_of", "value": ["7", "8"]}, [False, True, None, False], id="none_of unknown"),
        pytest.param({"column": "floor", "operator": "is_not", "value": "1"}, [True, False, None, True], id="is_not unknown"),
        pytest.param({"not": {"column": "poor", "operator": "is", "value": True}}, [False, True, None, False], id="not"),
        pytest.param(
            {"all": [{"column": "poor", "operator": "is", "value": True}, {"column": "decile", "operator": "is", "value": 1}]},
            [True, False, False, None],
            id="all: one no is enough",
        ),
        pytest.param(
            {"any": [{"column": "poor", "operator": "is", "value": True}, {"column": "decile", "operator": "is", "value": 5}]},
            [True, False, True, True],
            id="any: one yes is enough",
        ),
        pytest.param(
            {
                "at_least": 2,
                "of": [
                    {"column": "poor", "operator": "is", "value": True},
                    {"column": "floor", "operator": "one_of", "value": ["7", "8"]},
                    {"column": "decile", "operator": "is", "value": 1},
                ],
            },
            [True, False, None, True],
            id="at least two",
        ),
    ],
)
def test_conditions(condition: object, expected: list[State]) -> None:
    assert back(evaluate(CONDITION.validate_python(condition), COLUMNS.__getitem__)) == expected
