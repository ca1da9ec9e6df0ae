"""The small language of programme rules: what a criterion asks of the facts.

A condition is one comparison (`{column: decile, operator: at_most, value: 4}`) or a group of conditions: `all`, `any`, `not`,
or `{at_least: 2, of: [...]}`. Conditions are read from YAML, checked against the vocabulary of facts, and never executed as code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictBool, StrictFloat, StrictInt, StrictStr, Tag, model_validator

from schemas.code_lists import code_list
from schemas.programme_facts import Fact, Unit, facts_for

Operator = Literal["is", "is_not", "at_most", "at_least", "below", "above", "one_of", "none_of"]
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr

_ORDER_OPERATORS = ("at_most", "at_least", "below", "above")
_LIST_OPERATORS = ("one_of", "none_of")
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {"integer": (int,), "decimal": (int, float), "boolean": (bool,), "text": (str,)}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Comparison(_Strict):
    """One fact compared with a fixed value (or a list, for `one_of` and `none_of`)."""

    column: str
    operator: Operator
    value: Scalar | tuple[Scalar, ...]

    @model_validator(mode="after")
    def _list_where_a_list_is_due(self) -> Comparison:
        if isinstance(self.value, tuple) != (self.operator in _LIST_OPERATORS):
            raise ValueError(f"{self.operator} takes {'a list' if self.operator in _LIST_OPERATORS else 'one value'}")
        return self

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value as a tuple, whatever the operator."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


class AllOf(_Strict):
    """Holds when each condition holds."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(_Strict):
    """Holds when at least one condition holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(_Strict):
    """Holds when the condition does not."""

    condition: Condition = Field(alias="not")


class AtLeast(_Strict):
    """Holds when at least so many of the conditions hold."""

    at_least: int = Field(ge=1)
    of: tuple[Condition, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_reached(self) -> AtLeast:
        if self.at_least > len(self.of):
            raise ValueError(f"at_least {self.at_least} of only {len(self.of)} conditions can never hold")
        return self


def _form(value: object) -> str:
    """Which form a condition has, by the key that only that form has; so that an error speaks of one form."""
    match value:
        case dict():
            return next((key for key in ("all", "any", "not", "at_least") if key in value), "comparison")
        case AllOf():
            return "all"
        case AnyOf():
            return "any"
        case Not():
            return "not"
        case AtLeast():
            return "at_least"
        case _:
            return "comparison"


Condition = Annotated[
    Annotated[Comparison, Tag("comparison")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[AtLeast, Tag("at_least")],
    Discriminator(_form),
]

for _model in (AllOf, AnyOf, Not, AtLeast):
    _model.model_rebuild()


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison inside a condition, in the order in which it is written."""
    match condition:
        case Comparison():
            yield condition
        case AllOf(all=parts) | AnyOf(any=parts) | AtLeast(of=parts):
            for part in parts:
                yield from comparisons(part)
        case Not(condition=part):
            yield from comparisons(part)


def problems_of(condition: Condition, unit: Unit) -> list[str]:
    """What is wrong with a condition when it is asked about this unit; empty when nothing is."""
    vocabulary = facts_for(unit)
    problems = []
    for comparison in comparisons(condition):
        fact = vocabulary.get(comparison.column)
        if fact is None:
            problems.append(f"{comparison.column} is not a fact of a {unit}; there are: {', '.join(vocabulary)}")
        else:
            problems.extend(_value_problems(comparison, fact))
    return problems


def _value_problems(comparison: Comparison, fact: Fact) -> list[str]:
    problems = []
    if comparison.operator in _ORDER_OPERATORS and fact.kind in {"text", "boolean"}:
        problems.append(f"{comparison.column} has no order, so {comparison.operator} means nothing")
    allowed = code_list(fact.code_list).values if fact.code_list else fact.values
    for value in comparison.values:
        if not isinstance(value, _PYTHON_TYPES[fact.kind]) or (isinstance(value, bool) and fact.kind != "boolean"):
            problems.append(f"{comparison.column} is {fact.kind}, but {value!r} is not (codes are quoted: '1')")
        elif allowed and value not in allowed:
            problems.append(f"{comparison.column} never holds {value!r}; it holds: {', '.join(allowed)}")
    return problems
