"""What linking again costs at full size when little has changed: `python -m benchmarks.linkage_increments`.

A regency is linked whole and its state kept; then the same lists are linked again with nothing changed, with one record's name written
differently, and with a delivery of a thousand new records. Before and after each stands what a run in production adds: reading what the
last one kept, and keeping it again. What is measured is kept beside the data of the linkage benchmark, whose page shows it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from benchmarks.linkage import SEED, SIZES, simulated
from benchmarks.linkage_engines.padan_engine import SPEC
from matching import LinkSpec, keep_result, kept_result, link, relink
from schemas.canonical import TEXT

NEW = 1_000


def main() -> None:
    """Measure the largest size, or another, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=SIZES[-1][0], choices=[people for people, _ in SIZES])
    given = parser.parse_args()
    folder = simulated(given.people, dict(SIZES)[given.people], SEED)
    figures = increments(folder)
    (folder / "increments.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures))


def increments(folder: Path) -> dict[str, float]:
    """Seconds of linking everything, and of linking again after each change; and whether one changed record changed no other link."""
    spec = LinkSpec.load(SPEC).model_copy(update={"left_key": None})
    records, register = pd.read_parquet(folder / "records.parquet"), folder / "register.parquet"
    records = records.astype({name: TEXT for name, dtype in records.dtypes.items() if isinstance(dtype, pd.StringDtype)})
    old, memory = records.iloc[:-NEW], folder / "kept"
    figures: dict[str, float] = {}
    with _measured(figures, "everything"):
        first = link(old, register, spec, keep_state=True)
    keep_result(first, memory)
    changed = old.copy()
    changed.loc[changed.index[1], "name"] = "SOEPARMAN BIN KARTO"
    for what, left in (("nothing", old), ("one_record", changed), ("new_records", records)):
        with _measured(figures, f"{what}_read"):
            before = kept_result(memory)
        with _measured(figures, what):
            again = relink(before or first, left, register, spec)
        with _measured(figures, f"{what}_keep"):
            keep_result(again, folder / "kept_again")
        shutil.rmtree(folder / "kept_again")
        both = first.links.merge(again.links, on="left_id", suffixes=("", "_again"))
        figures[f"{what}_other_links"] = int((both["right_id"].fillna("") != both["right_id_again"].fillna("")).sum())
    figures["kept_mb"] = sum(path.stat().st_size for path in memory.rglob("*") if path.is_file()) / 1e6
    shutil.rmtree(memory)
    return figures


@contextmanager
def _measured(figures: dict[str, float], what: str) -> Iterator[None]:
    """Add the seconds spent inside to the figures."""
    started = time.perf_counter()
    yield
    figures[what] = time.perf_counter() - started


if __name__ == "__main__":
    main()
