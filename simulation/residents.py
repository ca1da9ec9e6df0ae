"""The people of the regency: families in houses, with names, parents, numbers and status.

``Residents`` is the truth. The register is a plain copy of it; the offices' lists are damaged copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulation import identity_numbers
from simulation.family_structure import YEAR, Members, Relation, Slot, draw_members
from simulation.names import NO_TOKEN, Culture, NameMaker, Tokens
from simulation.place_facts import CULTURE_SHARES, DEFAULT_CULTURES
from simulation.places import Places, build_places, families_per_village

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int8]

ALIVE, DEAD, MOVED = 1, 2, 3
"""Status in the register, numbered as in the national list."""

DEAD_SHARE = 0.006
MOVED_SHARE = 0.006
SHARED_HOUSE = 0.07
"""Families that live in the house of another family."""
SPLIT_CARD = 0.35
"""Families whose card was issued when they left another family (their parents'), so that old lists still show the parents' card."""
MOVED_HOUSE = 0.16
"""Families that lived at another address before."""


@dataclass(frozen=True)
class Residents:
    """One entry per person of the register (dead and moved ones included), families together, the head first."""

    family: Index
    slot: Index
    is_female: Flags
    birth: Index
    relation: Small
    marital: Small
    status: Small
    is_twin: Flags
    culture: Small
    name: Tokens
    mother_name: Tokens
    father_name: Tokens
    mother: Index
    father: Index
    nik: Index
    registered_elsewhere: Flags
    # One entry per family:
    family_house: Index
    family_start: Index
    family_size: Index
    kk_number: Index
    former_kk_number: Index
    """The card on which the family stood before: a retired number, or the card of the family that it came from."""
    former_house: Index
    """House of the former address; the present house for families that never moved."""
    as_of: int

    def __len__(self) -> int:
        return len(self.family)

    @property
    def families(self) -> int:
        """How many families there are."""
        return len(self.family_house)

    @property
    def age(self) -> npt.NDArray[np.float64]:
        """Age in years at the as-of date."""
        years: npt.NDArray[np.float64] = (self.as_of - self.birth) / YEAR
        return years


def days_of(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def birth_years(birth: Index) -> Index:
    """Calendar years of days since 1970."""
    years: Index = birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def build_residents(
    rng: np.random.Generator, maker: NameMaker, villages: pd.DataFrame, people: int, as_of: date, *, even_villages: bool
) -> tuple[Residents, Places]:
    """``people`` living residents, and about one per cent more who have died or moved away and still stand in the register."""
    today = days_of(as_of)
    rows = round(people / (1 - DEAD_SHARE - MOVED_SHARE))
    members = draw_members(rng, rows, today)
    status = _status(rng, members, today, gone=rows - people)
    birth = heaped(rng, members, today)

    families = members.families
    per_village = families_per_village(rng, villages, families, even=even_villages)
    family_village = np.repeat(np.arange(len(villages)), per_village)
    places, family_house = _housed(rng, villages, per_village, family_village)

    start = np.searchsorted(members.family, np.arange(families))
    village_kecamatan = np.array([identity_numbers.area_number(code) for code in villages["kecamatan_code"]], dtype=np.int64)
    kecamatan = village_kecamatan[family_village[members.family]]
    culture = _cultures(rng, villages, family_village, members)
    name, mother_name, father_name = _names(rng, maker, members, birth, culture, family_village)
    area, elsewhere = identity_numbers.registration_area(rng, kecamatan, birth_years(birth))
    nik = identity_numbers.counted_numbers(rng, area, identity_numbers.date_digits(birth, members.is_female))
    kk_number, former = _cards(rng, village_kecamatan[family_village], birth[start], family_village, today)
    residents = Residents(
        family=members.family,
        slot=members.slot,
        is_female=members.is_female,
        birth=birth,
        relation=members.relation,
        marital=members.marital,
        status=status,
        is_twin=members.is_twin,
        culture=culture,
        name=name,
        mother_name=mother_name,
        father_name=father_name,
        mother=members.mother,
        father=members.father,
        nik=nik,
        registered_elsewhere=elsewhere,
        family_house=family_house,
        family_start=start,
        family_size=np.diff(np.append(start, len(members.family))),
        kk_number=kk_number,
        former_kk_number=former,
        former_house=_former_houses(rng, places, family_house),
        as_of=today,
    )
    return residents, places


def heaped(rng: np.random.Generator, members: Members, today: int) -> Index:
    """Birth dates as registered: many of the old were entered with the first or last day of a half-year, since nobody knew the day."""
    year = birth_years(members.birth)
    share = np.array([0.32, 0.24, 0.08, 0.008])[np.searchsorted(np.array([1950, 1965, 1980]), year, side="right")]
    # The second twin keeps the day of the first, so no twin, first or second, is heaped.
    first_twin = np.append(members.is_twin[1:], False)
    chosen = (rng.random(len(year)) < share) & ~members.is_twin & ~first_twin
    months = (year - 1970) * 12
    kind = rng.random(len(year))
    first_of_january = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    first_of_july = (months + 6).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    last_of_december = (months + 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    heap = np.where(kind < 0.5, first_of_january, np.where(kind < 0.72, first_of_july, last_of_december))
    birth: Index = np.where(chosen & (heap <= today), heap, members.birth)
    return birth


def _status(rng: np.random.Generator, members: Members, today: int, gone: int) -> Small:
    """Exactly ``gone`` people are dead or moved: the dead by age, the moved mostly young adults."""
    age = (today - members.birth) / YEAR
    dead_weight = np.exp((age - 60) / 11)
    moved_weight = np.where((age > 17) & (age < 40), 4.0, 1.0)
    status = np.full(len(age), ALIVE, dtype=np.int8)
    dead = gone // 2
    for weight, count, code in ((dead_weight, dead, DEAD), (moved_weight, gone - dead, MOVED)):
        key = np.where(status == ALIVE, rng.exponential(size=len(age)) / weight, np.inf)
        if count:
            status[np.argpartition(key, count - 1)[:count]] = code
    return status


def _housed(rng: np.random.Generator, villages: pd.DataFrame, per_village: Index, family_village: Index) -> tuple[Places, Index]:
    """Houses for the families: most have their own, some share that of the family before them."""
    own = rng.random(len(family_village)) >= SHARED_HOUSE
    first_of_village = np.concatenate([[True], family_village[1:] != family_village[:-1]])
    own |= first_of_village
    houses = np.bincount(family_village[own], minlength=len(per_village))
    places = build_places(rng, villages, houses)
    family_house: Index = np.cumsum(own) - 1
    return places, family_house


def _cultures(rng: np.random.Generator, villages: pd.DataFrame, family_village: Index, members: Members) -> Small:
    """The family's tradition by kecamatan; one spouse in five comes from another one."""
    shares = np.array([CULTURE_SHARES.get(code, DEFAULT_CULTURES) for code in villages["kecamatan_code"]], dtype=np.float64)
    cumulative = np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)

    def drawn(village: Index) -> Small:
        places = (cumulative[village] <= rng.random(len(village))[:, None]).sum(axis=1)
        return np.asarray(np.minimum(places, len(Culture) - 1), dtype=np.int8)

    by_family = drawn(family_village)
    culture = by_family[members.family]
    married_in = ((members.slot == Slot.SPOUSE) | (members.slot == Slot.CHILD_IN_LAW)) & (rng.random(len(culture)) < 0.2)
    culture[married_in] = drawn(family_village[members.family[married_in]])
    # Balinese and Christian families marry within their own tradition here, so that religion stays one per family.
    apart = np.isin(by_family, (int(Culture.BALINESE), int(Culture.CHRISTIAN)))[members.family]
    result: Small = np.where(
        apart, by_family[members.family], np.where(np.isin(culture, (4, 5)), by_family[members.family], culture)
    ).astype(np.int8)
    return result


