"""The review queue: candidates of the records that a person should judge, best first, each record with the reason why it is asked."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.compare import Scale
from matching.decisions import Decisions
from matching.evidence import Explanations
from matching.model import LinkModel
from matching.spec import LinkSpec
from matching.standardise.distinct import TEXT, taken
from matching.verdicts import REVIEW, Verdicts, Weighed

MOST_CANDIDATES = 5  # shown to a person for one record
_WORTH_SHOWING = 0.02
_RIVAL = 0.25  # a runner-up with a quarter of the best one's probability is a rival worth naming


def review_frame(
    left_ids: pd.Series, right_ids: pd.Series, spec: LinkSpec, model: LinkModel, weighed: Weighed, verdicts: Verdicts, decisions: Decisions
) -> pd.DataFrame:
    """Columns left_id, rank (1 is the best), right_id, probability, reason, evidence."""
    best = weighed.best
    pairs, rank = _shown(weighed, verdicts)
    group = weighed.groups.of_pair[pairs]
    reasons = _reasons(spec, model.weights.scales, weighed, best, decisions)
    prior = model.weights.intercept - weighed.shift
    explanations = Explanations(len(pairs))
    sizes, runner_up = weighed.groups.sizes[group], weighed.runner_up(best)[group]
    explanations.weighed(np.arange(len(pairs)), model.weights, weighed.outcomes[:, pairs], prior[group], sizes, runner_up)
    return pd.DataFrame(
        {
            "left_id": taken(left_ids, weighed.left[pairs].astype(np.int64)),
            "rank": rank.astype(np.int64),
            "right_id": taken(right_ids, weighed.right[pairs].astype(np.int64)),
            "probability": weighed.together[pairs],
            "reason": pd.array(reasons[group], dtype=TEXT),
            "evidence": pd.Series(explanations.written(), dtype=TEXT),
        }
    )


def _shown(weighed: Weighed, verdicts: Verdicts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs to show, by left row and probability, and their ranks."""
    pairs = np.flatnonzero(verdicts.status[weighed.left] == REVIEW)
    pairs = pairs[np.lexsort((weighed.right[pairs], -weighed.together[pairs], weighed.left[pairs]))]
    owner = weighed.left[pairs]
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = owner[1:] != owner[:-1]
    starts = np.flatnonzero(first)
    rank = np.arange(len(pairs)) - np.repeat(starts, np.diff(np.append(starts, len(pairs)))) + 1
    shown = (rank == 1) | ((rank <= MOST_CANDIDATES) & (weighed.together[pairs] >= _WORTH_SHOWING))
    return pairs[shown], rank[shown]


def _reasons(
    spec: LinkSpec, scales: tuple[Scale, ...], weighed: Weighed, best: npt.NDArray[np.int64], decisions: Decisions
) -> npt.NDArray[np.object_]:
    """Reason code of each record that has candidates; the last that applies stands."""
    reasons = np.full(len(best), "little_evidence", dtype=object)
    reasons[weighed.runner_up(best) >= _RIVAL * weighed.together[best]] = "namesakes"
    if spec.identifier is not None:
        number, scale = next((place, scale) for place, scale in enumerate(scales) if scale.name == spec.identifier.comparison)
        reasons[scale.level_of(weighed.outcomes[number][best]) == scale.levels.index("equal")] = "identifier_under_other_name"
    reasons[weighed.alone[best] >= weighed.link_from] = "listed_once"
    reasons[np.isin(weighed.left[best], decisions.contradicted)] = "decisions_contradict"
    return reasons
