"""What people have learnt, what they do for a living, and how healthy they are.

All of it hangs on the family's means (a standard normal score, ``means``) and on age, sex and generation. Codes are those of the national
lists: education and occupation of the civil register, the others of the Regsosek questionnaire.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.family_structure import Marital
from simulation.grading import NO_ANSWER, graded, weighted_choice
from simulation.residents import Residents, birth_years

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

# Education (1 none … 9 master) by generation: shares from poorest to richest, rounded from the census tables of rural East Java.
_EDUCATION_STARTS = np.array([1950, 1965, 1980, 1995])
_EDUCATION = (
    ((1, 35.0), (2, 25.0), (3, 32.0), (4, 4.0), (5, 3.0), (8, 1.0)),
    ((1, 10.0), (2, 18.0), (3, 45.0), (4, 11.0), (5, 12.0), (7, 1.0), (8, 2.7), (9, 0.3)),
    ((1, 3.0), (2, 7.0), (3, 40.0), (4, 20.0), (5, 23.0), (7, 2.0), (8, 4.6), (9, 0.4)),
    ((1, 1.0), (2, 2.0), (3, 18.0), (4, 27.0), (5, 41.0), (7, 3.0), (8, 7.5), (9, 0.5)),
    ((2, 1.0), (3, 8.0), (4, 22.0), (5, 58.0), (7, 3.0), (8, 8.0)),
)

# Occupations by three bands of schooling (up to primary, secondary, tertiary), for men and women.
_MEN = (
    ((20, 24), (19, 20), (9, 24), (21, 5), (11, 4), (88, 8), (84, 3), (26, 4), (27, 2), (81, 3), (10, 1), (15, 1), (1, 1)),
    ((88, 20), (15, 22), (9, 12), (19, 14), (20, 5), (81, 5), (84, 5), (13, 2), (35, 2), (11, 3), (26, 3), (14, 2), (85, 1), (1, 4)),
    (
        (5, 17),
        (65, 15),
        (15, 25),
        (88, 18),
        (18, 5),
        (7, 3),
        (6, 2),
        (16, 2),
        (17, 1),
        (85, 2),
        (86, 0.4),
        (72, 0.6),
        (64, 1),
        (99, 6),
        (1, 2),
    ),
)
_WOMEN = (
    ((2, 58), (20, 15), (19, 6), (9, 8), (84, 6), (88, 4), (23, 2), (30, 1)),
    ((2, 55), (15, 15), (88, 10), (84, 6), (19, 4), (30, 2), (34, 1), (20, 2), (1, 5)),
    ((65, 25), (5, 14), (2, 18), (15, 18), (88, 9), (73, 5), (74, 5), (18, 3), (75, 0.5), (72, 0.5), (1, 2)),
)
NOT_WORKING = (1, 2, 3, 4)
BUSINESS = (84, 88, 8, 30, 34, 10)
SALARIED_BY_STATE = (5, 6, 7, 16, 17)

_SECTOR_OF = {
    20: 1,
    9: 1,
    19: 11,
    21: 4,
    11: 4,
    10: 5,
    22: 5,
    26: 11,
    27: 11,
    13: 11,
    81: 13,
    14: 13,
    84: 12,
    88: 12,
    8: 12,
    15: 8,
    65: 21,
    64: 21,
    5: 20,
    6: 20,
    7: 20,
    85: 20,
    86: 20,
}
_SECTOR_OF |= {18: 20, 16: 20, 17: 20, 72: 22, 73: 22, 74: 22, 75: 22, 23: 25, 30: 8, 34: 24, 35: 12, 99: 24}
_JOB_OF = {20: 6, 22: 6, 19: 7, 21: 7, 26: 7, 27: 7, 13: 7, 9: 2, 10: 1, 11: 1, 84: 1, 88: 1, 8: 1, 30: 1, 34: 1, 81: 4, 14: 4, 23: 4}
_JOB_OF |= dict.fromkeys((5, 6, 7, 16, 17, 85, 86), 5)

SCHOOL_STAGES = (
    (7, 13, ((3, 70.0), (4, 30.0))),
    (13, 16, ((8, 66.0), (9, 34.0))),
    (16, 19, ((13, 36.0), (15, 42.0), (14, 22.0))),
    (19, 23, ((19, 80.0), (18, 20.0))),
)
"""From age, to age, kinds of school with their shares."""
_CERTIFICATE_OF_EDUCATION = np.array([0, 23, 23, 3, 8, 13, 18, 18, 19, 21, 22], dtype=np.int8)

DOMAINS = 9
"""Seeing, hearing, walking, hands, learning, behaviour, speaking, self-care, memory; 1 cannot … 4 no difficulty."""


@dataclass(frozen=True)
class Livelihoods:
    """One entry per person of the register; ``NO_ANSWER`` where a question does not apply."""

    education: Codes
    occupation: Codes
    works: Flags
    sector: Codes
    job: Codes
    has_business: Flags
    turnover: Codes
    schooling: Codes
    """1 never, 2 at school, 3 no longer."""
    school_level: Codes
    certificate: Codes
    pregnant: Flags
    difficulty: npt.NDArray[np.int8]
    """People by ``DOMAINS``."""
    sadness: Codes
    illness: Codes
    """1 none, 2-18 a chronic illness."""


def draw_livelihoods(rng: np.random.Generator, residents: Residents, means: Floats, is_town: Flags) -> Livelihoods:
    """Livelihoods of all people; ``means`` and ``is_town`` have one entry per person."""
    age = residents.age
    count = len(residents)
    learning = 0.65 * means + 0.76 * rng.normal(size=count)
    at_school, level = _schooling(rng, age, learning)
    education = _education(residents, age, learning)
    occupation = _occupations(rng, residents, age, education, at_school, is_town)
    works = (age >= 15) & ~np.isin(occupation, NOT_WORKING) & (rng.random(count) < np.where(age < 65, 0.96, 0.6))
    sectors, jobs = np.full(100, 24, dtype=np.int8), np.full(100, 4, dtype=np.int8)
    for table, values in ((_SECTOR_OF, sectors), (_JOB_OF, jobs)):
        for code, answer in table.items():
            values[code] = answer
    # Housewives with a stall are the owners of most of the smallest businesses.
    stall = (occupation == 2) & (age < 65) & (rng.random(count) < 0.14)
    has_business = (works & np.isin(occupation, BUSINESS)) | stall
    turnover = np.where(
        has_business, graded(means + 0.8 * rng.normal(size=count), ((1, 62), (2, 24), (3, 9), (4, 4.5), (5, 0.5))), NO_ANSWER
    )
    never = (age >= 7) & (education == 1)
    schooling = np.where(at_school, 2, np.where((age < 5) | never, 1, 3))
    schooling = np.where((age >= 5) & (age < 7) & ~at_school, 1, schooling)
    certificate = np.where(age >= 5, _CERTIFICATE_OF_EDUCATION[education], NO_ANSWER)
    last_level = np.where(schooling == 3, np.where(certificate == 23, 3, certificate), NO_ANSWER)
    difficulty, sadness = _difficulties(rng, age)
    return Livelihoods(
        education=education,
        occupation=occupation,
        works=works | stall,
        sector=np.where(works, sectors[occupation], np.where(stall, 12, NO_ANSWER)).astype(np.int8),
        job=np.where(works, jobs[occupation], np.where(stall, 1, NO_ANSWER)).astype(np.int8),
        has_business=has_business,
        turnover=turnover.astype(np.int8),
        schooling=schooling.astype(np.int8),
        school_level=np.where(at_school, level, last_level).astype(np.int8),
        certificate=certificate.astype(np.int8),
        pregnant=residents.is_female & (residents.marital == Marital.MARRIED) & (age > 17) & (age < 43) & (rng.random(count) < 0.045),
        difficulty=difficulty,
        sadness=sadness,
        illness=_illness(rng, age),
    )


def _schooling(rng: np.random.Generator, age: Floats, learning: Floats) -> tuple[Flags, Codes]:
    """Who is at school, and where: nearly all children until 15, then fewer, the poor first."""
    stays = np.array([0.0, 0.35, 0.995, 0.955, 0.80, 0.17, 0.0])[np.searchsorted(np.array([5, 7, 13, 16, 19, 23]), age, side="right")]
    # The logistic tilt keeps the mean share and makes dropping out three times as likely for the poorest third.
    odds = stays / np.maximum(1 - stays, 1e-9) * np.exp(0.75 * learning)
    at_school = (stays > 0) & (rng.random(len(age)) < odds / (1 + odds))
    level = np.full(len(age), NO_ANSWER, dtype=np.int8)
    for start, end, kinds in SCHOOL_STAGES:
        rows = np.flatnonzero(at_school & (age >= start) & (age < end))
        level[rows] = weighted_choice(rng, len(rows), kinds)
    return at_school & (age >= 7), level


def _education(residents: Residents, age: Floats, learning: Floats) -> Codes:
    generation = np.searchsorted(_EDUCATION_STARTS, birth_years(residents.birth), side="right")
    education = np.ones(len(age), dtype=np.int8)
    for number, answers in enumerate(_EDUCATION):
        rows = np.flatnonzero(generation == number)
        education[rows] = graded(learning[rows], answers)
    reached = np.select([age < 6.5, age < 12.5, age < 15.5, age < 18.5, age < 22], [1, 2, 3, 4, 5], 10)
    result: Codes = np.minimum(education, reached).astype(np.int8)
    return result


def _occupations(rng: np.random.Generator, residents: Residents, age: Floats, education: Codes, at_school: Flags, is_town: Flags) -> Codes:
    occupation = np.where(at_school | ((age >= 6) & (age < 7)), 3, 1).astype(np.int8)
    band = np.where(education <= 3, 0, np.where(education <= 5, 1, 2))
    grown = (age >= 17) & ~at_school
    for women, tables in ((False, _MEN), (True, _WOMEN)):
        for number, answers in enumerate(tables):
            rows = np.flatnonzero(grown & (residents.is_female == women) & (band == number))
            occupation[rows] = weighted_choice(rng, len(rows), answers)
    # Land and sea are far from town: farm hands there carry loads instead.
    in_town = is_town & np.isin(occupation, (9, 20, 21, 11)) & (rng.random(len(age)) < 0.8)
    occupation[in_town] = 19
    old = grown & (age >= 60)
    retired = old & np.isin(occupation, SALARIED_BY_STATE)
    occupation[retired] = 4
    resting = old & ~retired & (rng.random(len(age)) < np.interp(age, [60, 85], [0.1, 0.85]))
    occupation[resting] = np.where(residents.is_female[resting], 2, 1)
    young = grown & (age < 23) & (rng.random(len(age)) < 0.35) & (residents.marital == Marital.SINGLE)
    occupation[young] = 1
    return occupation


def _difficulties(rng: np.random.Generator, age: Floats) -> tuple[npt.NDArray[np.int8], Codes]:
    """Washington Group answers: few people have any difficulty before 50; one in a hundred of the young a severe one."""
    count = len(age)
    difficulty = np.full((count, DOMAINS), 4, dtype=np.int8)
    affected = np.flatnonzero(rng.random(count) < np.interp(age, [0, 5, 50, 65, 80, 95], [0.004, 0.016, 0.03, 0.12, 0.45, 0.8]))
    for _ in range(2):
        rows = affected[rng.random(len(affected)) < 0.75]
        domain = weighted_choice(rng, len(rows), ((0, 24), (1, 16), (2, 28), (3, 6), (4, 5), (5, 4), (6, 6), (7, 5), (8, 6))).astype(
            np.int64
        )
        old = age[rows] > 55
        grade = np.where(
            old, weighted_choice(rng, len(rows), ((3, 74), (2, 21), (1, 5))), weighted_choice(rng, len(rows), ((3, 40), (2, 36), (1, 24)))
        )
        difficulty[rows, domain] = np.minimum(difficulty[rows, domain], grade)
    sadness = weighted_choice(rng, count, ((4, 88), (3, 9), (2, 2.4), (1, 0.6)))
    return difficulty, sadness


def _illness(rng: np.random.Generator, age: Floats) -> Codes:
    ill = rng.random(len(age)) < np.interp(age, [0, 20, 40, 60, 80], [0.005, 0.012, 0.06, 0.24, 0.38])
    kinds = weighted_choice(
        rng, len(age), ((2, 36), (3, 16), (4, 9), (5, 6), (6, 14), (7, 2), (8, 4), (9, 1), (10, 1), (13, 7), (15, 0.3), (17, 0.3), (18, 4))
    )
    illness: Codes = np.where(ill, kinds, 1).astype(np.int8)
    return illness
