"""How many people are in no right row at all, by what their records hold.

Weights are learned with a fixed share of records whose person is not there. In the run that share is estimated from the records
themselves, by EM on the prior alone, after Saerens, Latinne and Decaestecker (2002). It differs by what a record holds: somebody unknown
to the register seldom has its numbers, so records that lack the same columns share an estimate, which leans on the overall one where they
are few. Records that the identifier settled count as found.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.columns import Tables
from matching.competition import Floats, Groups
from matching.spec import LinkSpec

_ROUNDS = 60
_LEAN = 30.0  # a stratum of so many records is believed half
_LEAST, _MOST = 1e-4, 0.9


@dataclass(frozen=True)
class Strata:
    """Stratum of each left record, and how many records each has."""

    of_record: npt.NDArray[np.int64]
    sizes: Floats

    @classmethod
    def of(cls, tables: Tables, spec: LinkSpec) -> "Strata":
        """Records are alike when they lack the same compared columns."""
        names = sorted({comparison.column for comparison in spec.comparisons})
        bits = np.zeros(tables.left_count, dtype=np.int64)
        for name in names[:60]:
            bits = bits * 2 + (tables.columns[name].left < 0)
        _, stratum = np.unique(bits, return_inverse=True)
        return cls(stratum.astype(np.int64), np.bincount(stratum, minlength=1).astype(np.float64))


def absence_shifts(scores: Floats, groups: Groups, open_rows: npt.NDArray[Any], strata: Strata, expected: float) -> Floats:
    """For each group, what *none of them* gains or loses against the share ``expected`` that the weights were fitted with."""
    if not len(groups.starts):
        return np.empty(0)
    stratum = strata.of_record[groups.records]
    size = len(strata.sizes)
    bare = np.bincount(strata.of_record[open_rows], minlength=size) - np.bincount(stratum, minlength=size)
    start = float(np.log(expected / (1 - expected)))
    peak = np.maximum(groups.highest(scores), 0.0)
    candidates = groups.sums(np.exp(scores - peak[groups.of_pair]))
    share = np.full(size, expected)
    for _ in range(_ROUNDS):
        none = np.exp((np.log(share / (1 - share)) - start)[stratum] - peak)
        absent = np.bincount(stratum, weights=none / (none + candidates), minlength=size) + bare
        overall = (absent.sum() + expected) / (strata.sizes.sum() + 1.0)
        new = np.clip((absent + _LEAN * overall) / (strata.sizes + _LEAN), _LEAST, _MOST)
        done = float(np.abs(new - share).max()) < 1e-6
        share = new
        if done:
            break
    return np.asarray(np.round((np.log(share / (1 - share)) - start)[stratum], 6))
