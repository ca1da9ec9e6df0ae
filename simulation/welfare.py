"""How well each family lives, and where that puts it among the nation's families.

A family's means come before everything else: they shape schooling, work and house. The score that is ranked adds what work, dependants and
age make of them. The ranks are cut so that Banyuwangi is a little better off than the nation: 6 % of its families stand in the nation's
poorest tenth, 30 % in the poorest
four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.livelihoods import SALARIED_BY_STATE, Livelihoods
from simulation.places import Places
from simulation.residents import ALIVE, Residents

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Index = npt.NDArray[np.int64]

DECILE_SHARES = (0.060, 0.075, 0.080, 0.085, 0.100, 0.110, 0.120, 0.125, 0.125, 0.120)
"""Shares of the regency's families in each national tenth, poorest first."""
PUBLISHED_NOISE = 0.35
"""Standard deviations by which the published rank misses the true one: the office ranks by proxies, months late."""


@dataclass(frozen=True)
class Welfare:
    """One entry per family."""

    score: Floats
    """Standardised: mean 0, variance 1 over the families."""
    decile: Codes
    """True national decile, 1 poorest."""
    published_decile: Codes
    """As the state's list shows it."""


def draw_means(rng: np.random.Generator, residents: Residents, places: Places) -> Floats:
    """Means of each family, about standard normal: villages differ, hamlets too."""
    village = rng.normal(0.0, 0.3, len(places.villages)) + np.where(places.villages["kind"] == "kelurahan", 0.35, 0.0)
    hamlet = rng.normal(0.0, 0.2, len(places.hamlet_names))
    rt = places.house_rt[residents.family_house]
    means: Floats = 0.9 * rng.normal(size=residents.families) + village[places.rt_village[rt]] + hamlet[places.rt_hamlet[rt]]
    return means


def rank_families(rng: np.random.Generator, residents: Residents, livelihoods: Livelihoods, means: Floats) -> Welfare:
    """Scores and deciles."""
    living = residents.status == ALIVE
    age = residents.age

    def total(of: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(residents.family, weights=of & living, minlength=residents.families).astype(np.float64)

    size = np.maximum(total(np.ones(len(residents), dtype=bool)), 1)
    earners = total(livelihoods.works)
    salaried = total(np.isin(livelihoods.occupation, (*SALARIED_BY_STATE, 4, 65, 64, 72, 85, 86)))
    hands = total(np.isin(livelihoods.occupation, (19, 20, 21, 23)))
    dependants = total((age < 15) | (age >= 65)) / size
    disabled = total((livelihoods.difficulty == 1).any(axis=1))
    head = residents.family_start
    raw = (
        means
        + 0.22 * (livelihoods.education[head].astype(np.float64) - 4)
        + 0.5 * np.minimum(earners / size, 1)
        + 0.9 * np.minimum(salaried, 2)
        - 0.35 * np.minimum(hands, 2)
        - 0.55 * dependants
        - 0.35 * residents.is_female[head]
        - 0.3 * np.minimum(disabled, 1)
        - 0.12 * np.maximum(size - 4, 0)
        + 0.35 * rng.normal(size=residents.families)
    )
    score = (raw - raw.mean()) / raw.std()
    return Welfare(score=score, decile=_deciles(score), published_decile=_deciles(score + PUBLISHED_NOISE * rng.normal(size=len(score))))


def _deciles(score: Floats) -> Codes:
    cuts = np.quantile(score, np.cumsum(DECILE_SHARES)[:-1])
    deciles: Codes = (np.searchsorted(cuts, score, side="right") + 1).astype(np.int8)
    return deciles
