"""Which people an office lists: its own choice, and the rows that every list picks up with the years.

A list holds people who have died or moved away, people who stand in it twice, and people whom no register knows. This module adds them to
the people whom the office meant to list, so that the file has the wanted number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulation.damage_profile import DamageProfile
from simulation.mentions import Mentions, bit, mention_people
from simulation.residents import ALIVE, Residents
from simulation.strangers import Strangers

Index = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


EXACT_COPIES = 0.2
"""Share of the repetitions that are copies of a whole row; the others were written anew, with mistakes of their own."""


@dataclass(frozen=True)
class RowBudget:
    """How many rows of each kind make up a list."""

    chosen: int
    gone: int
    twice: int
    unregistered: int


def row_budget(rows: int, profile: DamageProfile) -> RowBudget:
    """Splits ``rows`` by the profile's rates."""
    gone, twice, unregistered = (round(rows * rate) for rate in (profile.gone, profile.twice, profile.unregistered))
    return RowBudget(rows - gone - twice - unregistered, gone, twice, unregistered)


def complete_list(
    rng: np.random.Generator,
    residents: Residents,
    strangers: Strangers,
    chosen: Index,
    rows: int,
    budget: RowBudget,
    score: Floats,
    *,
    exact_copies: bool,
    gone_allowed: Flags | None = None,
    strangers_allowed: Flags | None = None,
) -> Mentions:
    """The office's ``chosen`` residents plus gone, unregistered and repeated people, ``rows`` mentions in all.

    They stand in the order in which villages and families stand in the register.
    ``score`` is the welfare of each family: the gone are drawn from the poorer ones. With ``exact_copies`` some repetitions are copies of
    the first row, cell by cell. ``gone_allowed`` (one entry per resident) and ``strangers_allowed`` say who can stand in a list of this
    kind: no grandmother among the pupils.
    """
    gone = _gone(rng, residents, score, budget.gone, gone_allowed)
    possible = rng.permutation(len(strangers))
    unregistered = (possible if strangers_allowed is None else possible[strangers_allowed[possible]])[: budget.unregistered]
    # What is missing to the wanted number, after choosing whole families, is made up of repetitions.
    repeats = rows - len(chosen) - len(gone) - len(unregistered)
    twice = rng.choice(chosen, size=min(max(repeats, 0), len(chosen)), replace=False)
    none = np.int64(-1)
    person = np.concatenate([chosen, gone, twice, np.full(len(unregistered), none)])
    stranger = np.concatenate([np.full(len(chosen) + len(gone) + len(twice), none), unregistered])
    labels = np.zeros(len(person), dtype=np.int64)
    labels[len(chosen) + len(gone) : len(chosen) + len(gone) + len(twice)] = bit("twice")
    family = np.where(
        person >= 0, residents.family[np.maximum(person, 0)], strangers.family[np.maximum(stranger, 0)] if len(strangers) else 0
    )
    # A repetition stands apart from its first mention: near another family.
    apart = np.clip(family + rng.integers(-200, 200, len(family)), 0, residents.families - 1)
    place = np.where(labels == bit("twice"), apart, family).astype(np.float64)
    place += np.where(person >= 0, (person - residents.family_start[residents.family[np.maximum(person, 0)]]) / 50, 0.9)
    order = np.argsort(place, kind="stable")
    copy_of = _copies(rng, person[order], labels[order]) if exact_copies else None
    return mention_people(residents, strangers, person[order], stranger[order], labels[order], copy_of)


def _copies(rng: np.random.Generator, person: Index, labels: Index) -> Index:
    """For some of the repetitions the place of the first mention, of which they are copies cell by cell; -1 for all other rows."""
    repeated = np.flatnonzero((labels == bit("twice")) & (rng.random(len(labels)) < EXACT_COPIES))
    own = np.flatnonzero((labels == 0) & (person >= 0))
    by_person = own[np.argsort(person[own], kind="stable")]
    copy_of = np.full(len(person), -1, dtype=np.int64)
    copy_of[repeated] = by_person[np.searchsorted(person[by_person], person[repeated])]
    return copy_of


def _gone(rng: np.random.Generator, residents: Residents, score: Floats, count: int, allowed: Flags | None) -> Index:
    candidates = np.flatnonzero((residents.status != ALIVE) & (True if allowed is None else allowed))
    weight = np.exp(-0.8 * score[residents.family[candidates]])
    key = rng.exponential(size=len(candidates)) / weight
    drawn: Index = np.sort(candidates[np.argsort(key, kind="stable")[:count]])
    return drawn


def whole_families(rng: np.random.Generator, residents: Residents, weight: Floats, people: int, listed: Flags | None = None) -> Index:
    """Living members of families drawn by weight until there are as many as wanted, or a few less: families stay whole.

    With ``listed``, one entry per resident, only those members count and come.
    """
    member = (residents.status == ALIVE) & (True if listed is None else listed)
    living = np.bincount(residents.family[member], minlength=residents.families)
    key = np.where(living > 0, rng.exponential(size=len(weight)) / np.maximum(weight, 1e-12), np.inf)
    order = np.argsort(key, kind="stable")
    taken = order[np.cumsum(living[order]) <= people]
    selected = np.zeros(residents.families, dtype=bool)
    selected[taken] = True
    selected &= living > 0
    members: Index = np.flatnonzero(selected[residents.family] & member)
    return members


def drawn_by_weight(rng: np.random.Generator, weight: Floats, count: int) -> Index:
    """Up to ``count`` different places, in order, the heavier the likelier; those of weight 0 never."""
    key = np.where(weight > 0, rng.exponential(size=len(weight)) / np.maximum(weight, 1e-12), np.inf)
    order = np.argsort(key, kind="stable")[: min(count, int((weight > 0).sum()))]
    places: Index = np.sort(order)
    return places


def with_copies(table: pa.Table, mentions: Mentions) -> pa.Table:
    """The table with the rows that are copies of others made equal to them in every column."""
    return table.take(pa.array(np.where(mentions.copy_of >= 0, mentions.copy_of, np.arange(len(mentions)))))
