"""Signs of poverty: which of them each family shows, and the local score that counts them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility.conditions import evaluate
from eligibility.rows import rows_of, taken_at
from eligibility.three_valued import Truth, at_least
from schemas.canonical import TEXT
from schemas.programmes import Deprivation, DeprivationBook

DEPRIVATION_COLUMNS = ("family_id", "code", "holds", "value", "record_id")


@dataclass(frozen=True)
class ScoreResult:
    """The local score of each family: how many signs hold, how many are known, and whether that makes the family poor."""

    holding: npt.NDArray[np.int64]
    known: npt.NDArray[np.int64]
    poor: Truth


def local_score(family_facts: pd.DataFrame, signs: DeprivationBook) -> ScoreResult:
    """Poor once enough signs hold, not poor once too many fail for that; unknown in between, never by default."""
    answers = [_answer(sign, family_facts) for sign in signs.deprivations if sign.in_local_score]
    holding = np.sum([answer.holds for answer in answers], axis=0).astype(np.int64)
    failing = np.sum([answer.fails for answer in answers], axis=0).astype(np.int64)
    return ScoreResult(holding, holding + failing, at_least(signs.local_score.minimum, answers))


def build_deprivations(family_facts: pd.DataFrame, signs: DeprivationBook, house_sources: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row for each family and each sign that is known to hold or not to hold (DEPRIVATION_COLUMNS), by sign, then family.

    A sign without row is unknown. house_sources: entity_id (house_id), attribute, record_id, used: where a house's value comes from.
    """
    parts = [_rows(sign, family_facts, house_sources) for sign in signs.deprivations if sign.condition is not None]
    result = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return result[list(DEPRIVATION_COLUMNS)]


def _answer(sign: Deprivation, facts: pd.DataFrame) -> Truth:
    if sign.condition is None:
        nobody = np.zeros(len(facts), dtype=bool)
        return Truth(nobody, nobody)
    return evaluate(sign.condition, lambda name: facts[name])


def _rows(sign: Deprivation, facts: pd.DataFrame, house_sources: pd.DataFrame | None) -> pd.DataFrame:
    answer = _answer(sign, facts)
    rows = np.flatnonzero(answer.holds | answer.fails)
    blank = pd.Series(pd.NA, index=range(len(rows)), dtype=TEXT)
    return pd.DataFrame(
        {
            "family_id": facts["family_id"].array.take(rows),
            "code": pd.Series(sign.code, index=range(len(rows)), dtype=TEXT),
            "holds": pd.array(answer.holds[rows], dtype="boolean"),
            "value": blank if sign.shows is None else _shown(facts[sign.shows].iloc[rows]).array,
            "record_id": blank if house_sources is None else _origin(sign, facts["house_id"].iloc[rows], house_sources).array,
        }
    )


def _shown(values: pd.Series) -> pd.Series:
    if values.dtype == "float64":
        values = values.round(2)
    elif values.dtype == "boolean":
        values = values.map({True: "yes", False: "no"})
    return values.astype(TEXT)


def _origin(sign: Deprivation, house_id: pd.Series, sources: pd.DataFrame) -> pd.Series:
    attribute = {"floor_area_per_person": "floor_area_m2"}.get(str(sign.shows), sign.shows)
    used = sources[(sources["attribute"] == attribute) & sources["used"].astype(bool)].drop_duplicates("entity_id")
    return taken_at(used["record_id"].astype(TEXT), rows_of(house_id, used["entity_id"]))
