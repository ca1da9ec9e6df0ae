"""Asking a rule's condition of a table of facts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pandas as pd

from eligibility.three_valued import Truth, all_of, any_of, at_least
from schemas.programme_conditions import AllOf, AnyOf, AtLeast, Comparison, Condition, Not

Column = Callable[[str], pd.Series]
"""Gives the column of facts with this name, one value per unit; missing values are unknown."""

_OPERATORS: dict[str, Callable[[pd.Series, Any], pd.Series]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_most": operator.le,
    "at_least": operator.ge,
    "below": operator.lt,
    "above": operator.gt,
    "one_of": lambda facts, values: facts.isin(list(values)),
    "none_of": lambda facts, values: ~facts.isin(list(values)),
}


def evaluate(condition: Condition, column: Column) -> Truth:
    """Whether the condition holds for each unit: yes, no, or unknown where what is known does not settle it."""
    match condition:
        case Comparison():
            return _compare(condition, column(condition.column))
        case AllOf(all=parts):
            return all_of([evaluate(part, column) for part in parts])
        case AnyOf(any=parts):
            return any_of([evaluate(part, column) for part in parts])
        case Not(condition=part):
            return ~evaluate(part, column)
        case AtLeast(at_least=minimum, of=parts):
            return at_least(minimum, [evaluate(part, column) for part in parts])


def _compare(comparison: Comparison, facts: pd.Series) -> Truth:
    known = facts.notna().to_numpy(dtype=bool)
    answers = _OPERATORS[comparison.operator](facts, comparison.value)
    agrees = answers.astype("boolean").fillna(False).to_numpy(dtype=bool)
    return Truth(agrees & known, ~agrees & known)
