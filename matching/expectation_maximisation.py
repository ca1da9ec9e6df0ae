"""Weights without labels: EM in which each record has at most one true candidate.

Plain EM on pairs settles on families, whose members agree on address, household and mother. Letting the candidates of a record compete in
the E step keeps it on people.
"""

import numpy as np
import numpy.typing as npt

from matching.columns import Tables
from matching.compare import Comparer, Outcomes
from matching.competition import Groups, probabilities
from matching.fellegi_sunter import additive_weights, level_counts, matched_shares, unmatched_shares
from matching.patterns import Patterns
from matching.spec import LinkSpec
from matching.weights import WeightTable

Floats = npt.NDArray[np.float64]

_ROUNDS = 40


def weights_without_labels(
    tables: Tables, spec: LinkSpec, comparer: Comparer, outcomes: Outcomes, groups: Groups, skip: frozenset[str]
) -> WeightTable:
    """The additive weights that these candidates suggest; comparisons in ``skip`` get no weight."""
    patterns = Patterns.of(outcomes, comparer.scales)
    u = unmatched_shares(tables, spec, comparer)
    m = matched_shares([np.zeros(len(scale.levels)) for scale in comparer.scales], comparer.scales)
    absent = 1 - spec.prior
    table = _table(comparer, spec, m, u, absent, tables.right_count, skip)
    for _ in range(_ROUNDS):
        likely, none = probabilities(table.scores(patterns.outcomes)[patterns.of_pair], groups)
        by_pattern: Floats = np.bincount(patterns.of_pair, weights=likely, minlength=patterns.outcomes.shape[1]).astype(np.float64)
        m = matched_shares(level_counts(patterns.outcomes, comparer, by_pattern), comparer.scales)
        records = max(len(none), 1)
        new = float(np.clip((none.sum() + absent) / (records + 1.0), 1e-4, 0.9))
        table = _table(comparer, spec, m, u, new, tables.right_count, skip)
        if abs(new - absent) < 1e-6:
            break
        absent = new
    return table


def _table(
    comparer: Comparer, spec: LinkSpec, m: list[Floats], u: list[Floats], absent: float, right_count: int, skip: frozenset[str]
) -> WeightTable:
    table = additive_weights(comparer, spec, m, u, float(np.log((1 - absent) / absent / max(right_count, 1))))
    for name in skip:
        table.main[name] = np.zeros_like(table.main[name])
    return table
