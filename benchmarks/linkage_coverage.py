"""Do the reported probabilities come true? Stated probability against the share that is right, and the plot of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks.charts import line_chart
from benchmarks.linkage_runs import Truth
from matching import LinkResult

BINS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.000001])
FEWEST = 20  # best candidates in a bin that is shown


def reliability(result: LinkResult, truth: Truth) -> list[list[float]]:
    """For each bin of stated probability: its sum, how many were right, how many there were; of best candidates linked or in the queue."""
    links = result.links[result.links["method"].eq("evidence").fillna(False)]
    first = result.review[result.review["rank"].eq(1)]
    sums = np.zeros((3, len(BINS) - 1))
    for frame in (links, first):
        probability = frame["probability"].to_numpy()
        true = frame["right_id"].to_numpy(dtype=object) == truth.resident.reindex(frame["left_id"].to_numpy(dtype=object)).to_numpy()
        place = np.digitize(probability, BINS) - 1
        for row, weights in enumerate((probability, true, np.ones(len(probability)))):
            sums[row] += np.bincount(place, weights=weights, minlength=len(BINS) - 1)
    return [[float(value) for value in row] for row in sums]


def write_plot(plot: Path, runs: list[Path]) -> None:
    """The reliability plot of these runs; nothing without runs."""
    if not runs:
        return
    stated, right, counted = sum(np.array(json.loads(path.read_text(encoding="utf-8"))["reliability"]) for path in runs)
    shown = counted >= FEWEST
    points = [(float(x), float(y)) for x, y in zip(stated[shown] / counted[shown], right[shown] / counted[shown], strict=True)]
    ticks = {value / 10: f"{value / 10:g}" for value in range(0, 11, 2)}
    plot.parent.mkdir(exist_ok=True)
    chart = line_chart(
        "Stated probability and share that is right",
        {"best candidates of records not settled by NIK": points},
        ("stated probability", "share right"),
        (ticks, ticks),
        logarithmic=False,
        diagonal=True,
    )
    plot.write_text(chart, encoding="utf-8")
