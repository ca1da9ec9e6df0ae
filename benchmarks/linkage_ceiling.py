"""How far the compared facts reach: a learner that is shown the truth, on the engine's own candidates, against the engine.

Gradient boosting (scikit-learn) sees each candidate's comparisons, its score and how it stands among its competitors, and learns from the
truth of half the records what to say of the other half. No engine has such labels; what this learner misses too is missing in the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

import matching.linking
from benchmarks.linkage_damage import DAMAGE
from benchmarks.linkage_runs import Truth, figures, linked, simulated
from matching.competition import Groups
from matching.verdicts import IDENTIFIER, LINKED, Verdicts, Weighed

PRECISION = 0.9995  # at which recall is compared
_SEED = 7
_FOLDS = 2

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Seen:
    verdicts: Verdicts
    weighed: Weighed
    left_ids: npt.NDArray[np.object_]
    right_ids: npt.NDArray[np.object_]


def one_ceiling(people: int, records: int, seed: int, kind: str) -> dict[str, Any]:
    """Recall at ``PRECISION`` by the engine's probabilities and by a learner that saw the truth: all records, and those that moved."""
    left, right, truth = simulated(people, records, seed, DAMAGE[kind]())
    with _watched() as seen:
        found = figures(linked(left, right), truth)
    run = seen[0]
    true = _true_rows(run, truth)
    weighed, groups = run.weighed, run.weighed.groups
    is_true = true[weighed.left] == weighed.right
    known = true >= 0
    settled = (run.verdicts.status == LINKED) & (run.verdicts.method == IDENTIFIER)
    settled_right = settled & known & (run.verdicts.right == true)
    reached = settled_right.copy()
    reached[groups.records[groups.sums(is_true.astype(np.float64)) > 0]] = True
    moved = truth.strata["moved"][truth.resident.index.get_indexer(pd.Index(run.left_ids))]
    result: dict[str, Any] = {"precision": found.precision, "recall": found.recall, "moved": found.recall_of["moved"]}
    result["reached"] = float(reached[known].mean())
    result["reached_moved"] = float(reached[moved].mean())
    for name, values in (("engine", weighed.together), ("learner", _learned(weighed, is_true))):
        right_ones = settled_right | _at_precision(values, groups, is_true, int(settled.sum()), settled_right)
        result[f"{name}_recall"] = float(right_ones[known].mean())
        result[f"{name}_moved"] = float(right_ones[moved].mean())
    return result


def _learned(weighed: Weighed, is_true: Flags) -> Floats:
    """What the learner says of each candidate, having seen the truth of the other records only."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    facts = _facts(weighed)
    fold = np.random.default_rng(_SEED).integers(0, _FOLDS, len(weighed.groups.starts))[weighed.groups.of_pair]
    said = np.zeros(len(is_true))
    for number in range(_FOLDS):
        learner = HistGradientBoostingClassifier(max_iter=300, learning_rate=0.06, min_samples_leaf=30, random_state=_SEED)
        learner.fit(facts[fold != number], is_true[fold != number])
        said[fold == number] = learner.predict_proba(facts[fold == number])[:, 1]
    return said


def _facts(weighed: Weighed) -> Floats:
    """Comparisons of a candidate, its probability and the best of its competitors, and how many they are."""
    groups, share = weighed.groups, np.clip(weighed.together, 1e-9, 1 - 1e-9)
    best = groups.first_best(weighed.together)
    rival = groups.highest(share)[groups.of_pair]
    is_best = np.zeros(len(share), dtype=bool)
    is_best[best] = True
    rival = np.where(is_best, np.maximum(weighed.runner_up(best), 1e-9)[groups.of_pair], rival)
    columns = [*weighed.outcomes, np.log(share), np.log(rival), np.log(share) - np.log(rival)]
    columns += [
        np.log(np.maximum(weighed.none, 1e-9))[groups.of_pair],
        groups.sizes[groups.of_pair],
        np.log(np.maximum(weighed.alone, 1e-9)),
    ]
    return np.column_stack(columns).astype(np.float64)


def _at_precision(values: Floats, groups: Groups, is_true: Flags, settled: int, settled_right: Flags) -> Flags:
    """Records that are linked rightly by their best candidates, as many as keep all links together at ``PRECISION``."""
    best = groups.first_best(values)
    order = np.argsort(-values[best], kind="stable")
    right = int(settled_right.sum()) + np.cumsum(is_true[best][order])
    kept = np.flatnonzero(right >= PRECISION * (settled + 1 + np.arange(len(order))))
    made = order[: kept[-1] + 1] if len(kept) else order[:0]
    result = np.zeros(len(settled_right), dtype=bool)
    result[groups.records[made[is_true[best][made]]]] = True
    return result


def _true_rows(run: _Seen, truth: Truth) -> npt.NDArray[np.int64]:
    """Row in the register of each record's person, -1 for none."""
    resident = truth.resident.reindex(pd.Index(run.left_ids)).to_numpy(dtype=object, na_value=None)
    return np.asarray(pd.Index(run.right_ids).get_indexer(pd.Index(resident)), dtype=np.int64)


@contextmanager
def _watched() -> Iterator[list[_Seen]]:
    """What a run weighed and decided, which the result of a run does not hold."""
    seen: list[_Seen] = []
    review_frame = matching.linking.review_frame

    def watch(left_ids: Any, right_ids: Any, spec: Any, model: Any, weighed: Weighed, verdicts: Verdicts, *rest: Any) -> pd.DataFrame:
        ids = (np.asarray(list(map(str, found)), dtype=object) for found in (left_ids, right_ids))
        seen.append(_Seen(verdicts, weighed, *ids))
        return review_frame(left_ids, right_ids, spec, model, weighed, verdicts, *rest)

    matching.linking.review_frame = watch
    try:
        yield seen
    finally:
        matching.linking.review_frame = review_frame
