"""The quality of linkage over seeds: `make bench-linkage-quality`, or `python -m benchmarks.linkage_quality`.

For each seed (none of which anything was tuned on) a regency is simulated and linked, at the damage of the benchmark profile, half, twice,
and with one that the engine was not told of. Then ideas are taken away one at a time, to see what each adds; over 40 others of each
kind it is counted how often the reported intervals hold the truth, and asked what a learner that is shown the truth would add. What is
measured is kept in `build/linkage-quality`, so that a run that was interrupted goes on where it stopped; `--again` measures anew, `--only`
measures some parts. Writes `docs/linkage-quality.md`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.commands import ROOT
from benchmarks.linkage_ceiling import one_ceiling
from benchmarks.linkage_coverage import reliability, write_plot
from benchmarks.linkage_damage import DAMAGE
from benchmarks.linkage_ideas import IDEAS
from benchmarks.linkage_quality_page import write_page
from benchmarks.linkage_runs import figures, linked, simulated

BUILD = ROOT / "build" / "linkage-quality"
PARTS = ("seeds", "ideas", "coverage", "ceiling")
CEILING_SEEDS = 2
COVERAGE_FIRST, COVERAGE_PEOPLE, COVERAGE_RECORDS = 519, 200_000, 60_000


def main() -> None:
    """Measure what is not measured yet, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--records", type=int, default=60_000)
    parser.add_argument("--coverage-count", type=int, default=40)
    parser.add_argument("--damage", choices=sorted(DAMAGE), nargs="*", default=list(DAMAGE))
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS)
    parser.add_argument("--again", action="store_true", help="measure anew what is already measured")
    parser.add_argument("--build", type=Path, default=BUILD)
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "linkage-quality.md")
    given = parser.parse_args()
    size = (given.people, given.records)
    jobs: dict[Path, Callable[[], dict[str, Any]]] = {}
    if "seeds" in given.only:
        seeds = range(given.first, given.first + given.count)
        jobs |= {Path("seeds", f"{kind}-{seed}.json"): partial(one_seed, *size, seed, kind) for kind in given.damage for seed in seeds}
    if "ideas" in given.only:
        jobs |= {Path("ideas", f"{number}.json"): partial(one_idea, *size, given.first, name) for number, name in enumerate(IDEAS)}
    if "coverage" in given.only:
        seeds = range(COVERAGE_FIRST, COVERAGE_FIRST + given.coverage_count)
        jobs |= {Path("coverage", f"{kind}-{seed}.json"): partial(one_coverage, seed, kind) for kind in given.damage for seed in seeds}
    if "ceiling" in given.only:
        seeds = range(COVERAGE_FIRST, COVERAGE_FIRST + CEILING_SEEDS)
        ceiling = partial(one_ceiling, COVERAGE_PEOPLE, COVERAGE_RECORDS)
        jobs |= {Path("ceiling", f"{kind}-{seed}.json"): partial(ceiling, seed, kind) for kind in given.damage for seed in seeds}
    for path, measure in jobs.items():
        if given.again or not (given.build / path).exists():
            _keep(given.build / path, measure())
    write_page(given.page, given.build, size, given.first)
    write_plot(given.page.parent / "images" / "linkage-reliability.svg", sorted((given.build / "coverage").glob("benchmark-*.json")))
    print(f"written: {given.page}")


def one_seed(people: int, records: int, seed: int, kind: str) -> dict[str, Any]:
    """Simulate, link and hold against the truth."""
    left, right, truth = simulated(people, records, seed, DAMAGE[kind]())
    return asdict(figures(linked(left, right), truth))


def one_idea(people: int, records: int, seed: int, name: str) -> dict[str, Any]:
    """The same with one idea taken away."""
    left, right, truth = simulated(people, records, seed)
    return {"idea": name} | asdict(figures(IDEAS[name](left, right), truth))


def one_coverage(seed: int, kind: str) -> dict[str, Any]:
    """True and stated precision and recall of a small regency, and stated probabilities against what came true."""
    left, right, truth = simulated(COVERAGE_PEOPLE, COVERAGE_RECORDS, seed, DAMAGE[kind]())
    result = linked(left, right)
    found = figures(result, truth)
    stated = {name: vars(getattr(result.report, name)) | {"true": getattr(found, name)} for name in ("precision", "recall")}
    return stated | {"reliability": reliability(result, truth)}


def _keep(path: Path, measured: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(measured), encoding="utf-8")
    shown = {name: value for name, value in measured.items() if name != "reliability"}
    print(f"{path.parent.name} {path.stem}: {json.dumps(shown)}", flush=True)


if __name__ == "__main__":
    main()
