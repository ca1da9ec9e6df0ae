"""Precision, recall and F1 of links against known truth, with 95 % intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matching.standardise.distinct import TEXT

_Z = 1.959964  # 97.5 % quantile of the normal distribution


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """How well links agree with the truth."""

    correct: int
    linked: int
    true: int
    precision: Interval
    recall: Interval

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.linked + self.true
        return 2 * self.correct / total if total else 1.0


def wilson(hits: float, trials: float) -> Interval:
    """Share with Wilson's (1927) 95 % interval, which stays sensible near 0 and 1; no trials give the whole range."""
    if trials <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    share = hits / trials
    middle = (share + _Z**2 / (2 * trials)) / (1 + _Z**2 / trials)
    half = _Z / (1 + _Z**2 / trials) * float(np.sqrt(max(share * (1 - share), 0) / trials + _Z**2 / (4 * trials**2)))
    return Interval(share, min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share))


def measure(links: pd.DataFrame, truth: pd.DataFrame) -> Quality:
    """Compare pairs ``(left_id, right_id)`` with the true ones.

    A missing ``right_id`` (or a status other than linked) is no pair. Pairs count once.
    """
    made = links
    if "status" in links.columns:
        made = links[links["status"].eq("linked")]
    found, true = _pairs(made), _pairs(truth)
    correct = len(found.merge(true, on=["left_id", "right_id"]))
    return Quality(correct, len(found), len(true), wilson(correct, len(found)), wilson(correct, len(true)))


def _pairs(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["left_id", "right_id"]].dropna().astype(TEXT).drop_duplicates()