def _names(
    rng: np.random.Generator, maker: NameMaker, members: Members, birth: Index, culture: Small, family_village: Index
) -> tuple[Tokens, Tokens, Tokens]:
    """Names of people, of their mothers and of their fathers."""
    year = birth_years(birth)
    name = maker.draw(rng, culture, members.is_female, year)
    _name_after_father(rng, name, members)
    _name_twins_alike(rng, name, members)

    parents = _parents_elsewhere(rng, members, birth, culture, family_village[members.family])
    groups = int(parents.max()) + 1
    first = np.full(groups, np.iinfo(np.int64).max)
    np.minimum.at(first, parents, year)
    group_culture = np.zeros(groups, dtype=np.int8)
    group_culture[parents] = culture
    mothers = maker.draw(rng, group_culture, np.ones(groups, dtype=bool), first - rng.integers(18, 32, groups))
    fathers = maker.draw(rng, group_culture, np.zeros(groups, dtype=bool), first - rng.integers(20, 38, groups))
    mother_name, father_name = mothers[parents], fathers[parents]
    for parent, names in ((members.mother, mother_name), (members.father, father_name)):
        known = parent >= 0
        names[known] = name[parent[known]]
    return name, mother_name, father_name


def _name_after_father(rng: np.random.Generator, name: Tokens, members: Members) -> None:
    """One child in fourteen carries the last part of its father's name; changes ``name`` in place."""
    rows = np.flatnonzero((members.father >= 0) & (members.relation == Relation.CHILD) & (rng.random(len(name)) < 0.07))
    length = (name != NO_TOKEN).sum(axis=1)
    rows = rows[(length[rows] >= 2) & (length[members.father[rows]] >= 2)]
    father = members.father[rows]
    name[rows, length[rows] - 1] = name[father, length[father] - 1]


