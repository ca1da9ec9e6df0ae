"""Source contracts: what an office's spreadsheet looks like, in a YAML file that a data officer can write.

One file per source in `schemas/sources/`; a folder of the user's own (`PADAN_CONTRACTS`) adds files, and a file with the
same id replaces the built-in one whole. A contract is data: everything that is particular to an office stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from schemas.contract_messages import ContractError, KeyProblem, Problem, problems_of, yaml_problem
from schemas.contract_tables import ColumnContract, DateFormat, MentionContract, Strict, TableContract, Title, normalised_header
from schemas.expectations import Expectation, misplaced_expectations

__all__ = [
    "BUILT_IN_FOLDER",
    "ColumnContract",
    "ContractError",
    "DateFormat",
    "MentionContract",
    "SourceContract",
    "TableContract",
    "Title",
    "load_contract",
    "load_contracts",
    "normalised_header",
]

BUILT_IN_FOLDER = Path(__file__).parent / "sources"


class _PlainLoader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: `NO` is the header of a running number, not a denial."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # where the library has its part in C
    """The same, ten times as fast, with less to say of a mistake."""

    yaml_implicit_resolvers = _PlainLoader.yaml_implicit_resolvers


class SourceContract(Strict):
    """All that Padan knows of one office's list."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    office: str
    title: Title
    cadence: Literal["daily", "weekly", "monthly", "quarterly", "yearly", "once"]
    replaces: Literal["source", "file_name", "nothing"] = "source"
    trust: int = Field(ge=0, le=100)
    village_codes: Literal["kemendagri", "bps", "names"] = "kemendagri"
    tables: tuple[TableContract, ...] = Field(min_length=1)
    expectations: tuple[Expectation, ...] = ()
    """What is to hold of the accepted records, besides the standard expectations of `schemas.expectations_canonical`."""

    @model_validator(mode="after")
    def _expectations_fit(self) -> SourceContract:
        if problems := misplaced_expectations(self.expectations, is_population=self.is_population):
            raise ValueError("; ".join(problems))
        return self

    @property
    def mentions(self) -> tuple[TableContract, ...]:
        """Each kind of table once for each person whom its rows speak of."""
        return tuple(mention for table in self.tables for mention in table.mentions)

    @property
    def is_population(self) -> bool:
        """Whether this source is the population register."""
        return any(table.role == "population" for table in self.tables)


def load_contract(path: Path) -> SourceContract:
    """One contract file. Raises ContractError with file, key and what is allowed."""
    try:
        content = _loaded(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a number of 5,000 digits, a thousand open brackets
        raise ContractError(path.name, [yaml_problem(error)]) from None
    try:
        return SourceContract.model_validate(content)
    except ValidationError as error:
        raise ContractError(path.name, problems_of(error, SourceContract)) from None


def _loaded(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_FastLoader)  # noqa: S506 - a SafeLoader with fewer booleans
    except yaml.YAMLError:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - the same; it tells where the mistake is


def load_contracts(extra_folder: Path | None = None) -> Mapping[str, SourceContract]:
    """All contracts by id, sorted; those of `extra_folder/sources` add to or replace the built-in ones.

    Raises ContractError for a contract that can't be used, and for one that lies beside `sources` instead of in it.
    """
    for stray in sorted(extra_folder.glob("*.yaml")) if extra_folder else ():
        place = Problem(f"letakkan di {stray.parent.name}/sources", f"put it into {stray.parent.name}/sources")
        raise ContractError(stray.name, [KeyProblem("", place)])
    contracts: dict[str, SourceContract] = {}
    for folder in (BUILT_IN_FOLDER, *((extra_folder / "sources",) if extra_folder else ())):
        seen_here: dict[str, str] = {}
        for path in sorted(folder.glob("*.yaml")):
            contract = load_contract(path)
            if contract.id in seen_here:
                twice = Problem(
                    f"{contract.id} sudah dipakai {seen_here[contract.id]}", f"{contract.id} is already that of {seen_here[contract.id]}"
                )
                raise ContractError(path.name, [KeyProblem("id", twice)])
            seen_here[contract.id] = path.name
            contracts[contract.id] = contract
    return dict(sorted(contracts.items()))
