"""Who lives together: families drawn as heads with the spouse, children, parents and grandchildren on their family card.

Everything is drawn for all families at once, one column per place in the family (``Slot``); ``draw_members`` then keeps the places that are
filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]
"""Days since 1970-01-01."""

YEAR = 365.2425
MEAN_FAMILY_SIZE_AT_LEAST = 2.8
"""Used to draw enough families for a wanted number of people; the true mean is about 3.0."""

CHILDREN = 6


class Slot(IntEnum):
    """Places in a family; children take the six from FIRST_CHILD on."""

    HEAD = 0
    SPOUSE = 1
    FIRST_CHILD = 2
    PARENT = 8
    CHILD_IN_LAW = 9
    FIRST_GRANDCHILD = 10
    SECOND_GRANDCHILD = 11
    OTHER_KIN = 12


SLOTS = 13


class Relation(IntEnum):
    """Relation to the head, numbered as in the national list."""

    HEAD = 1
    HUSBAND = 2
    WIFE = 3
    CHILD = 4
    CHILD_IN_LAW = 5
    GRANDCHILD = 6
    PARENT = 7
    PARENT_IN_LAW = 8
    OTHER_KIN = 9


class Marital(IntEnum):
    """Marital status, numbered as in the national list."""

    SINGLE = 1
    MARRIED = 2
    DIVORCED = 3
    WIDOWED = 4


@dataclass(frozen=True)
class Members:
    """One entry per person, families one after the other, the head first."""

    family: Index
    slot: Index
    is_female: Flags
    birth: Days
    relation: npt.NDArray[np.int8]
    marital: npt.NDArray[np.int8]
    is_twin: Flags
    """The second of two children born on one day."""
    mother: Index
    """Position of the mother among the members, or -1 when she is not on the card."""
    father: Index
    families: int


def draw_members(rng: np.random.Generator, people: int, as_of: int) -> Members:
    """Exactly ``people`` members of as many families as that takes; ``as_of`` in days since 1970."""
    families = int(people / MEAN_FAMILY_SIZE_AT_LEAST) + 20
    exists = np.zeros((families, SLOTS), dtype=bool)
    female = np.zeros((families, SLOTS), dtype=bool)
    birth = np.full((families, SLOTS), as_of, dtype=np.int64)
    relation = np.zeros((families, SLOTS), dtype=np.int8)
    marital = np.full((families, SLOTS), int(Marital.SINGLE), dtype=np.int8)
    draft = _Draft(rng, as_of, exists, female, birth, relation, marital, np.zeros((families, SLOTS), dtype=bool))
    _heads_and_spouses(draft)
    _children(draft)
    _elders_and_kin(draft)
    _married_children(draft)
    return _flattened(draft, people)


@dataclass(frozen=True)
class _Draft:
    """Families by places; filled step by step."""

    rng: np.random.Generator
    as_of: int
    exists: Flags
    female: Flags
    birth: Days
    relation: npt.NDArray[np.int8]
    marital: npt.NDArray[np.int8]
    twin: Flags

    @property
    def families(self) -> int:
        return len(self.exists)

    def age(self, slot: int) -> Floats:
        """Age in years of whoever is in this place."""
        years: Floats = (self.as_of - self.birth[:, slot]) / YEAR
        return years

    def born(self, age: Floats) -> Days:
        """Birth days of people of these ages."""
        return self.as_of - np.round(np.maximum(age, 0.003) * YEAR).astype(np.int64)

    def by_age(self, age: Floats, edges: tuple[float, ...], values: tuple[float, ...]) -> Floats:
        """A probability that is constant between ages."""
        chosen: Floats = np.array(values)[np.searchsorted(np.array(edges), age, side="right")]
        return chosen

    def chance(self, probability: Floats | float) -> Flags:
        """True with the given probability, for each family."""
        return self.rng.random(self.families) < probability


def _heads_and_spouses(draft: _Draft) -> None:
    rng, count = draft.rng, draft.families
    edges = np.array([20, 25, 35, 45, 55, 65, 75, 93], dtype=np.float64)
    shares = np.array([0.03, 0.18, 0.235, 0.215, 0.175, 0.105, 0.06])
    head_age = np.interp(rng.random(count), np.concatenate([[0], np.cumsum(shares)]), edges)
    woman = draft.chance(draft.by_age(head_age, (40, 55, 65), (0.06, 0.11, 0.21, 0.38)))
    married = ~woman & draft.chance(draft.by_age(head_age, (25, 35, 65, 75), (0.6, 0.87, 0.93, 0.82, 0.62)))
    with_husband = woman & draft.chance(0.03)

    draft.exists[:, Slot.HEAD] = True
    draft.female[:, Slot.HEAD] = woman
    draft.birth[:, Slot.HEAD] = draft.born(head_age)
    draft.relation[:, Slot.HEAD] = Relation.HEAD
    alone = np.where(
        (head_age < 32) & (rng.random(count) < 0.6),
        int(Marital.SINGLE),
        np.where(rng.random(count) < draft.by_age(head_age, (45, 60), (0.12, 0.45, 0.85)), int(Marital.WIDOWED), int(Marital.DIVORCED)),
    )
    draft.marital[:, Slot.HEAD] = np.where(married | with_husband, int(Marital.MARRIED), alone)

    # The wife is four years younger on average; places without a spouse still hold the age of the absent parent of the children.
    gap = np.where(woman, -1, 1) * np.clip(rng.normal(4.0, 3.6, count), -3, 18)
    spouse_age = np.maximum(head_age - gap, 17.5)
    draft.exists[:, Slot.SPOUSE] = married | with_husband
    draft.female[:, Slot.SPOUSE] = ~woman
    draft.birth[:, Slot.SPOUSE] = draft.born(spouse_age)
    draft.relation[:, Slot.SPOUSE] = np.where(woman, int(Relation.HUSBAND), int(Relation.WIFE))
    draft.marital[:, Slot.SPOUSE] = Marital.MARRIED


def _children(draft: _Draft) -> None:
    rng, count = draft.rng, draft.families
    woman = draft.female[:, Slot.HEAD]
    mother_birth = np.where(woman, draft.birth[:, Slot.HEAD], draft.birth[:, Slot.SPOUSE])
    mother_age = (draft.as_of - mother_birth) / YEAR
    ever_married = draft.marital[:, Slot.HEAD] != Marital.SINGLE
    wanted = rng.poisson(draft.by_age(mother_age, (40, 55, 70), (1.0, 1.3, 1.9, 2.5))) + (rng.random(count) < 0.9)
    born_at = np.maximum(rng.normal(22.3, 3.6, count), 17.5)
    for number in range(CHILDREN):
        slot = Slot.FIRST_CHILD + number
        twin = np.zeros(count, dtype=bool)
        if number:
            twin = draft.exists[:, slot - 1] & draft.chance(0.013)
            born_at = np.where(twin, born_at, born_at + 1.1 + rng.gamma(2.2, 2.0, count))
        age = mother_age - born_at
        at_home = draft.by_age(age, (18, 23, 28, 36), (0.97, 0.85, 0.47, 0.17, 0.07))
        exists = ever_married & (wanted > number) & (age > 0.003) & (born_at < 45) & draft.chance(np.where(twin, 1.0, at_home))
        draft.exists[:, slot] = exists
        draft.birth[:, slot] = np.where(twin & exists, draft.birth[:, slot - 1], draft.born(age))
        draft.twin[:, slot] = twin & exists
        draft.female[:, slot] = draft.chance(0.49)
        draft.relation[:, slot] = Relation.CHILD
        draft.marital[:, slot] = np.where((age > 28) & draft.chance(0.15), int(Marital.DIVORCED), int(Marital.SINGLE))


def _elders_and_kin(draft: _Draft) -> None:
    rng, count = draft.rng, draft.families
    head_age = draft.age(Slot.HEAD)
    of_spouse = draft.exists[:, Slot.SPOUSE] & draft.chance(0.4)
    child_age = np.where(of_spouse, draft.age(Slot.SPOUSE), head_age)
    elder_age = child_age + np.clip(rng.normal(25, 5, count), 17, 42)
    draft.exists[:, Slot.PARENT] = draft.chance(draft.by_age(head_age, (28, 60), (0.02, 0.085, 0.02))) & (elder_age < 97)
    draft.female[:, Slot.PARENT] = draft.chance(0.74)
    draft.birth[:, Slot.PARENT] = draft.born(elder_age)
    draft.relation[:, Slot.PARENT] = np.where(of_spouse, int(Relation.PARENT_IN_LAW), int(Relation.PARENT))
    draft.marital[:, Slot.PARENT] = np.where(draft.chance(0.88), int(Marital.WIDOWED), int(Marital.DIVORCED))

    kin_age = 1 + 74 * rng.beta(1.2, 1.8, count)
    draft.exists[:, Slot.OTHER_KIN] = draft.chance(0.03)
    draft.female[:, Slot.OTHER_KIN] = draft.chance(0.52)
    draft.birth[:, Slot.OTHER_KIN] = draft.born(kin_age)
    draft.relation[:, Slot.OTHER_KIN] = Relation.OTHER_KIN
    draft.marital[:, Slot.OTHER_KIN] = np.where(kin_age > 45, int(Marital.WIDOWED), int(Marital.SINGLE))


def _married_children(draft: _Draft) -> None:
    """In some families the first child at home is married and has brought the spouse, and perhaps children, onto the card."""
    rng, count = draft.rng, draft.families
    slot = Slot.FIRST_CHILD
    child_age = draft.age(slot)
    married = (
        draft.exists[:, slot] & (child_age > 19) & (child_age < 42) & draft.chance(draft.by_age(child_age, (23, 28), (0.07, 0.2, 0.35)))
    )
    draft.marital[:, slot] = np.where(married, int(Marital.MARRIED), draft.marital[:, slot])
    draft.exists[:, Slot.CHILD_IN_LAW] = married
    draft.female[:, Slot.CHILD_IN_LAW] = ~draft.female[:, slot]
    partner_age = np.maximum(child_age + np.where(draft.female[:, slot], 1, -1) * np.clip(rng.normal(3, 3, count), -3, 12), 17.5)
    draft.birth[:, Slot.CHILD_IN_LAW] = draft.born(partner_age)
    draft.relation[:, Slot.CHILD_IN_LAW] = Relation.CHILD_IN_LAW
    draft.marital[:, Slot.CHILD_IN_LAW] = Marital.MARRIED
    mother_age = np.where(draft.female[:, slot], child_age, partner_age)
    first_age = np.minimum(rng.gamma(2.0, 2.5, count), mother_age - 17)
    for number, grandchild in enumerate((Slot.FIRST_GRANDCHILD, Slot.SECOND_GRANDCHILD)):
        age = first_age - number * (1.2 + rng.gamma(2.0, 1.5, count))
        present = married if number == 0 else draft.exists[:, Slot.FIRST_GRANDCHILD]
        draft.exists[:, grandchild] = present & (age > 0.003) & draft.chance(0.75 if number == 0 else 0.4)
        draft.female[:, grandchild] = draft.chance(0.49)
        draft.birth[:, grandchild] = draft.born(age)
        draft.relation[:, grandchild] = Relation.GRANDCHILD


def _flattened(draft: _Draft, people: int) -> Members:
    family, slot = np.nonzero(draft.exists)
    if len(family) < people:
        raise AssertionError(f"drew {len(family)} members, {people} wanted: MEAN_FAMILY_SIZE_AT_LEAST is above the true mean size")
    family, slot = family[:people], slot[:people]
    families = int(family[-1]) + 1
    place = np.full((draft.families, SLOTS), -1, dtype=np.int64)
    place[family, slot] = np.arange(people)

    woman = draft.female[:, Slot.HEAD]
    head, spouse = place[:, Slot.HEAD], place[:, Slot.SPOUSE]
    child, in_law, elder = place[:, Slot.FIRST_CHILD], place[:, Slot.CHILD_IN_LAW], place[:, Slot.PARENT]
    mother_by_slot = np.full((draft.families, SLOTS), -1, dtype=np.int64)
    father_by_slot = mother_by_slot.copy()
    children = slice(Slot.FIRST_CHILD, Slot.FIRST_CHILD + CHILDREN)
    mother_by_slot[:, children] = np.where(woman, head, spouse)[:, None]
    father_by_slot[:, children] = np.where(woman, spouse, head)[:, None]
    child_is_mother = draft.female[:, Slot.FIRST_CHILD]
    for grandchild in (Slot.FIRST_GRANDCHILD, Slot.SECOND_GRANDCHILD):
        mother_by_slot[:, grandchild] = np.where(child_is_mother, child, in_law)
        father_by_slot[:, grandchild] = np.where(child_is_mother, in_law, child)
    elder_is_woman = draft.female[:, Slot.PARENT]
    for grown, relation in ((Slot.HEAD, Relation.PARENT), (Slot.SPOUSE, Relation.PARENT_IN_LAW)):
        theirs = draft.relation[:, Slot.PARENT] == relation
        mother_by_slot[:, grown] = np.where(theirs & elder_is_woman, elder, -1)
        father_by_slot[:, grown] = np.where(theirs & ~elder_is_woman, elder, -1)
    return Members(
        family=family,
        slot=slot,
        is_female=draft.female[family, slot],
        birth=draft.birth[family, slot],
        relation=draft.relation[family, slot],
        marital=draft.marital[family, slot],
        is_twin=draft.twin[family, slot],
        mother=mother_by_slot[family, slot],
        father=father_by_slot[family, slot],
        families=families,
    )
