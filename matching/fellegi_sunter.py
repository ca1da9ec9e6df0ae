"""The additive model: weights log(m / u) per outcome, after Fellegi and Sunter (1969).

m, the probability of a level among true pairs, comes from labelled pairs (or EM, where there are none); u, among pairs of strangers, from
random pairs, and for equal values exactly from their counts. How common the agreeing value is enters through its frequency band, after
Winkler (1989).
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from matching.columns import Tables
from matching.compare import Comparer, Outcomes, chance_equal
from matching.spec import LinkSpec
from matching.weights import WeightTable

Floats = npt.NDArray[np.float64]

RANDOM_PAIRS = 60_000  # a level that one pair of strangers in 10,000 shows is then seen 6 times; equal values are counted exactly
_PSEUDO_LABELS = 10.0  # what a comparison is assumed to do before any label is seen: weak, so that 100 labels outweigh it


def level_counts(outcomes: Outcomes, comparer: Comparer, weights: Floats | None = None) -> list[Floats]:
    """For each comparison the (weighted) number of pairs at each level."""
    return [
        np.bincount(scale.level_of(outcomes[number]), weights=weights, minlength=len(scale.levels)).astype(np.float64)
        for number, scale in enumerate(comparer.scales)
    ]


def matched_shares(counts: list[Floats]) -> list[Floats]:
    """M of each level (0 for missing) from counts among true pairs, with a little of the default belief mixed in."""
    shares = []
    for count in counts:
        m = np.zeros(len(count))
        m[1:] = count[1:] + _PSEUDO_LABELS * _default_m(len(count) - 1)
        shares.append(m / m.sum())
    return shares


def _default_m(levels: int) -> Floats:
    """Belief before any label: the first level three times in four, the last (different) one in twenty, the rest shared."""
    belief: Floats = np.full(levels, 0.20 / max(levels - 2, 1))
    belief[0], belief[-1] = 0.75, 0.05
    return np.asarray(belief / belief.sum())


def unmatched_shares(tables: Tables, spec: LinkSpec, comparer: Comparer) -> list[Floats]:
    """U of each level (0 for missing) among pairs of strangers."""
    if not tables.left_count or not tables.right_count:
        return [np.concatenate(([0.0], np.full(len(scale.levels) - 1, 1 / (len(scale.levels) - 1)))) for scale in comparer.scales]
    rng = np.random.default_rng(spec.seed)
    left = rng.integers(0, tables.left_count, RANDOM_PAIRS)
    right = rng.integers(0, tables.right_count, RANDOM_PAIRS)
    counted = {
        number: tables.columns[comparison.column] for number, comparison in enumerate(spec.comparisons) if comparison.levels[0] == "equal"
    }
    with ThreadPoolExecutor(2) as threads:  # numpy sorts without Python's lock
        equal = dict(zip(counted, threads.map(chance_equal, counted.values()), strict=True))
    shares = []
    for number, count in enumerate(level_counts(comparer.outcomes(left, right), comparer)):
        u = np.zeros(len(count))
        u[1:] = count[1:] + 0.1
        u[1:] /= u[1:].sum()
        if number in equal:
            u[1] = max(equal[number], 1e-9)
        shares.append(u)
    return shares


def additive_weights(comparer: Comparer, spec: LinkSpec, m: list[Floats], u: list[Floats], intercept: float) -> WeightTable:
    """The weight table of these shares; levels of agreement weigh more on rare values than on common ones.

    The household has no weight of its own here: it repeats what the household number says, and only a model that sees both together can
    tell.
    """
    main = {scale.name: np.zeros(scale.size) for scale in comparer.scales}
    for number, (comparison, scale) in enumerate(zip(spec.comparisons, comparer.scales, strict=False)):
        by_level = np.zeros(len(scale.levels))
        by_level[1:] = np.log(m[number][1:] / u[number][1:])
        by_outcome = np.repeat(by_level, scale.bands)
        if comparison.frequency is not None:
            people, pairs = comparer.band_shares(comparison)
            agreeing = by_outcome.reshape(len(scale.levels), scale.bands)[1:-1]
            agreeing += np.log(people / pairs)
        main[scale.name] = by_outcome
    return WeightTable(comparer.scales, intercept, main)
