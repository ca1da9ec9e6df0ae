"""The people whom an office lists, before and after its mistakes, and the names of those mistakes.

``Mentions`` are clean copies of people, one per row that will be written; ``Written`` is what stands in the file. A row's mistakes are a
bit set in the order of ``LABELS``; the truth shows them by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.damage_names import KINDS
from simulation.family_structure import YEAR
from simulation.names import NO_TOKEN, Tokens
from simulation.residents import DEAD, MOVED, Residents
from simulation.strangers import Strangers

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

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
    "nameless",
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
    labels = (
        labels
        | np.where(~is_stranger & (status == DEAD), bit("dead"), 0)
        | np.where(~is_stranger & (status == MOVED), bit("moved_away"), 0)
    )
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


def label_lists(labels: Index) -> list[list[str]]:
    """The bit sets as lists of names; worked out once per distinct set."""
    distinct, places = np.unique(labels, return_inverse=True)
    lists = [[label for number, label in enumerate(LABELS) if int(bits) >> number & 1] for bits in distinct]
    return [lists[place] for place in places]
