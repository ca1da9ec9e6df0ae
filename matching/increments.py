"""New deliveries without redoing the old ones: link what has changed and what that can change, and keep the rest.

What a record is linked to depends on what it says, on the model and the right table, on its fellow household members in the left table, and
(in a list that names people once) on who else claims the same right row. So the records to be linked again are those that are new or say
something else, all that share a household number with them or did, and all that are tied to these by claims, transitively. The result is
equal to linking everything with the same model; where that cannot be promised (another right table, model or spec, or so many pairs that
blocking had to tighten), everything is linked.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.blocking import Rows
from matching.decisions import Decisions, resolve_decisions
from matching.estimates import Expectations, expectations
from matching.gathering import Evidence, gather
from matching.linking import link_prepared, weigh
from matching.model import LinkModel
from matching.outcome_frames import (
    cluster_unregistered,
    counts_of,
    identifier_states,
    links_frame,
    report_of,
    work_of,
)
from matching.prepared import Prepared, prepare
from matching.result import LinkResult, LinkState
from matching.review import review_frame
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import TEXT, taken
from matching.state import claims_of, known_of
from matching.tables import Table
from matching.verdicts import DECISION, EVIDENCE, IDENTIFIER, STATUSES, Verdicts, Weighed, pronounce

Flags = npt.NDArray[np.bool_]
_ESTIMATES = ("right", "wrong_least", "wrong_most", "missed")


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
    stages = Stages()
    prepared = prepare(left, right, spec, stages)
    with stages.time("changes"):
        known = known_of(prepared, spec, previous.model, decisions)
        old = _rows_before(known, previous.state)
        affected = _changed(known, previous.state, old)
    if known.fingerprint != previous.state.fingerprint or not _roomy(previous.report.blocking):
        return link_prepared(prepared, spec, previous.model, decisions, together, stages, keep_state=True)
    resolved = resolve_decisions(decisions, prepared.left_keys, prepared.right_ids)
    decided = np.concatenate((resolved.same_left, resolved.contradicted))
    while True:
        evidence, weighed = _weigh_again(prepared, spec, previous.model, resolved, decided, known.records, affected, stages)
        claims = claims_of(prepared, known.records, weighed.claims)
        more = _tied(known, previous.state, old, affected, claims)
        if not bool((more & ~affected).any()):
            break
        affected |= more
    blocking = _together(previous.report.blocking, evidence.blocking)
    if not _roomy(evidence.blocking) or int(blocking["pairs"].sum()) > spec.pairs_per_record * len(affected):
        return link_prepared(prepared, spec, previous.model, decisions, together, stages, keep_state=True)
    with stages.time("results"):
        merged = _Merged(previous, previous.state, old, affected)
        return merged.result(prepared, spec, evidence, weighed, resolved, known, claims, blocking, together, stages)


def _rows_before(known: LinkState, state: LinkState) -> Rows:
    """Row of each record in the previous result, -1 where it is new."""
    keys = state.records["key"].to_numpy()
    order = np.argsort(keys, kind="stable")
    now = known.records["key"].to_numpy()
    if not len(keys):
        return np.full(len(now), -1, dtype=np.int64)
    place = order[np.minimum(np.searchsorted(keys[order], now), len(keys) - 1)]
    return np.where(keys[place] == now, place, -1)


def _changed(known: LinkState, state: LinkState, old: Rows) -> Flags:
    """New records, those that say something else, and all that share a household number with them or with records that are gone."""
    now, before = known.records, state.records
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


def _weigh_again(
    prepared: Prepared,
    spec: LinkSpec,
    model: LinkModel,
    resolved: Decisions,
    decided: Rows,
    records: pd.DataFrame,
    affected: Flags,
    stages: Stages,
) -> tuple[Evidence, Weighed]:
    """Weigh the affected records; their household fellows are looked at as well, but claim nothing."""
    households = records["household"].to_numpy()
    rows = np.flatnonzero(affected | _shares(households, np.unique(households[affected])))
    evidence = gather(
        prepared.tables,
        spec,
        prepared.comparer,
        stages,
        training=False,
        different=resolved.different,
        decided=decided,
        only=rows,
        places=model.places,
    )
    with stages.time("deciding"):
        return evidence, weigh(prepared.claimed_by(affected), spec, model, evidence, resolved)


def _tied(known: LinkState, state: LinkState, old: Rows, affected: Flags, claims: pd.DataFrame) -> Flags:
    """Records that share a claim, directly or through others, with an affected one, by the old claims and the new ones."""
    if not len(claims) and not len(state.claims):
        return np.zeros(len(affected), dtype=bool)
    rows_now = pd.Series(np.arange(len(affected)), index=known.records["key"])
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


class _Merged:
    """The previous result where it stands, the new one where it was made again."""

    def __init__(self, previous: LinkResult, state: LinkState, old: Rows, affected: Flags) -> None:
        self.previous, self.state, self.old, self.affected = previous, state, old, affected
        self.kept = np.flatnonzero(~affected)
        self.places = old[self.kept]

    def result(
        self,
        prepared: Prepared,
        spec: LinkSpec,
        evidence: Evidence,
        weighed: Weighed,
        resolved: Decisions,
        known: LinkState,
        claims: pd.DataFrame,
        blocking: pd.DataFrame,
        together: pd.DataFrame | None,
        stages: Stages,
    ) -> LinkResult:
        """Links, review queue, estimates and state as linking everything would give them."""
        model, links_before = self.previous.model, self.previous.links
        verdicts = pronounce(len(self.affected), spec, model, evidence, weighed, resolved)
        expected = self._expected(expectations(verdicts, weighed, model))
        states = identifier_states(prepared.tables, spec, evidence)
        states = None if states is None else self._text(states, self.state.records["identifier"])
        review = self._review(review_frame(prepared.left_ids, prepared.right_ids, spec, model, weighed, verdicts, resolved), prepared)
        label = "identifier" if spec.identifier is None else spec.identifier.label
        self._overlay(verdicts, links_before, {label: IDENTIFIER, "evidence": EVIDENCE, "decision": DECISION})
        unregistered = cluster_unregistered(verdicts.status, prepared, spec, model, together)
        links = links_frame(prepared.left_ids, prepared.right_ids, verdicts, unregistered.clusters, spec)
        for column in ("right_id", "evidence"):
            links[column] = self._text(links[column], links_before[column])
        counts = counts_of(verdicts.status, verdicts.method, spec) | work_of(model, evidence, weighed)
        counts["linked_again"] = int(self.affected.sum())
        report = report_of(
            counts, expected, verdicts.status, states, prepared.strata, blocking, resolved.report, stages, unregistered.report
        )
        records = known.records.assign(
            identifier=pd.Series(pd.NA, index=known.records.index, dtype=TEXT) if states is None else states.array, **expected.columns
        )
        return LinkResult(
            links, review, report, model, unregistered.alike, LinkState(known.fingerprint, records, self._claims(claims, known))
        )

    def _expected(self, new: Expectations) -> Expectations:
        columns = {}
        for name, values in new.columns.items():
            columns[name] = values.copy()
            columns[name][self.kept] = self.state.records[name].to_numpy()[self.places]
        return Expectations(**columns)

    def _overlay(self, verdicts: Verdicts, before: pd.DataFrame, methods: dict[str, int]) -> None:
        kept = before.iloc[self.places]
        names = {name: number for number, name in enumerate(STATUSES)}
        verdicts.status[self.kept] = kept["status"].map(names).to_numpy(dtype=np.int8)
        verdicts.method[self.kept] = kept["method"].map(methods).fillna(EVIDENCE).to_numpy(dtype=np.int8)
        verdicts.probability[self.kept] = kept["probability"].to_numpy()

    def _text(self, new: pd.Series, before: pd.Series) -> pd.Series:
        both = pd.concat([new.astype(TEXT), before.astype(TEXT)], ignore_index=True)
        places = np.arange(len(new))
        places[self.kept] = len(new) + self.places
        return taken(both, places)

    def _review(self, new: pd.DataFrame, prepared: Prepared) -> pd.DataFrame:
        ids = prepared.left_ids.astype(TEXT).to_numpy(dtype=object)
        renamed = pd.Series(ids[self.kept], index=self.previous.links["left_id"].to_numpy(dtype=object)[self.places])
        before = self.previous.review
        before = before[before["left_id"].isin(renamed.index)]
        before = before.assign(left_id=pd.array(renamed.loc[before["left_id"].to_numpy(dtype=object)].to_numpy(), dtype=TEXT))
        row = pd.Series(np.arange(len(ids)), index=ids)
        new = new[self.affected[row.loc[new["left_id"].to_numpy(dtype=object)].to_numpy()]]
        both = pd.concat([part for part in (before, new) if len(part)], ignore_index=True) if len(before) or len(new) else new
        order = np.lexsort((both["rank"].to_numpy(), row.reindex(both["left_id"].to_numpy(dtype=object)).to_numpy()))
        return both.iloc[order].reset_index(drop=True)

    def _claims(self, new: pd.DataFrame, known: LinkState) -> pd.DataFrame:
        kept = self.state.claims[self.state.claims["key"].isin(known.records["key"].to_numpy()[self.kept])]
        return pd.concat([kept, new], ignore_index=True)
