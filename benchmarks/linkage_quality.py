"""The quality of linkage in one table: `python -m benchmarks.linkage_quality`.

For each seed (none of which anything was tuned on) a regency is simulated and linked; the median and the worst are shown, with the strata.
`--damage` tells how much damage the records have: as the benchmark profile says, half, twice, or with vowels as heard over the telephone, a
damage that the engine was not told of. `--without` takes ideas away one at a time and shows what each adds.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.linkage_runs import Figures, figures, linked, main_spec, simulated
from matching import LinkResult, LinkSpec
from matching.competition import Floats, Groups
from simulation.damage_profile import BENCHMARK, DamageProfile

DAMAGE: dict[str, Callable[[], DamageProfile]] = {
    "benchmark": lambda: BENCHMARK,
    "half": lambda: BENCHMARK.scaled(0.5),
    "twice": lambda: BENCHMARK.scaled(2.0),
    "untold": lambda: replace(BENCHMARK, name_misheard=0.1),
}


def main() -> None:
    """Simulate, link, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--records", type=int, default=60_000)
    parser.add_argument("--damage", choices=sorted(DAMAGE), nargs="*", default=["benchmark"])
    parser.add_argument("--without", action="store_true", help="what each idea adds, on the first seed")
    given = parser.parse_args()
    for kind in given.damage:
        print(f"\ndamage: {kind}; {given.people:,} residents, {given.records:,} records", flush=True)
        if given.without:
            left, right, truth = simulated(given.people, given.records, given.first, DAMAGE[kind]())
            for name, change in IDEAS.items():
                print(f"  {name:<34} {_line(figures(change(left, right), truth))}", flush=True)
            continue
        found: dict[int, Figures] = {}
        for seed in range(given.first, given.first + given.count):
            left, right, truth = simulated(given.people, given.records, seed, DAMAGE[kind]())
            found[seed] = figures(linked(left, right), truth)
            print(f"  seed {seed}: {_line(found[seed])}", flush=True)
        _summary(found)


def _line(run: Figures) -> str:
    return (
        f"precision {run.precision:.5f} recall {run.recall:.5f}; queue {run.queue:.2%}, {run.queue_true:.0%} of it true; "
        f"{run.pairs_per_record:.1f} pairs a record; {run.wrong} wrong, {run.missed} missed"
    )


def _summary(found: dict[int, Figures]) -> None:
    for name in ("precision", "recall"):
        values = {seed: float(getattr(run, name)) for seed, run in found.items()}
        worst = min(values, key=lambda seed: values[seed])
        print(f"  {name}: median {statistics.median(values.values()):.5f}, worst {values[worst]:.5f} (seed {worst})")
    for name in next(iter(found.values())).recall_of:
        print(f"  recall, {name}: median {statistics.median(run.recall_of[name] for run in found.values()):.5f}")


def _without_labels(left: Any, right: Any) -> LinkResult:
    spec = main_spec()
    return linked(left, right, spec.model_copy(update={"training": spec.training.model_copy(update={"least_labels": 10**9})}))


def _without_frequency(left: Any, right: Any) -> LinkResult:
    spec = main_spec()
    comparisons = tuple(comparison.model_copy(update={"frequency": None}) for comparison in spec.comparisons)
    return linked(left, right, spec.model_copy(update={"comparisons": comparisons}))


def _without_household(left: Any, right: Any) -> LinkResult:
    return linked(left, right, main_spec().model_copy(update={"household": None}))


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

if __name__ == "__main__":
    main()
