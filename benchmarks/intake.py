"""Intake at the size of a regency: `python -m benchmarks.intake --people 1800000 --records 600000 --seed 101`.

Simulates once into a folder that is kept, then takes in all sources through one pool of workers and writes Parquet as the lineage graph
does. Prints seconds, the share that parsing files alone would take, and the largest processes; then the same again with the first
run's cache of parsed files.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
from upath import UPath

from benchmarks.commands import ROOT
from intake import find_deliveries, intake_setup, newest_files, reading_of, take_in
from intake.isolation import WORKERS
from intake.readers import read_sheets
from pipelines.io_managers import FrameIOManager
from schemas.areas import load_areas
from schemas.contracts import load_contracts

KEY = b"benchmark" * 4
FRAMES = ("raw", "records", "quarantine", "conservation")


def main() -> None:
    """Simulate, take in twice, parse alone; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", default="1800000")
    parser.add_argument("--records", default="600000")
    parser.add_argument("--seed", default="101")
    parser.add_argument(
        "--folder", type=Path, help="what `padan simulate` wrote; by default a folder for these figures in the temporary folder"
    )
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.gettempdir()) / f"padan-intake-{given.people}-{given.records}-{given.seed}"
    if not (folder / "inbox").is_dir():
        arguments = ["simulate", str(folder), "--people", given.people, "--records", given.records, "--seed", given.seed]
        subprocess.run([sys.executable, "-m", "pipelines.cli", *arguments], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory(prefix="padan-intake-home-") as home:
        for title in ("first run", "second run, nothing changed"):
            seconds, rows = intake_of(folder / "inbox", Path(home))
            print(f"{title}: {seconds:.1f} s, {rows:,} rows accepted", flush=True)
        print(f"largest process: {peak(resource.RUSAGE_SELF):.2f} GB here, {peak(resource.RUSAGE_CHILDREN):.2f} GB among the workers")
    print(f"parsing the files alone, {WORKERS} processes: {parsing_alone(folder / 'inbox'):.1f} s")


def intake_of(inbox: Path, home: Path) -> tuple[float, int]:
    """Seconds from the inbox to Parquet, and rows accepted; a line per source. Raises ValueError where a row was lost."""
    started = time.perf_counter()
    contracts = load_contracts()
    deliveries = find_deliveries(inbox, contracts)
    frames = FrameIOManager(base_path=UPath(home / "frames"))
    rows = 0
    with reading_of(intake_setup(contracts, load_areas(), KEY), home / "parsed") as reading:
        by_source = {str(source): group for source, group in deliveries.groupby("source")}
        reading.ahead([file for group in by_source.values() for file in newest_files(group)])
        for source, group in sorted(by_source.items(), key=lambda item: not contracts[item[0]].is_population):
            begun = time.perf_counter()
            result = take_in(group, contracts[source], load_areas(), KEY, reading=reading)
            taken = time.perf_counter()
            if not result.conservation["holds"].all():
                raise ValueError(f"{source}: rows are not accounted for")
            for name in FRAMES:
                write(frames, getattr(result, name), home / "frames" / name / source)
            rows += len(result.records)
            print(f"  {source:<24} {taken - begun:6.1f} s, Parquet {time.perf_counter() - taken:5.1f} s, {len(result.records):>9,} records")
    return time.perf_counter() - started, rows


def write(frames: FrameIOManager, frame: pd.DataFrame, path: Path) -> None:
    """One frame as Parquet, as the graph writes it."""
    frames.dump_to_path(None, frame, UPath(path))  # type: ignore[arg-type]


def parsing_alone(inbox: Path) -> float:
    """Seconds to read every sheet of every file and nothing else, with as many processes as intake has workers."""
    paths = list(find_deliveries(inbox, load_contracts())["path"])
    paths.sort(key=lambda path: -Path(path).stat().st_size)
    with ProcessPoolExecutor(WORKERS) as processes:
        list(processes.map(_load, []))
        started = time.perf_counter()
        list(processes.map(_load, paths))
        return time.perf_counter() - started


def _load(path: str) -> int:
    return sum(sheet.height for sheet in read_sheets(Path(path)))


def peak(whose: int) -> float:
    """The largest process so far, in gigabytes."""
    return resource.getrusage(whose).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
