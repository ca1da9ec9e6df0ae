"""What each idea of the engine adds: the same run with one of them taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.linkage_runs import linked, main_spec
from matching import LinkResult, LinkSpec
from matching.competition import Floats, Groups


def _without_labels(left: Any, right: Any) -> LinkResult:
    spec = main_spec()
    return linked(left, right, spec.model_copy(update={"training": spec.training.model_copy(update={"least_labels": 10**9})}))


def _without_frequency(left: Any, right: Any) -> LinkResult:
    spec = main_spec()
    comparisons = tuple(comparison.model_copy(update={"frequency": None}) for comparison in spec.comparisons)
    return linked(left, right, spec.model_copy(update={"comparisons": comparisons}))


def _without_household(left: Any, right: Any) -> LinkResult:
    """Neither fellow members nor relatives by whom somebody is called."""
    spec = main_spec()
    blocking = tuple(rule for rule in spec.blocking if not rule.of_relative)
    return linked(left, right, spec.model_copy(update={"household": None, "relatives": None, "blocking": blocking}))


def _without_structure(left: Any, right: Any) -> LinkResult:
    """An identifier that is equal or not, and that is blocked on as a whole."""
    content = main_spec().model_dump(mode="json")
    content["columns"]["nik"]["birth"] = None
    content["comparisons"][0]["levels"] = ["equal"]
    content["blocking"] = [{"keys": ["nik"], "cap": 20}, *content["blocking"][2:]]
    content["identifier"] |= {"given": ""}
    return linked(left, right, LinkSpec.model_validate(content))


def _without_competition(left: Any, right: Any) -> LinkResult:
    """Each candidate on its own, as if the record had no other."""

    def alone(scores: Floats, groups: Groups, none: Floats | float = 0.0) -> tuple[Floats, Floats]:
        shift = none[groups.of_pair] if isinstance(none, np.ndarray) else none
        likely = 1 / (1 + np.exp(-np.clip(scores - shift, -50, 50)))
        return likely, np.maximum(1 - groups.highest(likely), 0.0)

    with patch("matching.linking.probabilities", alone):
        return linked(left, right)


IDEAS: dict[str, Callable[[Any, Any], LinkResult]] = {
    "everything": linked,
    "without labels from the NIK (EM)": _without_labels,
    "without term frequencies": _without_frequency,
    "without competition": _without_competition,
    "without household": _without_household,
    "without the structure of the NIK": _without_structure,
}
