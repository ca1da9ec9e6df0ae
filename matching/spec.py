"""What is to be linked and how.

Columns, blocking rules, comparisons, trusted identifier, household, thresholds. Typed, and readable as YAML.
"""

from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from matching.levels import parse_level

RELATIVE = "relative"
RELATIVE_LEVELS = ("child", "own_name", "childs_own_name")

ColumnKind = Literal["name", "text", "place", "hamlet", "number", "code", "identifier", "date"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BirthPart(_Part):
    """Where an identifier holds a birth date (six digits, day first) and how it marks women."""

    start: int
    day_offset_for_women: int = 0


class ColumnSpec(_Part):
    """One column of both tables and how its values are standardised; ``left`` and ``right`` name it where the tables differ.

    ``teknonyms``: in a name, "Pak Rudi" means a relative of Rudi; where false (a mother's name, "Ibu Siti") it is the title alone.
    """

    kind: ColumnKind
    left: str | None = None
    right: str | None = None
    digits: int | None = None
    birth: BirthPart | None = None
    teknonyms: bool = True
    description: str = ""


class BlockingRule(_Part):
    """Records that agree on all ``keys`` become candidate pairs.

    A key that more than ``cap`` right records share is dropped, and counted. ``when_missing``: the rule is for left records that lack all
    of these columns, such as have little else to be found by; it then costs the others nothing. ``of_relative``: the rule is for left
    records that are called after a relative (:class:`Relatives`), and leads to those whom the right records found may be relatives of.
    """

    keys: tuple[str, ...] = Field(min_length=1)
    cap: int = Field(default=100, ge=1)
    when_missing: tuple[str, ...] = ()
    of_relative: bool = False

    @property
    def name(self) -> str:
        """The rule as shown in reports."""
        keys = " + ".join(self.keys)
        notes = [f"without {', '.join(self.when_missing)}"] if self.when_missing else []
        notes += ["of a relative"] if self.of_relative else []
        return f"{keys} ({'; '.join(notes)})" if notes else keys


class Comparison(_Part):
    """How one column is compared: the first level that holds counts; none of them is ``different``, a missing value ``missing``."""

    column: str
    levels: tuple[str, ...] = Field(min_length=1)
    frequency: str | None = None
    name: str = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        for level in self.levels:
            parse_level(level)
        if not self.name:
            object.__setattr__(self, "name", self.column)
        return self


class Identifier(_Part):
    """The trusted identifier: equal, and each named comparison at one of its levels (``missing`` where listed), settles a record.

    ``label`` is what the links' ``method`` says for such a record. ``labels_when``: an equal identifier and any of these sets of conditions
    makes a labelled pair to learn from; by default those of ``settled_when``. ``given`` names the comparison whose value stands inside the
    identifier, if one does: a mistyped number that is somebody else's agrees on it by itself, so that it makes no label alone.
    ``borrowed_within`` names the comparison that tells relatives, whose identifiers are taken for each other; ``unlike`` the one by which
    relatives are told apart, so that the owner of a borrowed number is seldom alike there.
    """

    column: str
    label: str = "identifier"
    comparison: str = ""
    settled_when: dict[str, tuple[str, ...]]
    labels_when: tuple[dict[str, tuple[str, ...]], ...] = ()
    given: str = ""
    borrowed_within: str = ""
    unlike: str = ""

    @model_validator(mode="after")
    def _defaults(self) -> Self:
        if not self.comparison:
            object.__setattr__(self, "comparison", self.column)
        return self


class Positions(_Part):
    """Left columns that hold a position in degrees, and what it is held against (:mod:`matching.positions`).

    ``places``: name of each kind of place, finest first, with the right columns that say which one it is; ``metres``: ends of the bands of
    distance; ``least``: records that must be known to lie in a place before its position counts (in the finest kind, a house, one will do).
    """

    latitude: str
    longitude: str
    places: dict[str, tuple[str, ...]] = Field(min_length=1)
    metres: tuple[int, ...] = Field(default=(50, 150, 400, 1000, 3000), min_length=1)
    least: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _growing(self) -> Self:
        if list(self.metres) != sorted({metre for metre in self.metres if metre > 0}):
            raise ValueError(f"positions: metres {list(self.metres)} must be above 0 and grow from band to band")
        return self


class Relatives(_Part):
    """Left records that are called after a relative ("PAK RUDI": Rudi's father): the right household with a Rudi in it leads to them.

    ``name``: the column of names; ``born``: a date by which the relative is at least ``years_between`` years younger (not known is
    possible); ``sex``: a column whose values for ``men`` and ``women`` must fit words such as PAK and BU. What it finds is the comparison
    ``relative`` (:mod:`matching.relatives`).
    """

    name: str
    born: str | None = None
    years_between: int = Field(default=12, ge=0)
    sex: str | None = None
    men: str = ""
    women: str = ""

    @model_validator(mode="after")
    def _both_sexes(self) -> Self:
        if self.sex is not None and not (self.men and self.women):
            raise ValueError(f"relatives: the values of {self.sex!r} for `men` and `women` are needed")
        return self


class Thresholds(_Part):
    """Probability from which a link is made without a person, and from which a person is asked.

    ``bare``: from which a record without any of the columns ``bare_without`` is linked.
    """

    link: float = Field(default=0.5, gt=0, le=1)
    review: float = Field(default=0.1, gt=0, le=1)
    bare: float = Field(default=0.9, gt=0, le=1)
    bare_without: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.review > self.link:
            raise ValueError(f"review threshold {self.review} is above the link threshold {self.link}")
        if self.bare_without and self.bare < self.link:
            raise ValueError(f"the threshold {self.bare} of bare records is below the link threshold {self.link}")
        return self


class Training(_Part):
    """How much is sampled for training, and how few labels are too few."""

    sample: int = Field(default=30_000, ge=100)
    least_labels: int = Field(default=150, ge=1)
    struck_out: float = Field(default=0.2, gt=0, lt=1)
    penalty: float = Field(default=1.0, gt=0)


class LinkSpec(_Part):
    """The whole specification of a linkage job.

    ``known_by``: left columns by which a record is known again in a later run, where its id changes with each delivery; by default its id.

    ``lists_person_once`` names the left column whose value says which list a record is of, where such a list names a person once;
    ``lists_person_once_where`` the true-or-false column that says which records are of such lists (without it, all are).
    """

    version: Literal[1] = 1
    name: str
    left_id: str
    right_id: str
    left_key: str | None = None
    left_order: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    columns: dict[str, ColumnSpec]
    blocking: tuple[BlockingRule, ...]
    comparisons: tuple[Comparison, ...]
    interactions: tuple[tuple[str, str], ...] = ()
    identifier: Identifier | None = None
    household: str | None = None
    positions: Positions | None = None
    relatives: Relatives | None = None
    lists_person_once: str | None = None
    lists_person_once_where: str | None = None
    strata: tuple[str, ...] = ()
    listed_twice: float = Field(default=0.01, gt=0, lt=1)
    prior: float = Field(default=0.9, gt=0, lt=1)
    pairs_per_record: int = Field(default=30, ge=1)
    thresholds: Thresholds = Thresholds()
    training: Training = Training()
    seed: int = 0

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [comparison.name for comparison in self.comparisons]
        if len(set(names)) < len(names):
            raise ValueError("two comparisons have the same name; give one a `name` of its own")
        for comparison in self.comparisons:
            self._need_column(comparison.column, f"comparison {comparison.name}")
        for rule in self.blocking:
            for key in rule.keys:
                self._need_column(key_column(key), f"blocking rule {rule.name}")
            for name in rule.when_missing:
                self._need_column(name, f"blocking rule {rule.name}")
        for pair in self.interactions:
            for name in pair:
                self._need_comparison(name, f"interaction {pair}")
        if self.identifier is not None:
            self._check_identifier(self.identifier)
        self._check_told()
        if self.lists_person_once_where is not None and self.lists_person_once is None:
            raise ValueError("lists_person_once_where says which records, lists_person_once is missing: the column that says of which list")
        return self

    def _check_told(self) -> None:
        compared = sorted({comparison.column for comparison in self.comparisons})
        if unknown := sorted(set(self.thresholds.bare_without) - set(compared)):
            raise ValueError(f"thresholds: bare_without names {unknown}, which no comparison reads; there are {compared}")
        if self.household is not None:
            self._need_column(self.household, "household")
        if self.relatives is not None:
            self._check_relatives(self.relatives)
        if self.relatives is None and (rule := next((rule for rule in self.blocking if rule.of_relative), None)) is not None:
            raise ValueError(f"blocking rule {rule.name}: of_relative needs the section `relatives`, which says how relatives are known")
        for kind, columns in ({} if self.positions is None else self.positions.places).items():
            for name in columns:
                self._need_column(name, f"positions: place {kind}")

    def _check_relatives(self, relatives: Relatives) -> None:
        if self.household is None:
            raise ValueError("relatives: they are known by a shared household; name its column as `household`")
        for column, kind in ((relatives.name, "name"), (relatives.born, "date"), (relatives.sex, "code")):
            if column is not None:
                self._need_column(column, "relatives")
                if self.columns[column].kind != kind:
                    raise ValueError(f"relatives: {column!r} is of kind {self.columns[column].kind}, it must be of kind {kind}")
        for rule in self.blocking:
            if rule.of_relative and relatives.name not in map(key_column, rule.keys):
                raise ValueError(f"blocking rule {rule.name}: it needs a key of {relatives.name!r}, the relative's name")

    def _check_identifier(self, identifier: Identifier) -> None:
        self._need_column(identifier.column, "identifier")
        for name in filter(None, (identifier.comparison, identifier.given, identifier.borrowed_within, identifier.unlike)):
            self._need_comparison(name, "identifier")
        if identifier.given and any(set(conditions) == {identifier.given} for conditions in identifier.labels_when):
            raise ValueError(f"identifier: {identifier.given!r} stands inside it and makes no label alone; name one more with it")
        if identifier.unlike and (not identifier.borrowed_within or "equal" not in self.comparison(identifier.borrowed_within).levels):
            raise ValueError("identifier: `unlike` needs `borrowed_within`, a comparison with the level `equal`, which tells relatives")
        for conditions in (identifier.settled_when, *identifier.labels_when):
            for name, levels in conditions.items():
                self._need_comparison(name, "identifier")
                levels_there = RELATIVE_LEVELS if name == RELATIVE else self.comparison(name).levels
                allowed = ("missing", *levels_there, "different")
                if unknown := sorted(set(levels) - set(allowed)):
                    raise ValueError(f"identifier: comparison {name!r} has no level {unknown}; it has {list(allowed)}")

    def _need_column(self, name: str, where: str) -> None:
        if name not in self.columns:
            raise ValueError(f"{where}: there is no column {name!r}; there are {sorted(self.columns)}")

    def _need_comparison(self, name: str, where: str) -> None:
        known = sorted(comparison.name for comparison in self.comparisons)
        told = (("household", self.household), ("position", self.positions), (RELATIVE, self.relatives))
        known += [name for name, part in told if part is not None]
        if name not in known:
            raise ValueError(f"{where}: there is no comparison {name!r}; there are {known}")

    def comparison(self, name: str) -> Comparison:
        """The comparison of this name."""
        return next(comparison for comparison in self.comparisons if comparison.name == name)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a YAML file; an error names the file and what would have been right."""
        try:
            return cls.from_yaml(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read YAML text."""
        content: Any = yaml.safe_load(text)
        if not isinstance(content, dict):
            raise ValueError("a link specification is a mapping with the keys name, left_id, right_id, columns, blocking, comparisons")  # noqa: TRY004
        return cls.model_validate(content)

    def to_yaml(self) -> str:
        """The specification as YAML text that :meth:`from_yaml` reads back as equal."""
        return yaml.safe_dump(
            self.model_dump(mode="json", exclude_defaults=True) | {"version": self.version}, sort_keys=False, allow_unicode=True, width=140
        )

    def save(self, path: str | Path) -> None:
        """Write the YAML file."""
        Path(path).write_text(self.to_yaml(), encoding="utf-8")


def key_column(key: str) -> str:
    """Column of a blocking key such as ``name.sound``, ``area_code[:8]`` or ``birth_date.year``."""
    return key.partition(".")[0].partition("[")[0].strip()
