"""Padan's own engine with the specification of the main job; the best candidate of each record at p >= 0.5, as the peers are read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.linkage_engines.measured import Linked, run
from matching import LinkSpec, link

SPEC = Path(__file__).parents[2] / "schemas" / "linkage" / "register.yaml"


def link_files(records: Path, register: Path) -> Linked:
    """Typed Parquet to decided links; the queue for people is reported beside them."""
    spec = LinkSpec.load(SPEC).model_copy(update={"left_key": None})
    result = link(records, register, spec)
    made = result.links.loc[result.links["status"].eq("linked"), ["left_id", "right_id"]]
    likely = result.review.loc[result.review["rank"].eq(1) & result.review["probability"].ge(0.5), ["left_id", "right_id"]]
    report = result.report
    notes = {
        "automatic": len(made),
        "review": int(result.links["status"].eq("review").sum()),
        "estimated_precision": vars(report.precision),
        "estimated_recall": vars(report.recall),
        "stages": report.seconds,
    }
    return Linked(pd.concat([made.assign(automatic=True), likely.assign(automatic=False)]), report.counts["pairs_compared"], notes)


if __name__ == "__main__":
    run(link_files)
