"""The second person whom a row names: who calls about somebody, which civil servant looks after a family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.livelihoods import Livelihoods
from simulation.mentions import Mentions, mention_people
from simulation.regency import Regency
from simulation.residents import ALIVE

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GROWN = 18
SELF, KIN, NEIGHBOUR, OFFICIAL = range(4)
CIVIL_SERVANT = 5
"""Occupation in the national list."""


@dataclass(frozen=True)
class Callers:
    """Who reports, one entry per report."""

    mentions: Mentions
    tie: Index
    """``SELF`` … ``OFFICIAL``: what the caller is to the person reported."""


def draw_callers(rng: np.random.Generator, regency: Regency, reported: Mentions, unregistered: float) -> Callers:
    """Callers for reports about people: themselves, grown kin on the same card, neighbours, village staff; some are in no register."""
    residents, count = regency.residents, len(reported)
    grown = np.flatnonzero((residents.status == ALIVE) & (residents.age >= GROWN))
    family_of_grown = residents.family[grown]
    tie = np.searchsorted(np.array([0.12, 0.47, 0.88]), rng.random(count), side="right")
    age = (residents.as_of - reported.birth) / 365.25
    tie = np.where((tie == SELF) & ((age < GROWN) | (reported.labels != 0)), KIN, tie)

    def grown_of_families(first: Index, last: Index) -> Index:
        """A grown member of the families from ``first`` to ``last``; -1 where there is none."""
        start, end = np.searchsorted(family_of_grown, first), np.searchsorted(family_of_grown, last + 1)
        place = start + np.floor(rng.random(count) * (end - start)).astype(np.int64)
        return np.where(end > start, grown[np.minimum(place, len(grown) - 1)], -1)

    kin = grown_of_families(reported.family, reported.family)
    # Families stand in village order, so that the next numbers are neighbours.
    near = grown_of_families(np.maximum(reported.family - 12, 0), np.minimum(reported.family + 12, residents.families - 1))
    village = grown_of_families(np.maximum(reported.family - 150, 0), np.minimum(reported.family + 150, residents.families - 1))
    tie = np.where((tie == KIN) & ((kin < 0) | (kin == reported.person)), NEIGHBOUR, tie)
    person = np.select([tie == SELF, tie == KIN, tie == NEIGHBOUR], [reported.person, kin, near], village)
    person = np.where(person < 0, village, person)
    stranger = np.full(count, -1, dtype=np.int64)
    _put_strangers(rng, regency, person, stranger, np.flatnonzero((tie > KIN) & (rng.random(count) < unregistered)))
    return Callers(mention_people(residents, regency.strangers, person, stranger), tie)


def draw_civil_servants(rng: np.random.Generator, regency: Regency, families: int, unregistered: float) -> Mentions:
    """A civil servant for each of so many families: one looks after one to three."""
    residents = regency.residents
    staff = civil_servants(regency.livelihoods) & (residents.status == ALIVE)
    if not staff.any():
        staff = regency.livelihoods.works & (residents.status == ALIVE)
    everybody = np.flatnonzero(staff)
    chosen = rng.permutation(everybody)[: max(families * 5 // 8, 1)]
    person = chosen[rng.integers(0, len(chosen), families)]
    stranger = np.full(families, -1, dtype=np.int64)
    _put_strangers(rng, regency, person, stranger, np.flatnonzero(rng.random(families) < unregistered))
    return mention_people(residents, regency.strangers, person, stranger)


def civil_servants(livelihoods: Livelihoods) -> Flags:
    """Who works for the state as a civil servant."""
    flags: Flags = (livelihoods.occupation == CIVIL_SERVANT) & livelihoods.works
    return flags


def _put_strangers(rng: np.random.Generator, regency: Regency, person: Index, stranger: Index, rows: Index) -> None:
    """Puts grown people of no register in these rows, as far as there are any."""
    age = (regency.residents.as_of - regency.strangers.birth) / 365.25
    grown = rng.permutation(np.flatnonzero((age >= 22) & (age < 58)))[: len(rows)]
    rows = rows[: len(grown)]
    person[rows], stranger[rows] = -1, grown
