"""The classes of a choropleth: about equally many areas in each, with limits that a person can read and remember."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CLASSES = 5


@dataclass(frozen=True)
class ClassScale:
    """Classes numbered from 1. `lower` are the lower limits (each belongs to its class); `counts` says how many areas each holds."""

    lower: tuple[float, ...]
    highest: float
    counts: tuple[int, ...]

    def class_of(self, values: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The class of each value; 0 where it is missing."""
        numbers = np.asarray(values, dtype=float)
        found = np.searchsorted(np.asarray(self.lower), numbers, side="right")
        return np.where(np.isnan(numbers), 0, np.maximum(found, 1)).astype(np.int64)


def class_scale(values: npt.ArrayLike, *, smallest_step: float, classes: int = CLASSES) -> ClassScale:
    """Limits near the quantiles of `values`, rounded as a person would, never finer than `smallest_step` (1 for counts).

    Few or equal values give fewer classes; no values at all, none.
    """
    numbers = np.asarray(values, dtype=float)
    numbers = np.sort(numbers[~np.isnan(numbers)])
    if not len(numbers):
        return ClassScale((), float("nan"), ())
    wanted = min(classes, len(np.unique(numbers)))
    quantiles = np.quantile(numbers, np.arange(1, wanted) / wanted)
    limits = [float(numbers[0])]
    for quantile in quantiles:
        limit = _rounded(float(quantile), float(numbers[-1] - numbers[0]) / wanted, smallest_step)
        # A limit that leaves the class below it, or above it, empty parts nothing.
        if ((numbers >= limits[-1]) & (numbers < limit)).any() and (numbers >= limit).any():
            limits.append(limit)
    lower = np.asarray(limits)
    counts = np.bincount(np.searchsorted(lower, numbers, side="right") - 1, minlength=len(lower))
    return ClassScale(tuple(limits), float(numbers[-1]), tuple(int(count) for count in counts))


def _rounded(value: float, width: float, smallest_step: float) -> float:
    """`value` rounded to 1, 2 or 5 times a power of ten: the largest such step that is at most a quarter of a class's width."""
    if width <= 0:
        return value
    power = 10.0 ** np.floor(np.log10(width / 4))
    step = max([power * leading for leading in (1, 2, 5) if power * leading <= width / 4] or [power])
    step = max(step, smallest_step)
    return float(np.round(np.round(value / step) * step, 6))
