"""Source contracts: what an office's spreadsheet looks like, in a YAML file that a data officer can write.

One file per source in `schemas/sources/`; a folder of the user's own (`PADAN_CONTRACTS`) adds files, and a file with the
same id replaces the built-in one whole. A contract is data: everything that is particular to an office stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS
from schemas.code_lists import code_list, code_list_ids
from schemas.expectations import Expectation, misplaced_expectations

BUILT_IN_FOLDER = Path(__file__).parent / "sources"

DateFormat = Literal["serial", "d/m/Y", "m/d/Y", "Y-m-d", "d-m-Y", "d month Y", "d/m/y"]


class _PlainLoader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: `NO` is the header of a running number, not a denial."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class ContractError(ValueError):
    """A contract file that cannot be used; the message names the file, the key, and what is allowed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """A title in both languages."""

    id: str
    en: str


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


CodeText = Annotated[str, BeforeValidator(_as_text)]


class ColumnContract(_Strict):
    """How one canonical (or input) column is found and read.

    `codes` maps what cells hold to canonical values, over those of the column's code list; `code_list` names another list
    that the source uses (`occupation_village`). `absent` lists cell texts that mean "nothing" (such as `-`).
    """

    aliases: tuple[str, ...] = Field(min_length=1)
    required: bool | Literal["column"] = False
    """true: the header must be there, and a row without a value goes to quarantine; `column`: only the header must be there."""
    dates: tuple[DateFormat, ...] = ()
    codes: dict[CodeText, CodeText] = Field(default_factory=dict)
    code_list: str | None = None
    absent: tuple[CodeText, ...] = ()
    unknown: Literal["report", "refuse_row"] = "report"
    duplicates: Literal["refuse", "first", "last"] = "refuse"
    """What to do when two headers of a sheet name this column: refuse the file, or take the first or last of them."""
    numeric: bool = False
    """The office writes this identifier as a number, so that a 16th digit 0 may be Excel's damage."""


def normalised_header(text: str) -> str:
    """A header as aliases are compared: without case, width, spaces, underscores, punctuation and line breaks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _code_problems(name: str, column: ColumnContract) -> list[str]:
    """What is wrong with the codes of a column: values that no frame may hold, or a list that is none."""
    kind = BY_NAME[name].kind if name in BY_NAME else "input"
    if column.code_list is not None and column.code_list not in code_list_ids():
        return [f"{name}: no code list {column.code_list}; there are: {', '.join(code_list_ids())}"]
    if not column.codes:
        return []
    if kind == "boolean":
        allowed: tuple[str, ...] = ("true", "false")
    elif kind == "code" and (own := BY_NAME[name].code_list) is not None:
        allowed = code_list(own).values
    else:
        return [f"{name}: codes are for columns with a code list or yes and no"]
    wrong = sorted({value for value in column.codes.values() if value not in allowed})
    return [f"{name}: codes may give {', '.join(allowed)}, not {', '.join(wrong)}"] if wrong else []


class TableContract(_Strict):
    """One kind of table in the files of a source."""

    sheet: str = "/.*/"
    role: Literal["population", "welfare", "recipients", "survey", "reports"]
    unit: Literal["person", "family", "house"] = "person"
    mention: str = "person"
    programme: str | None = None
    lists_person_once: bool = True
    record_key: tuple[str, ...] = ()
    columns: dict[str, ColumnContract]
    ignore: tuple[str, ...] = ()
    constants: dict[str, CodeText] = Field(default_factory=dict)
    """Canonical values that hold for each row of the table, such as `{period: 2026-07/2026-09}`."""

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, ColumnContract]) -> dict[str, ColumnContract]:
        unknown = [name for name in columns if name not in BY_NAME and name not in INPUT_ONLY_COLUMNS]
        if unknown:
            raise ValueError(f"not canonical columns: {', '.join(unknown)}")
        problems = [problem for name, column in columns.items() for problem in _code_problems(name, column)]
        owner: dict[str, str] = {}
        pairs = [(name, alias) for name, column in columns.items() for alias in column.aliases]
        problems += [
            f"{name}: the alias {alias} is also one of {owner[normalised_header(alias)]}"
            for name, alias in pairs
            if owner.setdefault(normalised_header(alias), name) != name
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return columns

    @field_validator("sheet")
    @classmethod
    def _sheet_is_a_pattern(cls, sheet: str) -> str:
        try:
            re.compile(sheet.strip("/"))
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return sheet

    @field_validator("constants")
    @classmethod
    def _known_constants(cls, constants: dict[str, str]) -> dict[str, str]:
        if unknown := [name for name in constants if name not in BY_NAME]:
            raise ValueError(f"not canonical columns: {', '.join(unknown)}")
        return constants

    @model_validator(mode="after")
    def _known_key(self) -> TableContract:
        missing = [name for name in self.record_key if name not in self.columns]
        if missing:
            raise ValueError(f"record_key names columns that the table does not map: {', '.join(missing)}")
        return self

    def matches_sheet(self, sheet: str) -> bool:
        """Whether a sheet of this name is of this kind; `/…/` is a regular expression, else the name itself."""
        if self.sheet.startswith("/") and self.sheet.endswith("/"):
            return re.fullmatch(self.sheet[1:-1], sheet) is not None
        return self.sheet.casefold() == sheet.strip().casefold()


class SourceContract(_Strict):
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
    def is_population(self) -> bool:
        """Whether this source is the population register."""
        return any(table.role == "population" for table in self.tables)


def load_contract(path: Path) -> SourceContract:
    """One contract file. Raises ContractError with file, key and what is allowed."""
    try:
        return SourceContract.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader))  # noqa: S506 - a SafeLoader with fewer booleans
    except yaml.YAMLError as error:
        raise ContractError(f"{path.name}: not readable as YAML: {error}") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(str(part) for part in problem['loc']) or 'file'}: {problem['msg']}" for problem in error.errors()]
        raise ContractError(f"{path.name}: {len(lines)} problem(s)\n" + "\n".join(lines)) from None


def load_contracts(extra_folder: Path | None = None) -> Mapping[str, SourceContract]:
    """All contracts by id, sorted; those of `extra_folder/sources` add to or replace the built-in ones."""
    contracts: dict[str, SourceContract] = {}
    for folder in (BUILT_IN_FOLDER, *((extra_folder / "sources",) if extra_folder else ())):
        seen_here: dict[str, str] = {}
        for path in sorted(folder.glob("*.yaml")):
            contract = load_contract(path)
            if contract.id in seen_here:
                raise ContractError(f"{path.name}: the id {contract.id} is already that of {seen_here[contract.id]}")
            seen_here[contract.id] = path.name
            contracts[contract.id] = contract
    return dict(sorted(contracts.items()))
