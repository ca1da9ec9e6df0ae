"""From verdicts to the result of a run: links, review queue, report."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from matching.blocking import Rows, pair_numbers
from matching.clusters import SamePerson, same_person_pairs
from matching.columns import Tables
from matching.compare import Comparer
from matching.estimates import Expectations, strata_frame
from matching.evidence import Explanations
from matching.gathering import Evidence
from matching.joining import Sayings, joined, sayings_of
from matching.model import LinkModel
from matching.result import LinkReport
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import TEXT, taken
from matching.verdicts import IDENTIFIER, LINKED, METHODS, STATUSES, Verdicts, Weighed

Statuses = npt.NDArray[np.int8]


def links_frame(left_ids: pd.Series, right_ids: pd.Series, verdicts: Verdicts, clusters: Rows, spec: LinkSpec) -> pd.DataFrame:
    """One row per left record, in the order of the left table's content."""
    linked = verdicts.status == LINKED
    return pd.DataFrame(
        {
            "left_id": left_ids.astype(TEXT).array,
            "status": _named(STATUSES, verdicts.status.astype(np.int64)),
            "method": _named(_method_names(spec), np.where(linked, verdicts.method, -1)),
            "right_id": taken(right_ids, np.where(linked, verdicts.right, -1)),
            "cluster_id": taken(left_ids, clusters),
            "probability": verdicts.probability,
            "evidence": pd.Series(verdicts.explanations.written(), dtype=TEXT),
        }
    )


def _named(names: tuple[str, ...], places: Rows) -> pd.Series:
    return pd.Series(pa.array(names, type=pa.string()).take(pa.array(places, mask=places < 0)), dtype=TEXT)


def _method_names(spec: LinkSpec) -> tuple[str, ...]:
    return METHODS if spec.identifier is None else (spec.identifier.label, *METHODS[1:])


@dataclass(frozen=True)
class Unregistered:
    """Unregistered records as people. ``clusters``: for each left row the first row of its person's records, -1 for registered ones.

    ``alike``: pairs that may be one person (left_id, other_id, probability, evidence); ``report``: what people said and could not be used.
    """

    clusters: Rows
    alike: pd.DataFrame
    report: pd.DataFrame


def cluster_unregistered(
    rows: Rows,
    among: Tables,
    comparer: Comparer,
    left_ids: pd.Series,
    left_keys: pd.Series,
    spec: LinkSpec,
    model: LinkModel,
    together: pd.DataFrame | None,
) -> Unregistered:
    """Join the records of one unregistered person, as the weights and people have it.

    ``rows``: the unregistered ones of all left records, whose ids and keys are given; ``among``: these alone, set against themselves.
    """
    pairs = same_person_pairs(among, spec, comparer.on(among), model.weights, spec.thresholds.review)
    certain = pairs.only(pairs.probability >= spec.thresholds.link)
    said = sayings_of(together, left_keys, rows)
    least = joined(len(rows), (certain.left, certain.right), certain.probability, said)
    places = np.full(len(left_ids), -1, dtype=np.int64)
    places[rows] = rows[least]
    return Unregistered(places, _alike(pairs, least, said, left_ids.iloc[rows], model), said.report)


def _alike(pairs: SamePerson, least: Rows, said: Sayings, ids: pd.Series, model: LinkModel) -> pd.DataFrame:
    """Pairs in doubt, likeliest first: not joined already, and not spoken of."""
    spoken = np.concatenate([pair_numbers(np.minimum(*ends), np.maximum(*ends), len(ids)) for ends in (said.same, said.different)])
    doubtful = pairs.only((least[pairs.left] != least[pairs.right]) & ~np.isin(pair_numbers(pairs.left, pairs.right, len(ids)), spoken))
    order = np.lexsort((doubtful.right, doubtful.left, -doubtful.probability))
    explanations, nobody = Explanations(len(order)), np.zeros(len(order))
    prior = np.full(len(order), model.weights.intercept)
    alone = np.ones(len(order), dtype=np.int64)
    explanations.weighed(np.arange(len(order)), model.weights, doubtful.outcomes[:, order], prior, alone, nobody)
    return pd.DataFrame(
        {
            "left_id": taken(ids, doubtful.left[order]),
            "other_id": taken(ids, doubtful.right[order]),
            "probability": doubtful.probability[order],
            "evidence": pd.Series(explanations.written(), dtype=TEXT),
        }
    )


def report_of(
    counts: dict[str, int],
    expected: Expectations,
    status: Statuses,
    identifier: pd.Series | None,
    strata: dict[str, pd.Series],
    blocking: pd.DataFrame,
    not_applied: pd.DataFrame,
    stages: Stages,
    not_joined: pd.DataFrame,
) -> LinkReport:
    """Counts and estimates of the run; ``stages`` goes on running, the report shows it as it is at the end."""
    precision, recall = expected.quality()
    apart = ({} if identifier is None else {"identifier": identifier}) | strata
    return LinkReport(blocking, counts, precision, recall, strata_frame(expected, status, apart), stages.seconds, not_applied, not_joined)


def counts_of(status: Statuses, method: Statuses, spec: LinkSpec) -> dict[str, int]:
    """Records by status, and linked ones by method."""
    linked = status == LINKED
    counts = {name: int((status == number).sum()) for number, name in enumerate(STATUSES)}
    for number, name in enumerate(_method_names(spec)):
        if number != IDENTIFIER or spec.identifier is not None:
            counts[f"linked_by_{name}"] = int((linked & (method == number)).sum())
    return counts | {"records": len(status)}


def work_of(model: LinkModel, evidence: Evidence, weighed: Weighed) -> dict[str, int]:
    """Pairs that a run compared, and the labels that its model was learned from."""
    pairs = len(weighed.left) + len(evidence.confirmed.left) + (0 if evidence.choices is None else len(evidence.choices.left))
    return {"pairs_compared": pairs, "labels": model.labels}


def identifier_states(tables: Tables, spec: LinkSpec, evidence: Evidence) -> pd.Series | None:
    """For each left record whether its identifier settled it, says something else, or is missing; ``None`` where the spec names none."""
    if spec.identifier is None:
        return None
    present = tables.columns[spec.identifier.column].left >= 0
    states = present.astype(np.int64)
    states[evidence.confirmed.left[evidence.settled]] = 2
    return _named(("missing", "unsettled", "settled"), states)
