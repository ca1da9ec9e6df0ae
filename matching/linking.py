"""Link two tables: the whole run, from frames to decided links."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.absence import Strata, absence_shifts
from matching.blocking import Rows, pair_numbers
from matching.columns import Tables, encode_tables
from matching.compare import Comparer
from matching.competition import Floats, Groups, probabilities
from matching.decisions import Decisions, resolve_decisions
from matching.exclusion import listed_once
from matching.gathering import Evidence, gather
from matching.model import LinkModel
from matching.ordering import content_order
from matching.outcome_frames import cluster_unregistered, identifier_states, links_frame, report_of
from matching.result import LinkResult
from matching.review import review_frame
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import arrow_text, encode
from matching.tables import Source, Table
from matching.training import train_on
from matching.verdicts import Weighed, pronounce


@dataclass(frozen=True)
class Prepared:
    """Both tables encoded in the order of their content, and what else is needed of them, in the same order."""

    left_ids: pd.Series
    left_keys: pd.Series
    lists: Rows | None
    strata: dict[str, pd.Series]
    right_ids: pd.Series
    tables: Tables
    comparer: Comparer


def prepare(left: Table, right: Table, spec: LinkSpec, stages: Stages) -> Prepared:
    """Order and encode the tables.

    Raises ValueError when an id column is missing, empty or not unique, naming the table and the column, never a value.
    """
    with stages.time("encoding"):
        lists, residents = Source(left, "left"), Source(right, "right")
        lists.need(spec.left_id, "its id")
        residents.need(spec.right_id, "its id")
        lists.need(spec.left_key or spec.left_id, "its key")
        left_order = content_order(lists, spec.left_id, tuple(column for column in spec.left_order if column in lists))
        right_order = content_order(residents, spec.right_id, ())
        tables = encode_tables(left, right, spec, left_order, right_order)
        return Prepared(
            _ordered(lists.column(spec.left_id), left_order),
            _ordered(lists.column(spec.left_key or spec.left_id), left_order),
            _lists(lists, spec, left_order),
            {name: _ordered(lists.column(name), left_order).reset_index(drop=True) for name in spec.strata if name in lists},
            _ordered(residents.column(spec.right_id), right_order),
            tables,
            Comparer(tables, spec),
        )


def _lists(left: Source, spec: LinkSpec, order: Rows | None) -> Rows | None:
    """For each left row the number of the list that names a person once, -1 where a list may repeat people."""
    group, flag = spec.lists_person_once, spec.lists_person_once_where
    if group is None or group not in left or (flag is not None and flag not in left):
        return None
    numbers = encode(arrow_text(left.column(group)))[0].astype(np.int64)
    if flag is not None:
        numbers = np.where(left.column(flag).fillna(value=False).to_numpy(dtype=bool), numbers, -1)
    return numbers if order is None else numbers[order]


def _ordered(values: pd.Series, order: Rows | None) -> pd.Series:
    return values if order is None else values.take(order)


def train(left: Table, right: Table, spec: LinkSpec) -> LinkModel:
    """Learn the weights for linking ``left`` to ``right``; the same rows in any order give the same model."""
    stages = Stages()
    prepared = prepare(left, right, spec, stages)
    evidence = gather(prepared.tables, spec, prepared.comparer, stages, training=True)
    return train_on(prepared.tables, spec, prepared.comparer, evidence, stages)


def link(left: Table, right: Table, spec: LinkSpec, model: LinkModel | None = None, decisions: pd.DataFrame | None = None) -> LinkResult:
    """Decide for each left record which right row it is, with a model trained before or on these tables.

    ``decisions`` (left_key, right_id, decision: *same* or *different*) outrank every score.
    """
    stages = Stages()
    prepared = prepare(left, right, spec, stages)
    tables, comparer = prepared.tables, prepared.comparer
    resolved = resolve_decisions(decisions, prepared.left_keys, prepared.right_ids)
    decided_rows = np.concatenate((resolved.same_left, resolved.contradicted))
    evidence = gather(tables, spec, comparer, stages, training=model is None, different=resolved.different, decided=decided_rows)
    if model is None:
        model = train_on(tables, spec, comparer, evidence, stages)
    with stages.time("deciding"):
        weighed = weigh(prepared, spec, model, evidence, resolved)
    with stages.time("results"):
        verdicts = pronounce(tables.left_count, spec, model, evidence, weighed, resolved)
        clusters = cluster_unregistered(verdicts, comparer, spec, model)
        review = review_frame(prepared.left_ids, prepared.right_ids, spec, model, weighed, verdicts, resolved)
        strata = {"identifier": identifier_states(tables, spec, evidence)} if spec.identifier is not None else {}
        report = report_of(verdicts, spec, model, evidence, weighed, resolved, strata | prepared.strata, stages)
        left_ids, right_ids = prepared.left_ids, prepared.right_ids
        del prepared, tables, comparer, evidence, weighed  # the texts of the evidence take their room
        links = links_frame(left_ids, right_ids, verdicts, clusters, spec)
    return LinkResult(links, review, report, model)


def weigh(prepared: Prepared, spec: LinkSpec, model: LinkModel, evidence: Evidence, decisions: Decisions) -> Weighed:
    """Probability of each candidate of the open records after competition, one-to-one and people's decisions."""
    tables = prepared.tables
    left, right, outcomes = evidence.left, evidence.right, evidence.outcomes
    if len(decisions.different):
        allowed = ~np.isin(pair_numbers(left, right, tables.right_count), decisions.different)
        left, right, outcomes = left[allowed], right[allowed], outcomes[:, allowed]
    groups = Groups.of(left)
    scores = model.weights.scores(outcomes)
    shift = absence_shifts(scores, groups, evidence.open_rows, Strata.of(tables, spec), model.absent_share)
    alone, _ = probabilities(scores, groups, shift)
    if prepared.lists is not None:
        lists = prepared.lists
        settled = (evidence.confirmed.left[evidence.settled], evidence.confirmed.right[evidence.settled])
        scores = listed_once(
            scores, groups, _claims(lists, left, right, tables), _claims(lists, *settled, tables), spec.listed_twice, shift
        )
    together, none = probabilities(scores, groups, shift)
    settled_share = settled_probabilities(spec, model, evidence)
    return Weighed(left, right, outcomes, groups, np.round(together, 6), np.round(none, 6), np.round(alone, 6), shift, settled_share)


def settled_probabilities(spec: LinkSpec, model: LinkModel, evidence: Evidence) -> Floats:
    """Probability of the pairs that the identifier settled."""
    if spec.identifier is None:
        return np.empty(0)
    score = model.weights.scores(evidence.confirmed.outcomes[:, evidence.settled])
    return np.asarray(np.round(np.maximum(1 / (1 + np.exp(-np.clip(score, -30, 30))), spec.thresholds.link), 6), dtype=np.float64)


def _claims(lists: Rows, left: npt.NDArray[Any], right: npt.NDArray[Any], tables: Tables) -> Rows:
    which = lists[left]
    return np.where(which < 0, -1, which * max(tables.right_count, 1) + right)
