"""The houses: what they are built of, what they have, and what stands in the yard.

Answers are codes of the Regsosek questionnaire (301a-310, 502, 504). A house is as good as its best-off family can make it, give or take.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.grading import NO_ANSWER, graded, weighted_choice
from simulation.places import Places
from simulation.residents import Residents

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

# Asset: share of houses that have it.
ASSETS: tuple[tuple[str, float], ...] = (
    ("gas_cylinder", 0.09),
    ("refrigerator", 0.58),
    ("air_conditioner", 0.07),
    ("television", 0.55),
    ("computer", 0.14),
    ("jewellery", 0.16),
    ("motorcycle", 0.83),
    ("car", 0.10),
    ("boat", 0.015),
    ("land", 0.22),
    ("other_house", 0.05),
)


@dataclass(frozen=True)
class Housing:
    """One entry per house."""

    tenure: Codes
    floor_area: Index
    floor: Codes
    wall: Codes
    roof: Codes
    water: Codes
    lighting: Codes
    power: Codes
    fuel: Codes
    latrine: Codes
    closet: Codes
    disposal: Codes
    assets: Flags
    """Houses by ``ASSETS``."""
    cattle: Index
    goats: Index
    condition: Codes
    """As the village survey puts it: 1 good, 2 fair, 3 poor, 4 ruined."""


def build_housing(rng: np.random.Generator, residents: Residents, places: Places, score: Floats) -> Housing:
    """Houses for the families' welfare ``score``."""
    houses = len(places.house_rt)
    best = np.full(houses, -np.inf)
    np.maximum.at(best, residents.family_house, score)
    people = np.bincount(residents.family_house, weights=residents.family_size, minlength=houses)

    def quality() -> Floats:
        """The house's standing in one respect: mostly welfare, some chance."""
        value: Floats = 0.8 * best + 0.6 * rng.normal(size=houses)
        return value

    lighting = graded(quality(), ((4, 0.4), (3, 0.3), (2, 4.0), (1, 95.3)))
    power = np.where(lighting == 1, graded(quality(), ((1, 34), (2, 44), (3, 16), (4, 4), (5, 2))), NO_ANSWER)
    latrine = graded(quality(), ((6, 5), (4, 2), (3, 2), (2, 6), (1, 85)))
    has_latrine = latrine <= 2
    closet = np.where(has_latrine, graded(quality(), ((4, 4), (3, 3), (2, 4), (1, 89))), NO_ANSWER)
    disposal = np.where(has_latrine, graded(quality(), ((5, 2), (3, 7), (4, 9), (1, 82))), NO_ANSWER)
    floor = graded(quality(), ((8, 4.5), (7, 0.7), (6, 27), (5, 0.8), (4, 14), (2, 50), (1, 3)))
    wall = graded(quality(), ((4, 4.5), (6, 1), (5, 0.5), (3, 7), (2, 5), (1, 82)))
    roof = graded(quality(), ((7, 0.6), (6, 0.3), (3, 2), (4, 5), (2, 90), (1, 2.1)))
    area = np.exp(3.98 + 0.22 * quality() + 0.25 * rng.normal(size=houses) + 0.05 * np.minimum(people, 8))
    tenure = np.where(rng.random(houses) < 0.89, 1, weighted_choice(rng, houses, ((3, 62), (2, 30), (4, 3), (5, 5))))
    cattle = np.where(rng.random(houses) < 0.11, 1 + rng.poisson(1.0, houses), 0)
    goats = np.where(rng.random(houses) < 0.13, 1 + rng.poisson(2.2, houses), 0)
    assets = np.stack([_owned(quality(), share) for _, share in ASSETS], axis=1)
    faults = (
        (floor >= 7) * 1.0
        + np.isin(wall, (4, 5, 6)) * 1.2
        + np.isin(roof, (3, 6, 7)) * 1.0
        + (latrine >= 3) * 0.7
        + (area / np.maximum(people, 1) < 8) * 0.8
    )
    condition = np.searchsorted(np.array([0.75, 1.6, 2.9]), faults + 0.45 * rng.normal(size=houses)) + 1
    return Housing(
        tenure=tenure.astype(np.int8),
        floor_area=np.clip(np.round(area), 9, 400).astype(np.int64),
        floor=floor,
        wall=wall,
        roof=roof,
        water=graded(quality(), ((9, 1), (8, 2), (10, 0.2), (6, 5), (7, 5), (5, 38), (4, 20), (3, 12), (2, 12), (1, 4.8))),
        lighting=lighting,
        power=power.astype(np.int8),
        fuel=graded(quality(), ((10, 22), (4, 74), (3, 2.5), (2, 1), (1, 0.5))),
        latrine=latrine,
        closet=closet.astype(np.int8),
        disposal=disposal.astype(np.int8),
        assets=assets,
        cattle=cattle,
        goats=goats,
        condition=condition.astype(np.int8),
    )


def _owned(quality: Floats, share: float) -> Flags:
    owned: Flags = quality > np.quantile(quality, 1 - share)
    return owned
