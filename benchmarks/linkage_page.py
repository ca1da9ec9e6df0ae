"""The page that the linkage benchmark writes: a table per size, a chart of growth, and how to object."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks.charts import line_chart

COLUMNS = ("engine", "seconds", "peak memory", "pairs per record", "precision", "recall", "F1", "wrong links", "links missed")
HEADER = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
INTRODUCTION = """# Linkage benchmark

Written by `make bench-linkage`; do not edit. A simulated regency (the *benchmark profile* of `simulation/benchmark.py`,
seed {seed}, which nothing was tuned on): a register of all residents, and a list of records with the mistakes that offices make.
Every engine reads the same two Parquet files and is run in turn, in a process of its own, on {cores} cores ({machine}).
What was measured stands until its engine is run again, so that rows may be of different hours; times vary by a tenth and more.
Seconds include reading the files; memory is the process's peak. Each record is given its best candidate at a probability of at
least 0.5, or none; nobody is asked.

The settings of each engine stand in [`benchmarks/linkage_engines/`](../benchmarks/linkage_engines). Whoever knows a better
setting for a peer changes its file and runs `make bench-linkage` again. The tuned Splink is given Padan's own standardisation of
names.
"""


def write_page(page: Path, build: Path, seed: int, engines: list[tuple[str, str]], sizes: tuple[tuple[int, int], ...]) -> None:
    """Write the page and its chart beside it, from the figures in ``build``; sizes that were not measured are left out."""
    figures = {
        (people, module): json.loads(path.read_text(encoding="utf-8"))
        for people, records in sizes
        for module, _ in engines
        if (path := build / f"{people}-{records}-{seed}" / module / "quality.json").exists()
    }
    parts = [INTRODUCTION.format(seed=seed, cores=os.cpu_count(), machine=platform.machine())]
    chart = page.parent / "images" / "linkage-benchmark.svg"
    lines = {}
    for module, title in engines:
        points = [(float(people), figures[people, module]["seconds"]) for people, _ in sizes if (people, module) in figures]
        if points:
            lines[title] = points
    if lines:
        chart.parent.mkdir(exist_ok=True)
        labels = {float(people): f"{people:,}" for people, _ in sizes}
        chart.write_text(
            line_chart("Seconds to link, by size", lines, ("residents in the register", "seconds"), (labels, _seconds(lines))),
            encoding="utf-8",
        )
        parts.append(f"![Seconds by size](images/{chart.name})\n")
    for people, records in sizes:
        rows = [_row(title, figures[people, module], records) for module, title in engines if (people, module) in figures]
        if rows:
            parts.append(f"## {people:,} residents, {records:,} records\n\n{HEADER}\n" + "\n".join(rows) + "\n")
            parts.append(_automatic(figures.get((people, "padan_engine")), records))
            parts.append(_increments(build / f"{people}-{records}-{seed}" / "increments.json"))
    page.write_text("\n".join(part for part in parts if part), encoding="utf-8")


def _seconds(lines: dict[str, list[tuple[float, float]]]) -> dict[float, str]:
    """Powers of ten around all seconds."""
    values = [seconds for points in lines.values() for _, seconds in points]
    ticks = [float(f"1e{power}") for power in range(-1, 6)]
    low = max(tick for tick in ticks if tick <= min(values))
    high = min(tick for tick in ticks if tick >= max(values))
    return {tick: f"{tick:g}" for tick in ticks if low <= tick <= high}


def _row(title: str, measured: dict[str, Any], records: int) -> str:
    wrong, missed = measured["linked"] - measured["correct"], measured["true"] - measured["correct"]
    shares = " | ".join(f"{measured[name]:.5f}" for name in ("precision", "recall", "f1"))
    pairs = measured["pairs"] / records
    return f"| {title} | {measured['seconds']:.1f} | {measured['peak_gb']:.2f} GB | {pairs:.1f} | {shares} | {wrong:,} | {missed:,} |"


def _increments(path: Path) -> str:
    """What linking again costs, where `python -m benchmarks.linkage_increments` measured it."""
    if not path.exists():
        return ""
    found = json.loads(path.read_text(encoding="utf-8"))
    around = max(found[f"{what}_read"] + found[f"{what}_keep"] for what in ("nothing", "one_record", "new_records"))
    return (
        f"Linked again (`python -m benchmarks.linkage_increments`): everything at first {found['everything']:.1f} s; nothing changed "
        f"{found['nothing']:.1f} s; one record's name changed {found['one_record']:.1f} s ({found['one_record_other_links']} links "
        "differ); "
        f"1,000 new records {found['new_records']:.1f} s. What one run keeps for the next takes {found['kept_mb']:.0f} MB, and up to "
        f"{around:.1f} s more to read and to write.\n"
    )


def _automatic(padan: dict[str, Any] | None, records: int) -> str:
    if padan is None:
        return ""
    stated = {name: padan[f"estimated_{name}"] for name in ("precision", "recall")}
    precision, recall = (
        f"{padan[f'automatic_{name}']:.5f} (the run's own estimate: {interval['low']:.5f} to {interval['high']:.5f})"
        for name, interval in stated.items()
    )
    queue = padan["review"] / records
    return f"Padan with its queue: automatic links at precision {precision} and recall {recall}; {queue:.2%} of the records go to people.\n"
