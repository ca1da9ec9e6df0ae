"""Compare candidate pairs: for each comparison of the spec, which level holds, and how common the agreeing value is.

The result is one small integer per pair and comparison, an *outcome*: level x number of frequency bands + band. Level 0 is ``missing``,
the last one ``different``. Few distinct combinations of outcomes (*patterns*) occur, so weights are fitted and explained on patterns.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from matching.columns import Column, Tables
from matching.levels import SAYING_NOTHING, parse_level
from matching.pairs import Pairs
from matching.relatives import bearers_by_word, name_counts, relative_levels
from matching.spec import RELATIVE, RELATIVE_LEVELS, Comparison, LinkSpec, Positions
from matching.values import Integers, Values

Outcomes = npt.NDArray[np.int16]
MISSING = "missing"
DIFFERENT = "different"
POSITION = "position"
BANDS = 12  # bands of how many right rows share a value, each twice as wide as the one before: 1, 2-3, 4-7, … 2048 and more
_FEW = 200  # distinct values of a column whose every pair is compared once, and then only looked up
_CHUNK = 1 << 17  # pairs compared at a time: what a level needs stays in the processor's cache, memory stays flat, and both cores have work


@dataclass(frozen=True)
class Scale:
    """Names of a comparison's levels and its number of frequency bands."""

    name: str
    levels: tuple[str, ...]
    bands: int

    @property
    def size(self) -> int:
        """Number of outcomes."""
        return len(self.levels) * self.bands

    def level_of(self, outcomes: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Level of each outcome."""
        return outcomes // self.bands if self.bands > 1 else outcomes


RELATIVE_SCALE = Scale(RELATIVE, (MISSING, *RELATIVE_LEVELS, DIFFERENT), BANDS)
HOUSEHOLD_SCALE = Scale("household", (MISSING, "same", DIFFERENT), 1)


def position_scale(spec: Positions) -> Scale:
    """Bands of distance from the finest place of a candidate whose position is known."""
    bands = (*(f"within {metres}" for metres in spec.metres), f"beyond {spec.metres[-1]}")
    return Scale(POSITION, (MISSING, *(f"{kind}_{band}" for kind in spec.places for band in bands)), 1)


class Testimony(Protocol):
    """What other records say of a pair: where household fellows went, or how far it is, as an outcome on a scale of its own."""

    def outcomes(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Outcomes:
        """Outcome of each pair."""


def scale_of(comparison: Comparison) -> Scale:
    """The levels of a comparison with ``missing`` before and ``different`` behind them."""
    return Scale(comparison.name, (MISSING, *comparison.levels, DIFFERENT), BANDS if comparison.frequency is not None else 1)


class Comparer:
    """Compares pairs of rows of two encoded tables under a spec."""

    def __init__(self, tables: Tables, spec: LinkSpec) -> None:
        self.tables = tables
        self.comparisons = spec.comparisons
        own = tuple(scale_of(comparison) for comparison in spec.comparisons)
        household = (HOUSEHOLD_SCALE,) if spec.household is not None else ()
        relative = (RELATIVE_SCALE,) if spec.relatives is not None else ()
        self.scales = own + household + (() if spec.positions is None else (position_scale(spec.positions),)) + relative
        self._bands: dict[str, npt.NDArray[np.int16]] = {}
        self._levels: dict[str, npt.NDArray[np.int16]] = {}

    def on(self, tables: Tables) -> "Comparer":
        """The same comparisons on other rows of the same columns; how common a value is stays as it was."""
        other = copy(self)
        other.tables = tables
        return other

    def outcomes(self, left: npt.NDArray[Any], right: npt.NDArray[Any], *, told: Mapping[str, Testimony | None] | None = None) -> Outcomes:
        """One row per comparison, and one each for what is ``told`` of the pairs (household, position); one column per pair."""
        left, right = (rows.astype(np.int64, copy=False) for rows in (left, right))  # numpy would widen narrower places at every look-up
        result = np.zeros((len(self.scales), len(left)), dtype=np.int16)
        for number, scale in enumerate(self.scales[len(self.comparisons) :], start=len(self.comparisons)):
            testimony = (told or {}).get(scale.name)
            if testimony is not None:
                result[number] = testimony.outcomes(left, right)
        # Chunk by chunk: the two threads then seldom ask for features of one column, which only one of them can find out.
        jobs = [(number, start) for start in range(0, len(left), _CHUNK) for number in range(len(self.comparisons))]

        def compare(job: tuple[int, int]) -> None:
            number, start = job
            part = slice(start, start + _CHUNK)
            self.compare(self.comparisons[number], left[part], right[part], result[number, part])

        with ThreadPoolExecutor(2) as threads:  # numpy, Arrow and rapidfuzz leave Python's lock
            relative = threads.submit(self.relative, left, right)
            list(threads.map(compare, jobs))
        if RELATIVE_SCALE in self.scales:
            result[self.place_of(RELATIVE)] = relative.result()
        return result

    def place_of(self, name: str) -> int:
        """Row of this comparison in a table of outcomes."""
        return next(number for number, scale in enumerate(self.scales) if scale.name == name)

    def compare(self, comparison: Comparison, left: npt.NDArray[Any], right: npt.NDArray[Any], into: Outcomes) -> None:
        """Write the outcome of one comparison for each pair into ``into``."""
        column = self.tables.columns[comparison.column]
        ones, others = (places.take(rows).astype(np.int64) for places, rows in ((column.left, left), (column.right, right)))
        size = len(column.distinct)
        if comparison.frequency is None and size <= _FEW:
            into[:] = self.all_levels(comparison).take((ones + 1) * (size + 1) + others + 1)
            return
        present = np.flatnonzero((ones >= 0) & (others >= 0))
        ones, others = ones.take(present), others.take(present)
        levels = levels_of(column.distinct, ones, others, comparison.levels)
        if comparison.frequency is not None:
            bands = self.bands(comparison)
            agreeing = agreeing_levels(comparison)[levels]
            levels *= BANDS
            levels[agreeing] += np.maximum(bands[ones[agreeing]], bands[others[agreeing]])
        into[present] = levels

    def relative(self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Outcomes:
        """What a name behind a word like PAK says of each pair."""
        levels = relative_levels(self.tables, left, right)
        spec = self.tables.relatives
        if spec is None:
            return levels
        agreeing = np.flatnonzero((levels > 0) & (levels <= len(RELATIVE_LEVELS)))
        levels *= BANDS
        levels[agreeing] += self.relative_bands()[self.tables.columns[spec.name].left[left[agreeing]]]
        return levels

    def relative_bands(self) -> npt.NDArray[np.int16]:
        """For each distinct value of the names that relatives are called by, how common it is among all words of right names."""
        if RELATIVE not in self._bands:
            self._bands[RELATIVE] = frequency_bands(name_counts(self.tables, self.tables))
        return self._bands[RELATIVE]

    def all_levels(self, comparison: Comparison) -> npt.NDArray[np.int16]:
        """Level of every pair of distinct values of the comparison's column, a missing one first on either side."""
        values = self.tables.columns[comparison.column].distinct
        with values.locks.of(f"levels {comparison.name}"):
            if comparison.name not in self._levels:
                table = np.zeros((len(values) + 1, len(values) + 1), dtype=np.int16)
                ones, others = (places.ravel() for places in np.indices((len(values), len(values))))
                table[1:, 1:] = levels_of(values, ones, others, comparison.levels).reshape(len(values), len(values))
                self._levels[comparison.name] = table.ravel()
            return self._levels[comparison.name]

    def bands(self, comparison: Comparison) -> npt.NDArray[np.int16]:
        """Frequency band of each distinct value of the comparison's column."""
        column = self.tables.columns[comparison.column]
        with column.distinct.locks.of(f"bands {comparison.name}"):
            if comparison.name not in self._bands:
                assert comparison.frequency is not None
                self._bands[comparison.name] = frequency_bands(column.frequency(comparison.frequency))
            return self._bands[comparison.name]

    def band_shares(self, comparison: Comparison) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Share of right rows in each band, and share of all equal pairs of right rows in each band."""
        column = self.tables.columns[comparison.column]
        assert comparison.frequency is not None
        present = column.right[column.right >= 0]
        band = self.bands(comparison)[present]
        count = column.frequency(comparison.frequency)[present].astype(np.float64)
        return _shares(band, np.ones(len(band)), count)

    def relative_band_shares(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The same for the words of right names: by how many people bear them, and by how many pairs of them do."""
        assert self.tables.relatives is not None
        _, bearers = bearers_by_word(self.tables, self.tables.relatives)
        return _shares(frequency_bands(bearers), bearers.astype(np.float64), bearers.astype(np.float64) ** 2)


def agreeing_levels(comparison: Comparison) -> npt.NDArray[np.bool_]:
    """For each level, with ``missing`` before and ``different`` behind them, whether it says that the values agree."""
    levels = np.arange(len(comparison.levels) + 2)
    return np.asarray(~saying_nothing(comparison) & (levels > 0) & (levels <= len(comparison.levels)))


def saying_nothing(comparison: Comparison) -> npt.NDArray[np.bool_]:
    """For each of the same levels, whether nothing was compared at it."""
    return np.array([False, *(level in SAYING_NOTHING for level in comparison.levels), False])


def levels_of(values: Values, ones: npt.NDArray[Any], others: npt.NDArray[Any], levels: tuple[str, ...]) -> npt.NDArray[np.int16]:
    """For each pair of places among the values the first level that holds, from 1; one more than there are where none does."""
    result = np.full(len(ones), len(levels) + 1, dtype=np.int16)
    places, pairs = np.arange(len(ones)), Pairs.of(values, ones, others)
    for number, (predicate, parameter) in enumerate(map(parse_level, levels), start=1):
        holds = predicate(pairs, parameter)
        if not holds.any():
            continue
        result[places[holds]] = number
        places, pairs = places[~holds], pairs.only(~holds)
        if not len(places):
            break
    return result


def frequency_bands(counts: Integers) -> npt.NDArray[np.int16]:
    """Band of each count: the number of times it can be halved, at most ``BANDS - 1``."""
    return np.minimum(np.log2(np.maximum(counts, 1)).astype(np.int16), BANDS - 1).astype(np.int16)


def _shares(
    band: npt.NDArray[np.int16], people: npt.NDArray[np.float64], pairs: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    counts = [np.bincount(band, weights=weights, minlength=BANDS) + 0.5 for weights in (people, pairs)]
    return counts[0] / counts[0].sum(), counts[1] / counts[1].sum()


def chance_equal(column: Column) -> float:
    """Probability that a random left and a random right row, both with a value, have the same value."""
    codes = column.distinct.feature("")
    left, right = codes[column.left[column.left >= 0]], codes[column.right[column.right >= 0]]
    if not len(left) or not len(right):
        return 0.0
    left.sort()
    right.sort()
    equal = np.searchsorted(right, left, side="right") - np.searchsorted(right, left, side="left")
    return float(equal.sum()) / len(left) / len(right)
