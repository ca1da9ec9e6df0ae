"""The decision on each left record: its status, the right row it is or may be, how likely that is, and why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.blocking import Rows
from matching.compare import Outcomes
from matching.competition import Floats, Groups
from matching.decisions import Decisions
from matching.evidence import Explanations
from matching.gathering import Evidence
from matching.model import LinkModel
from matching.spec import LinkSpec

STATUSES = ("linked", "review", "unregistered")
LINKED, REVIEW, UNREGISTERED = 0, 1, 2
METHODS = ("identifier", "evidence", "decision")
IDENTIFIER, EVIDENCE, DECISION = 0, 1, 2


@dataclass(frozen=True)
class Weighed:
    """Candidates of the open records with their probability after competition.

    ``together``: after one-to-one; ``alone``: before it; ``none``: *none of them*, per record; ``shift``: what *none of them* gained, per
    record; ``strangers``: what the labels say of *none of them* on a link, per record (:class:`matching.label_checks.LabelChecks`);
    ``unfound``: what they say of each left record's person being there and not found, 0 for settled ones;
    ``link_from``: probability from which each record is linked;
    ``settled``: probability of the pairs that the identifier settled; ``settled_shift``: what *none of them* gained there; ``claims``:
    left and right rows of the claims that counted in one-to-one.
    """

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    outcomes: Outcomes
    groups: Groups
    together: Floats
    none: Floats
    alone: Floats
    shift: Floats
    strangers: tuple[Floats, Floats]
    unfound: tuple[Floats, Floats]
    link_from: Floats
    settled: Floats
    settled_shift: Floats
    claims: tuple[Rows, Rows]

    @property
    def best(self) -> Rows:
        """Place of each record's best candidate."""
        return self.groups.first_best(self.together)

    def runner_up(self, best: Rows) -> Floats:
        """Probability of each record's second best candidate, 0 where there is none."""
        rest = self.together.copy()
        rest[best] = 0.0
        return np.asarray(np.maximum(self.groups.highest(rest), 0.0), dtype=np.float64)


@dataclass
class Verdicts:
    """One entry per left record; ``right`` is the row linked to or, in review, the best candidate (-1: none)."""

    status: npt.NDArray[np.int8]
    method: npt.NDArray[np.int8]
    right: Rows
    probability: Floats
    explanations: Explanations

    @classmethod
    def of(cls, size: int) -> "Verdicts":
        """Everybody unregistered, for certain, until something is known."""
        nowhere = np.full(size, -1, dtype=np.int64)
        return cls(
            np.full(size, UNREGISTERED, dtype=np.int8), np.full(size, EVIDENCE, dtype=np.int8), nowhere, np.ones(size), Explanations(size)
        )


def pronounce(size: int, spec: LinkSpec, model: LinkModel, evidence: Evidence, weighed: Weighed, decisions: Decisions) -> Verdicts:
    """Each left record gets exactly one status: by its candidates, then by its identifier, then by people, who have the last word."""
    verdicts = Verdicts.of(size)
    _by_candidates(verdicts, spec, model, weighed, decisions)
    _by_identifier(verdicts, model, evidence, weighed)
    _by_people(verdicts, decisions)
    return verdicts


def _by_candidates(verdicts: Verdicts, spec: LinkSpec, model: LinkModel, weighed: Weighed, decisions: Decisions) -> None:
    best = weighed.best
    rows, probability = weighed.left[best].astype(np.int64), weighed.together[best]
    status = np.where(probability >= weighed.link_from, LINKED, np.where(probability >= spec.thresholds.review, REVIEW, UNREGISTERED))
    status[np.isin(rows, decisions.contradicted)] = REVIEW
    verdicts.status[rows] = status
    verdicts.right[rows] = weighed.right[best]
    verdicts.probability[rows] = np.where(status == UNREGISTERED, weighed.none, probability)
    shown = status != UNREGISTERED
    sizes, runner_up, prior = weighed.groups.sizes, weighed.runner_up(best), model.weights.intercept - weighed.shift
    outcomes = weighed.outcomes[:, best[shown]]
    verdicts.explanations.weighed(rows[shown], model.weights, outcomes, prior[shown], sizes[shown], runner_up[shown])
    verdicts.explanations.nothing(rows[~shown], sizes[~shown], probability[~shown])


def _by_identifier(verdicts: Verdicts, model: LinkModel, evidence: Evidence, weighed: Weighed) -> None:
    rows = evidence.confirmed.left[evidence.settled]
    verdicts.status[rows] = LINKED
    verdicts.method[rows] = IDENTIFIER
    verdicts.right[rows] = evidence.confirmed.right[evidence.settled]
    verdicts.probability[rows] = weighed.settled
    prior, nobody = model.weights.intercept - weighed.settled_shift, np.zeros(len(rows))
    outcomes = evidence.confirmed.outcomes[:, evidence.settled]
    verdicts.explanations.weighed(rows, model.weights, outcomes, prior, np.ones(len(rows), dtype=np.int64), nobody)


def _by_people(verdicts: Verdicts, decisions: Decisions) -> None:
    verdicts.status[decisions.contradicted] = REVIEW
    rows = decisions.same_left
    verdicts.status[rows] = LINKED
    verdicts.method[rows] = DECISION
    verdicts.right[rows] = decisions.same_right
    verdicts.probability[rows] = 1.0
    verdicts.explanations.said(rows, {"column": "decision", "level": "same", "weight": None})
