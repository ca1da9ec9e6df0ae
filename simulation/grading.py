"""Turning a hidden score into answers: the lowest share of the scores gets the first answer, the next share the second, and so on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

NO_ANSWER = -1
"""The question does not apply to this person or house."""


def graded(score: Floats, answers: Sequence[tuple[int, float]]) -> Codes:
    """For each score one of the ``answers`` (code, share), poorest first; shares are of all given scores and need not sum to one."""
    codes = np.array([code for code, _ in answers], dtype=np.int8)
    if not len(score):
        return np.zeros(0, dtype=np.int8)
    shares = np.cumsum([share for _, share in answers], dtype=np.float64)
    cuts = np.quantile(score, shares[:-1] / shares[-1])
    result: Codes = codes[np.searchsorted(cuts, score, side="left")]
    return result


def weighted_choice(rng: np.random.Generator, count: int, answers: Sequence[tuple[int, float]]) -> Codes:
    """Answers at random with the given shares."""
    codes = np.array([code for code, _ in answers], dtype=np.int8)
    shares = np.cumsum([share for _, share in answers], dtype=np.float64)
    result: Codes = codes[np.minimum(np.searchsorted(shares / shares[-1], rng.random(count), side="right"), len(codes) - 1)]
    return result
