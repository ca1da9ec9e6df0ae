"""Programme rules: who qualifies for which programme, in YAML files that an officer can read and change.

One file per programme in `schemas/programmes/`, beside `overlaps.yaml` (which programmes exclude each other) and
`deprivations.yaml` (signs of poverty and the local score made of them). A folder of the user's own (`PADAN_CONTRACTS`) adds files in
its `programmes/`; a programme with the same id, or a file `overlaps.yaml` or `deprivations.yaml`, replaces the built-in one whole.
Every criterion says where it was read, and whether it is a default of ours because no source says.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from schemas.contracts import Title
from schemas.programme_conditions import Condition, problems_of
from schemas.programme_facts import FAMILY_FACTS, Unit, facts_for

BUILT_IN_FOLDER = Path(__file__).parent / "programmes"
_OVERLAPS_FILE, _DEPRIVATIONS_FILE = "overlaps.yaml", "deprivations.yaml"

_Model = TypeVar("_Model", bound=BaseModel)


class ProgrammeError(ValueError):
    """A rule file that cannot be used; the message names the file, the key, and what is allowed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Criterion(_Strict):
    """One requirement that must hold. `default` marks a reading of ours where no source says."""

    code: Code
    text: Title
    condition: Condition
    source: str
    default: bool = False


class Amount(_Strict):
    """What the programme pays: for each unit, or for each of the people that the fact `counts` counts (at most `at_most`)."""

    code: Code
    text: Title
    rupiah: int = Field(ge=0)
    per: Literal["day", "month", "year", "once"]
    source: str
    counts: str | None = None
    at_most: int | None = Field(default=None, ge=1)
    default: bool = False


class Programme(_Strict):
    """The rules of one programme."""

    id: Code
    name: Title
    agency: str
    unit: Unit
    rule_version: str
    scope: Condition | None = None
    """Units outside it get no row at all: a child is not "ineligible" for meals for the elderly. Unknown counts as inside."""
    unknown_is_outside_scope: bool = False
    """For programmes that look for few among many: somebody of whom nobody said that the programme is for them gets no row either."""
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    priority: tuple[Criterion, ...] = ()
    """Who comes first among the eligible; decides nothing else."""
    to_verify: tuple[Title, ...] = ()
    """Conditions of the programme that no list answers: they are checked on the spot."""
    amounts: tuple[Amount, ...] = ()
    most_amounts_per_unit: int | None = None
    flags: tuple[str, ...] = ()
    """Yes/no columns of welfare lists that say that a person gets the programme."""
    receiving_months: int = Field(default=3, ge=0)
    """How many months after the end of the last listed period a unit still counts as receiving."""

    @model_validator(mode="after")
    def _conditions_fit_the_unit(self) -> Programme:
        codes = [criterion.code for criterion in (*self.criteria, *self.priority)]
        problems = [f"the code {code} stands twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
        for criterion in (*self.criteria, *self.priority):
            problems += [f"{criterion.code}: {problem}" for problem in problems_of(criterion.condition, self.unit)]
        if self.scope is not None:
            problems += [f"scope: {problem}" for problem in problems_of(self.scope, self.unit)]
        vocabulary = facts_for(self.unit)
        counted = [one for one in self.amounts if one.counts is not None]
        problems += [f"amount {one.code}: {one.counts} is not a fact" for one in counted if one.counts not in vocabulary]
        if problems:
            raise ValueError("; ".join(problems))
        return self


class Overlap(_Strict):
    """A unit that gets one of the programmes in `barred_by` may not get `programme`; counted at the level `at`."""

    code: Code
    programme: Code
    barred_by: tuple[Code, ...] = Field(min_length=1)
    at: Unit
    within_months: int | None = Field(default=None, ge=1)
    """Aid whose period ended less than so many months ago bars; by default only aid that is received now."""
    text: Title
    source: str
    default: bool = False


class Deprivation(_Strict):
    """A sign of poverty of a family: how it shows, which fact is shown with it, and whether it counts in the local score.

    A sign without `condition` belongs to the score, but no list asks for it: it is unknown for everybody.
    """

    code: Code
    text: Title
    condition: Condition | None = None
    shows: str | None = None
    in_local_score: bool = False
    source: str
    default: bool = False

    @model_validator(mode="after")
    def _condition_fits(self) -> Deprivation:
        problems = problems_of(self.condition, "family") if self.condition is not None else []
        if self.shows is not None and self.shows not in FAMILY_FACTS:
            problems.append(f"{self.shows} is not a fact of a family")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class LocalScore(_Strict):
    """When the signs in the local score make a family poor; speaks only where neither decile nor survey does."""

    minimum: int = Field(ge=1)
    status: Literal["extreme_poor", "poor", "near_poor"] = "poor"
    source: str


class DeprivationBook(_Strict):
    """All signs of poverty, and the local score made of them."""

    local_score: LocalScore
    deprivations: tuple[Deprivation, ...]

    @model_validator(mode="after")
    def _codes_once_and_score_reachable(self) -> DeprivationBook:
        codes = [one.code for one in self.deprivations]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"codes that stand twice: {', '.join(twice)}")
        if self.local_score.minimum > len(self.score_codes):
            raise ValueError(f"the local score wants {self.local_score.minimum} of only {len(self.score_codes)} signs")
        return self

    @property
    def score_codes(self) -> tuple[str, ...]:
        """The codes of the signs that count in the local score."""
        return tuple(one.code for one in self.deprivations if one.in_local_score)


