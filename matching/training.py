"""Train a model: from identifier-confirmed labels where there are enough, else by EM."""

import numpy as np
from threadpoolctl import threadpool_limits

from matching.absence import Strata, absence_shares, named_shares, shifts_of
from matching.columns import Tables
from matching.compare import Comparer
from matching.competition import Floats, Groups, probabilities
from matching.expectation_maximisation import weights_without_labels
from matching.gathering import Evidence
from matching.identifier_evidence import Labelled, Unsettled, with_identifier_weights
from matching.label_checks import Trained, check_labels, settled_wrongly
from matching.label_fit import LabelFit
from matching.labels import Choices
from matching.model import LinkModel
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.unfound import unfound_shares
from matching.weights import WeightTable


def train_on(tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence, stages: Stages) -> LinkModel:
    """Fit the model on encoded tables; ``evidence`` must have been gathered for training."""
    with stages.time("training"), threadpool_limits(limits=1):
        fit = evidence.fit
        return _without_labels(tables, spec, comparer, evidence) if fit is None else _from_labels(tables, spec, comparer, evidence, fit)


def _from_labels(tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence, fit: LabelFit) -> LinkModel:
    choices, struck_out, strata = evidence.choices, spec.training.struck_out, Strata.of(tables, spec)
    assert choices is not None
    groups = Groups.of(evidence.left)
    table = _with_identifier(spec, comparer, evidence, choices, fit.table, groups, strata).rounded()
    scores = table.scores(evidence.outcomes)
    absent = _absent(strata, evidence, groups, scores, struck_out)
    made = (groups, *probabilities(scores, groups, shifts_of(absent, groups, strata, struck_out)))
    labelled = table.scores(fit.patterns.outcomes)[fit.patterns.of_pair]
    trained = Trained(table, absent, struck_out)
    unfound = unfound_shares(tables, spec, comparer, evidence, trained, strata, made)
    settled = settled_wrongly(spec, comparer, choices, evidence.outcomes, made[1], int(evidence.settled.sum()))
    checks = check_labels(strata, spec, choices, labelled, trained, made, evidence.open_rows, settled, unfound)
    return LinkModel(table, "labels", fit.kind, struck_out, choices.labelled, fit.losses, absent, checks, evidence.places)


def _absent(strata: Strata, evidence: Evidence, groups: Groups, scores: Floats, expected: float) -> dict[str, float]:
    """Share of records whose person is not there, by what they lack."""
    return named_shares(strata, *absence_shares(scores, groups, evidence.open_rows, strata, expected))


def _with_identifier(
    spec: LinkSpec, comparer: Comparer, evidence: Evidence, choices: Choices, table: WeightTable, groups: Groups, strata: Strata
) -> WeightTable:
    assert spec.identifier is not None
    settled = int(evidence.settled.sum())
    unsettled = Unsettled(evidence.outcomes, groups, evidence.open_rows, strata, settled, spec.training.struck_out)
    labelled = Labelled(choices.outcomes, choices.true, choices.labelled)
    return with_identifier_weights(table, comparer, spec.identifier, labelled, unsettled)


def _without_labels(tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence) -> LinkModel:
    groups = Groups.of(evidence.left)
    table = weights_without_labels(tables, spec, comparer, evidence.outcomes, groups, frozenset()).rounded()
    scores = table.scores(evidence.outcomes)
    _, none = probabilities(scores, groups)
    absent = round(float(np.clip(none.mean() if len(none) else 1 - spec.prior, 1e-4, 0.9)), 6)
    shares = _absent(Strata.of(tables, spec), evidence, groups, scores, absent)
    return LinkModel(table, "em", "additive", absent, absent=shares, places=evidence.places)
