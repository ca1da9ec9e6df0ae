"""How many people are in no right row at all, by what their records hold.

Weights are learned with a fixed share of records whose person is not there. The true share is then estimated from the records themselves,
by EM on the prior alone, after Saerens, Latinne and Decaestecker (2002). It differs by what a record holds: somebody unknown to the
register seldom has its numbers, so records that lack the same columns share an estimate, which leans on the overall one where they are few.
Records that the identifier settled count as found. The estimates are part of the model, so that what a record is linked to does not depend
on which other records happen to be linked with it.
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


OVERALL = "*"  # the stratum of records that lack what no record of the training lacked


@dataclass(frozen=True)
class Strata:
    """Stratum of each left record, how many records each has, and what it is called: the missing columns, in order."""

    of_record: npt.NDArray[np.int64]
    sizes: Floats
    names: tuple[str, ...]

    @classmethod
    def of(cls, tables: Tables, spec: LinkSpec) -> "Strata":
        """Records are alike when they lack the same compared columns."""
        columns = sorted({comparison.column for comparison in spec.comparisons})[:60]
        bits = np.zeros(tables.left_count, dtype=np.int64)
        for name in columns:
            bits = bits * 2 + (tables.columns[name].left < 0)
        distinct, stratum = np.unique(bits, return_inverse=True)
        places = range(len(columns))
        names = tuple(
            ",".join(columns[place] for place in places if number >> (len(columns) - 1 - place) & 1) for number in distinct.tolist()
        )
        return cls(stratum.astype(np.int64), np.bincount(stratum, minlength=max(len(distinct), 1)).astype(np.float64), names)


def absence_shares(scores: Floats, groups: Groups, open_rows: npt.NDArray[Any], strata: Strata, expected: float) -> tuple[Floats, float]:
    """Share of records whose person is not there, per stratum and overall, where the weights were fitted with ``expected``."""
    peak = np.maximum(groups.highest(scores), 0.0)
    return shares_by_odds(groups.sums(np.exp(scores - peak[groups.of_pair])), peak, groups.records, open_rows, strata, expected)


def shares_by_odds(
    candidates: Floats, peak: Floats, records: npt.NDArray[Any], open_rows: npt.NDArray[Any], strata: Strata, expected: float
) -> tuple[Floats, float]:
    """The same from the odds of all candidates of each of these records, over the exponential of ``peak``."""
    size = len(strata.sizes)
    share, overall = np.full(size, expected), expected
    if not len(records):
        return share, overall
    stratum = strata.of_record[records]
    bare = np.bincount(strata.of_record[open_rows], minlength=size) - np.bincount(stratum, minlength=size)
    nobody = np.exp(-peak)
    for _ in range(_ROUNDS):
        none = np.exp(log_odds_gained(share, expected))[stratum] * nobody
        absent = np.bincount(stratum, weights=none / (none + candidates), minlength=size) + bare
        overall = (absent.sum() + expected) / (strata.sizes.sum() + 1.0)
        new = np.clip((absent + _LEAN * overall) / (strata.sizes + _LEAN), _LEAST, _MOST)
        done = float(np.abs(new - share).max()) < 1e-6
        share = new
        if done:
            break
    return share, float(np.clip(overall, _LEAST, _MOST))


def log_odds_gained(share: Floats, expected: float) -> Floats:
    """What *none of them* gains or loses against the share ``expected`` that the weights were fitted with."""
    return np.log(share / (1 - share)) - float(np.log(expected / (1 - expected)))


def named_shares(strata: Strata, shares: Floats, overall: float) -> dict[str, float]:
    """Shares by what their records lack, for the model."""
    return {name: round(float(share), 6) for name, share in zip(strata.names, shares, strict=False)} | {OVERALL: round(overall, 6)}


def shifts_of(absent: dict[str, float], groups: Groups, strata: Strata, expected: float) -> Floats:
    """For each group, what *none of them* gains under the shares of a model."""
    share = np.array([absent.get(name, absent.get(OVERALL, expected)) for name in (*strata.names, OVERALL)])
    return np.asarray(np.round(log_odds_gained(share, expected)[strata.of_record[groups.records]], 6))


def hidden_shift(absent: dict[str, float], groups: Groups, strata: Strata, expected: float, column: str) -> Floats:
    """The same where this column is hidden from records that have it."""
    shares = np.array([absent.get(with_column(name, column), absent.get(OVERALL, expected)) for name in strata.names])
    return np.asarray(log_odds_gained(shares, expected)[strata.of_record[groups.records]])


def without_column(name: str, column: str) -> str:
    """Name of a stratum that lacks the same columns, this one aside."""
    return ",".join(part for part in name.split(",") if part and part != column)


def with_column(name: str, column: str) -> str:
    """Name of the stratum that lacks this column as well."""
    return ",".join(sorted({*filter(None, name.split(",")), *filter(None, (column,))}))
