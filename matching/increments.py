"""New deliveries without redoing the old ones: link what has changed and what that can change, and keep the rest.

What a record is linked to depends on what it says, on the model and the right table, on its fellow household members in the left table, and
(in a list that names people once) on who else claims the same right row. So the records to be linked again are those that are new or say
something else, all that share a household number with them or did, and all that are tied to these by claims, transitively. The result is
equal to linking everything with the same model; where that cannot be promised (another right table, model or spec, or so many pairs that
blocking had to tighten), everything is linked.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.blocking import Rows
from matching.clusters import one_table
from matching.decisions import Decisions, resolve_decisions
from matching.estimates import expectations
from matching.gathering import Evidence, gather
from matching.linking import link_prepared, weigh
from matching.merging import Merged, methods_of, statuses_of
from matching.model import LinkModel
from matching.neighbourhood import Neighbourhood, Neighbours
from matching.outcome_frames import cluster_unregistered, counts_of, identifier_states, links_frame, report_of, work_of
from matching.prepared import prepare
from matching.result import LinkResult, LinkState
from matching.review import review_frame
from matching.snapshot import Snapshot, snapshot
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import taken
from matching.state import claims_of, fingerprint_of, with_findings
from matching.tables import Table
from matching.verdicts import UNREGISTERED, Weighed, pronounce

Flags = npt.NDArray[np.bool_]


def relink(
    previous: LinkResult,
    left: Table,
    right: Table,
    spec: LinkSpec,
    decisions: pd.DataFrame | None = None,
    *,
    together: pd.DataFrame | None = None,
) -> LinkResult:
    """The result of linking ``left`` with the model of ``previous``, which must have kept its state; only what has changed is linked.

    ``left`` holds all records, old and new; a record is known again by the spec's ``known_by``. Raises ValueError where ``previous`` has
    no state.
    """
    if previous.state is None:
        raise ValueError("the previous result kept no state: link with keep_state=True")
    stages, state, model = Stages(), previous.state, previous.model
    with stages.time("reading through"):
        now = snapshot(left, right, spec, decisions)
    again = None
    if fingerprint_of(now, spec, model) == state.fingerprint and _in_parts(spec) and _roomy(previous.report.blocking):
        again = _linked_again(now, spec, model, decisions, previous.report.blocking, state, stages)
    if again is None:
        return link_prepared(prepare(left, right, spec, stages), spec, model, decisions, together, stages, now)
    with stages.time("results"):
        return _merged(previous, state, now, spec, decisions, together, again, stages)


@dataclass(frozen=True)
class _Again:
    """What was linked again: where each record stood before (-1: nowhere), which ones are ``affected``, and what was found of these.

    ``blocking``: pairs per rule since everything was linked last.
    """

    old: Rows
    affected: Flags
    neighbourhood: Neighbourhood
    neighbours: Neighbours
    resolved: Decisions
    evidence: Evidence
    weighed: Weighed
    claims: pd.DataFrame
    blocking: pd.DataFrame


def _linked_again(
    now: Snapshot,
    spec: LinkSpec,
    model: LinkModel,
    decisions: pd.DataFrame | None,
    blocking_before: pd.DataFrame,
    state: LinkState,
    stages: Stages,
) -> _Again | None:
    """Weigh what has changed and all that is tied to it; ``None`` where there are so many pairs that linking everything might tighten."""
    old = _rows_before(now.records, state.records)
    affected = _changed(now.records, state.records, old)
    households, keys = now.records["household"].to_numpy(), now.records["key"].to_numpy()
    neighbourhood, budget = Neighbourhood(now, spec, state.right, decisions), spec.pairs_per_record * len(affected)
    while True:
        # Fellow members of a household are looked at as well, but claim nothing.
        rows = np.flatnonzero(affected | _shares(households, np.unique(households[affected])))
        near = neighbourhood.of(rows, stages)
        resolved = resolve_decisions(decisions, near.prepared.left_keys, near.prepared.right_ids)
        evidence, weighed = _weighed(near, affected[rows], spec, model, resolved, budget, stages)
        claims = claims_of(near.prepared, keys[rows], weighed.claims)
        more = _tied(now.records, state, old, affected, claims)
        if not bool((more & ~affected).any()):
            break
        affected |= more
    blocking = _together(blocking_before, evidence.blocking)
    if not _roomy(evidence.blocking) or int(blocking["pairs"].sum()) > budget:
        return None
    return _Again(old, affected, neighbourhood, near, resolved, evidence, weighed, claims, blocking)


def _weighed(
    near: Neighbours, affected: Flags, spec: LinkSpec, model: LinkModel, resolved: Decisions, budget: int, stages: Stages
) -> tuple[Evidence, Weighed]:
    prepared = near.prepared
    evidence = gather(
        prepared.tables,
        spec,
        prepared.comparer,
        stages,
        training=False,
        different=resolved.different,
        decided=np.concatenate((resolved.same_left, resolved.contradicted)),
        places=model.places,
        find=near.find,
        budget=budget,
    )
    with stages.time("deciding"):
        return evidence, weigh(prepared.claimed_by(affected), spec, model, evidence, resolved)


def _merged(
    previous: LinkResult,
    state: LinkState,
    now: Snapshot,
    spec: LinkSpec,
    decisions: pd.DataFrame | None,
    together: pd.DataFrame | None,
    again: _Again,
    stages: Stages,
) -> LinkResult:
    """Links, review queue, estimates and state as linking everything would give them."""
    model, small, affected = previous.model, again.neighbours.prepared, again.affected
    merged = Merged(previous, state, now, again.old, affected)
    chosen = np.flatnonzero(affected[again.neighbours.rows])
    verdicts = pronounce(len(again.neighbours.rows), spec, model, again.evidence, again.weighed, again.resolved)
    new = links_frame(small.left_ids, small.right_ids, verdicts, np.full(len(again.neighbours.rows), -1), spec)
    links = merged.links(new.iloc[chosen])
    review = review_frame(small.left_ids, small.right_ids, spec, model, again.weighed, verdicts, again.resolved)
    expected = merged.expected(expectations(verdicts, again.weighed, model), chosen)
    states = identifier_states(small.tables, spec, again.evidence)
    states = None if states is None else merged.text(state.records["identifier"], states.iloc[chosen])
    status = statuses_of(links)
    rows = np.flatnonzero(status == UNREGISTERED)
    tables, comparer = again.neighbourhood.alone(rows)
    among = one_table(tables, np.arange(len(rows)))
    unregistered = cluster_unregistered(rows, among, comparer, now.left_ids, now.left_keys, spec, model, together)
    links["cluster_id"] = taken(now.left_ids, unregistered.clusters)
    counts = counts_of(status, methods_of(links, spec), spec) | work_of(model, again.evidence, again.weighed)
    counts["linked_again"] = int(affected.sum())
    not_applied = again.neighbourhood.not_applied(decisions)
    report = report_of(counts, expected, status, states, now.strata, again.blocking, not_applied, stages, unregistered.report)
    records = with_findings(now.records, expected, states)
    kept = LinkState(state.fingerprint, records, merged.claims(again.claims), state.right)
    return LinkResult(links, merged.review(review), report, model, unregistered.alike, kept)


def _in_parts(spec: LinkSpec) -> bool:
    """Whether small parts of the tables read as the whole does: how long identifiers are must be told, not seen."""
    return all(column.digits is not None for column in spec.columns.values() if column.kind == "identifier")


def _rows_before(records: pd.DataFrame, before: pd.DataFrame) -> Rows:
    """Row of each record in the previous result, -1 where it is new."""
    keys, now = before["key"].to_numpy(), records["key"].to_numpy()
    if np.array_equal(keys, now):
        return np.arange(len(now))
    order = np.argsort(keys, kind="stable")
    if not len(keys):
        return np.full(len(now), -1, dtype=np.int64)
    place = order[np.minimum(np.searchsorted(keys[order], now), len(keys) - 1)]
    return np.where(keys[place] == now, place, -1)


def _changed(now: pd.DataFrame, before: pd.DataFrame, old: Rows) -> Flags:
    """New records, those that say something else, and all that share a household number with them or with records that are gone."""
    same = (old >= 0) & (before["content"].to_numpy()[np.maximum(old, 0)] == now["content"].to_numpy()) if len(before) else old >= 0
    gone = np.ones(len(before), dtype=bool)
    gone[old[same]] = False
    households = np.union1d(now["household"].to_numpy()[~same], before["household"].to_numpy()[gone])
    return np.asarray(~same | _shares(now["household"].to_numpy(), households))


def _shares(households: npt.NDArray[np.int64], some: npt.NDArray[np.int64]) -> Flags:
    return np.asarray(np.isin(households, some[some >= 0]) & (households >= 0))


def _roomy(blocking: pd.DataFrame) -> bool:
    """Whether no rule had to be tightened for the budget."""
    return bool((blocking["cap_used"] == blocking["cap"]).all())


def _together(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Pairs per rule since everything was linked last: at least as many as linking everything would make now."""
    return before.assign(**{name: before[name] + now[name] for name in ("pairs", "dropped_by_cap", "dropped_by_budget", "records_dropped")})


