"""What is wrong with a specification, in words: where, what was found, what is allowed there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from matching.spec import BirthPart, BlockingRule, ColumnSpec, Comparison, Identifier, LinkSpec, Positions, Relatives, Thresholds, Training

_MODEL_AT: dict[str, type[BaseModel]] = {
    "columns": ColumnSpec,
    "birth": BirthPart,
    "blocking": BlockingRule,
    "comparisons": Comparison,
    "identifier": Identifier,
    "positions": Positions,
    "relatives": Relatives,
    "thresholds": Thresholds,
    "training": Training,
}


class SpecError(ValueError):
    """A specification that cannot be used; the message names the file and each place."""


def read_spec(path: Path) -> LinkSpec:
    """The specification in a YAML file. Raises SpecError."""
    try:
        return LinkSpec.from_yaml(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise SpecError("\n".join([f"{path}:", *(f"  {problem}" for problem in spec_problems(error))])) from None
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = "" if place is None else f", line {place.line + 1}"
        raise SpecError(f"{path}{line}: this is not readable as YAML") from None
    except ValueError as error:
        raise SpecError(f"{path}: {error}") from None


def spec_problems(error: ValidationError) -> list[str]:
    """One line per problem."""
    return [_problem(problem["loc"], problem["type"], problem["msg"]) for problem in error.errors()]


def _problem(place: Sequence[int | str], kind: str, message: str) -> str:
    where = ".".join(str(part) for part in place) or "specification"
    if kind == "extra_forbidden":
        return f"{where}: there is no such key; allowed here: {', '.join(_fields_around(place))}"
    if kind == "missing":
        return f"{where}: this key is needed"
    return f"{where}: {message.removeprefix('Value error, ')}"


def _fields_around(place: Sequence[int | str]) -> list[str]:
    model: type[BaseModel] = LinkSpec
    for part in place[:-1]:
        model = _MODEL_AT.get(str(part), model)
    return list(model.model_fields)


def missing_columns(columns: Sequence[str], spec: LinkSpec, side: str) -> list[str]:
    """Columns that the spec names and a table lacks; `side` is left or right."""
    id_column = spec.left_id if side == "left" else spec.right_id
    named = [(column.left if side == "left" else column.right) or name for name, column in spec.columns.items()]
    return [name for name in dict.fromkeys((id_column, *named)) if name not in columns]
