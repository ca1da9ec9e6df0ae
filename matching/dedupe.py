"""Find the records of one table that are the same person."""

import numpy as np
import pandas as pd

from matching.blocking import Rows, candidate_pairs, split_pairs
from matching.clusters import one_table, same_person_pairs
from matching.competition import Groups
from matching.expectation_maximisation import weights_without_labels
from matching.joining import joined, sayings_of
from matching.model import LinkModel
from matching.prepared import prepare
from matching.result import DedupeResult
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import TEXT


def dedupe(table: pd.DataFrame, spec: LinkSpec, model: LinkModel | None = None, decisions: pd.DataFrame | None = None) -> DedupeResult:
    """Clusters of rows of ``table`` that are one person; without a model, its weights are learned by EM on the table itself.

    ``decisions`` (left_key, other_key, decision: *same* or *different*) outrank every score; see :mod:`matching.joining`.
    A model trained for linking the same columns to a register serves as well: what makes two records one person is the same.
    """
    ids = spec.model_copy(update={"right_id": spec.left_id})
    prepared = prepare(table, table, ids, Stages())
    order: Rows = np.arange(prepared.tables.left_count)
    among = one_table(prepared.tables, order)
    comparer = prepared.comparer.on(among)
    if model is None:
        numbers, _ = candidate_pairs(among, spec.blocking, order, spec.pairs_per_record * len(order))
        left, right = split_pairs(numbers, among.right_count)
        left, right = left[left != right], right[left != right]
        weights = weights_without_labels(among, spec, comparer, comparer.outcomes(left, right), Groups.of(left), frozenset()).rounded()
        model = LinkModel(weights, "em", "additive", 1 - spec.prior)
    same = same_person_pairs(among, spec, comparer, model.weights, spec.thresholds.link)
    said = sayings_of(decisions, prepared.left_keys, order)
    least = joined(len(order), (same.left, same.right), same.probability, said)
    names = prepared.left_ids.astype(TEXT)
    clusters = pd.DataFrame({"id": names.array, "cluster_id": names.iloc[least].array})
    pairs = pd.DataFrame(
        {"left_id": names.iloc[same.left].array, "right_id": names.iloc[same.right].array, "probability": same.probability}
    )
    return DedupeResult(clusters, pairs, model, said.report)