def _tied(records: pd.DataFrame, state: LinkState, old: Rows, affected: Flags, claims: pd.DataFrame) -> Flags:
    """Records that share a claim, directly or through others, with an affected one, by the old claims and the new ones."""
    if not len(claims) and not len(state.claims):
        return np.zeros(len(affected), dtype=bool)
    rows_now = pd.Series(np.arange(len(affected)), index=records["key"])
    still = pd.Series(False, index=state.records["key"])
    still.iloc[old[(old >= 0) & ~affected]] = True
    stays = still.reindex(state.claims["key"]).to_numpy(dtype=bool)
    everything = pd.concat([state.claims[stays], claims, state.claims[~stays]], ignore_index=True)
    row = rows_now.reindex(everything["key"]).fillna(-1).to_numpy(dtype=np.int64)
    claim, _ = pd.factorize(everything["claim"])
    nowhere = len(affected) + claim.max(initial=-1) + 1  # stands for records that are gone, and touches what is affected
    ends = np.where(row >= 0, row, nowhere)
    size = nowhere + 1
    touched = np.append(affected, np.zeros(size - len(affected), dtype=bool))
    touched[nowhere] = True
    links = coo_matrix((np.ones(len(claim)), (ends, len(affected) + claim)), shape=(size, size))
    _, component = connected_components(links, directed=False)
    reached = np.zeros(size, dtype=bool)
    reached[component[touched]] = True
    return np.asarray(reached[component[: len(affected)]])
