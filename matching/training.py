"""Train a model: from identifier-confirmed labels where there are enough, else by EM."""

import numpy as np
from threadpoolctl import threadpool_limits

from matching.absence import Strata, absence_shares, named_shares, shifts_of
from matching.choice_model import ChoiceSet, calibrate, fit_choices, held_back_loss
from matching.columns import Tables
from matching.compare import POSITION, Comparer
from matching.competition import Floats, Groups, probabilities
from matching.expectation_maximisation import weights_without_labels
from matching.fellegi_sunter import additive_weights, level_counts, matched_shares, unmatched_shares
from matching.gathering import Evidence
from matching.identifier_evidence import Labelled, Unsettled, with_identifier_weights
from matching.label_checks import check_labels
from matching.labels import Choices
from matching.model import LinkModel
from matching.patterns import Patterns
from matching.positions import weights_among_candidates
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.weights import WeightTable

_FOLDS = 4  # one in four labelled records is held back to choose between the models


def train_on(tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence, stages: Stages) -> LinkModel:
    """Fit the model on encoded tables; ``evidence`` must have been gathered for training."""
    with stages.time("training"), threadpool_limits(limits=1):
        choices = evidence.choices
        if spec.identifier is not None and choices is not None and int(choices.true.sum()) >= spec.training.least_labels:
            return _from_labels(tables, spec, comparer, evidence, choices)
        return _without_labels(tables, spec, comparer, evidence)


def _from_labels(tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence, choices: Choices) -> LinkModel:
    assert spec.identifier is not None
    hidden = frozenset(comparison.name for comparison in spec.comparisons if comparison.column == spec.identifier.column)
    struck_out = spec.training.struck_out
    shown = choices.outcomes.copy()
    for number, scale in enumerate(comparer.scales):
        if scale.name in hidden:
            shown[number] = 0
    m = matched_shares(level_counts(shown[:, choices.true], comparer))
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
    kept = min(losses, key=lambda name: (losses[name], name))
    table = fit_choices(both, additive, *fit, change)[0] if kept == "interacting" else calibrate(both, start, struck_out)
    table = _with_identifier(tables, spec, comparer, evidence, choices, table).rounded()
    groups, scores = Groups.of(evidence.left), table.scores(evidence.outcomes)
    absent = _absent(tables, spec, evidence, groups, scores, struck_out)
    made = (groups, *probabilities(scores, groups, shifts_of(absent, groups, Strata.of(tables, spec), struck_out)))
    labelled = table.scores(patterns.outcomes)[patterns.of_pair]
    checks = check_labels(tables, spec, choices, labelled, absent, struck_out, made, evidence.open_rows)
    return LinkModel(
        table,
        "labels",
        "interacting" if kept == "interacting" else "additive",
        struck_out,
        choices.labelled,
        losses,
        absent,
        checks,
        evidence.places,
    )


def _absent(tables: Tables, spec: LinkSpec, evidence: Evidence, groups: Groups, scores: Floats, expected: float) -> dict[str, float]:
    """Share of records whose person is not there, by what they lack."""
    strata = Strata.of(tables, spec)
    return named_shares(strata, *absence_shares(scores, groups, evidence.open_rows, strata, expected))


def _with_identifier(
    tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence, choices: Choices, table: WeightTable
) -> WeightTable:
    assert spec.identifier is not None
    unsettled = Unsettled(
        evidence.outcomes,
        Groups.of(evidence.left),
        evidence.open_rows,
        Strata.of(tables, spec),
        int(evidence.settled.sum()),
        spec.training.struck_out,
    )
    labelled = Labelled(choices.outcomes, choices.true, choices.labelled)
    return with_identifier_weights(table, comparer, spec.identifier, labelled, unsettled)


def _without_labels(tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence) -> LinkModel:
    groups = Groups.of(evidence.left)
    table = weights_without_labels(tables, spec, comparer, evidence.outcomes, groups, frozenset()).rounded()
    scores = table.scores(evidence.outcomes)
    _, none = probabilities(scores, groups)
    absent = round(float(np.clip(none.mean() if len(none) else 1 - spec.prior, 1e-4, 0.9)), 6)
    shares = _absent(tables, spec, evidence, groups, scores, absent)
    return LinkModel(table, "em", "additive", absent, absent=shares, places=evidence.places)
