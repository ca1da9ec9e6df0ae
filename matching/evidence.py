"""Why a record was linked, as JSON: each comparison with its level and weight, the prior, the number of candidates, the runner-up.

Prior and weights add up to the log odds of this candidate against *none of them*. Where two comparisons speak together, each bears half of
what they say. Few distinct patterns occur, so the text is composed once per pattern, by Arrow, and joined with the numbers of each record.
"""

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.compare import Outcomes
from matching.competition import Floats
from matching.patterns import Patterns
from matching.weights import WeightTable


def evidence_json(table: WeightTable, outcomes: Outcomes, prior: Floats, candidates: npt.NDArray[np.int64], runner_up: Floats) -> Any:
    """Arrow strings, one per pair: ``{"comparisons":[{"column","level","weight"},…],"prior","candidates","runner_up"}``.

    A missing comparison is left out unless it weighs something.
    """
    patterns = Patterns.of(outcomes, table.scales)
    comparisons = _comparisons(table, patterns.outcomes).take(pa.array(patterns.of_pair))
    return pc.binary_join_element_wise(
        '{"comparisons":[', comparisons, '],"prior":', _numbers(prior, 3), ',"candidates":', pa.array(candidates).cast(pa.string()),
        ',"runner_up":', _numbers(runner_up, 4), "}", "",
    )  # fmt: skip


def plain_evidence(candidates: npt.NDArray[np.int64], best: Floats) -> Any:
    """Evidence of a record that nothing was linked to: how many candidates there were, and how likely the best one was."""
    counts = pa.array(candidates).cast(pa.string())
    return pc.binary_join_element_wise('{"comparisons":[],"candidates":', counts, ',"runner_up":', _numbers(best, 4), "}", "")


def _comparisons(table: WeightTable, patterns: Outcomes) -> Any:
    """The inside of the list of comparisons, one text per pattern."""
    weights = table.shares(patterns)
    texts = []
    for number, scale in enumerate(table.scales):
        level = scale.level_of(patterns[number]).astype(np.int64)
        hundredths = np.round(weights[number] * 100).astype(np.int64)
        shown, place = np.unique(np.stack((level, hundredths)), axis=1, return_inverse=True)
        fragments = [_fragment(scale.name, scale.levels[one], int(weight)) for one, weight in shown.T]
        texts.append(pa.array(fragments, type=pa.string()).take(pa.array(place.reshape(-1))))
    return pc.binary_join_element_wise(*texts, ",", null_handling="skip") if texts else pa.array([""] * patterns.shape[1])


def _fragment(name: str, level: str, hundredths: int) -> str | None:
    if level == "missing" and not hundredths:
        return None
    return json.dumps({"column": name, "level": level, "weight": hundredths / 100}, ensure_ascii=False, separators=(",", ":"))


def _numbers(values: Floats, decimals: int) -> Any:
    distinct, place = np.unique(np.round(values, decimals) + 0.0, return_inverse=True)
    return pa.array([f"{value:.{decimals}f}" for value in distinct], type=pa.string()).take(pa.array(place))