class _OverlapFile(_Strict):
    overlaps: tuple[Overlap, ...]


class ProgrammeBook(_Strict):
    """Everything that decides who gets what: programmes by id, overlaps between them, signs of poverty."""

    programmes: Mapping[str, Programme]
    overlaps: tuple[Overlap, ...]
    signs: DeprivationBook

    @model_validator(mode="after")
    def _overlaps_are_known_and_once(self) -> ProgrammeBook:
        codes = [overlap.code for overlap in self.overlaps]
        if len(set(codes)) < len(codes):
            raise ValueError("overlap codes must differ")
        for overlap in self.overlaps:
            programme = self.programmes.get(overlap.programme)
            if programme is not None and overlap.code in {criterion.code for criterion in programme.criteria}:
                raise ValueError(f"{overlap.code} is both an overlap and a criterion of {programme.id}")
        return self

    def overlaps_of(self, programme_id: str) -> tuple[Overlap, ...]:
        """What may bar this programme, in the order of the file."""
        return tuple(overlap for overlap in self.overlaps if overlap.programme == programme_id)


def load_programmes(extra_folder: Path | None = None) -> ProgrammeBook:
    """All rules. Files of `extra_folder/programmes` add to or replace the built-in ones. Raises ProgrammeError naming file and key.

    Overlaps may name programmes that have no rules yet (BLT-DD): what people get of them is known from lists all the same.
    """
    programmes: dict[str, Programme] = {}
    overlaps, signs = _OverlapFile(overlaps=()), None
    for folder in (BUILT_IN_FOLDER, *((extra_folder / "programmes",) if extra_folder else ())):
        seen_here: dict[str, str] = {}
        for path in sorted(folder.glob("*.yaml")):
            if path.name == _OVERLAPS_FILE:
                overlaps = _read(path, _OverlapFile)
            elif path.name == _DEPRIVATIONS_FILE:
                signs = _read(path, DeprivationBook)
            else:
                programme = _read(path, Programme)
                if programme.id in seen_here:
                    raise ProgrammeError(f"{path.name}: the id {programme.id} is already that of {seen_here[programme.id]}")
                seen_here[programme.id] = path.name
                programmes[programme.id] = programme
    if signs is None:
        raise ProgrammeError(f"no {_DEPRIVATIONS_FILE} in {BUILT_IN_FOLDER}")
    try:
        return ProgrammeBook(programmes=dict(sorted(programmes.items())), overlaps=overlaps.overlaps, signs=signs)
    except ValidationError as error:
        raise ProgrammeError(f"{_OVERLAPS_FILE}: {error.errors()[0]['msg']}") from None


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise ProgrammeError(f"{path.name}: not readable as YAML: {error}") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(str(part) for part in problem['loc']) or 'file'}: {problem['msg']}" for problem in error.errors()]
        raise ProgrammeError(f"{path.name}: {len(lines)} problem(s)\n" + "\n".join(lines)) from None
