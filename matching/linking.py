"""Link two tables: the whole run, from frames to decided links."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.absence import Strata, shifts_of
from matching.blocking import Rows, pair_numbers
from matching.clusters import one_table
from matching.columns import Tables
from matching.competition import Floats, Groups, probabilities
from matching.decisions import Decisions, resolve_decisions
from matching.estimates import expectations
from matching.exclusion import considerable, listed_once
from matching.gathering import Evidence, gather
from matching.label_checks import not_found, strangers_linked
from matching.model import LinkModel
from matching.outcome_frames import cluster_unregistered, counts_of, identifier_states, links_frame, report_of, work_of
from matching.prepared import Prepared, prepare
from matching.result import LinkResult
from matching.review import review_frame
from matching.snapshot import Snapshot, snapshot
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.state import state_of
from matching.tables import Table
from matching.thresholds import link_from
from matching.training import train_on
from matching.verdicts import UNREGISTERED, Weighed, pronounce


def train(left: Table, right: Table, spec: LinkSpec) -> LinkModel:
    """Learn the weights for linking ``left`` to ``right``; the same rows in any order give the same model."""
    stages = Stages()
    prepared = prepare(left, right, spec, stages)
    evidence = gather(prepared.tables, spec, prepared.comparer, stages, training=True)
    return train_on(prepared.tables, spec, prepared.comparer, evidence, stages)


def link(
    left: Table,
    right: Table,
    spec: LinkSpec,
    model: LinkModel | None = None,
    decisions: pd.DataFrame | None = None,
    *,
    together: pd.DataFrame | None = None,
    keep_state: bool = False,
) -> LinkResult:
    """Decide for each left record which right row it is, with a model trained before or on these tables.

    ``decisions`` (left_key, right_id, decision: *same* or *different*) outrank every score, and so does what people said
    ``together`` of two records that are in no right row (left_key, other_key, decision). ``keep_state``: keep what :func:`matching.relink`
    needs.
    """
    stages = Stages()
    now = None
    if keep_state:
        with stages.time("reading through"):
            now = snapshot(left, right, spec, decisions)
    return link_prepared(prepare(left, right, spec, stages), spec, model, decisions, together, stages, now)


def link_prepared(
    prepared: Prepared,
    spec: LinkSpec,
    model: LinkModel | None,
    decisions: pd.DataFrame | None,
    together: pd.DataFrame | None,
    stages: Stages,
    now: Snapshot | None = None,
) -> LinkResult:
    """The same on tables that are encoded already; with what they say ``now``, the state is kept."""
    tables, comparer = prepared.tables, prepared.comparer
    resolved = resolve_decisions(decisions, prepared.left_keys, prepared.right_ids)
    decided_rows = np.concatenate((resolved.same_left, resolved.contradicted))
    evidence = gather(
        tables,
        spec,
        comparer,
        stages,
        training=model is None,
        different=resolved.different,
        decided=decided_rows,
        places=None if model is None else model.places,
    )
    if model is None:
        model = train_on(tables, spec, comparer, evidence, stages)
    with stages.time("deciding"):
        weighed = weigh(prepared, spec, model, evidence, resolved)
    with stages.time("results"):
        verdicts = pronounce(tables.left_count, spec, model, evidence, weighed, resolved)
        rows = np.flatnonzero(verdicts.status == UNREGISTERED)
        left_ids, right_ids = prepared.left_ids, prepared.right_ids
        among = one_table(tables, rows)
        unregistered = cluster_unregistered(rows, among, comparer, left_ids, prepared.left_keys, spec, model, together)
        review = review_frame(prepared.left_ids, prepared.right_ids, spec, model, weighed, verdicts, resolved)
        expected = expectations(verdicts, weighed, model)
        states = identifier_states(tables, spec, evidence)
        counts = counts_of(verdicts.status, verdicts.method, spec) | work_of(model, evidence, weighed)
        report = report_of(
            counts, expected, verdicts.status, states, prepared.strata, evidence.blocking, resolved.report, stages, unregistered.report
        )
        state = None if now is None else state_of(now, prepared, spec, model, expected, states, weighed.claims)
        del prepared, tables, among, comparer, evidence, weighed, expected  # the texts of the evidence take their room
        links = links_frame(left_ids, right_ids, verdicts, unregistered.clusters, spec)
    return LinkResult(links, review, report, model, unregistered.alike, state)


def weigh(prepared: Prepared, spec: LinkSpec, model: LinkModel, evidence: Evidence, decisions: Decisions) -> Weighed:
    """Probability of each candidate of the open records after competition, one-to-one and people's decisions."""
    tables = prepared.tables
    left, right, outcomes = evidence.left, evidence.right, evidence.outcomes
    if len(decisions.different):
        allowed = ~np.isin(pair_numbers(left, right, tables.right_count), decisions.different)
        left, right, outcomes = left[allowed], right[allowed], outcomes[:, allowed]
    groups = Groups.of(left)
    scores = model.weights.scores(outcomes)
    strata = Strata.of(tables, spec)
    shift = shifts_of(model.absent, groups, strata, model.absent_share)
    alone, _ = probabilities(scores, groups, shift)
    nothing = np.empty(0, dtype=np.int64)
    claims = (nothing, nothing)
    if prepared.lists is not None:
        lists = prepared.lists
        settled = (evidence.confirmed.left[evidence.settled], evidence.confirmed.right[evidence.settled])
        open_claims, settled_claims = _claims(lists, left, right, tables), _claims(lists, *settled, tables)
        scores = listed_once(scores, groups, open_claims, settled_claims, spec.listed_twice, shift)
        counted, standing = considerable(alone, open_claims), settled_claims >= 0
        claims = (np.concatenate((left[counted], settled[0][standing])), np.concatenate((right[counted], settled[1][standing])))
    together, none = probabilities(scores, groups, shift)
    settled_shift = shifts_of(model.absent, Groups.of(evidence.confirmed.left[evidence.settled]), strata, model.absent_share)
    settled_share = settled_probabilities(spec, model, evidence, settled_shift)
    shares = (np.round(together, 6), np.round(none, 6), np.round(alone, 6))
    strangers, unfound = strangers_linked(model.checks, groups, strata), not_found(model.checks, tables, spec, evidence.open_rows)
    least = link_from(spec, strata, groups.records)
    return Weighed(left, right, outcomes, groups, *shares, shift, strangers, unfound, least, settled_share, settled_shift, claims)


def settled_probabilities(spec: LinkSpec, model: LinkModel, evidence: Evidence, shift: Floats) -> Floats:
    """Probability of the pairs that the identifier settled, each against *none of them* alone."""
    if spec.identifier is None:
        return np.empty(0)
    score = model.weights.scores(evidence.confirmed.outcomes[:, evidence.settled]) - shift
    return np.asarray(np.round(np.maximum(1 / (1 + np.exp(-np.clip(score, -30, 30))), spec.thresholds.link), 6), dtype=np.float64)


def _claims(lists: Rows, left: npt.NDArray[Any], right: npt.NDArray[Any], tables: Tables) -> Rows:
    which = lists[left]
    return np.where(which < 0, -1, which * max(tables.right_count, 1) + right)
