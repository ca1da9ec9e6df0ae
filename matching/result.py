"""What a linkage run returns: links, review queue, report and model."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from matching.columns import Tables
from matching.measure import Interval
from matching.model import LinkModel


@dataclass(frozen=True)
class LinkReport:
    """Counts and estimates of one run; holds no personal data.

    ``blocking``: per rule its cap, pairs, and what cap and budget dropped. ``counts``: records by status and method. ``precision`` and
    ``recall`` are the run's own estimates for its automatic links, from calibrated probabilities, and ``strata`` the same apart by state of
    the identifier and by the spec's ``strata``. ``seconds`` per stage.
    ``decisions_not_applied`` (left_key, right_id, reason) and ``not_joined`` (left_key, other_key, reason): what people said and could
    not be used.
    """

    blocking: pd.DataFrame
    counts: dict[str, int]
    precision: Interval
    recall: Interval
    strata: pd.DataFrame
    seconds: dict[str, float]
    decisions_not_applied: pd.DataFrame
    not_joined: pd.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Plain values; seconds are apart from what must be equal from run to run."""
        return {
            "blocking": self.blocking.to_dict(orient="records"),
            "counts": self.counts,
            "precision": vars(self.precision),
            "recall": vars(self.recall),
            "strata": self.strata.to_dict(orient="records"),
            "decisions_not_applied": self.decisions_not_applied["reason"].value_counts().to_dict(),
            "not_joined": self.not_joined["reason"].value_counts().to_dict(),
            "seconds": {stage: round(seconds, 2) for stage, seconds in self.seconds.items()},
        }


@dataclass(frozen=True)
class LinkState:
    """What a run knew, mostly as numbers; some of them are read off cells, so that it is as private as the tables.

    ``fingerprint``: of engine, spec, model and right table; ``records``: one row per left record in the order of ``links`` (key, content,
    household, identifier, and the columns of :class:`matching.estimates.Expectations`); ``claims``: which record claimed which right row in
    a list that names people once (key, claim); ``right``: the right table as look-ups see it (:mod:`matching.kept_right`).
    """

    fingerprint: str
    records: pd.DataFrame
    claims: pd.DataFrame
    right: Tables


@dataclass(frozen=True)
class LinkResult:
    """Both frames are in the order of the left table's content.

    ``links``: one row per left record (left_id, status, method, right_id, cluster_id, probability, evidence); ``review``: candidates to be
    judged by a person (left_id, rank, right_id, probability, reason, evidence); ``alike``: pairs of unregistered records that may be one
    person, to be judged as well (left_id, other_id, probability, evidence); ``state``, where it was asked to be kept: what
    :func:`matching.relink` needs to link the next deliveries without redoing these.
    """

    links: pd.DataFrame
    review: pd.DataFrame
    report: LinkReport
    model: LinkModel
    alike: pd.DataFrame
    state: LinkState | None = None


@dataclass(frozen=True)
class DedupeResult:
    """``clusters``: id and cluster_id of each row; ``pairs``: pairs found to be one person, with probability; and the model.

    ``decisions_not_applied``: left_key, other_key, reason.
    """

    clusters: pd.DataFrame
    pairs: pd.DataFrame
    model: LinkModel
    decisions_not_applied: pd.DataFrame
