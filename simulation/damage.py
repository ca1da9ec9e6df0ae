"""Copies of people as an office writes them: clean facts in, damaged text out, with the list of what was done.

Works on whole columns. Every mistake is drawn from a ``DamageProfile``; where a mistake is impossible for some rows (a day above 12 can't
be taken for a month), the others get it more often, so that the file as a whole shows the profile's rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulation.damage_names import KINDS, NameDamage, misheard, typed
from simulation.damage_profile import DamageProfile
from simulation.family_structure import YEAR
from simulation.names import NO_TOKEN, NameMaker, Tokens
from simulation.residents import Residents
from simulation.strangers import Strangers

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

MISSING_DATE = np.iinfo(np.int64).min
"""Stands for a missing birth date; equals the integer of pandas' NaT."""

LABELS = (
    "nik_missing",
    "nik_typo",
    "nik_zeroed",
    "nik_other",
    "nik_scientific",
    "kk_missing",
    "kk_stale",
    "kk_other",
    "kk_typo",
    "birth_missing",
    "birth_swapped",
    "birth_first_of_year",
    "birth_year_off",
    *KINDS,
    "nickname",
    "teknonym",
    "name_misheard",
    "mother_missing",
    "mother_damaged",
    "former_address",
    "position_missing",
    "position_of_office",
    "twice",
    "exact_copy",
    "dead",
    "moved_away",
    "unregistered",
)
"""Names of the mistakes, as they stand in the truth; a row's mistakes are a bit set in this order."""

_BIT = {label: np.int64(1 << number) for number, label in enumerate(LABELS)}


def bit(label: str) -> np.int64:
    """The bit of a mistake in a row's set."""
    return _BIT[label]


@dataclass(frozen=True)
class Mentions:
    """Clean copies of people, one entry per row that an office will write."""

    person: Index
    """Position in the register, -1 for strangers."""
    stranger: Index
    """Position among the strangers, -1 for residents."""
    family: Index
    name: Tokens
    mother_name: Tokens
    father_name: Tokens
    child_name: Tokens
    is_female: Flags
    birth: Index
    nik: Index
    kk_number: Index
    house: Index
    labels: Index
    """What is wrong with the row as a whole (twice, dead, moved_away, unregistered)."""
    is_grown: Flags
    copy_of: Index
    """The mention of which this row is a copy, cell by cell; -1 for rows of their own."""

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Written:
    """Damaged copies, in the order of the mentions. Texts are None where missing."""

    nik: Texts
    kk_number: Texts
    name: Texts
    mother_name: Texts
    birth: Index
    house: Index
    labels: Index


