"""The interacting model: a conditional logit (McFadden 1974) of which candidate a record is, or none of them, fitted on labelled choices.

It learns exactly what is decided later. *None of them* is learned by striking out the true candidate: each labelled record also counts,
with a small weight, as a record whose person is not there. Fitting starts from the additive weights and is held to them by a penalty, so
that few labels change little and many labels decide.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from matching.compare import Scale
from matching.competition import Groups
from matching.patterns import Design, Patterns, design_of
from matching.weights import WeightTable

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ChoiceSet:
    """Labelled records: patterns of their candidates, which one is true, and how much each record counts (0 leaves it out)."""

    patterns: Patterns
    groups: Groups
    true: npt.NDArray[np.bool_]
    weight: Floats

    @cached_property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Records that have their true candidate."""
        return self.groups.sums(self.true.astype(np.float64)) > 0

    @cached_property
    def true_places(self) -> npt.NDArray[np.int64]:
        """Places of the true candidates."""
        return np.flatnonzero(self.true)

    @cached_property
    def true_owners(self) -> npt.NDArray[np.int64]:
        """Records of the true candidates; each record has at most one."""
        return self.groups.of_pair[self.true_places]


def choice_loss(scores: Floats, choices: ChoiceSet, struck_out: float) -> tuple[float, Floats]:
    """Negative log-likelihood of the labelled records and its derivative by the scores of the pairs.

    A record with weight w counts (1 - s) w as found and s w with its true candidate struck out; a record whose true candidate was not
    reached counts w as not found.
    """
    groups, places, owners = choices.groups, choices.true_places, choices.true_owners
    peak = np.maximum(groups.highest(scores), 0.0)
    odds = np.exp(scores - peak[groups.of_pair])
    none = np.exp(-peak)
    strangers = odds.copy()
    strangers[places] = 0.0
    others = groups.sums(strangers) + none
    total = others.copy()
    total[owners] += odds[places]
    found = np.where(choices.reached, (1 - struck_out) * choices.weight, 0.0)
    absent = np.where(choices.reached, struck_out * choices.weight, choices.weight)
    loss = (found * np.log(total) + absent * (peak + np.log(others))).sum() - (found[owners] * (scores[places] - peak[owners])).sum()
    gradient = strangers * (found / total + absent / others)[groups.of_pair]
    gradient[places] = found[owners] * (odds[places] / total[owners] - 1)
    return float(loss), gradient


def fit_choices(
    choices: ChoiceSet,
    start: WeightTable,
    interactions: tuple[tuple[str, str], ...],
    struck_out: float,
    penalty: float,
    skip: frozenset[str],
    first_guess: Floats | None = None,
) -> tuple[WeightTable, Floats]:
    """Weights that make the labelled choices likely, near those of ``start``; and the changes to it, a first guess for a similar fit."""
    design = design_of(choices.patterns.outcomes, start.scales, interactions, skip)
    base = start.scores(choices.patterns.outcomes)
    of_pair, rows = choices.patterns.of_pair, choices.patterns.outcomes.shape[1]
    shrink = np.full(design.size, penalty)
    shrink[0] = 0.0

    def objective(change: Floats) -> tuple[float, Floats]:
        scores = (base + design.matrix @ change)[of_pair]
        loss, by_pair = choice_loss(scores, choices, struck_out)
        gradient = design.matrix.T @ np.bincount(of_pair, weights=by_pair, minlength=rows)
        return loss + 0.5 * float(shrink @ change**2), gradient + shrink * change

    with threadpool_limits(limits=1):
        change = minimize(
            objective,
            np.zeros(design.size) if first_guess is None else first_guess,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 150, "ftol": 1e-7},
        ).x
    return changed_weights(start, design, change, interactions, skip), np.asarray(change)


def changed_weights(
    start: WeightTable, design: Design, change: Floats, interactions: tuple[tuple[str, str], ...], skip: frozenset[str]
) -> WeightTable:
    """The starting table with the fitted changes added."""
    scales = {scale.name: scale for scale in start.scales}
    main = dict(start.main)
    for name, column in design.level_columns.items():
        scale: Scale = scales[name]
        weights = start.main[name] + np.repeat(change[column : column + len(scale.levels)], scale.bands)
        if name in design.outcome_columns:
            place = design.outcome_columns[name]
            weights = weights + change[place : place + scale.size]
        main[name] = weights
    together = {}
    for one, other in interactions:
        if one not in skip and other not in skip:
            place, shape = design.pair_columns[one, other], (len(scales[one].levels), len(scales[other].levels))
            together[one, other] = change[place : place + shape[0] * shape[1]].reshape(shape)
    return WeightTable(start.scales, start.intercept + float(change[0]), main, together)


def calibrate(choices: ChoiceSet, table: WeightTable, struck_out: float) -> WeightTable:
    """The table with its weights scaled and its intercept shifted so that the labelled choices are most likely.

    Two numbers, for the additive model.
    """
    raw = table.scores(choices.patterns.outcomes) - table.intercept
    of_pair, rows = choices.patterns.of_pair, choices.patterns.outcomes.shape[1]

    def objective(point: Floats) -> tuple[float, Floats]:
        loss, by_pair = choice_loss((point[0] * raw + point[1])[of_pair], choices, struck_out)
        by_pattern = np.bincount(of_pair, weights=by_pair, minlength=rows)
        return loss, np.array([by_pattern @ raw, by_pattern.sum()])

    with threadpool_limits(limits=1):
        scale, shift = minimize(
            objective, np.array([1.0, table.intercept]), jac=True, method="L-BFGS-B", bounds=[(0.05, 3.0), (None, None)]
        ).x
    main = {name: weights * scale for name, weights in table.main.items()}
    return WeightTable(table.scales, float(shift), main, {pair: weights * scale for pair, weights in table.together.items()})


def held_back_loss(choices: ChoiceSet, table: WeightTable, struck_out: float) -> float:
    """Mean negative log-likelihood per labelled record."""
    loss, _ = choice_loss(table.scores(choices.patterns.outcomes)[choices.patterns.of_pair], choices, struck_out)
    return loss / max(float(choices.weight.sum()), 1.0)
