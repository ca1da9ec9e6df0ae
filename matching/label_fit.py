"""What labelled records teach, the identifier hidden: weights of both models, and which of the two says more about labels held back.

It needs nothing of the open records, so that it is found out while these are compared.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.choice_model import ChoiceSet, calibrate, fit_choices, held_back_loss
from matching.columns import Tables
from matching.compare import POSITION, Comparer
from matching.fellegi_sunter import additive_weights, level_counts, matched_shares, unmatched_shares
from matching.labels import Choices
from matching.patterns import Patterns
from matching.positions import weights_among_candidates
from matching.spec import LinkSpec
from matching.weights import WeightTable

_FOLDS = 4  # one in four labelled records is held back to choose between the models


@dataclass(frozen=True)
class LabelFit:
    """Weights without the identifier's own, the model they are of, its and the other's loss, and the labelled candidates' patterns."""

    table: WeightTable
    kind: Literal["additive", "interacting"]
    losses: dict[str, float]
    patterns: Patterns


def fit_labels(tables: Tables, spec: LinkSpec, comparer: Comparer, choices: Choices) -> LabelFit | None:
    """Fit both models; ``None`` where there are too few labels, or no identifier to take them from."""
    if spec.identifier is None or int(choices.true.sum()) < spec.training.least_labels:
        return None
    hidden = frozenset(comparison.name for comparison in spec.comparisons if comparison.column == spec.identifier.column)
    struck_out = spec.training.struck_out
    shown = choices.outcomes.copy()
    for number, scale in enumerate(comparer.scales):
        if scale.name in hidden:
            shown[number] = 0
    m = matched_shares(level_counts(shown[:, choices.true], comparer), comparer.scales)
    u = unmatched_shares(tables, spec, comparer)
    start = additive_weights(comparer, spec, m, u, float(np.log(spec.prior / (1 - spec.prior) / max(tables.right_count, 1))))
    for name in hidden:
        start.main[name] = np.zeros_like(start.main[name])
    if spec.positions is not None:
        place = comparer.place_of(POSITION)
        start.main[POSITION] = weights_among_candidates(shown[place], choices.true, comparer.scales[place].size)
    patterns = Patterns.of(shown, comparer.scales)
    folds = np.arange(choices.labelled) % _FOLDS
    learn, held, both = (
        ChoiceSet(patterns, choices.groups, choices.true, weight.astype(np.float64))
        for weight in (folds != 0, folds == 0, np.ones(choices.labelled))
    )
    fit = (spec.interactions, struck_out, spec.training.penalty, hidden)
    additive = calibrate(learn, start, struck_out)
    interacting, change = fit_choices(learn, additive, *fit)
    losses = {
        name: round(held_back_loss(held, table, struck_out), 6) for name, table in (("additive", additive), ("interacting", interacting))
    }
    kept: Literal["additive", "interacting"] = "additive" if losses["additive"] <= losses["interacting"] else "interacting"
    table = fit_choices(both, additive, *fit, change)[0] if kept == "interacting" else calibrate(both, start, struck_out)
    return LabelFit(table, kept, losses, patterns)
