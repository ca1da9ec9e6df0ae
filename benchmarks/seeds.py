"""Precision and recall of whole runs over seeds that nothing was tuned on: `python -m benchmarks.seeds --first 101 --count 10`."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from benchmarks.commands import padan
from pipelines.evaluation import evaluate_home

VILLAGES = "35.10.05.2008,35.10.16.1007,35.10.23.2003,35.10.18.2008"


def main() -> None:
    """Simulate, run and evaluate for each seed; then median and worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--people", default="6000")
    parser.add_argument("--records", default="2500")
    given = parser.parse_args()
    measured: dict[int, tuple[float, float]] = {}
    for seed in range(given.first, given.first + given.count):
        with tempfile.TemporaryDirectory(prefix="padan-seed-") as scratch:
            place = Path(scratch)
            padan(
                place / "home",
                *("simulate", str(place / "data"), "--people", given.people, "--records", given.records),
                *("--villages", VILLAGES, "--seed", str(seed)),
            )
            padan(place / "home", "run", "--inbox", str(place / "data" / "inbox"))
            overall = evaluate_home(place / "home", place / "data" / "truth").set_index("stratum").loc["all"]
            measured[seed] = float(overall["precision"]), float(overall["recall"])
            print(f"seed {seed}: precision {overall['precision']:.4f} recall {overall['recall']:.4f}", flush=True)
    for number, name in enumerate(("precision", "recall")):
        values = {seed: pair[number] for seed, pair in measured.items()}
        worst = min(values, key=lambda seed: values[seed])
        print(f"{name}: median {statistics.median(values.values()):.4f}, worst {values[worst]:.4f} (seed {worst})")


if __name__ == "__main__":
    main()
