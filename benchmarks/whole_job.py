"""The whole job at scale: `python -m benchmarks.whole_job --people 200000`. Prints the stages, wall seconds and peak memory."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.commands import padan


def main() -> None:
    """Simulate a regency and run the job on it twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", default="200000")
    parser.add_argument("--format", default="xlsx")
    parser.add_argument("--seed", default="101")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="padan-scale-") as scratch:
        place = Path(scratch)
        data = place / "data"
        simulated = padan(place / "home", "simulate", str(data), "--people", given.people, "--seed", given.seed, "--format", given.format)
        print(f"simulate: {simulated.seconds:.0f} s\n{simulated.output}")
        for number in (1, 2):
            run = padan(place / "home", "run", "--inbox", str(data / "inbox"))
            print(f"run {number}: {run.seconds:.0f} s, peak {run.peak_gb:.1f} GB\n{run.output}", flush=True)


if __name__ == "__main__":
    main()
