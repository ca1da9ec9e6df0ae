"""How good the automatic links are, estimated before anybody knows the truth.

The probabilities are calibrated on records whose identifier is known, so sums of them are expected numbers. Two things they cannot know
widen the interval. How alike people who are in no right row are to those that were struck out in training: between *as alike* and *not at
all*, which spans the expected wrong links. And how far the calibration holds for records that have no identifier: ``_DRIFT``, the factor by
which missed links were off on simulated regencies.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.blocking import Rows
from matching.competition import Floats
from matching.measure import Interval
from matching.model import LinkModel
from matching.verdicts import LINKED, Verdicts, Weighed

_DRIFT = 1.5
_NONE_IS_UNLIKELY = 3.69  # of so many expected, none happens once in forty times


@dataclass(frozen=True)
class Expectations:
    """Expected numbers per left record: links that are right; wrong at least and at most; true links that were not made."""

    right: Floats
    wrong_least: Floats
    wrong_most: Floats
    missed: Floats

    @property
    def columns(self) -> dict[str, Floats]:
        """The numbers by name, to be kept."""
        return {"right": self.right, "wrong_least": self.wrong_least, "wrong_most": self.wrong_most, "missed": self.missed}

    def quality(self, records: Rows | slice = slice(None)) -> tuple[Interval, Interval]:
        """Precision and recall of the automatic links among these records, with 95 % intervals."""
        right = float(self.right[records].sum())
        least, most, missed = (float(part[records].sum()) for part in (self.wrong_least, self.wrong_most, self.missed))
        middle = (least + most) / 2
        precision = _share(right + (most - middle), middle, _poisson(least)[0], _poisson(most)[1])
        recall = _share(right, missed, _poisson(missed / _DRIFT)[0], _poisson(missed * _DRIFT)[1])
        return precision, recall


def expectations(verdicts: Verdicts, weighed: Weighed, model: LinkModel, open_rows: Rows) -> Expectations:
    """What the probabilities lead to expect of each record; of the open ones, a share is missed because no rule reached its person."""
    size = len(verdicts.status)
    linked = verdicts.status == LINKED
    right = np.where(linked, verdicts.probability, 0.0)
    wrong_most = np.where(linked, 1 - verdicts.probability, 0.0)
    wrong_least, missed = wrong_most.copy(), np.zeros(size)
    rows = weighed.groups.records
    somewhere = 1 - weighed.none
    missed[open_rows] += model.unreached
    missed[rows] += np.where(linked[rows], np.maximum(somewhere - verdicts.probability[rows], 0.0), somewhere)
    wrong_least[rows] = np.where(linked[rows], np.minimum(np.maximum(somewhere - verdicts.probability[rows], 0.0), wrong_most[rows]), 0.0)
    return Expectations(right, wrong_least, wrong_most, np.where(linked & (verdicts.probability >= 1), 0.0, missed))


def strata_frame(expected: Expectations, statuses: npt.NDArray[np.int8], strata: dict[str, pd.Series]) -> pd.DataFrame:
    """One row per value of each stratifying column: records, links, review, and estimated precision and recall with intervals.

    ``strata``: name → value per left record. Estimates for records without an identifier rest on records that have one: they are proxies.
    """
    rows = []
    for name, values in strata.items():
        for value, places in sorted(values.groupby(values).indices.items(), key=lambda item: str(item[0])):
            precision, recall = expected.quality(np.asarray(places))
            status = statuses[places]
            counts = [len(places), int((status == LINKED).sum()), int((status == LINKED + 1).sum())]
            rows.append([name, str(value), *counts, precision.share, precision.low, precision.high, recall.share, recall.low, recall.high])
    shares = [f"{share}{end}" for share in ("precision", "recall") for end in ("", "_low", "_high")]
    columns = ["stratum", "value", "records", "linked", "review", *shares]
    return pd.DataFrame(rows, columns=columns)


def _share(good: float, bad: float, fewest: float, most: float) -> Interval:
    if good + bad <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    share = good / (good + bad)
    total = good + bad
    return Interval(share, min(max(1 - most / total, 0.0), share), max(min(1 - fewest / total, 1.0), share))


def _poisson(expected: float) -> tuple[float, float]:
    """2.5 % and 97.5 % bounds of a count with this expectation."""
    from scipy.special import gammaincinv

    low = float(gammaincinv(expected, 0.025)) if expected > _NONE_IS_UNLIKELY else 0.0
    return low, float(gammaincinv(expected + 1, 0.975))
