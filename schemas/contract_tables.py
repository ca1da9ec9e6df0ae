"""One kind of table in an office's files: its columns, whom its rows speak of, and how the sheet is laid out.

A row usually speaks of one person. It may speak of several: the caller and the person reported, the civil servant and the family that
they look after. Each of them is a *mention*, with a role and columns of its own; `also` lists those besides the main one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS
from schemas.code_lists import code_list, code_list_ids
from schemas.contract_messages import MistakesError, Problem, perhaps

DateFormat = Literal["serial", "d/m/Y", "m/d/Y", "Y-m-d", "d-m-Y", "d month Y", "d/m/y"]


class Strict(BaseModel):
    """A part of a contract: an unknown key is a mistake, and nothing is changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


CodeText = Annotated[str, BeforeValidator(_as_text)]


class ColumnContract(Strict):
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


@lru_cache(maxsize=1 << 16)  # a sheet may have 16,384 headers, and each is asked about from several sides
def normalised_header(text: str) -> str:
    """A header as aliases are compared: without case, width, spaces, underscores, punctuation and line breaks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _code_problems(name: str, column: ColumnContract) -> list[Problem]:
    """What is wrong with the codes of a column: values that no frame may hold, or a list that is none."""
    kind = BY_NAME[name].kind if name in BY_NAME else "input"
    if column.code_list is not None and column.code_list not in code_list_ids():
        hint, lists = perhaps(column.code_list, code_list_ids()), ", ".join(code_list_ids())
        return [
            Problem(
                f"{name}: tidak ada daftar kode {column.code_list}{hint.id}; yang ada: {lists}",
                f"{name}: no code list {column.code_list}{hint.en}; there are: {lists}",
            )
        ]
    if not column.codes:
        return []
    if kind == "boolean":
        allowed: tuple[str, ...] = ("true", "false")
    elif kind == "code" and (own := BY_NAME[name].code_list) is not None:
        allowed = code_list(own).values
    else:
        return [
            Problem(
                f"{name}: codes hanya untuk kolom dengan daftar kode atau ya dan tidak",
                f"{name}: codes are for columns with a code list or yes and no",
            )
        ]
    wrong = ", ".join(sorted({value for value in column.codes.values() if value not in allowed}))
    if not wrong:
        return []
    right = ", ".join(allowed)
    return [Problem(f"{name}: codes boleh menghasilkan {right}, bukan {wrong}", f"{name}: codes may give {right}, not {wrong}")]


class Title(Strict):
    """A title in both languages."""

    id: str
    en: str


class MentionContract(Strict):
    """One of the people whom a row speaks of: what the row is for them, and the columns that are theirs."""

    mention: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    called: Title | None = None
    """What officers call the person, in reports; the mention's own name where it is left out."""
    role: Literal["population", "welfare", "recipients", "survey", "reports"]
    unit: Literal["person", "family", "house"] = "person"
    programme: str | None = None
    lists_person_once: bool = False
    record_key: tuple[str, ...] = ()
    columns: dict[str, ColumnContract] = Field(min_length=1)
    constants: dict[str, CodeText] = Field(default_factory=dict)
    """Canonical values that hold for each row of the table, such as `{period: 2026-07/2026-09}`."""

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, ColumnContract]) -> dict[str, ColumnContract]:
        return _without_problems(columns)

    @field_validator("constants")
    @classmethod
    def _known_constants(cls, constants: dict[str, str]) -> dict[str, str]:
        if unknown := [name for name in constants if name not in BY_NAME]:
            raise MistakesError([_not_canonical(name, BY_NAME) for name in unknown])
        return constants

    @model_validator(mode="after")
    def _known_key(self) -> MentionContract:
        missing = [name for name in self.record_key if name not in self.all_columns]
        if missing:
            names = ", ".join(missing)
            told = f"record_key menyebut kolom yang tidak ada pada tabel: {names}"
            raise MistakesError([Problem(told, f"record_key names columns that the table does not map: {names}")])
        return self

    @property
    def all_columns(self) -> dict[str, ColumnContract]:
        """Every column that a record of this mention may have, wherever in the sheet it stands."""
        return self.columns