def mention_people(
    residents: Residents, strangers: Strangers, person: Index, stranger: Index, labels: Index | None = None, copy_of: Index | None = None
) -> Mentions:
    """The clean facts about residents (``person``) and strangers (``stranger``); exactly one of the two is -1 in each entry."""
    is_stranger = stranger >= 0
    at, other = np.maximum(person, 0), np.maximum(stranger, 0)

    def either(of_resident: npt.NDArray[np.generic], of_stranger: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        if not len(of_stranger):
            return of_resident
        chosen = is_stranger if of_resident.ndim == 1 else is_stranger[:, None]
        return np.where(chosen, of_stranger, of_resident)

    def pick(values: npt.NDArray[np.generic], fallback: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        return values[other] if len(values) else fallback

    family = residents.family[at]
    names, mothers, fathers = residents.name[at], residents.mother_name[at], residents.father_name[at]
    status = residents.status[at]
    birth = either(residents.birth[at], pick(strangers.birth, residents.birth[at])).astype(np.int64)
    labels = np.zeros(len(person), dtype=np.int64) if labels is None else labels
    labels = labels | np.where(~is_stranger & (status == 2), bit("dead"), 0) | np.where(~is_stranger & (status == 3), bit("moved_away"), 0)
    family_of = either(family, pick(strangers.family, family)).astype(np.int64)
    return Mentions(
        person=person,
        stranger=stranger,
        family=family_of,
        name=either(names, pick(strangers.name, names)).astype(np.int32),
        mother_name=either(mothers, pick(strangers.mother_name, mothers)).astype(np.int32),
        father_name=either(fathers, pick(strangers.father_name, fathers)).astype(np.int32),
        child_name=_eldest_child(residents, at, is_stranger),
        is_female=either(residents.is_female[at], pick(strangers.is_female, residents.is_female[at])).astype(np.bool_),
        birth=birth,
        nik=either(residents.nik[at], pick(strangers.nik, residents.nik[at])).astype(np.int64),
        kk_number=either(residents.kk_number[family], pick(strangers.kk_number, residents.kk_number[family])).astype(np.int64),
        house=residents.family_house[family_of],
        labels=labels | np.where(is_stranger, bit("unregistered"), 0),
        is_grown=residents.as_of - birth > 22 * YEAR,
        copy_of=np.full(len(person), -1, dtype=np.int64) if copy_of is None else copy_of,
    )


def _eldest_child(residents: Residents, person: Index, is_stranger: Flags) -> Tokens:
    """Name of the first child on the card of each person who is one of its parents; no part for the others."""
    eldest = np.full(len(residents), -1, dtype=np.int64)
    for parent in (residents.mother, residents.father):
        children = np.flatnonzero(parent >= 0)[::-1]
        eldest[parent[children]] = children
    child = np.where(is_stranger, -1, eldest[person])
    names: Tokens = np.where((child >= 0)[:, None], residents.name[np.maximum(child, 0)], NO_TOKEN).astype(np.int32)
    return names


def damage(
    rng: np.random.Generator,
    maker: NameMaker,
    residents: Residents,
    mentions: Mentions,
    profile: DamageProfile,
    carelessness: npt.NDArray[np.float64] | None = None,
) -> Written:
    """The mentions as an office with this profile writes them.

    ``carelessness``, one factor per mention with mean 1, says how much likelier than usual a number is left out: villages differ in that.
    """
    factor = np.ones(len(mentions)) if carelessness is None else carelessness
    names = NameDamage(maker.lexicon)
    nik, nik_labels = _nik(rng, residents, mentions, profile, factor)
    kk_number, kk_labels = _kk_number(rng, residents, mentions, profile, factor)
    birth, birth_labels = _birth(rng, mentions, profile)
    name, name_labels = _name(rng, names, mentions, profile)
    mother, mother_labels = _mother(rng, names, mentions, profile)
    house, house_labels = _house(rng, residents, mentions, profile)
    labels = mentions.labels | nik_labels | kk_labels | birth_labels | name_labels | mother_labels | house_labels
    source = np.where(mentions.copy_of >= 0, mentions.copy_of, np.arange(len(mentions)))
    labels = np.where(mentions.copy_of >= 0, labels[source] | bit("twice") | bit("exact_copy"), labels)
    return Written(nik[source], kk_number[source], name[source], mother[source], birth[source], house[source], labels)


def label_lists(labels: Index) -> list[list[str]]:
    """The bit sets as lists of names; worked out once per distinct set."""
    distinct, places = np.unique(labels, return_inverse=True)
    lists = [[label for number, label in enumerate(LABELS) if int(bits) >> number & 1] for bits in distinct]
    return [lists[place] for place in places]


def sixteen_digits(numbers: Index) -> Texts:
    """Numbers as text, None for -1."""
    texts = numbers.astype(np.str_).astype(object)
    texts[numbers < 0] = None
    return texts


def chosen(rng: np.random.Generator, rate: float, possible: Flags) -> Flags:
    """Rows that get a mistake: ``rate`` of all rows, taken from those where it is possible (all of them, if there are too few)."""
    share = possible.mean() if len(possible) else 0.0
    rows: Flags = possible & (rng.random(len(possible)) < (rate / share if share > 0 else 0.0))
    return rows


def _one_of(rng: np.random.Generator, rates: list[float], first_factor: npt.NDArray[np.float64]) -> Index:
    """For each row the number of one mistake, or the count of mistakes for none; the first rate is multiplied row by row."""
    draw = rng.random(len(first_factor))
    first = np.minimum(rates[0] * first_factor, 1 - sum(rates[1:]))
    others = np.searchsorted(np.cumsum(rates[1:]), draw - first, side="right") + 1
    drawn: Index = np.where(draw < first, 0, others)
    return drawn


def _nik(
    rng: np.random.Generator, residents: Residents, mentions: Mentions, profile: DamageProfile, carelessness: npt.NDArray[np.float64]
) -> tuple[Texts, Index]:
    kinds = ("nik_missing", "nik_typo", "nik_zeroed", "nik_other", "nik_scientific")
    kind = _one_of(rng, [getattr(profile, name) for name in kinds], carelessness)
    numbers = mentions.nik.copy()
    # A number that ends in 0 can't be seen to have lost its last digit.
    unseen = (kind == 2) & (numbers % 10 == 0)
    kind[unseen] = len(kinds)
    others = np.flatnonzero(kind == 3)
    numbers[others] = _relatives_number(rng, residents, mentions, others)
    numbers[kind == 2] -= numbers[kind == 2] % 10
    without = (mentions.nik < 0) & (kind != 3)
    texts = sixteen_digits(np.where(without, -1, numbers))
    mistyped = np.flatnonzero((kind == 1) & ~without)
    texts[mistyped] = mistyped_digits(rng, numbers[mistyped])
    scientific = np.flatnonzero((kind == 4) & ~without)
    texts[scientific] = [f"{number / 1e15:.5f}E+15".replace(".", ",") for number in numbers[scientific]]
    texts[kind == 0] = None
    labels = np.zeros(len(mentions), dtype=np.int64)
    for number, name in enumerate(kinds):
        labels[(kind == number) & (~without | (number == 0))] |= bit(name)
    return texts, labels


def _relatives_number(rng: np.random.Generator, residents: Residents, mentions: Mentions, rows: Index) -> Index:
    """Somebody else's number: in three of four cases that of another member of the family, else of a stranger in the register."""
    family = mentions.family[rows]
    size = residents.family_size[family]
    own = np.where(mentions.person[rows] >= 0, mentions.person[rows] - residents.family_start[family], -1)
    step = 1 + np.floor(rng.random(len(rows)) * np.maximum(size - 1, 1)).astype(np.int64)
    relative = residents.family_start[family] + (own + step) % size
    anybody = rng.integers(0, len(residents), len(rows))
    anybody = np.where(anybody == mentions.person[rows], (anybody + 1) % len(residents), anybody)
    use_relative = (size > 1) & (rng.random(len(rows)) < 0.75)
    result: Index = residents.nik[np.where(use_relative, relative, anybody)]
    return result


def mistyped_digits(rng: np.random.Generator, numbers: Index) -> Texts:
    """Sixteen digits with one replaced, two swapped, one lost or one doubled."""
    count = len(numbers)
    digits = numbers.astype("S17").view(np.uint8).reshape(count, 17).copy()
    rows = np.arange(count)
    position = rng.integers(0, 16, count)
    kind = np.searchsorted(np.array([0.5, 0.8, 0.9]), rng.random(count), side="right")
    after = np.minimum(position + 1, 15)
    kind = np.where((kind == 1) & (digits[rows, position] == digits[rows, after]), 0, kind)
    replaced = digits.copy()
    replaced[rows, position] = ord("0") + (digits[rows, position] - ord("0") + rng.integers(1, 10, count)) % 10
    swapped = digits.copy()
    swapped[rows, position], swapped[rows, after] = digits[rows, after], digits[rows, position]
    column, here = np.arange(17)[None, :], position[:, None]
    lost = np.where(column >= here, np.concatenate([digits[:, 1:], np.zeros((count, 1), dtype=np.uint8)], axis=1), digits)
    doubled = np.where(column > here, np.concatenate([digits[:, :1], digits[:, :-1]], axis=1), digits)
    result = np.ascontiguousarray(
        np.select([kind[:, None] == 0, kind[:, None] == 1, kind[:, None] == 2], [replaced, swapped, lost], doubled)
    )
    texts: Texts = result.view("S17").reshape(count).astype(np.str_).astype(object)
    return texts


def _kk_number(
    rng: np.random.Generator, residents: Residents, mentions: Mentions, profile: DamageProfile, carelessness: npt.NDArray[np.float64]
) -> tuple[Texts, Index]:
    # A card out of date is out of date for all who stand on it: one draw per family.
    stale = (rng.random(residents.families) < profile.kk_stale)[mentions.family] & (mentions.stranger < 0)
    rest = 1.0 - profile.kk_stale
    kinds = ("kk_missing", "kk_other", "kk_typo")
    kind = _one_of(rng, [getattr(profile, name) / max(rest, 1e-9) for name in kinds], carelessness)
    kind[stale] = len(kinds)
    numbers = np.where(stale, residents.former_kk_number[mentions.family], mentions.kk_number)
    others = np.flatnonzero(kind == 1)
    neighbour = (mentions.family[others] + rng.integers(1, 30, len(others))) % residents.families
    numbers[others] = residents.kk_number[neighbour]
    texts = sixteen_digits(numbers)
    mistyped = np.flatnonzero(kind == 2)
    texts[mistyped] = mistyped_digits(rng, numbers[mistyped])
    texts[kind == 0] = None
    labels = np.where(stale, bit("kk_stale"), np.int64(0))
    for number, name in enumerate(kinds):
        labels[kind == number] |= bit(name)
    return texts, labels


def _birth(rng: np.random.Generator, mentions: Mentions, profile: DamageProfile) -> tuple[Index, Index]:
    count = len(mentions)
    dates = mentions.birth.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    year = months.astype(np.int64) // 12 + 1970
    labels = np.zeros(count, dtype=np.int64)
    birth = mentions.birth.copy()

    swapped = chosen(rng, profile.birth_swapped, (day <= 12) & (day != month))
    birth[swapped] = _day_number(year[swapped], day[swapped], month[swapped])
    labels[swapped] |= bit("birth_swapped")

    half = np.where(rng.random(count) < 0.75, 1, 7)
    moved_to_first = chosen(rng, profile.birth_first_of_year, ~swapped & ~((day == 1) & (month == half)))
    birth[moved_to_first] = _day_number(year[moved_to_first], half[moved_to_first], np.ones(int(moved_to_first.sum()), dtype=np.int64))
    labels[moved_to_first] |= bit("birth_first_of_year")

    shift = np.array([-1, 1, -1, 1, -2, 2, -10, 10])[rng.integers(0, 8, count)]
    # 29 February exists only in leap years.
    off = chosen(rng, profile.birth_year_off, ~swapped & ~moved_to_first & ~((day == 29) & (month == 2)))
    birth[off] = _day_number(year[off] + shift[off], month[off], day[off])
    labels[off] |= bit("birth_year_off")

    missing = chosen(rng, profile.birth_missing, ~swapped & ~moved_to_first & ~off)
    birth[missing] = MISSING_DATE
    labels[missing] |= bit("birth_missing")
    return birth, labels


def _day_number(year: Index, month: Index, day: Index) -> Index:
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days: Index = months.astype("datetime64[D]").astype(np.int64) + day - 1
    return days


def _name(rng: np.random.Generator, names: NameDamage, mentions: Mentions, profile: DamageProfile) -> tuple[Texts, Index]:
    count = len(mentions)
    called = rng.random(count) < profile.nickname
    damaged_rows = ~called & (rng.random(count) < profile.name_damaged / max(1 - profile.nickname, 0.05))
    written, kind = names.damaged(rng, mentions.name, mentions.is_female, mentions.is_grown, mentions.father_name, damaged_rows)
    labels = np.zeros(count, dtype=np.int64)
    for number, label in enumerate(KINDS):
        labels[kind == number] |= bit(label)
    rows = np.flatnonzero(called)
    nicknames, teknonym = names.nicknamed(rng, mentions.name[rows], mentions.is_female[rows], mentions.child_name[rows])
    written[rows] = nicknames
    labels[rows] |= np.where(teknonym, bit("teknonym"), bit("nickname"))
    texts = names.text(written)
    mistyped = np.flatnonzero(kind == KINDS.index("name_typo"))
    texts[mistyped] = typed(rng, texts[mistyped])
    if profile.name_misheard:
        rows = np.flatnonzero(rng.random(count) < profile.name_misheard)
        texts[rows] = misheard(rng, texts[rows])
        labels[rows] |= bit("name_misheard")
    return texts, labels


def _mother(rng: np.random.Generator, names: NameDamage, mentions: Mentions, profile: DamageProfile) -> tuple[Texts, Index]:
    count = len(mentions)
    missing = rng.random(count) < profile.mother_missing
    labels = np.where(missing, bit("mother_missing"), np.int64(0))
    if missing.all():
        return np.full(count, None, dtype=object), labels
    rows = ~missing & (rng.random(count) < profile.mother_damaged / max(1 - profile.mother_missing, 0.05))
    everybody = np.ones(count, dtype=bool)
    written, kind = names.damaged(rng, mentions.mother_name, everybody, everybody, mentions.father_name, rows)
    written[missing] = NO_TOKEN
    texts = names.text(written)
    mistyped = np.flatnonzero((kind == KINDS.index("name_typo")) & ~missing)
    texts[mistyped] = typed(rng, texts[mistyped])
    labels[rows] |= bit("mother_damaged")
    return texts, labels


def _house(rng: np.random.Generator, residents: Residents, mentions: Mentions, profile: DamageProfile) -> tuple[Index, Index]:
    former = residents.former_house[mentions.family]
    possible = (former != mentions.house) & (mentions.stranger < 0)
    rows = chosen(rng, profile.former_address, possible)
    house: Index = np.where(rows, former, mentions.house)
    return house, np.where(rows, bit("former_address"), np.int64(0))


def as_dates(days: Index) -> pd.Series[pd.Timestamp]:
    """Days since 1970 as a column of timestamps, NaT where missing."""
    valid = days != MISSING_DATE
    values = np.where(valid, days, 0).astype("datetime64[D]").astype("datetime64[ns]")
    values[~valid] = np.datetime64("NaT")
    return pd.Series(values)
