"""The whole job at scale: `python -m benchmarks.whole_job --people 1800000 --records 600000 --seed 101 [--folder DIR] [--page FILE]`.

Simulates once into a folder that is kept, then runs `padan run` in an empty home: the first time, again with nothing changed, and with one
office's next delivery (every fiftieth line of its list gone, a week later). Prints seconds and peak memory of each stage; with `--page`
the figures are written down as a page.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from benchmarks.commands import ROOT, Measured, padan

CHANGED = "dinsos_bpnt"
"""A list in a text format, so that the next delivery can be made by leaving lines out."""
RUNS = ("first run", "nothing changed", "one changed delivery")
PARTS: Mapping[str, tuple[str, ...]] = {
    "intake and expectations": ("Looking into the inbox", "Taking in"),
    "linkage": ("Residents", "The offices' records", "Learning to match", "Matching"),
    "families and houses": ("Persons", "Areas", "Families and houses"),
    "eligibility": ("Facts of families", "Deprivations", "Aid received", "Eligibility", "Targeting gaps"),
    "publication": ("Publishing the database",),
    "reports": ("Poverty map", "Quality report", "Review workbooks"),
}
"""The parts of the job, each with the stages that `padan run` names; the rest is the program's own start, end and bookkeeping."""
REST = "start, end, bookkeeping"
INTRODUCTION = """# The whole job at the size of a regency

Written by `python -m benchmarks.whole_job --page`; do not edit. {people} simulated residents and {records} office rows in all twelve
sources (seed {seed}, which nothing was tuned on), {bytes:.0f} MB of spreadsheets, from the inbox to the published SQLite database and the
reports, on {cores} cores ({machine}). Seconds of the clock; memory is the job's process at its largest during the stage. The changed
delivery is the next list of {changed}, a week later, with every fiftieth line gone.
"""


def main() -> None:
    """Simulate a regency and run the job on it three times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", default="200000")
    parser.add_argument("--records")
    parser.add_argument("--format", default="xlsx")
    parser.add_argument("--seed", default="101")
    parser.add_argument("--folder", type=Path, help="what `padan simulate` wrote; by default simulated into a temporary folder")
    parser.add_argument("--page", type=Path, help="where to write the figures down")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="padan-scale-") as scratch:
        home = Path(scratch) / "home"
        data = given.folder or Path(scratch) / "data"
        if not (data / "inbox").is_dir():
            size = ["--people", given.people, *(["--records", given.records] if given.records else [])]
            simulated = padan(home, "simulate", str(data), *size, "--seed", given.seed, "--format", given.format)
            print(f"simulate: {simulated.seconds:.0f} s\n{simulated.output}")
        inbox = Path(scratch) / "inbox"
        inbox.mkdir()
        for source in (data / "inbox").iterdir():  # links, so that the changed delivery is not added to what is kept
            (inbox / source.name).mkdir()
            for delivery in source.iterdir():
                (inbox / source.name / delivery.name).symlink_to(delivery)
        sent = sum(path.stat().st_size for path in (data / "inbox").rglob("*") if path.is_file())
        runs: dict[str, Measured] = {}
        for name in RUNS:
            if name == "one changed delivery":
                deliver_next(inbox)
            runs[name] = padan(home, "run", "--inbox", str(inbox), echo=True)
            print(f"{name}: {runs[name].seconds:.0f} s, largest process {runs[name].peak_gb:.1f} GB\n", flush=True)
    print(table_of(runs))
    if given.page is not None:
        facts = {"people": given.people, "records": given.records or "a third as many", "seed": given.seed, "changed": f"`{CHANGED}`"}
        introduction = INTRODUCTION.format(**facts, bytes=sent / 1e6, cores=os.cpu_count(), machine=platform.machine())
        given.page.write_text(f"{introduction}\n{table_of(runs)}\n", encoding="utf-8")
        print(f"written: {given.page.resolve().relative_to(ROOT)}")


def deliver_next(inbox: Path) -> None:
    """The office's next delivery: a week after its newest, without every fiftieth line (never the first, which is the header)."""
    newest = max((inbox / CHANGED).iterdir(), key=lambda folder: folder.name)
    (file,) = newest.iterdir()
    lines = file.read_bytes().splitlines(keepends=True)
    folder = newest.parent / (date.fromisoformat(newest.name) + timedelta(days=7)).isoformat()
    folder.mkdir()
    (folder / file.name).write_bytes(b"".join(line for number, line in enumerate(lines) if number % 50 or not number))


def table_of(runs: Mapping[str, Measured]) -> str:
    """A row per part of the job, then the sum; seconds and gigabytes of each run."""
    header = ["part", *(f"{name}, s | GB" for name in runs)]
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * (1 + 2 * len(runs))}"]
    by_part = {name: part_figures(run) for name, run in runs.items()}
    for part in (*PARTS, REST):
        cells = [f"{figures[part][0]:.0f} | {figures[part][1]:.1f}" for figures in by_part.values()]
        lines.append(f"| {part} | {' | '.join(cells)} |")
    totals = [f"**{run.seconds:.0f}** | **{max(gb for _, gb in by_part[name].values()):.1f}**" for name, run in runs.items()]
    return "\n".join([*lines, f"| **whole job** | {' | '.join(totals)} |"])


def part_figures(run: Measured) -> dict[str, tuple[float, float]]:
    """Seconds and peak gigabytes of each part."""
    figures = {}
    for part, titles in PARTS.items():
        stages = [stage for stage in run.stages if stage.title.startswith(titles)]
        figures[part] = (sum(stage.seconds for stage in stages), max((stage.peak_gb for stage in stages), default=0.0))
    figures[REST] = (max(0.0, run.seconds - sum(seconds for seconds, _ in figures.values())), run.last_peak_gb)
    return figures


if __name__ == "__main__":
    main()
