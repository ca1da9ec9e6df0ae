"""Labelled choices folded to distinct patterns of outcomes, and the design matrix whose columns are the weights to fit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from matching.compare import Outcomes, Scale

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Patterns:
    """Distinct columns of a table of outcomes, and which of them each pair shows."""

    outcomes: Outcomes
    of_pair: npt.NDArray[np.int64]

    @classmethod
    def of(cls, outcomes: Outcomes, scales: tuple[Scale, ...]) -> "Patterns":
        """Distinct patterns, in the order of their numbers."""
        numbers = np.zeros(outcomes.shape[1], dtype=np.int64)
        room = 1
        for number, scale in enumerate(scales):
            if room > (1 << 62) // scale.size:
                numbers = _numbered(numbers)[0]
                room = int(numbers.max()) + 1 if len(numbers) else 1
            numbers = numbers * scale.size + outcomes[number]
            room *= scale.size
        of_pair, first = _numbered(numbers)
        return cls(outcomes[:, first], of_pair)


def _numbered(numbers: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each number its place among the distinct ones in order, and where each of these stands; by hashing, as there are few."""
    codes, distinct = pd.factorize(numbers)
    order = np.argsort(distinct)
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[order] = np.arange(len(distinct))
    where = np.empty(len(distinct), dtype=np.int64)
    of_each = rank.take(codes)
    where[of_each] = np.arange(len(numbers))
    return of_each, where


@dataclass(frozen=True)
class Design:
    """Sparse design of patterns.

    Column 0 the intercept, then per comparison its levels and (where it has bands) outcomes, then pairs of levels.
    """

    matrix: Any
    level_columns: dict[str, int]
    outcome_columns: dict[str, int]
    pair_columns: dict[tuple[str, str], int]
    size: int


def design_of(patterns: Outcomes, scales: tuple[Scale, ...], interactions: tuple[tuple[str, str], ...], skip: frozenset[str]) -> Design:
    """Design of these patterns; comparisons in ``skip`` (hidden ones) get no column."""
    rows = patterns.shape[1]
    place = {scale.name: number for number, scale in enumerate(scales)}
    columns: list[npt.NDArray[np.int64]] = [np.zeros(rows, dtype=np.int64)]
    used = 1
    level_columns, outcome_columns, pair_columns = {}, {}, {}
    for scale in scales:
        if scale.name in skip:
            continue
        outcome = patterns[place[scale.name]].astype(np.int64)
        level_columns[scale.name] = used
        columns.append(used + scale.level_of(outcome))
        used += len(scale.levels)
        if scale.bands > 1:
            outcome_columns[scale.name] = used
            columns.append(used + outcome)
            used += scale.size
    for one, other in interactions:
        if one in skip or other in skip:
            continue
        first, second = scales[place[one]], scales[place[other]]
        pair_columns[one, other] = used
        columns.append(
            used + first.level_of(patterns[place[one]]).astype(np.int64) * len(second.levels) + second.level_of(patterns[place[other]])
        )
        used += len(first.levels) * len(second.levels)
    indices = np.stack(columns, axis=1).ravel()
    matrix = csr_matrix((np.ones(len(indices)), indices, np.arange(rows + 1) * len(columns)), shape=(rows, used))
    return Design(matrix, level_columns, outcome_columns, pair_columns, used)
