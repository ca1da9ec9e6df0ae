"""Who is on which list of the education office: the programmes' rules, and the errors of those who apply them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulation.family_structure import Relation
from simulation.office_rows import drawn_by_weight
from simulation.regency import Regency
from simulation.residents import ALIVE

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

PROGRAMMES: Mapping[str, float] = {"Garda Ampuh": 0.17, "Banyuwangi Cerdas": 0.10, "SAS": 0.15, "PIP": 0.58}
"""Sheets, and their shares of the rows."""
AGES: Mapping[str, tuple[int, int]] = {"Garda Ampuh": (7, 22), "Banyuwangi Cerdas": (17, 26), "SAS": (6, 16), "PIP": (6, 22)}
# How much likelier by the decile that the state gives the family; the rules end at 4 (scholarship: 5).
BY_DECILE = np.array([0, 1.0, 1.0, 0.85, 0.7, 0.12, 0.06, 0.03, 0.015, 0.008, 0.004])
UPPER_SECONDARY = 5
PRIMARY = 3


@dataclass(frozen=True)
class PupilChoice:
    """People for one sheet."""

    chosen: Index
    of_age: Flags
    """Residents who could be pupils of this programme by their age."""
    strangers_of_age: Flags


def pupils_of(programme: str, rng: np.random.Generator, regency: Regency, count: int, taken: Flags) -> PupilChoice:
    """``count`` pupils for a programme; ``taken`` marks those whom an earlier sheet has, which SAS leaves out."""
    residents, livelihoods = regency.residents, regency.livelihoods
    first, last = AGES[programme]
    age = residents.age
    of_age = (age >= first) & (age < last)
    weight = _need(programme, regency) * BY_DECILE[regency.welfare.published_decile][residents.family]
    # Now and then a school puts somebody on the list who just asked.
    weight = np.maximum(weight, 0.0005) * (of_age & (residents.status == ALIVE))
    if programme == "SAS":
        weight *= ~taken & (livelihoods.schooling == 2)
    strangers = (residents.as_of - regency.strangers.birth) / 365.25
    return PupilChoice(drawn_by_weight(rng, weight, count), of_age, (strangers >= first) & (strangers < last))


def _need(programme: str, regency: Regency) -> Floats:
    """How well each resident fits the programme's rule, apart from poverty."""
    residents, livelihoods = regency.residents, regency.livelihoods
    at_school = livelihoods.schooling == 2
    level = livelihoods.school_level
    child = (residents.relation == Relation.CHILD) & (residents.age < 19)
    orphan = child & ((residents.mother < 0) | (residents.father < 0))
    disabled = (livelihoods.difficulty == 1).any(axis=1)
    head_education = livelihoods.education[residents.family_start][residents.family]
    need: Floats
    if programme == "Garda Ampuh":
        dropout = (livelihoods.schooling == 3) & (livelihoods.education < UPPER_SECONDARY)
        at_risk = at_school & (orphan | disabled | (head_education <= PRIMARY))
        need = np.where(dropout, 2.5, np.where(at_risk, 0.25, 0.003))
    elif programme == "Banyuwangi Cerdas":
        student = at_school & (level >= 18)
        finished = (livelihoods.education >= UPPER_SECONDARY) & ~at_school & (residents.age < 20)
        need = np.where(student, 3.0, np.where(finished, 0.1, 0.0))
    elif programme == "SAS":
        need = np.where(at_school & (level <= 10), np.where(orphan | disabled, 3.0, 1.0), 0.0)
    else:
        with_card = np.where(regency.programmes.receives_pkh, 3.0, 1.0)[residents.family]
        need = np.where(at_school, with_card * np.where(orphan | disabled, 2.0, 1.0), 0.003)
    return need
