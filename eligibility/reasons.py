"""The reasons of decisions as JSON: a few hundred distinct texts for millions of decisions.

Each unit's answers to a programme's criteria form a pattern; a text is written once per pattern.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility.three_valued import FALSE, TRUE, UNKNOWN, Truth
from schemas.contracts import Title

_HOLDS = {TRUE: True, FALSE: False, UNKNOWN: None}


class Stated(Protocol):
    """Something with a code and a text in both languages: a criterion or an overlap."""

    @property
    def code(self) -> str:
        """The code by which programs know it."""

    @property
    def text(self) -> Title:
        """What it says, in both languages."""


def reasons_of(stated: Sequence[Stated], answers: Sequence[Truth]) -> pd.Categorical[str]:
    """For each unit the JSON list of {"code", "text_id", "text_en", "holds"}; `holds`: whether the requirement is met (null: unknown)."""
    pattern: npt.NDArray[np.int64] = np.zeros(len(answers[0].holds), dtype=np.int64)
    for answer in answers:
        pattern = pattern * 3 + answer.states
    present, which = np.unique(pattern, return_inverse=True)
    texts = pd.Index([_text(stated, int(number)) for number in present])
    return pd.Categorical.from_codes(which.astype(np.int64), categories=texts)


def _text(stated: Sequence[Stated], pattern: int) -> str:
    states = []
    for _ in stated:
        pattern, state = divmod(pattern, 3)
        states.append(state)
    reasons = [
        {"code": one.code, "text_id": one.text.id, "text_en": one.text.en, "holds": _HOLDS[state]}
        for one, state in zip(stated, reversed(states), strict=True)
    ]
    return json.dumps(reasons, ensure_ascii=False, separators=(",", ":"))