class TableContract(MentionContract):
    """One kind of table in the files of a source."""

    mention: str = Field("person", pattern=r"^[a-z][a-z0-9_]*$")
    lists_person_once: bool = True
    sheet: str = "/.*/"
    ignore: tuple[str, ...] = ()
    also: tuple[MentionContract, ...] = ()
    """The other people whom each row speaks of; the table's own columns are those of `mention`."""
    block: dict[str, ColumnContract] = Field(default_factory=dict)
    """For block reports such as the population book: columns that a line above a group of rows gives to each of them. Aliases are the
    labels of that line, as in `No. KK : … Alamat : …`; the first column named begins a new block."""
    hidden: Literal["ignore", "read"] = "ignore"
    """What to do with sheets that the office has hidden. They are lists of codes or last year's, so they are counted and not read."""

    @field_validator("block")
    @classmethod
    def _known_block(cls, block: dict[str, ColumnContract]) -> dict[str, ColumnContract]:
        return _without_problems(block)

    @field_validator("sheet")
    @classmethod
    def _sheet_is_a_pattern(cls, sheet: str) -> str:
        try:
            re.compile(sheet.strip("/"))
        except re.error as error:
            raise MistakesError([Problem(f"bukan ekspresi reguler: {error}", f"not a regular expression: {error}")]) from None
        return sheet

    @model_validator(mode="after")
    def _parts_fit(self) -> TableContract:
        problems = [
            Problem(f"block: {name} juga ada pada columns", f"block: {name} is also one of the columns")
            for name in self.block
            if name in self.columns
        ]
        names = [self.mention, *(part.mention for part in self.also)]
        problems += [
            Problem(f"also: mention {name} ada dua kali", f"also: the mention {name} is there twice")
            for name in sorted(set(names))
            if names.count(name) > 1
        ]
        if self.also and self.block:
            problems.append(Problem("also: laporan blok hanya punya satu mention", "also: a block report has one mention"))
        owner = _owners(self.columns)
        for part in self.also:
            theirs = _owners(part.columns)
            problems += [
                Problem(
                    f"also: {name} dari {part.mention}: alias {alias} juga milik {owner[alias]} dari {self.mention}",
                    f"also: {name} of {part.mention}: the alias {alias} is also one of {owner[alias]} of {self.mention}",
                )
                for alias, name in theirs.items()
                if owner.get(alias, name) != name
            ]
        if problems:
            raise MistakesError(problems)
        return self

    @property
    def all_columns(self) -> dict[str, ColumnContract]:
        """The columns of the rows and those that the line above a block gives."""
        return self.columns | self.block

    @property
    def mentions(self) -> tuple[TableContract, ...]:
        """This table once for each person whom a row speaks of, the main one first."""
        others = (
            TableContract(sheet=self.sheet, ignore=self.ignore, hidden=self.hidden, **{name: getattr(part, name) for name in _OF_MENTION})
            for part in self.also
        )
        return (self, *others)

    def matches_sheet(self, sheet: str) -> bool:
        """Whether a sheet of this name is of this kind; `/…/` is a regular expression, else the name itself."""
        if self.sheet.startswith("/") and self.sheet.endswith("/"):
            return re.fullmatch(self.sheet[1:-1], sheet) is not None
        return self.sheet.casefold() == sheet.strip().casefold()


_OF_MENTION = tuple(MentionContract.model_fields)


def _without_problems(columns: dict[str, ColumnContract]) -> dict[str, ColumnContract]:
    """The columns as they are. Raises MistakesError with all that is wrong with their names, codes and aliases."""
    unknown = [name for name in columns if name not in BY_NAME and name not in INPUT_ONLY_COLUMNS]
    if unknown:
        raise MistakesError([_not_canonical(name, [*BY_NAME, *INPUT_ONLY_COLUMNS]) for name in unknown])
    problems = [problem for name, column in columns.items() for problem in _code_problems(name, column)]
    owner: dict[str, str] = {}
    pairs = [(name, alias) for name, column in columns.items() for alias in column.aliases]
    problems += [
        Problem(
            f"{name}: alias {alias} juga milik {owner[normalised_header(alias)]}",
            f"{name}: the alias {alias} is also one of {owner[normalised_header(alias)]}",
        )
        for name, alias in pairs
        if owner.setdefault(normalised_header(alias), name) != name
    ]
    if problems:
        raise MistakesError(problems)
    return columns


def _not_canonical(name: str, allowed: Iterable[str]) -> Problem:
    hint = perhaps(name, allowed)
    return Problem(
        f"{name} bukan nama kolom kanonik{hint.id}; lihat `padan contract columns`",
        f"{name} is none of the canonical columns{hint.en}; see `padan contract columns`",
    )


def _owners(columns: dict[str, ColumnContract]) -> dict[str, str]:
    return {normalised_header(alias): name for name, column in columns.items() for alias in column.aliases}
