"""How good the automatic links are, estimated before anybody knows the truth.

Expected numbers come from the calibrated probabilities, held against the labelled records (:mod:`matching.label_checks`). Their intervals
heed two things: chance, since so many expected cases vary like a Poisson count, and how few labels the expectation rests on, its standard
error. Both together make a gamma-Poisson (negative binomial) count. Its bounds are mid-P quantiles (Lancaster 1961), as those of plain
quantiles hold more than they say where a handful is expected. Without labels nothing is known of people whom no rule reached: the recall is
then stated from 0 upwards.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.blocking import Rows
from matching.competition import Floats
from matching.measure import Interval
from matching.model import LinkModel
from matching.verdicts import DECISION, LINKED, Verdicts, Weighed

_LOW, _HIGH = 0.025, 0.975
_LEAST_SHAPE = 1e-3  # of a gamma distribution; below it, an expectation says nothing


@dataclass(frozen=True)
class Expectations:
    """Expected numbers per left record: links, wrong links, true links not made, and the standard errors of the last two.

    Errors come from the labels that records share, so those of several records add up.
    """

    linked: Floats
    wrong: Floats
    missed: Floats
    wrong_error: Floats
    missed_error: Floats

    @property
    def columns(self) -> dict[str, Floats]:
        """The numbers by name, to be kept."""
        return vars(self)

    def quality(self, records: Rows | slice = slice(None)) -> tuple[Interval, Interval]:
        """Precision and recall of the automatic links among these records, with 95 % intervals."""
        linked, wrong, missed, wrong_error, missed_error = (float(part[records].sum()) for part in self.columns.values())
        right = max(linked - wrong, 0.0)
        return _share(linked, wrong, wrong_error), _share(right + missed, missed, missed_error)


def expectations(verdicts: Verdicts, weighed: Weighed, model: LinkModel, open_rows: Rows) -> Expectations:
    """What probabilities and labels lead to expect of each record; of the open ones, a share is missed as no rule reached its person."""
    size = len(verdicts.status)
    linked = verdicts.status == LINKED
    rows = weighed.groups.records
    decided = linked & (verdicts.method == DECISION)
    wrong = np.where(linked, 1 - verdicts.probability, 0.0)
    wrong_error, missed, missed_error = (np.zeros(size) for _ in range(3))
    somewhere = 1 - weighed.none
    elsewhere = np.maximum(somewhere - verdicts.probability[rows], 0.0)
    share, error = weighed.come_true
    made = linked[rows] & ~decided[rows]
    wrong[rows] = np.where(made, elsewhere + weighed.none * share, wrong[rows])
    wrong_error[rows] = np.where(made, weighed.none * error, 0.0)
    missed[rows] = np.where(linked[rows], elsewhere, somewhere)
    checks = model.checks
    if checks is None:
        missed_error[open_rows] = np.inf
    else:
        missed_error[rows] = missed[rows] / np.sqrt(checks.missed + 0.5)
        missed[open_rows] += checks.unreached_share
        missed_error[open_rows] += checks.unreached_share / np.sqrt(checks.unreached + 0.5)
    for part in (missed, missed_error):
        part[decided] = 0.0
    return Expectations(linked.astype(np.float64), wrong, missed, wrong_error, missed_error)


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


def _share(total: float, bad: float, error: float) -> Interval:
    """Share of ``total`` that is not bad, with its interval; of nothing, the whole range."""
    if total <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    share = 1 - min(bad / total, 1.0)
    fewest, most = count_bounds(bad, error)
    return Interval(share, min(max(1 - most / total, 0.0), share), max(min(1 - fewest / total, 1.0), share))


def count_bounds(mean: float, error: float) -> tuple[float, float]:
    """Mid-P 95 % bounds of a count that is Poisson about an expectation which is itself known with this standard error (gamma)."""
    from scipy.special import gammaln

    if not np.isfinite(error):
        return 0.0, float("inf")
    if mean <= 0:
        return 0.0, 0.0
    spread = float(np.sqrt(mean + error**2))
    counts = np.arange(max(int(mean - 12 * spread), 0), int(mean + 12 * spread) + 20, dtype=np.float64)
    if error <= 1e-6 * mean:
        logarithms = counts * np.log(mean) - mean - gammaln(counts + 1)
    else:
        shape = max((mean / error) ** 2, _LEAST_SHAPE)
        logarithms = gammaln(counts + shape) - gammaln(shape) - gammaln(counts + 1)
        logarithms += shape * np.log(shape / (shape + mean)) + counts * np.log(mean / (shape + mean))
    mass = np.exp(logarithms)
    middle = np.cumsum(mass) - mass / 2
    return float(counts[np.searchsorted(middle, _LOW)]), float(counts[np.searchsorted(middle, _HIGH)])
