"""Running `padan` as a command of its own, with its time and its peak memory."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """One command: what it printed, wall seconds, and the largest process so far in gigabytes."""

    output: str
    seconds: float
    peak_gb: float


def padan(home: Path, *arguments: str) -> Measured:
    """Run one command in a home of its own. Raises CalledProcessError when it does not end with 0."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PADAN_")}
    dagster_home = home.parent / "dagster"
    dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "dagster.yaml", dagster_home)
    environment |= {"PADAN_HOME": str(home), "DAGSTER_HOME": str(dagster_home)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - started
    return Measured(done.stdout, seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6)
