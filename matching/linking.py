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
from matching.outcome_frames import build_result
from matching.result import LinkResult
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import arrow_text, encode
from matching.training import train_on
from matching.verdicts import Weighed


@dataclass(frozen=True)
class Prepared:
    """Both tables in the order of their content, encoded."""

    left: pd.DataFrame
    right: pd.DataFrame
    tables: Tables
    comparer: Comparer


def prepare(left: pd.DataFrame, right: pd.DataFrame, spec: LinkSpec, stages: Stages) -> Prepared:
    """Check and order the tables, and encode the spec's columns.

    Raises ValueError when an id column is missing, empty or not unique, naming the table and the column, never a value.
    """
    with stages.time("encoding"):
        order = tuple(column for column in spec.left_order if column in left.columns)
        needed: set[str | None] = {column.left or name for name, column in spec.columns.items()}
        needed.update((spec.left_key, spec.lists_person_once, spec.left_id))
        left = _ordered(left, spec.left_id, order, needed, "left")
        needed = {column.right or name for name, column in spec.columns.items()}
        needed.add(spec.right_id)
        right = _ordered(right, spec.right_id, (), needed, "right")
        tables = encode_tables(left, right, spec)
    return Prepared(left, right, tables, Comparer(tables, spec))


def _ordered(table: pd.DataFrame, id_column: str, columns: tuple[str, ...], needed: set[str | None], name: str) -> pd.DataFrame:
    if id_column not in table.columns:
        raise ValueError(f"the {name} table has no column {id_column!r} (its id in the spec); it has {list(table.columns)}")
    order = content_order(table, id_column, columns, name)
    kept = table[[column for column in table.columns if column in needed]]
    return kept if order is None else kept.take(order)


def train(left: pd.DataFrame, right: pd.DataFrame, spec: LinkSpec) -> LinkModel:
    """Learn the weights for linking ``left`` to ``right``; the same rows in any order give the same model."""
    stages = Stages()
    prepared = prepare(left, right, spec, stages)
    evidence = gather(prepared.tables, spec, prepared.comparer, stages, training=True)
    return train_on(prepared.tables, spec, prepared.comparer, evidence, stages)


def link(
    left: pd.DataFrame, right: pd.DataFrame, spec: LinkSpec, model: LinkModel | None = None, decisions: pd.DataFrame | None = None
) -> LinkResult:
    """Decide for each left record which right row it is, with a model trained before or on these tables.

    ``decisions`` (left_key, right_id, decision: *same* or *different*) outrank every score.
    """
    stages = Stages()
    prepared = prepare(left, right, spec, stages)
    tables, comparer = prepared.tables, prepared.comparer
    resolved = resolve_decisions(decisions, prepared.left[spec.left_key or spec.left_id], prepared.right[spec.right_id])
    decided_rows = np.concatenate((resolved.same_left, resolved.contradicted))
    evidence = gather(tables, spec, comparer, stages, training=model is None, different=resolved.different, decided=decided_rows)
    if model is None:
        model = train_on(tables, spec, comparer, evidence, stages)
    with stages.time("deciding"):
        weighed = weigh(prepared, spec, model, evidence, resolved)
    ids = (prepared.left[spec.left_id], prepared.right[spec.right_id])
    return build_result(ids, spec, comparer, model, evidence, weighed, resolved, stages)


def weigh(prepared: Prepared, spec: LinkSpec, model: LinkModel, evidence: Evidence, decisions: Decisions) -> Weighed:
    """Probability of each candidate of the open records after competition, one-to-one and people's decisions."""
    tables = prepared.tables
    allowed = np.ones(len(evidence.left), dtype=bool)
    if len(decisions.different):
        allowed = ~np.isin(pair_numbers(evidence.left, evidence.right, tables.right_count), decisions.different)
    left, right, outcomes = evidence.left[allowed], evidence.right[allowed], evidence.outcomes[:, allowed]
    groups = Groups.of(left)
    scores = model.weights.scores(outcomes)
    shift = absence_shifts(scores, groups, evidence.open_rows, Strata.of(tables, spec), model.absent_share)
    alone, _ = probabilities(scores, groups, shift)
    if spec.lists_person_once is not None and spec.lists_person_once in prepared.left.columns:
        lists = _list_numbers(prepared.left[spec.lists_person_once])
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


def _list_numbers(lists: pd.Series) -> Rows:
    return encode(arrow_text(lists))[0].astype(np.int64)


def _claims(lists: Rows, left: npt.NDArray[Any], right: npt.NDArray[Any], tables: Tables) -> Rows:
    which = lists[left]
    return np.where(which < 0, -1, which * max(tables.right_count, 1) + right)
