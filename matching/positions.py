"""Positions speak too: how far a record lies from what is known of a candidate's place.

The right table has no positions. But records that the identifier settled have some, and with them their house, their neighbourhood and
their hamlet get one: the mean of all that are known there. A record's distance from the finest place of the candidate whose position is
known is one more comparison. Where a place is, is learned in training and is part of the model, like the weights: what a record is linked
to must not depend on which others happen to be linked with it. While learning, a record does not testify for itself.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.columns import Tables
from matching.spec import LinkSpec, Positions
from matching.standardise.tokens import mixed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

METRES_PER_DEGREE = 111_195.0  # of a great circle on a sphere of 6,371 km: the error of the ellipsoid, 0.6 %, is below any band's width
_STRAY = 5_000.0  # metres from the median of its coarsest place beyond which a position is a mistake, and teaches nothing
_PSEUDO = 5.0  # pairs added to each distance on both sides: one that nobody shows weighs little
_DECIMALS = 5  # of a degree: one metre


@dataclass(frozen=True)
class Places:
    """Known places, finest kind first: sorted keys, mean latitude and longitude in degrees, and how many records say so."""

    keys: tuple[Integers, ...]
    means: tuple[Floats, ...]
    counts: tuple[Integers, ...]

    def to_dict(self) -> list[dict[str, Any]]:
        """Plain values. Keys are hashes; yet where a house is, is personal data."""
        return [
            {"keys": keys.tolist(), "means": means.tolist(), "counts": counts.tolist()}
            for keys, means, counts in zip(self.keys, self.means, self.counts, strict=True)
        ]

    @classmethod
    def from_dict(cls, content: list[dict[str, Any]]) -> Self:
        """Read what :meth:`to_dict` gave."""
        return cls(
            tuple(np.array(kind["keys"], dtype=np.int64) for kind in content),
            tuple(np.array(kind["means"], dtype=np.float64).reshape(-1, 2) for kind in content),
            tuple(np.array(kind["counts"], dtype=np.int64) for kind in content),
        )


@dataclass(frozen=True)
class Distances:
    """The comparison of positions for these tables; ``own`` is, where records taught, the right row that each of them spoke for."""

    tables: Tables
    spec: Positions
    places: Places
    right_keys: tuple[Integers, ...]
    own: Integers | None = None

    @classmethod
    def of(cls, tables: Tables, spec: LinkSpec, places: Places | None) -> Self | None:
        """With places that are known; ``None`` where the spec, the left table or the model has no positions."""
        if spec.positions is None or tables.left_positions is None or places is None:
            return None
        return cls(tables, spec.positions, places, _right_keys(tables, spec.positions))

    @classmethod
    def taught(cls, tables: Tables, spec: LinkSpec, left: Integers, right: Integers) -> Self | None:
        """With places learned from these links; none of these records is held against what it said itself."""
        if spec.positions is None or tables.left_positions is None:
            return None
        keys = _right_keys(tables, spec.positions)
        believed = _believed(tables.left_positions[left], keys[-1][right])
        own = np.full(tables.left_count, -1, dtype=np.int64)
        own[left[believed]] = right[believed]
        positions = tables.left_positions[left[believed]]
        places = [_means(kind[right[believed]], positions) for kind in keys]
        found = Places(*(tuple(part) for part in zip(*places, strict=True)))
        return cls(tables, spec.positions, found, keys, own)

    def outcomes(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.int16]:
        """Outcome of each pair on :func:`matching.compare.position_scale`."""
        assert self.tables.left_positions is not None
        result = np.zeros(len(left), dtype=np.int16)
        open_pairs = np.flatnonzero(~np.isnan(self.tables.left_positions[left, 0]))
        bands = np.array(self.spec.metres)
        for kind in range(len(self.places.keys)):
            if not len(open_pairs) or not len(self.places.keys[kind]):
                continue
            here = self.tables.left_positions[left[open_pairs]]
            means, counts = self._known(kind, left[open_pairs], right[open_pairs], here)
            known = counts >= (1 if kind == 0 else self.spec.least)
            distance = metres_between(here[known], means[known])
            result[open_pairs[known]] = 1 + kind * (len(bands) + 1) + np.searchsorted(bands, distance)
            open_pairs = open_pairs[~known]
        return result

    def _known(self, kind: int, left: Integers, right: Integers, here: Floats) -> tuple[Floats, Integers]:
        """Position of each candidate's place without the record's own word, and how many records say so."""
        keys, wanted = self.places.keys[kind], self.right_keys[kind][right]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        counts = np.where((keys[at] == wanted) & (wanted >= 0), self.places.counts[kind][at], 0)
        means = self.places.means[kind][at]
        if self.own is None:
            return means, counts
        spoke_for = self.own[left]
        itself = (spoke_for >= 0) & (self.right_keys[kind][np.maximum(spoke_for, 0)] == wanted) & (counts > 0)
        others = counts - itself
        total = means * counts[:, None] - np.where(itself[:, None], here, 0.0)
        return total / np.maximum(others, 1)[:, None], others


def metres_between(one: Floats, other: Floats) -> Floats:
    """Distance of points in degrees (latitude, longitude), on the plane that touches the sphere between them: right to a metre in 10 km."""
    north = (one[:, 0] - other[:, 0]) * METRES_PER_DEGREE
    east = (one[:, 1] - other[:, 1]) * METRES_PER_DEGREE * np.cos(np.radians((one[:, 0] + other[:, 0]) / 2))
    return np.asarray(np.hypot(north, east))


def weights_among_candidates(outcomes: npt.NDArray[Any], true: npt.NDArray[np.bool_], levels: int) -> Floats:
    """Log of how much oftener true candidates lie at each distance than the others among whom they must be told apart.

    Strangers at random are no measure: whoever shares a neighbourhood with the record is near. ``missing`` weighs nothing.
    """
    shares = []
    for chosen in (true, ~true):
        counts = np.bincount(outcomes[chosen], minlength=levels).astype(np.float64)
        counts[0] = 0.0
        shares.append((counts + _PSEUDO) / (counts.sum() + _PSEUDO * levels))
    weights = np.log(shares[0] / shares[1])
    weights[0] = 0.0
    return np.asarray(weights)


def _right_keys(tables: Tables, spec: Positions) -> tuple[Integers, ...]:
    """For each kind of place a number per right row that tells which one it lives in; -1 where that is not known."""
    found = []
    for columns in spec.places.values():
        numbers, present = np.zeros(tables.right_count, dtype=np.uint64), np.ones(tables.right_count, dtype=bool)
        for column in columns:
            codes = tables.key(column, "right")
            present &= codes >= 0
            numbers = mixed(numbers ^ codes.view(np.uint64))
        found.append(np.where(present, (numbers >> np.uint64(1)).view(np.int64), -1))
    return tuple(found)


def _believed(positions: Floats, places: Integers) -> npt.NDArray[np.bool_]:
    """Positions that are there, and near the median of their place."""
    frame = pd.DataFrame({"place": places, "latitude": positions[:, 0], "longitude": positions[:, 1]})
    middle = frame.groupby("place")[["latitude", "longitude"]].transform("median").to_numpy()
    present = ~np.isnan(positions).any(axis=1) & (places >= 0)
    return np.asarray(present & (metres_between(positions, middle) <= _STRAY))


def _means(keys: Integers, positions: Floats) -> tuple[Integers, Floats, Integers]:
    present = keys >= 0
    distinct, place, counts = np.unique(keys[present], return_inverse=True, return_counts=True)
    sums = [np.bincount(place, weights=positions[present, axis], minlength=len(distinct)) for axis in (0, 1)]
    means = np.stack(sums, axis=1) / np.maximum(counts, 1)[:, None]
    return distinct, np.round(means, _DECIMALS), counts.astype(np.int64)
