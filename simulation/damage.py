"""Copies of people as an office writes them: clean facts in, damaged text out, with the list of what was done.

Works on whole columns. Every mistake is drawn from a ``DamageProfile``; where a mistake is impossible for some rows (a day above 12 can't
be taken for a month), the others get it more often, so that the file as a whole shows the profile's rate.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulation.damage_letters import misheard, typed
from simulation.damage_names import KINDS, NameDamage
from simulation.damage_numbers import written_kk_number, written_nik
from simulation.damage_profile import DamageProfile
from simulation.mentions import Mentions, Written, bit
from simulation.names import NO_TOKEN, NameMaker
from simulation.residents import Residents

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

MISSING_DATE = np.iinfo(np.int64).min
"""Stands for a missing birth date; equals the integer of pandas' NaT."""


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
    nik, nik_labels = written_nik(rng, residents, mentions, profile, factor)
    kk_number, kk_labels = written_kk_number(rng, residents, mentions, profile, factor)
    birth, birth_labels = _birth(rng, mentions, profile)
    name, name_labels = _name(rng, names, mentions, profile)
    mother, mother_labels = _mother(rng, names, mentions, profile)
    house, house_labels = _house(rng, residents, mentions, profile)
    empty = np.flatnonzero(rng.random(len(mentions)) < profile.nameless)
    nik[empty], name[empty] = None, None
    labels = mentions.labels | nik_labels | kk_labels | birth_labels | name_labels | mother_labels | house_labels
    labels[empty] |= bit("nameless")
    source = np.where(mentions.copy_of >= 0, mentions.copy_of, np.arange(len(mentions)))
    labels = np.where(mentions.copy_of >= 0, labels[source] | bit("twice") | bit("exact_copy"), labels)
    return Written(nik[source], kk_number[source], name[source], mother[source], birth[source], house[source], labels)


def chosen(rng: np.random.Generator, rate: float, possible: Flags) -> Flags:
    """Rows that get a mistake: ``rate`` of all rows, taken from those where it is possible (all of them, if there are too few)."""
    share = possible.mean() if len(possible) else 0.0
    rows: Flags = possible & (rng.random(len(possible)) < (rate / share if share > 0 else 0.0))
    return rows


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
