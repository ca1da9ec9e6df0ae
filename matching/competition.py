"""Candidates compete: the probability that candidate j is the one is odds_j / (1 + the sum of the odds of all candidates of that record).

The 1 stands for *none of them*: the person is not in the right table, or was not among the candidates. Two equally good namesakes get
less than half each.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """Runs of pairs that belong to one left record; ``pairs`` are sorted by left row."""

    starts: npt.NDArray[np.int64]
    records: npt.NDArray[np.int64]
    of_pair: npt.NDArray[np.int64]

    @classmethod
    def of(cls, left: npt.NDArray[Any]) -> "Groups":
        """Groups of pairs sorted by ``left``."""
        first = np.ones(len(left), dtype=bool)
        first[1:] = left[1:] != left[:-1]
        starts = np.flatnonzero(first)
        return cls(starts, left[starts].astype(np.int64), np.cumsum(first) - 1)

    def where(self, chosen: npt.NDArray[np.bool_]) -> tuple["Groups", npt.NDArray[np.int64]]:
        """Only these groups, and the places of their pairs."""
        pairs = np.flatnonzero(chosen[self.of_pair])
        return Groups.of(self.records[self.of_pair[pairs]]), pairs

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Number of candidates of each record."""
        return np.diff(np.append(self.starts, len(self.of_pair)))

    def sums(self, values: Floats) -> Floats:
        """Sum over each record's candidates."""
        return np.add.reduceat(values, self.starts) if len(self.starts) else np.empty(0)

    def highest(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Maximum over each record's candidates."""
        return np.maximum.reduceat(values, self.starts) if len(self.starts) else np.empty(0)

    def first_best(self, values: Floats) -> npt.NDArray[np.int64]:
        """Place of each record's best pair; of equals the first, which is the one with the least right row."""
        best = np.flatnonzero(values == self.highest(values)[self.of_pair])
        owner = self.of_pair[best]
        first = np.ones(len(best), dtype=bool)
        first[1:] = owner[1:] != owner[:-1]
        return best[first]


def probabilities(scores: Floats, groups: Groups, log_odds_of_none: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """Probability of each candidate, and of *none of them* for each record (whose log odds are given for all records or for each)."""
    peak = np.maximum(groups.highest(scores), log_odds_of_none)
    odds = np.exp(scores - peak[groups.of_pair])
    none = np.exp(log_odds_of_none - peak)
    total = groups.sums(odds) + none
    return odds / total[groups.of_pair], none / total
