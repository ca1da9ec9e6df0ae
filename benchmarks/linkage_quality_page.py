"""The page about the quality of linkage: seeds, damage, strata, queue, intervals and what each idea adds, from the kept figures."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from benchmarks.linkage_ceiling import PRECISION
from benchmarks.linkage_damage import DAMAGE_TITLES

INTRODUCTION = """# How good the links are

Written by `make bench-linkage-quality`; do not edit. Simulated regencies (`simulation/benchmark.py`) of {people:,} residents and
{records:,} records, each trained and linked anew; nothing was tuned on these seeds. Precision and recall are those of links that are made
without asking anybody. A record in the queue counts as true where the candidate that stands first is the right one.
"""
HELD, HALF = (0.88, 0.99), 0.001  # what is asked of 95 % intervals: how often they hold, and half their width
BEHIND = 0.03  # a stratum whose recall is further below the whole is named

Run = dict[str, Any]


def write_page(page: Path, build: Path, size: tuple[int, int], first: int) -> None:
    """Write the page from the figures in ``build``; what was not measured is left out. ``first``: the first seed of links."""
    people, records = size
    parts = [INTRODUCTION.format(people=people, records=records)]
    seeds = {kind: _runs(build / "seeds", kind) for kind in DAMAGE_TITLES}
    parts += [_damage(seeds), *(_seeds(kind, runs) for kind, runs in seeds.items() if runs), _strata(seeds)]
    coverage = {kind: _runs(build / "coverage", kind) for kind in DAMAGE_TITLES}
    parts.append(_coverage({kind: runs for kind, runs in coverage.items() if runs}))
    ceiling = {kind: _runs(build / "ceiling", kind) for kind in DAMAGE_TITLES}
    parts.append(_ceiling({kind: list(runs.values()) for kind, runs in ceiling.items() if runs}))
    ideas = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((build / "ideas").glob("*.json"))]
    parts.append(_ideas(ideas, first))
    page.write_text("\n".join(part for part in parts if part), encoding="utf-8")


def _runs(folder: Path, kind: str) -> dict[int, Run]:
    found = {int(path.stem.rpartition("-")[2]): path for path in folder.glob(f"{kind}-*.json")}
    return {seed: json.loads(found[seed].read_text(encoding="utf-8")) for seed in sorted(found)}


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def _damage(seeds: dict[str, dict[int, Run]]) -> str:
    rows = []
    for kind, runs in seeds.items():
        if runs:
            values = list(runs.values())
            shares = [f"{statistics.median(run[name] for run in values):.5f}" for name in ("precision", "recall")]
            worst = [f"{min(run[name] for run in values):.5f}" for name in ("precision", "recall")]
            queue = f"{max(run['queue'] for run in values):.2%}"
            rows.append((DAMAGE_TITLES[kind], str(len(values)), shares[0], worst[0], shares[1], worst[1], queue))
    columns = ("damage", "seeds", "precision, median", "worst", "recall, median", "worst", "queue at most")
    return f"## By damage\n\n{_table(columns, rows)}" if rows else ""


def _seeds(kind: str, runs: dict[int, Run]) -> str:
    columns = ("seed", "precision", "recall", "wrong", "missed", "queue", "true in the queue", "pairs per record")
    rows = [
        (
            *(str(seed), f"{run['precision']:.5f}", f"{run['recall']:.5f}", f"{run['wrong']:,}", f"{run['missed']:,}"),
            *(f"{run['queue']:.3%}", _of_queue(run), f"{run['pairs_per_record']:.1f}"),
        )
        for seed, run in runs.items()
    ]
    return f"### {DAMAGE_TITLES[kind]}\n\n{_table(columns, rows)}"


def _of_queue(run: Run) -> str:
    return f"{run['queue_true_count']:,} of {run['queue_count']:,} ({run['queue_true']:.0%})" if run["queue_count"] else "nobody asked"


def _strata(seeds: dict[str, dict[int, Run]]) -> str:
    measured = {kind: list(runs.values()) for kind, runs in seeds.items() if runs}
    if not measured:
        return ""
    names = list(next(iter(measured.values()))[0]["recall_of"])
    whole = {kind: statistics.median(run["recall"] for run in runs) for kind, runs in measured.items()}
    medians = {name: {kind: statistics.median(run["recall_of"][name] for run in runs) for kind, runs in measured.items()} for name in names}
    rows = [("all", *(f"{share:.5f}" for share in whole.values()))]
    rows += [(name, *(f"{share:.5f}" for share in medians[name].values())) for name in names]
    behind = [
        f"{name}, {kind} damage ({share:.4f}, {whole[kind] - share:.4f} below the whole)"
        for name, shares in medians.items()
        for kind, share in shares.items()
        if whole[kind] - share > BEHIND
    ]
    verdict = f"More than {BEHIND} below the whole: {'; '.join(behind)}." if behind else f"None is more than {BEHIND} below the whole."
    return f"## Recall by stratum, median of the seeds\n\n{_table(('stratum', *measured), rows)}\n{verdict}\n"


def _coverage(measured: dict[str, dict[int, Run]]) -> str:
    if not measured:
        return ""
    rows, outside = [], []
    for kind, by_seed in measured.items():
        runs, cells = list(by_seed.values()), [f"{min(by_seed)} to {max(by_seed)}"]
        for name in ("precision", "recall"):
            held = sum(run[name]["low"] <= run[name]["true"] <= run[name]["high"] for run in runs)
            half = statistics.mean((run[name]["high"] - run[name]["low"]) / 2 for run in runs)
            gap = statistics.mean(run[name]["share"] - run[name]["true"] for run in runs)
            cells += [f"{held} of {len(runs)} ({held / len(runs):.1%})", f"{half:.5f}", f"{gap:+.5f}"]
            if not HELD[0] <= held / len(runs) <= HELD[1] or half > HALF:
                outside.append(f"{name}, {kind} damage ({held} of {len(runs)} held, half-width {half:.5f}, {gap:+.5f} beside the truth)")
        rows.append((kind, *cells))
    columns = ("damage", "seeds", "precision held", "half-width", "stated less true", "recall held", "half-width", "stated less true")
    asked = f"held in {HELD[0]:.0%} to {HELD[1]:.0%} of runs with a mean half-width of {HALF} at most"
    verdict = f"Not {asked}: {'; '.join(outside)}." if outside else f"All are {asked}."
    return (
        "## Do the stated intervals hold?\n\n"
        "Each run states 95 % intervals for its own precision and recall. Regencies as large as those above,\n"
        "of other seeds, none of which was looked at before.\n"
        "Where a run makes a handful of wrong links, no interval of whole numbers holds just 95 %: it holds more.\n\n"
        f"{_table(columns, rows)}\n{verdict}\n\n![Stated probabilities and what came true](images/linkage-reliability.svg)\n"
    )


def _ceiling(measured: dict[str, list[Run]]) -> str:
    """What the records' fields allow at all: the person among the candidates, and a learner that was shown the truth."""
    if not measured:
        return ""
    names = ("recall", "reached", "engine_recall", "learner_recall", "moved", "reached_moved", "engine_moved", "learner_moved")
    rows = [(kind, *(f"{statistics.mean(run[name] for run in runs):.4f}" for name in names)) for kind, runs in measured.items()]
    whole = ("recall", "person among the candidates", f"recall at precision {PRECISION}", "of a learner that saw the truth")
    columns = ("damage", *whole, *(f"moved: {title}" for title in whole))
    return (
        "## How far the records reach\n\n"
        "The candidates of a run bound its recall. Among them, gradient boosting that is shown the truth of half the records decides on\n"
        "the other half, from the same comparisons and the run's own probabilities; both are held to the same precision. Where it finds\n"
        "no more, what is missed is missing in the records. How much each list says at all stands in\n"
        "[linkage-lists.md](linkage-lists.md), *distinguishable*."
        f"\n\n{_table(columns, rows)}"
    )


def _ideas(ideas: list[Run], seed: int) -> str:
    if not ideas:
        return ""
    rows = [
        (run["idea"], f"{run['precision']:.5f}", f"{run['recall']:.5f}", f"{run['wrong']:,}", f"{run['missed']:,}", f"{run['queue']:.2%}")
        for run in ideas
    ]
    columns = ("engine", "precision", "recall", "wrong links", "links missed", "queue")
    return f"## What each idea adds\n\nSeed {seed}, damage of the benchmark profile.\n\n{_table(columns, rows)}"
