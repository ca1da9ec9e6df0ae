"""Match weights: how much each outcome of a comparison speaks for or against a pair, and the score of a pair as their sum.

Both models, the additive one and the interacting one, end as this table, so that scoring, explaining and saving are the same for both.
Weights are natural logarithms of likelihood ratios; the intercept is the logarithm of the odds that a candidate is the one before
anything is compared.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matching.compare import Outcomes, Scale

Floats = npt.NDArray[np.float64]
_CHUNK = 1 << 16  # pairs scored at a time: what is added up stays in the processor's cache, and both cores have work
DECIMALS = 6  # weights are rounded so that the last bits of a fit cannot change a link


@dataclass
class WeightTable:
    """Weights by outcome, and by pairs of levels where two comparisons speak together."""

    scales: tuple[Scale, ...]
    intercept: float
    main: dict[str, Floats]
    together: dict[tuple[str, str], Floats] = field(default_factory=dict)

    def rounded(self) -> Self:
        """The same table with rounded weights."""
        return type(self)(
            self.scales,
            round(self.intercept, DECIMALS),
            {name: np.round(weights, DECIMALS) + 0.0 for name, weights in self.main.items()},
            {pair: np.round(weights, DECIMALS) + 0.0 for pair, weights in self.together.items()},
        )

    def without(self, name: str) -> Self:
        """The same table with nothing said by one comparison."""
        main = {key: weights for key, weights in self.main.items() if key != name}
        return type(self)(self.scales, self.intercept, main, {pair: weights for pair, weights in self.together.items() if name not in pair})

    def scores(self, outcomes: Outcomes) -> Floats:
        """Score of each pair (column of ``outcomes``)."""
        total = np.full(outcomes.shape[1], self.intercept)
        parts = [slice(start, start + _CHUNK) for start in range(0, len(total), _CHUNK)]
        if len(parts) > 1:
            with ThreadPoolExecutor(2) as threads:  # numpy leaves Python's lock
                list(threads.map(lambda part: self._add_scores(outcomes[:, part], total[part]), parts))
        elif parts:
            self._add_scores(outcomes, total)
        return total

    def _add_scores(self, outcomes: Outcomes, total: Floats) -> None:
        place = {scale.name: number for number, scale in enumerate(self.scales)}
        levels = {name: scale.level_of(outcomes[place[name]]) for name, scale in self._scales_together().items()}
        for scale in self.scales:
            if scale.name in self.main:
                total += self.main[scale.name].take(outcomes[place[scale.name]])
        for (one, other), weights in self.together.items():
            flat = levels[one].astype(np.int64) * len(self.scales[place[other]].levels)
            flat += levels[other]
            total += weights.ravel().take(flat)

    def _scales_together(self) -> dict[str, Scale]:
        spoken = {name for pair in self.together for name in pair}
        return {scale.name: scale for scale in self.scales if scale.name in spoken}

    def shares(self, outcomes: Outcomes) -> Floats:
        """What each comparison (row) adds to the score of each pair (column): its own weight and half of what it says with another."""
        place = {scale.name: number for number, scale in enumerate(self.scales)}
        result = np.zeros((len(self.scales), outcomes.shape[1]))
        for name, weights in self.main.items():
            result[place[name]] += weights[outcomes[place[name]]]
        for (one, other), weights in self.together.items():
            first, second = (self.scales[place[name]].level_of(outcomes[place[name]]) for name in (one, other))
            result[place[one]] += weights[first, second] / 2
            result[place[other]] += weights[first, second] / 2
        return result

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "intercept": self.intercept,
            "scales": [{"name": scale.name, "levels": list(scale.levels), "bands": scale.bands} for scale in self.scales],
            "main": {name: weights.tolist() for name, weights in self.main.items()},
            "together": [{"comparisons": list(pair), "weights": weights.tolist()} for pair, weights in self.together.items()],
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        """Read what :meth:`to_dict` wrote."""
        return cls(
            tuple(Scale(scale["name"], tuple(scale["levels"]), int(scale["bands"])) for scale in content["scales"]),
            float(content["intercept"]),
            {name: np.asarray(weights, dtype=np.float64) for name, weights in content["main"].items()},
            {
                (entry["comparisons"][0], entry["comparisons"][1]): np.asarray(entry["weights"], dtype=np.float64)
                for entry in content["together"]
            },
        )
