"""What one record says about a person or a family, in the words that later stages use; unknown stays unknown.

Questionnaires ask in detail (nine kinds of difficulty, turnover classes, livestock by kind); here each record's answers become
one fact. Which record's fact survives is decided elsewhere (`survivorship`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from schemas.canonical import BY_NAME, TEXT, as_canonical

WASHINGTON_GROUP = tuple(name for name in BY_NAME if name.startswith("disability_"))
_VALUABLES = ("owns_motorcycle", "owns_car", "owns_boat", "owns_jewellery", "cattle", "goats")
_OWN_BUSINESS = ("1", "2", "3")
"""Regsosek 418: self-employed, alone or with helpers."""
_NO_ILLNESS = "1"
"""Regsosek 430: none."""

PERSON_FACT_COLUMNS = (
    "disability_level",
    "severe_disability",
    "chronic_illness",
    "pregnant",
    "school_participation",
    "school_level",
    "works",
    "has_business",
    "widowed",
    "lives_alone",
)

_NEEDED = (
    *WASHINGTON_GROUP,
    *("chronic_illness", "pregnant", "school_participation", "school_level", "works", "work_status"),
    *("has_business", "business_turnover", "widowed", "lives_alone"),
)


def record_facts(records: pd.DataFrame) -> pd.DataFrame:
    """What each record says about its person; same index, PERSON_FACT_COLUMNS."""
    answers = as_canonical(records.reindex(columns=list(_NEEDED)), _NEEDED)
    level, severe = _disability(answers)
    facts = pd.DataFrame(
        {
            "disability_level": level,
            "severe_disability": severe,
            "chronic_illness": _known(answers["chronic_illness"] != _NO_ILLNESS),
            "has_business": _business(answers),
        },
        index=records.index,
    )
    for column in PERSON_FACT_COLUMNS:
        if column not in facts:
            facts[column] = answers[column]
    return facts[list(PERSON_FACT_COLUMNS)]


def _known(answer: pd.Series) -> pd.Series:
    return answer.astype("boolean")


def _disability(answers: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The worst answer (1 cannot … 4 none), and whether the disability is severe.

    Severe: one activity that the person cannot do, or self-care with much difficulty. With some answers missing the worst is
    only known when it is already 1, and "not severe" is not known at all.
    """
    items = np.column_stack([pd.to_numeric(answers[name]).to_numpy(dtype="float64", na_value=np.nan) for name in WASHINGTON_GROUP])
    complete = ~np.isnan(items).any(axis=1)
    worst = np.where(np.isnan(items), np.inf, items).min(axis=1)
    level_known = complete | (worst == 1)
    level = pd.array(np.where(level_known, worst, 0).astype(np.int64), dtype="Int64")
    level[~level_known] = pd.NA
    self_care = items[:, WASHINGTON_GROUP.index("disability_self_care")]
    is_severe = (worst == 1) | (self_care <= 2)
    severe = pd.array(is_severe, dtype="boolean")
    severe[~is_severe & ~complete] = pd.NA
    return pd.Series(level, index=answers.index), pd.Series(severe, index=answers.index)


def _business(answers: pd.DataFrame) -> pd.Series:
    """Whether the person runs a business: as asked, else from turnover or status in the job; somebody who does not work has none."""
    said = answers["has_business"]
    has_turnover = answers["business_turnover"].notna()
    turnover = has_turnover.astype("boolean").where(has_turnover)
    status = _known(answers["work_status"].isin(_OWN_BUSINESS)).mask(answers["work_status"].isna())
    idle = answers["works"].where(~answers["works"].fillna(True))
    return said.fillna(turnover).fillna(status).fillna(idle)


def owns_valuables(records: pd.DataFrame) -> pd.Series:
    """Whether the family owns any of the goods that could be sold; no only if every question was answered with no."""
    answers = as_canonical(records.reindex(columns=list(_VALUABLES)), _VALUABLES)
    result = pd.Series(False, index=answers.index, dtype="boolean")
    for column in _VALUABLES:
        owned = answers[column] if answers[column].dtype == "boolean" else _known(answers[column] > 0)
        result |= owned
    return result.rename("owns_valuables")


def text_column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A text column of a frame, all missing where the frame has none."""
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype=TEXT, name=name)
