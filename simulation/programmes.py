"""Who receives which aid in truth, and who ought to.

PKH goes by the rules of the ministry (decile 1-4, a component, nobody paid by the state) with the errors that audits found: some receive it
who should not, many who should do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.livelihoods import SALARIED_BY_STATE, Livelihoods
from simulation.residents import ALIVE, Residents
from simulation.welfare import Welfare

Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

COMPONENTS = ("pregnant", "child", "sd", "smp", "sma", "elderly", "disability")
"""Components of PKH, as in the national list; a component's column in ``FamilyComponents.counts``."""
SELF_CARE = 7
EXCLUDED_OCCUPATIONS = (*SALARIED_BY_STATE, 4, 64, 72, 75, 85, 86)
"""Occupations that bar a family from national aid: paid by the state, retired from it, village staff, doctors, pharmacists, lecturers."""


@dataclass(frozen=True)
class Programmes:
    """One entry per family, but for the health premiums, which are per person."""

    components: npt.NDArray[np.int64]
    """Families by ``COMPONENTS``: how many living members count for each."""
    excluded: Flags
    pkh_eligible: Flags
    receives_pkh: Flags
    person_pbi_national: Flags
    person_pbi_local: Flags


def draw_programmes(
    rng: np.random.Generator, residents: Residents, livelihoods: Livelihoods, welfare: Welfare, pkh_families: int
) -> Programmes:
    """Components, eligibility, and ``pkh_families`` recipients of PKH (fewer if there are not so many families)."""
    living = residents.status == ALIVE
    age = residents.age
    pupil = (livelihoods.schooling == 2) & (age >= 6) & (age < 22)
    level = livelihoods.school_level
    severe = (livelihoods.difficulty == 1).any(axis=1) | (livelihoods.difficulty[:, SELF_CARE] == 2)
    facts = (
        livelihoods.pregnant,
        age < 7,
        pupil & np.isin(level, (1, 2, 3, 4, 5)),
        pupil & np.isin(level, (6, 7, 8, 9, 10)),
        pupil & np.isin(level, (11, 12, 13, 14, 15, 16, 17)),
        age >= 60,
        severe,
    )
    components = np.stack([_per_family(residents, fact & living) for fact in facts], axis=1)
    excluded = _per_family(residents, living & np.isin(livelihoods.occupation, EXCLUDED_OCCUPATIONS)) > 0
    has_component = components.any(axis=1)
    eligible = (welfare.decile <= 4) & has_component & ~excluded
    receives = _recipients(rng, welfare, eligible, has_component & ~excluded, pkh_families)
    national, local = _health_premiums(rng, residents, welfare, receives)
    return Programmes(components, excluded, eligible, receives, national, local)


def _per_family(residents: Residents, flags: Flags) -> Index:
    counts: Index = np.bincount(residents.family[flags], minlength=residents.families).astype(np.int64)
    return counts


def _recipients(rng: np.random.Generator, welfare: Welfare, eligible: Flags, allowed: Flags, count: int) -> Flags:
    by_decile = np.array([0, 1.7, 1.5, 1.1, 0.8, 0.16, 0.08, 0.03, 0.012, 0.004, 0.002])[welfare.published_decile]
    weight = by_decile * np.where(eligible, 1.0, np.where(allowed, 0.5, 0.05))
    key = rng.exponential(size=len(weight)) / weight
    receives = np.zeros(len(weight), dtype=bool)
    receives[np.argsort(key, kind="stable")[:count]] = True
    return receives


def _health_premiums(rng: np.random.Generator, residents: Residents, welfare: Welfare, receives_pkh: Flags) -> tuple[Flags, Flags]:
    families = residents.families
    poor = welfare.published_decile <= 5
    national = rng.random(families) < np.where(receives_pkh, 0.93, np.where(poor, 0.55, 0.05))
    local = ~national & (rng.random(families) < np.where(welfare.published_decile <= 6, 0.28, 0.03))
    # The last born is often not yet on the list.
    known = (residents.age > 1) | (rng.random(len(residents)) < 0.5)
    return national[residents.family] & known, local[residents.family] & known
