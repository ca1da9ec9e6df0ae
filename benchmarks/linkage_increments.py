"""What linking again costs at full size when little has changed: `python -m benchmarks.linkage_increments`.

A regency is linked whole and its state kept; then the same lists are linked again with nothing changed, with one record's name written
differently, and with a delivery of a thousand new records. What is measured is kept beside the data of the linkage benchmark, whose page
shows it.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import pandas as pd

from benchmarks.linkage import SEED, SIZES, simulated
from benchmarks.linkage_engines.padan_engine import SPEC
from matching import LinkSpec, link, relink

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
    old = records.iloc[:-NEW]
    started = time.perf_counter()
    first = link(old, register, spec, keep_state=True)
    figures = {"everything": time.perf_counter() - started}
    changed = old.copy()
    changed.loc[changed.index[1], "name"] = "SOEPARMAN BIN KARTO"
    for what, left in (("nothing", old), ("one_record", changed), ("new_records", records)):
        started = time.perf_counter()
        again = relink(first, left, register, spec)
        figures[what] = time.perf_counter() - started
        both = first.links.merge(again.links, on="left_id", suffixes=("", "_again"))
        figures[f"{what}_other_links"] = int((both["right_id"].fillna("") != both["right_id_again"].fillna("")).sum())
    return figures


if __name__ == "__main__":
    main()
