"""Why a record is, or may be, a certain resident: the link's evidence as a sum whose parts can be shown one after the other.

The evidence holds the prior and the weight of each comparison, in natural logarithms of odds; their sum is the log odds of this resident
against *none of the candidates*. Candidates compete: p = odds / (1 + the odds of all). So the rest that leads to the stored probability is
what the other candidates, and the rule that some lists name a person once, take away.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["prior", "comparison", "competition", "decision"]
CERTAIN = 0.99999
"""Probabilities are stored with six decimals: from here on their log odds are rounding, and say nothing of competition."""
_WORTH_SHOWING = 0.05
"""Log odds below which the rest is rounding: weights are stored with two decimals."""


@dataclass(frozen=True)
class Part:
    """One summand: what was compared, at which level, what it adds to the log odds, and the sum before and after it."""

    kind: Kind
    column: str
    level: str
    weight: float
    before: float

    @property
    def after(self) -> float:
        """The sum with this part."""
        return self.before + self.weight


@dataclass(frozen=True)
class Explanation:
    """One candidate's sum. `parts` is empty where nothing was weighed (no candidate, or people decided)."""

    parts: Sequence[Part]
    probability: float
    candidates: int
    runner_up: float
    decided: str | None

    @property
    def total(self) -> float:
        """The log odds to which the parts add up."""
        return self.parts[-1].after if self.parts else 0.0

    @property
    def most(self) -> float:
        """The largest distance from zero that the running sum reaches, for a scale."""
        return max((abs(value) for part in self.parts for value in (part.before, part.after)), default=1.0) or 1.0


def explain(evidence: str | None, probability: float) -> Explanation:
    """The explanation that stands in `person_link.evidence` or `review_case.evidence`, with the probability stored beside it."""
    told = json.loads(evidence) if evidence else {}
    comparisons = told.get("comparisons", [])
    decided = next((one["level"] for one in comparisons if one["column"] == "decision"), None)
    weighed = [one for one in comparisons if one["weight"] is not None]
    parts: list[Part] = []
    if weighed:
        parts.append(Part("prior", "prior", "", float(told.get("prior", 0.0)), 0.0))
        for one in weighed:
            parts.append(Part("comparison", one["column"], one["level"], float(one["weight"]), parts[-1].after))
        rest = _rest(parts[-1].after, probability)
        if abs(rest) >= _WORTH_SHOWING:
            parts.append(Part("competition", "competition", "", rest, parts[-1].after))
    return Explanation(parts, probability, int(told.get("candidates", 0)), float(told.get("runner_up", 0.0)), decided)


def _rest(score: float, probability: float) -> float:
    """What leads from the sum of the comparisons to the stored probability; nothing where that is rounded to certainty."""
    if not 1 - CERTAIN < probability < CERTAIN:
        return 0.0
    return math.log(probability / (1 - probability)) - score
