"""People who live with others than their family card says: who joined another family, and couples who set up a house of their own.

The register does not know of it yet. An interview (DTSEN) that meets the new household lists them there, with the card number that they
give; one that meets only the old household is told that they moved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simulation.family_structure import Marital, Relation, Slot
from simulation.mentions import Mentions, bit
from simulation.places import Places
from simulation.residents import ALIVE, Residents

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

JOINED, SPLIT = "joined", "split"
PRESENT, MOVED_WITHIN, NEW_MEMBER = 1, 3, 5
"""Where a member is, numbered as in question 404 of the state's interviews."""
JOINING = 0.6
"""Share of the changed families that lost one member to another family; the others split."""
_AWAY_FROM_HOME = 5_000
"""Added to a card's number it is one that the register has not given yet: serial numbers of a day are far below."""


@dataclass(frozen=True)
class HouseholdChanges:
    """One entry per person who lives elsewhere. `family`: the family that was joined, -1 for a split; `relation`: to the new head."""

    person: Index
    family: Index
    kk_number: Index
    house: Index
    relation: Index

    def __len__(self) -> int:
        return len(self.person)

    @property
    def kind(self) -> npt.NDArray[np.str_]:
        """JOINED or SPLIT."""
        return np.where(self.family >= 0, JOINED, SPLIT)


@dataclass(frozen=True)
class Interviewed:
    """The mentions of an interview that asks who lives in the household, with relation and presence of each as it is told."""

    mentions: Mentions
    relation: Index
    presence: Index
    in_new_household: Flags


def draw_changes(rng: np.random.Generator, residents: Residents, places: Places, share: float) -> HouseholdChanges:
    """Changes in about this share of the families; no family has two, or both loses and wins somebody."""
    couples = rng.permutation(np.flatnonzero(_with_married_child(residents)))
    splitting = _flags(couples[: round((1 - JOINING) * share * residents.families)], residents.families)
    joining = _flags(rng.permutation(np.flatnonzero(~splitting))[: round(JOINING * share * residents.families)], residents.families)
    parts = [_joined(rng, residents, places, joining, joining | splitting), _split(rng, residents, places, splitting)]
    return HouseholdChanges(*(np.concatenate([getattr(part, name) for part in parts]) for name in HouseholdChanges.__annotations__))


def with_new_members(residents: Residents, changes: HouseholdChanges, listed: Index) -> Index:
    """The listed people and who has joined one of their families, in the register's order."""
    households = np.unique(residents.family[listed])
    here: Index = np.union1d(listed, changes.person[np.isin(changes.family, households)])
    return here


def interviewed(residents: Residents, changes: HouseholdChanges, mentions: Mentions) -> Interviewed:
    """Whom the interviewers met where. A second row about somebody repeats what the register says."""
    change = np.full(len(residents) + 1, -1, dtype=np.int64)  # the last place is for strangers
    change[changes.person] = np.arange(len(changes))
    of_row = np.where(mentions.labels & bit("twice"), -1, change[mentions.person])
    met = np.zeros(residents.families + 1, dtype=bool)
    met[mentions.family[(mentions.person >= 0) & (of_row < 0)]] = True
    relation = np.where(mentions.person >= 0, residents.relation[np.maximum(mentions.person, 0)], Relation.OTHER_KIN).astype(np.int64)
    if not len(changes):
        return Interviewed(mentions, relation, np.full(len(mentions), PRESENT), np.zeros(len(mentions), dtype=bool))
    joined = of_row >= 0
    joined &= changes.family[of_row] >= 0
    there = (of_row >= 0) & (~joined | met[changes.family[of_row]])
    presence = np.where(of_row < 0, PRESENT, np.where(~there, MOVED_WITHIN, np.where(joined, NEW_MEMBER, PRESENT)))
    elsewhere = replace(
        mentions,
        kk_number=np.where(there, changes.kk_number[of_row], mentions.kk_number),
        house=np.where(there, changes.house[of_row], mentions.house),
    )
    return Interviewed(elsewhere, np.where(there, changes.relation[of_row], relation), presence, there)


def _joined(rng: np.random.Generator, residents: Residents, places: Places, joining: Flags, losing: Flags) -> HouseholdChanges:
    """One single member of each of these families lives with another family of the village."""
    alone = (residents.status == ALIVE) & (residents.relation != Relation.HEAD) & (residents.marital != Marital.MARRIED)
    people = np.flatnonzero(alone & joining[residents.family])
    people = people[rng.permutation(len(people))]
    people = np.sort(people[np.unique(residents.family[people], return_index=True)[1]])
    own = residents.family[people]
    other = own + rng.integers(1, 40, len(own))
    village = places.house_village[residents.family_house]
    possible = other < residents.families
    other = np.minimum(other, residents.families - 1)
    possible &= (village[other] == village[own]) & ~losing[other] & (residents.status[residents.family_start[other]] == ALIVE)
    people, other = people[possible], other[possible]
    kin = np.full(len(people), int(Relation.OTHER_KIN))
    return HouseholdChanges(people, other, residents.kk_number[other], residents.family_house[other], kin)


def _split(rng: np.random.Generator, residents: Residents, places: Places, splitting: Flags) -> HouseholdChanges:
    """The married child of each of these families lives with spouse and children in another house of the village, under a new card."""
    child, spouse = _married_children(residents)
    grandchild = (residents.status == ALIVE) & np.isin(residents.slot, (Slot.FIRST_GRANDCHILD, Slot.SECOND_GRANDCHILD))
    people = np.flatnonzero((child | spouse | grandchild) & splitting[residents.family])
    family = residents.family[people]
    house = _another_house(rng, residents, places)[family]
    number = residents.kk_number[family] + _AWAY_FROM_HOME
    married = np.where(residents.is_female[people], Relation.WIFE, Relation.HUSBAND)
    relation = np.where(child[people], Relation.HEAD, np.where(spouse[people], married, Relation.CHILD)).astype(np.int64)
    known = np.isin(number, np.concatenate([residents.kk_number, residents.former_kk_number]))
    keep = ~known & (house != residents.family_house[family])
    return HouseholdChanges(people[keep], np.full(int(keep.sum()), -1), number[keep], house[keep], relation[keep])


def _married_children(residents: Residents) -> tuple[Flags, Flags]:
    """Children of the card who live there with a spouse, and these spouses."""
    alive = residents.status == ALIVE
    child = alive & (residents.relation == Relation.CHILD) & (residents.marital == Marital.MARRIED)
    return child, alive & (residents.slot == Slot.CHILD_IN_LAW)


def _with_married_child(residents: Residents) -> Flags:
    """The families with one such couple and a living head."""
    families = residents.families
    alone = [np.bincount(residents.family[some], minlength=families) == 1 for some in _married_children(residents)]
    result: Flags = alone[0] & alone[1] & (residents.status[residents.family_start] == ALIVE)
    return result


def _flags(chosen: Index, count: int) -> Flags:
    flags = np.zeros(count, dtype=bool)
    flags[chosen] = True
    return flags


def _another_house(rng: np.random.Generator, residents: Residents, places: Places) -> Index:
    """For each family a house of its village, at random: mostly in another neighbourhood."""
    village = places.house_village
    first = np.searchsorted(village, np.arange(len(places.villages)))
    size = np.bincount(village, minlength=len(places.villages))
    own = village[residents.family_house]
    drawn: Index = first[own] + np.floor(rng.random(residents.families) * size[own]).astype(np.int64)
    return drawn
