"""Where pupils go to school: names made up from real places, and the class for an age."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.regency import Regency

Index = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

UNIVERSITIES = ("Universitas Jember", "Politeknik Negeri Banyuwangi", "Universitas Brawijaya", "UIN KHAS Jember", "Universitas Airlangga")
# By level of the Regsosek list: kind of school, whether it is named after the village or the kecamatan, how many there are.
KINDS = {
    3: ("SDN {} ", True, 3),
    4: ("MI MIFTAHUL ULUM {} ", True, 1),
    8: ("SMPN {} ", False, 3),
    9: ("MTS NURUL HUDA {} ", False, 2),
    13: ("SMAN {} ", False, 1),
    14: ("MA AL FALAH {} ", False, 1),
    15: ("SMKN {} ", False, 1),
}
_FIRST_AGES = np.array([13, 16, 19])
_LEVELS = np.array([3, 8, 13, 19])


def levels_by_age(age: Floats, level: Index, programme: str) -> Index:
    """Levels of the Regsosek list, with those that are missing or do not fit replaced by what is usual at the age."""
    usual = _LEVELS[np.searchsorted(_FIRST_AGES, age, side="right")]
    if programme == "Banyuwangi Cerdas":
        return np.where(level >= 18, level, 19)
    known = np.isin(level, list(KINDS))
    result: Index = np.where(known, level, np.minimum(usual, 13))
    return result


def school_names(rng: np.random.Generator, regency: Regency, level: Index, house: Index) -> pa.Array:
    """Schools near these houses; universities for students."""
    count = len(level)
    village, kecamatan = (pc.utf8_upper(names) for names in (regency.addresses.village(house), regency.addresses.kecamatan(house)))
    name = pa.array(UNIVERSITIES).take(pa.array(rng.integers(0, len(UNIVERSITIES), count)))
    draw = rng.random(count)
    for of_level, (kind, by_village, schools) in KINDS.items():
        number = np.floor(draw * schools).astype(np.int64)
        titles = pa.array([kind.format(place + 1) for place in range(schools)]).take(pa.array(number))
        school = pc.binary_join_element_wise(titles, village if by_village else kecamatan, "")
        name = pc.if_else(pa.array(level == of_level), school, name)
    return name


def class_numbers(age: Floats, level: Index) -> Index:
    """Class 1 to 12; for students the semester."""
    whole = np.floor(age).astype(np.int64)
    classes: Index = np.select(
        [level <= 5, level <= 10, level <= 17],
        [np.clip(whole - 6, 1, 6), np.clip(whole - 6, 7, 9), np.clip(whole - 6, 10, 12)],
        np.clip((whole - 18) * 2 + 1, 1, 8),
    )
    return classes
