"""Padan against its peers, on the same files, in turn, each in a process of its own: `make bench-linkage`.

Three sizes of a simulated regency; Padan, Splink 5 as its documentation advises, Splink 5 tuned behind an exact-identifier tier, and
recordlinkage at the smallest size. What is measured is kept in `build/linkage-benchmark`, one file per size and engine: a run that was
interrupted goes on where it stopped, and `--again` measures anew. Writes `docs/linkage-benchmark.md` and its chart from those files.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.commands import ROOT
from benchmarks.linkage_page import write_page
from matching import measure
from simulation import benchmark_profile

BUILD = ROOT / "build" / "linkage-benchmark"
PEERS = ROOT / "build" / "linkage-peers"
PEER_PACKAGES = ("splink==5.0.0", "duckdb==2.0.0", "pandas", "pyarrow", "rapidfuzz", "scipy", "pydantic", "pyyaml", "threadpoolctl")
SIZES = ((200_000, 60_000), (600_000, 200_000), (1_800_000, 600_000))
SEED = 101


@dataclass(frozen=True)
class Engine:
    """Module to run, what the page calls it, whether it needs the peers' environment, and the most residents it is asked to do."""

    module: str
    title: str
    is_peer: bool
    most_people: int


ENGINES = (
    Engine("padan_engine", "Padan", is_peer=False, most_people=10**9),
    Engine("splink_documented", "Splink 5, as documented", is_peer=True, most_people=10**9),
    Engine("splink_few_pairs", "Splink 5, as documented, narrow blocking", is_peer=True, most_people=10**9),
    Engine("splink_tuned", "Splink 5, tuned, behind an exact-NIK tier", is_peer=True, most_people=10**9),
    Engine("recordlinkage_plain", "recordlinkage", is_peer=False, most_people=200_000),
)


def main() -> None:
    """Measure what is not measured yet, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[people for people, _ in SIZES], help="sizes to measure, in residents")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--again", action="store_true", help="measure anew what is already measured")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "linkage-benchmark.md")
    given = parser.parse_args()
    for people, records in SIZES:
        if people in given.people:
            data = simulated(people, records, given.seed)
            for engine in ENGINES:
                if people <= engine.most_people:
                    measured(engine, data, again=given.again)
    write_page(given.page, BUILD, given.seed, [(engine.module, engine.title) for engine in ENGINES], SIZES)
    print(f"written: {given.page}")


def simulated(people: int, records: int, seed: int) -> Path:
    """Folder with records.parquet, register.parquet and truth.parquet; made once."""
    folder = BUILD / f"{people}-{records}-{seed}"
    if not (folder / "truth.parquet").exists():
        folder.mkdir(parents=True, exist_ok=True)
        left, right, truth = benchmark_profile(people, records, seed)
        left.insert(0, "record_id", pd.Series([f"r{number:07d}" for number in range(len(left))], dtype="string[pyarrow]"))
        left.to_parquet(folder / "records.parquet")
        right.to_parquet(folder / "register.parquet")
        pd.DataFrame({"left_id": left["record_id"], "right_id": truth["register_nik"]}).to_parquet(folder / "truth.parquet")
    return folder


def measured(engine: Engine, data: Path, *, again: bool) -> None:
    """Run one engine on one size, unless its figures are there; its links and figures are kept beside the data."""
    folder = data / engine.module
    if (folder / "quality.json").exists() and not again:
        return
    folder.mkdir(exist_ok=True)
    command = [python_of(engine), "-W", "ignore", "-m", f"benchmarks.linkage_engines.{engine.module}"]
    environment = os.environ | {"OMP_NUM_THREADS": "2", "PYTHONPATH": str(ROOT)}
    files = [str(data / "records.parquet"), str(data / "register.parquet"), str(folder)]
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        subprocess.run([*command, *files], cwd=ROOT, env=environment, stdout=output, stderr=output, check=True)
    quality = measure(pd.read_parquet(folder / "links.parquet"), pd.read_parquet(data / "truth.parquet"))
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    figures |= {"correct": quality.correct, "linked": quality.linked, "true": quality.true}
    figures |= {"precision": quality.precision.share, "recall": quality.recall.share, "f1": quality.f1}
    if "automatic" in figures:
        figures |= automatic(folder, data)
    (folder / "quality.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(f"{data.name} {engine.title}: {figures['seconds']:.1f} s, {figures['peak_gb']:.2f} GB, F1 {quality.f1:.5f}", flush=True)


def automatic(folder: Path, data: Path) -> dict[str, float]:
    """Precision and recall of the links that are made without asking anybody."""
    links = pd.read_parquet(folder / "links.parquet")
    quality = measure(links[links["automatic"]], pd.read_parquet(data / "truth.parquet"))
    return {"automatic_precision": quality.precision.share, "automatic_recall": quality.recall.share}


def python_of(engine: Engine) -> str:
    """The interpreter of an engine; the peers' environment is made when it is first needed."""
    if not engine.is_peer:
        return sys.executable
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEER_PACKAGES], check=True)
    return str(python)


if __name__ == "__main__":
    main()
