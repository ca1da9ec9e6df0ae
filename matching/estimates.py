"""How good the automatic links are, estimated before anybody knows the truth.

Expected numbers come from the calibrated probabilities, held against the labelled records (:mod:`matching.label_checks`). Their intervals
heed two things: chance, p (1 - p) for each record, and how few labels the expectation rests on, its standard error. Such a count is close
to a Poisson one beside a constant (translated Poisson, Barbour and Xia 1999); with the error of its expectation, a gamma-Poisson (negative
binomial) one. Bounds enclose the likeliest counts (Sterne 1954): equal tails would leave 2.5 % to counts below zero where a handful is
expected. The last count is taken in if half its chance is needed (mid-P, Lancaster 1961), as plain bounds hold more than they say. Without
labels nothing is known of people whom no rule reached: the recall is then stated from 0 upwards.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.blocking import Rows
from matching.competition import Floats
from matching.measure import Interval
from matching.model import LinkModel
from matching.verdicts import DECISION, IDENTIFIER, LINKED, Verdicts, Weighed

_CHANCE = 0.95  # that an interval holds
_EXACT = 1e-6  # an error of so small a share of the expectation is none
_LEAST_SHAPE = 1e-3  # of a gamma distribution; below it, an expectation says nothing


@dataclass(frozen=True)
class Expectations:
    """Expected numbers per left record: links, wrong links and true links not made, each with its variance by chance, and standard errors.

    Errors come from labels that records share, so those of several records add up; but those of the kinds of wrong links (settled by the
    identifier, another candidate, strangers) and of ``missed`` (candidates that lost) and ``unfound`` (no rule led to them) come from
    different labels.
    """

    linked: Floats
    wrong: Floats
    wrong_variance: Floats
    settled_error: Floats
    elsewhere_error: Floats
    strangers_error: Floats
    missed: Floats
    missed_variance: Floats
    missed_error: Floats
    unfound_error: Floats

    @property
    def columns(self) -> dict[str, Floats]:
        """The numbers by name, to be kept."""
        return vars(self)

    def quality(self, records: Rows | slice = slice(None)) -> tuple[Interval, Interval]:
        """Precision and recall of the automatic links among these records, with 95 % intervals."""
        sums = {name: float(part[records].sum()) for name, part in self.columns.items()}
        wrong_error = np.sqrt(sum(sums[f"{kind}_error"] ** 2 for kind in ("settled", "elsewhere", "strangers")))
        wrong = Expected(sums["wrong"], sums["wrong_variance"], float(wrong_error))
        missed = Expected(sums["missed"], sums["missed_variance"], float(np.hypot(sums["missed_error"], sums["unfound_error"])))
        right = tuple(max(sums["linked"] - count, 0.0) for count in (wrong.mean, *wrong.bounds))
        return _precision(sums["linked"], wrong), _recall(right, missed)


@dataclass(frozen=True)
class Expected:
    """A number of cases: its expectation, its variance by chance alone, and the standard error of the expectation."""

    mean: float
    variance: float
    error: float

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest of the likeliest counts, which together have a chance of 95 % as nearly as counts can."""
        return self._likeliest[:2]

    @property
    def chance(self) -> float:
        """Chance that the number lies within its bounds: with a handful of cases seldom near 95 %, whatever the bounds."""
        return self._likeliest[2]

    @cached_property
    def _likeliest(self) -> tuple[float, float, float]:
        from scipy.special import gammaln

        if not np.isfinite(self.error):
            return 0.0, float("inf"), 1.0
        certain = float(np.floor(max(self.mean - self.variance, 0.0)))
        mean = self.mean - certain
        if mean <= 0:
            return certain, certain, 1.0
        spread = float(np.sqrt(mean + self.error**2))
        counts = np.arange(max(int(mean - 12 * spread), 0), int(mean + 12 * spread) + 20, dtype=np.float64)
        if self.error <= _EXACT * mean:
            logarithms = counts * np.log(mean) - mean - gammaln(counts + 1)
        else:
            shape = max((mean / self.error) ** 2, _LEAST_SHAPE)
            logarithms = gammaln(counts + shape) - gammaln(shape) - gammaln(counts + 1)
            logarithms += shape * np.log(shape / (shape + mean)) + counts * np.log(mean / (shape + mean))
        mass = np.exp(logarithms)
        order = np.argsort(-mass, kind="stable")
        taken = order[np.cumsum(mass[order]) - mass[order] / 2 <= _CHANCE]
        taken = taken if len(taken) else order[:1]
        return float(counts[taken].min()) + certain, float(counts[taken].max()) + certain, float(mass[taken].sum())


