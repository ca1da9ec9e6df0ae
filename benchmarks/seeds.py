"""The offices' lists in whole runs, over seeds that nothing was tuned on: `python -m benchmarks.seeds --first 101 --count 5`.

For each seed a regency is simulated and the whole job is run on it; then each list is held against the truth, and once more linked without
positions. `--page` writes the table into the documentation.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from benchmarks.commands import padan
from benchmarks.linkage_runs import main_spec
from benchmarks.list_figures import ListCounts, list_counts
from benchmarks.lists_page import lists_page, write_page
from families import register
from matching import link
from schemas.areas import load_areas
from schemas.canonical import TEXT

PAGE = Path(__file__).resolve().parent.parent / "docs" / "linkage-lists.md"
NOTHING = ListCounts(0, 0, 0, 0, 0, 0)


def main() -> None:
    """Simulate, run, hold against the truth; a line per seed and list, then the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--villages", type=int, default=5, help="number of villages; a real one has 8,000 people")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    found, without = _none(), _none()
    for seed in range(given.first, given.first + given.count):
        with tempfile.TemporaryDirectory(prefix="padan-seed-") as scratch:
            counted = _one_seed(Path(scratch), given.people, given.villages, seed)
        for total, counts in zip((found, without), counted, strict=True):
            for name, one in counts.items():
                total[name] += one
        for name, one in counted[0].items():
            print(f"seed {seed} {name:<22} {_line(one)}; recall without positions {counted[1][name].recall:.4f}", flush=True)
    for name, one in found.items():
        print(f"all      {name:<22} {_line(one)}; recall without positions {without[name].recall:.4f}")
    if given.page:
        options = {"first": given.first, "count": given.count, "people": given.people, "villages": given.villages}
        command = " ".join(["python -m benchmarks.seeds", *(f"--{name} {value}" for name, value in options.items()), "--page"])
        seeds = f"seed {given.first}" if given.count == 1 else f"seeds {given.first} to {given.first + given.count - 1}"
        write_page(PAGE, lists_page(command, given.people, given.villages, seeds, found, without))


def _none() -> dict[str, ListCounts]:
    return defaultdict(lambda: NOTHING)


def _one_seed(place: Path, people: int, villages: int, seed: int) -> tuple[Mapping[str, ListCounts], Mapping[str, ListCounts]]:
    """Counts by list as the run linked them, and as it would have without positions."""
    home, data = place / "home", place / "data"
    padan(
        home,
        "simulate",
        str(data),
        "--people",
        str(people),
        "--villages",
        ",".join(_spread(villages)),
        "--seed",
        str(seed),
        "--format",
        "csv",
    )
    padan(home, "run", "--inbox", str(data / "inbox"))
    read = {name: _frame(home / "frames" / f"{name}.parquet") for name in ("social_records", "population", "links")}
    truth = _frame(data / "truth" / "links.parquet")
    records, residents = read["social_records"], read["population"]
    bare = link(records, residents, main_spec().model_copy(update={"positions": None, "interactions": _interactions()}))
    links = register.named_links(bare.links, records)
    return list_counts(records, residents, read["links"], truth), list_counts(records, residents, links, truth)


def _interactions() -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in main_spec().interactions if "position" not in pair)


def _spread(count: int) -> list[str]:
    """So many villages, spread evenly over the list of the regency's."""
    areas = load_areas()
    codes = sorted(areas.loc[areas["level"].eq("village"), "area_code"])
    return [codes[place * len(codes) // count] for place in range(count)]


def _frame(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path, dtype_backend="numpy_nullable")
    return frame.astype({name: TEXT for name in frame if isinstance(frame[name].dtype, pd.StringDtype)})


def _line(one: ListCounts) -> str:
    return (
        f"{one.mentions:>7,} rows, precision {one.precision:.4f}, recall {one.recall:.4f} "
        f"(distinguishable {one.distinguishable / max(one.registered, 1):.4f}), queue {one.review / max(one.mentions, 1):.2%}, "
        f"{one.linked - one.right} wrong"
    )


if __name__ == "__main__":
    main()
