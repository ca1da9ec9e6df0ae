"""From verdicts to the result of a run: links, review queue, report."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from matching.blocking import Rows
from matching.clusters import components, one_table, same_person_pairs
from matching.columns import Tables
from matching.compare import Comparer
from matching.estimates import Expectations, strata_frame
from matching.gathering import Evidence
from matching.model import LinkModel
from matching.result import LinkReport
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import TEXT, taken
from matching.verdicts import IDENTIFIER, LINKED, METHODS, STATUSES, UNREGISTERED, Verdicts, Weighed

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


def cluster_unregistered(status: Statuses, comparer: Comparer, spec: LinkSpec, model: LinkModel) -> Rows:
    """For each unregistered record the first row of its person's records, -1 for the others."""
    rows = np.flatnonzero(status == UNREGISTERED)
    among = one_table(comparer.tables, rows)
    left, right, _ = same_person_pairs(among, spec, comparer.on(among), model.weights, spec.thresholds.link)
    places = np.full(len(status), -1, dtype=np.int64)
    places[rows] = rows[components(len(rows), left, right)]
    return places


def report_of(
    counts: dict[str, int],
    expected: Expectations,
    status: Statuses,
    identifier: pd.Series | None,
    strata: dict[str, pd.Series],
    blocking: pd.DataFrame,
    not_applied: pd.DataFrame,
    stages: Stages,
) -> LinkReport:
    """Counts and estimates of the run; ``stages`` goes on running, the report shows it as it is at the end."""
    precision, recall = expected.quality()
    apart = ({} if identifier is None else {"identifier": identifier}) | strata
    return LinkReport(blocking, counts, precision, recall, strata_frame(expected, status, apart), stages.seconds, not_applied)


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
    states = np.where(present, "unsettled", "missing").astype(object)
    states[evidence.confirmed.left[evidence.settled]] = "settled"
    return pd.Series(states, dtype=TEXT)
