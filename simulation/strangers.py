"""People whom an office lists and the register does not know.

They live in true houses of the regency (married in from elsewhere, back from abroad, never registered), under names and birth dates of
their own. The same stranger may stand in several lists: the truth binds those rows by a cluster number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.family_structure import YEAR
from simulation.identity_numbers import OTHER_REGENCIES, area_number, date_digits
from simulation.names import NameMaker, Tokens
from simulation.places import Places
from simulation.residents import Residents, birth_years

Index = npt.NDArray[np.int64]

WITHOUT_NIK = 0.6
OF_OTHER_REGENCY = 0.6
"""Of those with a number; the others were registered in the regency and have been struck from its register."""


@dataclass(frozen=True)
class Strangers:
    """One entry per person who is in no register."""

    name: Tokens
    mother_name: Tokens
    father_name: Tokens
    is_female: npt.NDArray[np.bool_]
    birth: Index
    nik: Index
    """-1 for those without."""
    kk_number: Index
    house: Index
    family: Index
    """The registered family in whose house the stranger lives."""

    def __len__(self) -> int:
        return len(self.house)


def draw_strangers(rng: np.random.Generator, maker: NameMaker, residents: Residents, places: Places, count: int) -> Strangers:
    """``count`` strangers; their numbers are nobody's in the register."""
    family = rng.integers(0, residents.families, count)
    house = residents.family_house[family]
    head = residents.family_start[family]
    culture = residents.culture[head]
    age = np.clip(rng.gamma(4.0, 9.5, count), 0.1, 95)
    birth = residents.as_of - np.round(age * YEAR).astype(np.int64)
    is_female = rng.random(count) < 0.5
    year = birth_years(birth)
    kecamatan = np.array([area_number(code) for code in places.villages["kecamatan_code"]], dtype=np.int64)[places.house_village[house]]
    far = np.array(OTHER_REGENCIES)[rng.integers(0, len(OTHER_REGENCIES), count)] + rng.integers(1, 25, count)
    area = np.where(rng.random(count) < OF_OTHER_REGENCY, far, kecamatan)
    nik = numbers_after(np.sort(residents.nik), area, date_digits(birth, is_female))
    issued = np.minimum(np.maximum(birth + int(20 * YEAR), 14_000) + rng.integers(0, 900, count), residents.as_of)
    kk_number = numbers_after(np.sort(np.concatenate([residents.kk_number, residents.former_kk_number])), area, date_digits(issued))
    return Strangers(
        name=maker.draw(rng, culture, is_female, year),
        mother_name=maker.draw(rng, culture, np.ones(count, dtype=bool), year - rng.integers(18, 38, count)),
        father_name=maker.draw(rng, culture, np.zeros(count, dtype=bool), year - rng.integers(20, 40, count)),
        is_female=is_female,
        birth=birth,
        nik=np.where(rng.random(count) < WITHOUT_NIK, -1, nik),
        kk_number=kk_number,
        house=house,
        family=family,
    )


def numbers_after(existing: Index, area: Index, digits: Index) -> Index:
    """New numbers whose serial follows the last one of ``existing`` (sorted) that has the same area and date digits."""
    stem = area * 1_000_000 + digits
    place = np.searchsorted(existing, stem * 10_000 + 9_999, side="right") - 1
    last = np.where(place >= 0, existing[np.maximum(place, 0)], 0)
    serial = np.where(last // 10_000 == stem, last % 10_000, 0)
    order = np.argsort(stem, kind="stable")
    ordered = stem[order]
    first = np.searchsorted(ordered, ordered, side="left")
    within = np.empty(len(stem), dtype=np.int64)
    within[order] = np.arange(len(stem)) - first
    numbers: Index = stem * 10_000 + serial + within + 1
    return numbers