def expectations(verdicts: Verdicts, weighed: Weighed, model: LinkModel) -> Expectations:
    """What probabilities and labels lead to expect of each record; of the open ones, a share is missed as no rule reached its person."""
    size = len(verdicts.status)
    linked = verdicts.status == LINKED
    rows = weighed.groups.records
    decided = linked & (verdicts.method == DECISION)
    wrong = np.where(linked, 1 - verdicts.probability, 0.0)
    settled_error, elsewhere_error, strangers_error, missed, missed_error = (np.zeros(size) for _ in range(5))
    unfound, unfound_error = (part.copy() for part in weighed.unfound)
    share_elsewhere, error_elsewhere = (1.0, 0.0) if model.checks is None else model.checks.elsewhere
    share_strangers, error_strangers = weighed.strangers
    somewhere, made = 1 - weighed.none, linked[rows] & ~decided[rows]
    elsewhere = np.maximum(somewhere - verdicts.probability[rows], 0.0)
    wrong[rows] = np.where(made, elsewhere * share_elsewhere + weighed.none * share_strangers, wrong[rows])
    elsewhere_error[rows] = np.where(made, elsewhere * error_elsewhere, 0.0)
    strangers_error[rows] = np.where(made, weighed.none * error_strangers, 0.0)
    if model.checks is not None and model.checks.settled is not None:  # else what the probabilities say
        settled = linked & (verdicts.method == IDENTIFIER)
        wrong[settled], settled_error[settled] = model.checks.settled
    missed[rows] = np.where(linked[rows], elsewhere * share_elsewhere, somewhere)
    if model.checks is not None:
        # A shift of all scores moves each p by p (1 - p), and by as much the labels tell how far they may be shifted.
        missed_error[rows] = missed[rows] * (1 - missed[rows]) / np.sqrt(model.checks.doubt + 0.5)
    for part in (missed, missed_error, unfound, unfound_error):
        part[decided] = 0.0
    variance = missed * (1 - missed) + unfound * (1 - unfound)
    errors = settled_error, elsewhere_error, strangers_error
    return Expectations(
        linked.astype(np.float64), wrong, wrong * (1 - wrong), *errors, missed + unfound, variance, missed_error, unfound_error
    )


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


def _precision(linked: float, wrong: Expected) -> Interval:
    """Share of the links that are right, with its interval; of no links, the whole range."""
    if linked <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    fewest, most = wrong.bounds
    return _interval(*((linked - min(count, linked)) / linked for count in (wrong.mean, most, fewest)))


def _recall(right: tuple[float, ...], missed: Expected) -> Interval:
    """Right links (expected, most, fewest) among all that were to be made, with its interval; of nothing, the whole range."""
    likely, most_right, fewest_right = right
    if likely + missed.mean <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    fewest, most = missed.bounds
    if not np.isfinite(most):
        return _interval(likely / (likely + missed.mean), 0.0, 1.0)
    ends = ((part / (part + count) if part + count > 0 else 1.0) for part, count in ((fewest_right, most), (most_right, fewest)))
    return _interval(likely / (likely + missed.mean), *ends)


def _interval(share: float, low: float, high: float) -> Interval:
    return Interval(share, min(low, share), max(high, share))
