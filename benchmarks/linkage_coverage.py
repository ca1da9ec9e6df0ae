"""Do the reported intervals hold the truth, and do probabilities come true? `python -m benchmarks.linkage_coverage`.

Over 40 seeds: in how many runs the reported 95 % interval holds the true precision and recall, and how wide it is. Writes the reliability
plot of these runs to `docs/images/linkage-reliability.svg`: of all best candidates (linked or in the queue) with a stated probability, how
many are right.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

import numpy as np

from benchmarks.charts import line_chart
from benchmarks.commands import ROOT
from benchmarks.linkage_runs import Truth, figures, linked, simulated
from matching import LinkResult

BINS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.000001])
FEWEST = 20  # best candidates in a bin that is shown


def main() -> None:
    """Simulate and link for each seed; then coverage, width and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=201)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--plot", type=Path, default=ROOT / "docs" / "images" / "linkage-reliability.svg")
    given = parser.parse_args()
    holds: dict[str, list[bool]] = {"precision": [], "recall": []}
    halves: dict[str, list[float]] = {"precision": [], "recall": []}
    stated, right, counted = (np.zeros(len(BINS) - 1) for _ in range(3))
    for seed in range(given.first, given.first + given.count):
        left, register, truth = simulated(given.people, given.records, seed)
        result = linked(left, register)
        found = figures(result, truth)
        line = [f"seed {seed}:"]
        for name, held in holds.items():
            interval, true = getattr(result.report, name), getattr(found, name)
            held.append(interval.low <= true <= interval.high)
            halves[name].append((interval.high - interval.low) / 2)
            line.append(f"{name} {true:.5f} in {interval.low:.5f} to {interval.high:.5f}{'' if held[-1] else ' NO'};")
        print(" ".join(line), flush=True)
        _count(result, truth, stated, right, counted)
    for name, held in holds.items():
        print(f"{name}: held in {statistics.mean(held):.1%} of {given.count} runs; mean half-width {statistics.mean(halves[name]):.5f}")
    shown = counted >= FEWEST
    points = [(float(x), float(y)) for x, y in zip(stated[shown] / counted[shown], right[shown] / counted[shown], strict=True)]
    ticks = {value / 10: f"{value / 10:g}" for value in range(0, 11, 2)}
    given.plot.parent.mkdir(exist_ok=True)
    chart = line_chart(
        "Stated probability and share that is right",
        {"best candidates of records not settled by NIK": points},
        ("stated probability", "share right"),
        (ticks, ticks),
        logarithmic=False,
        diagonal=True,
    )
    given.plot.write_text(chart, encoding="utf-8")
    print(f"written: {given.plot}")


def _count(result: LinkResult, truth: Truth, stated: np.ndarray, right: np.ndarray, counted: np.ndarray) -> None:
    """Add the best candidates of one run to the bins of their probability."""
    links = result.links[result.links["method"].eq("evidence").fillna(False)]
    first = result.review[result.review["rank"].eq(1)]
    for frame in (links, first):
        probability = frame["probability"].to_numpy()
        true = frame["right_id"].to_numpy(dtype=object) == truth.resident.reindex(frame["left_id"].to_numpy(dtype=object)).to_numpy()
        place = np.digitize(probability, BINS) - 1
        stated += np.bincount(place, weights=probability, minlength=len(stated))
        right += np.bincount(place, weights=true, minlength=len(right))
        counted += np.bincount(place, minlength=len(counted))


if __name__ == "__main__":
    main()