def _name_twins_alike(rng: np.random.Generator, name: Tokens, members: Members) -> None:
    """Most twins share the first or the last part of their names; changes ``name`` in place.

    The first twin stands directly before the second.
    """
    second = np.flatnonzero(members.is_twin)
    length = (name != NO_TOKEN).sum(axis=1)
    both = second[(length[second] >= 2) & (length[second - 1] >= 2)]
    kind = rng.random(len(both))
    alike_last = both[kind < 0.45]
    name[alike_last, length[alike_last] - 1] = name[alike_last - 1, length[alike_last - 1] - 1]
    alike_first = both[(kind >= 0.45) & (kind < 0.75) & (members.is_female[both] == members.is_female[both - 1])]
    name[alike_first, 0] = name[alike_first - 1, 0]


def _parents_elsewhere(rng: np.random.Generator, members: Members, birth: Index, culture: Small, village: Index) -> Index:
    """A number of parents for each person: siblings share it.

    Children of one absent parent share their family's number; adults whose parents are on no card of theirs are siblings of up to a few
    others of the village and about their age.
    """
    count = len(village)
    is_child = members.relation == Relation.CHILD
    # Adults: people of one village, tradition and decade stand in random order, and each run of them is one set of siblings.
    order = np.lexsort((rng.random(count), birth // 4_400, culture, village))
    new_parents = rng.random(count) < 0.55
    key = village[order] * 1_000_000 + culture[order].astype(np.int64) * 100_000 + birth[order] // 4_400
    new_parents[1:] |= key[1:] != key[:-1]
    new_parents[0] = True
    adults = np.empty(count, dtype=np.int64)
    adults[order] = np.cumsum(new_parents) - 1
    result: Index = np.where(is_child, int(adults.max()) + 1 + members.family, adults)
    return result


def _cards(rng: np.random.Generator, kecamatan: Index, head_birth: Index, village: Index, today: int) -> tuple[Index, Index]:
    """Present and former family card numbers."""
    families = len(kecamatan)
    # Numbers of the present form are issued since about 2006; a head must be grown up on the day of issue.
    earliest = np.minimum(np.maximum(head_birth + int(19 * YEAR), 13_200), today - 30)
    issued = earliest + np.floor(rng.random(families) * (today - earliest)).astype(np.int64)
    before = np.maximum(issued - 200 - np.floor(rng.random(families) * 2_500).astype(np.int64), 13_000)
    numbers = counted = identity_numbers.counted_numbers(
        rng, np.concatenate([kecamatan, kecamatan]), identity_numbers.date_digits(np.concatenate([issued, before]))
    )
    present, retired = numbers[:families], counted[families:]
    # Families of one village stand together, so a partner a few places away is a neighbour, the parents' family of this story.
    partner = (np.arange(families) + rng.integers(1, 40, families)) % families
    partner = np.where(village[partner] == village, partner, np.arange(families) - 1)
    split = (rng.random(families) < SPLIT_CARD) & (partner >= 0)
    former: Index = np.where(split, present[np.maximum(partner, 0)], retired)
    return present, former


def _former_houses(rng: np.random.Generator, places: Places, family_house: Index) -> Index:
    """Where families lived before: two in three within their village."""
    families = len(family_house)
    moved = rng.random(families) < MOVED_HOUSE
    village = places.house_village
    first = np.searchsorted(village, np.arange(len(places.villages)))
    size = np.bincount(village, minlength=len(places.villages))
    own = village[family_house]
    near = first[own] + np.floor(rng.random(families) * size[own]).astype(np.int64)
    far = rng.integers(0, len(village), families)
    result: Index = np.where(moved, np.where(rng.random(families) < 0.67, near, far), family_house)
    return result
