"""The page that the benchmark of the offices' lists writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.list_figures import LARGE_TOGETHER, ListCounts
from matching.measure import wilson

_COLUMNS = ("list", "rows", "precision", "95 %", "recall", "distinguishable", "in the queue", "wrong links", "recall without positions")
_INTRODUCTION = """# The offices' lists, one by one

Written by `{command}`; do not edit. Regencies of {people:,} people in {villages} whole villages are simulated ({seeds}), run through
the whole job as an office would, and held against their truth; counts are added up over the seeds. None of these seeds was used for tuning.

*Recall* is the share of rows whose person is in the register that were linked to that person without anybody being asked.
*Distinguishable* is the share of those rows whose person would be the only one to fit if all that the row says were said without a
mistake: where it is low, the list says too little, and no method can link more without guessing (a position helps beyond it, and is not
counted). *In the queue* are rows that wait for a person's decision. The last column is the same run without positions as evidence.
"""


def lists_page(
    command: str, people: int, villages: int, seeds: str, found: Mapping[str, ListCounts], without: Mapping[str, ListCounts]
) -> str:
    """The page as text; ``without``: counts of the same runs without positions."""
    rows = [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
    order = sorted(found, key=lambda name: (name != LARGE_TOGETHER, -found[name].mentions, name))
    rows += [_row(name, found[name], without[name]) for name in order]
    return _INTRODUCTION.format(command=command, people=people, villages=villages, seeds=seeds) + "\n" + "\n".join(rows) + "\n"


def _row(name: str, counts: ListCounts, without: ListCounts) -> str:
    interval = wilson(counts.right, counts.linked)
    cells = (
        name if name == LARGE_TOGETHER else f"`{name}`",
        f"{counts.mentions:,}",
        f"{counts.precision:.4f}",
        f"{interval.low:.4f} to {interval.high:.4f}",
        f"{counts.recall:.4f}",
        f"{counts.distinguishable / max(counts.registered, 1):.4f}",
        f"{counts.review / max(counts.mentions, 1):.2%}",
        f"{counts.linked - counts.right:,}",
        f"{without.recall:.4f}",
    )
    return f"| {' | '.join(cells)} |"


def write_page(page: Path, text: str) -> None:
    """Write the page where it belongs."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
