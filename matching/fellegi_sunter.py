"""The additive model: weights log(m / u) per outcome, after Fellegi and Sunter (1969).

m, the probability of a level among true pairs, comes from labelled pairs (or EM, where there are none); u, among pairs of strangers, from
random pairs, and for equal values exactly from their counts. How common the agreeing value is enters through its frequency band, after
Winkler (1989).
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from matching.columns import Tables
from matching.compare import RELATIVE_SCALE, Comparer, Outcomes, Scale, agreeing_levels, chance_equal, saying_nothing
from matching.relatives import strangers_called_so
from matching.spec import RELATIVE, LinkSpec
from matching.weights import WeightTable

Floats = npt.NDArray[np.float64]

RANDOM_PAIRS = 60_000  # a level that one pair of strangers in 10,000 shows is then seen 6 times; equal values are counted exactly
_PSEUDO_LABELS = 10.0  # what a comparison is assumed to do before any label is seen: weak, so that 100 labels outweigh it

# The same of a name behind PAK: a child's in seven cases of ten, the person's own in two; whoever lives with somebody who may be called
# after him is a child mostly, and called PAK by nobody.
_RELATIVE_M = np.array([0.70, 0.20, 0.03, 0.07])


def level_counts(outcomes: Outcomes, comparer: Comparer, weights: Floats | None = None) -> list[Floats]:
    """For each comparison the (weighted) number of pairs at each level."""
    return [
        np.bincount(scale.level_of(outcomes[number]), weights=weights, minlength=len(scale.levels)).astype(np.float64)
        for number, scale in enumerate(comparer.scales)
    ]


def matched_shares(counts: list[Floats], scales: tuple[Scale, ...]) -> list[Floats]:
    """M of each level (0 for missing) from counts among true pairs, with a little of the default belief mixed in."""
    shares = []
    for count, scale in zip(counts, scales, strict=True):
        m = np.zeros(len(count))
        m[1:] = count[1:] + _PSEUDO_LABELS * (_RELATIVE_M if scale.name == RELATIVE else _default_m(len(count) - 1))
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
    counts = level_counts(comparer.outcomes(left, right), comparer)
    if spec.relatives is not None:  # few records are called after a relative: pairs of theirs
        counts[comparer.place_of(RELATIVE)] = strangers_called_so(tables, rng, RANDOM_PAIRS)
    shares = []
    for number, count in enumerate(counts):
        u = np.zeros(len(count))
        u[1:] = count[1:] + 0.1
        u[1:] /= u[1:].sum()
        if number in equal:
            u[1] = max(equal[number], 1e-9)
        shares.append(u)
    return shares


def additive_weights(comparer: Comparer, spec: LinkSpec, m: list[Floats], u: list[Floats], intercept: float) -> WeightTable:
    """The weight table of these shares; levels of agreement weigh more on rare values than on common ones.

    Levels at which nothing was compared weigh nothing: labels may hold none of them, which says nothing of those who have to be told apart.
    The household has no weight of its own here: it repeats what the household number says, and only a model that sees both together can
    tell.
    """
    main = {scale.name: np.zeros(scale.size) for scale in comparer.scales}
    for number, (comparison, scale) in enumerate(zip(spec.comparisons, comparer.scales, strict=False)):
        by_outcome = _by_outcome(scale, m[number], u[number])
        by_outcome[saying_nothing(comparison)] = 0.0
        if comparison.frequency is not None:
            people, pairs = comparer.band_shares(comparison)
            by_outcome[agreeing_levels(comparison)] += np.log(people / pairs)
        main[scale.name] = by_outcome.ravel()
    if comparer.tables.relatives is not None:
        place = comparer.place_of(RELATIVE)
        by_outcome = _by_outcome(RELATIVE_SCALE, m[place], u[place])
        people, pairs = comparer.relative_band_shares()
        by_outcome[1:-1] += np.log(people / pairs)
        main[RELATIVE] = by_outcome.ravel()
    return WeightTable(comparer.scales, intercept, main)


def _by_outcome(scale: Scale, m: Floats, u: Floats) -> Floats:
    """Log(m / u) of each level (row), the same in each band (column)."""
    by_level = np.zeros((len(scale.levels), 1))
    by_level[1:, 0] = np.log(m[1:] / u[1:])
    return np.repeat(by_level, scale.bands, axis=1)
