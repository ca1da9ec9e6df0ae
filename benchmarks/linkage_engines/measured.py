"""What each engine does around its linking: read its arguments, time itself, write links and figures."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Linked:
    """Links of an engine: left_id, right_id (one row per linked record); the number of pairs it compared; what else it reports."""

    links: pd.DataFrame
    pairs: int
    notes: dict[str, object]


def run(link: Callable[[Path, Path], Linked]) -> None:
    """Link the files named in the command line (records, register, folder for the results); seconds include reading the files."""
    records, register, folder = (Path(argument) for argument in sys.argv[1:4])
    started = time.perf_counter()
    linked = link(records, register)
    seconds = time.perf_counter() - started
    linked.links.to_parquet(folder / "links.parquet")
    figures = {"seconds": seconds, "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, "pairs": linked.pairs}
    (folder / "figures.json").write_text(json.dumps(figures | linked.notes, indent=1), encoding="utf-8")
