"""How often people are moved to the family that they live with, and how often wrongly: `python -m benchmarks.household_changes`.

For each seed (none of which anything was tuned on) a regency is simulated in which one family in twenty has somebody who joined another
family, or a couple that set up a house of its own, since the register was delivered; the interviews (DTSEN) know it, with all mistakes of
such a list. The whole job runs on it. Printed are, of those whom an interview lists in their new household: how many belong to it in the
end; and of everybody whom the job moved: how many do not live where it put them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd

from benchmarks.commands import padan
from simulation import simulate

INTERVIEWS = "dinsos_dtsen"
VILLAGES = ("35.10.05.2003", "35.10.13.2001", "35.10.16.1007", "35.10.18.2001")
"""Few, so that each has as many houses and neighbourhoods as a village has."""


def main() -> None:
    """Simulate, run and grade, seed by seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--share", type=float, default=0.05, help="of families in which somebody lives elsewhere")
    given = parser.parse_args()
    total: Counter[str] = Counter()
    for seed in range(given.first, given.first + given.count):
        with tempfile.TemporaryDirectory(prefix="padan-households-") as scratch:
            data, home = Path(scratch) / "data", Path(scratch) / "home"
            size = {"people": given.people, "records": given.records, "villages": VILLAGES}
            simulate(data, **size, seed=seed, file_format="csv", household_changes=given.share)
            padan(home, "run", "--inbox", str(data / "inbox"))
            found = graded(home / "frames", data / "truth")
        print(f"seed {seed}: {_words(found)}", flush=True)
        total.update(found)
    print(f"all seeds: {_words(total)}")


def graded(frames: Path, truth: Path) -> Counter[str]:
    """Counts of people: `met` and `settled` of each kind, `moved` and `wrong` of everybody."""
    changes = pd.read_parquet(truth / "changes.parquet").rename(columns={"register_nik": "nik", "kk_number": "lives_under"})
    persons = pd.read_parquet(frames / "persons.parquet", columns=["nik", "kk_number", "moved"])
    about = pd.read_parquet(truth / "links.parquet")
    records = pd.read_parquet(frames / "social_records.parquet", columns=["source", "file", "sheet", "row", "mention", "kk_number"])
    about = about[about["source"] == INTERVIEWS].merge(records, on=["source", "file", "sheet", "row", "mention"])
    listed = changes.merge(about[["register_nik", "kk_number"]], left_on=["nik", "lives_under"], right_on=["register_nik", "kk_number"])
    met = changes[changes["nik"].isin(listed["nik"])].merge(persons, on="nik", how="left")
    settled = met["kk_number"].eq(met["lives_under"]).fillna(False)
    moved = persons[persons["moved"].notna()].merge(changes, on="nik", how="left")
    right = moved["kk_number"].eq(moved["lives_under"]).fillna(False)
    found = Counter(moved=len(moved), wrong=int((~right).sum()))
    for kind in ("joined", "split"):
        found |= Counter({f"met {kind}": int((met["kind"] == kind).sum()), f"settled {kind}": int(settled[met["kind"] == kind].sum())})
    return found


def _words(found: Counter[str]) -> str:
    shares = [f"{found[f'settled {kind}']} of {found[f'met {kind}']} {kind} ({_share(found, kind)})" for kind in ("joined", "split")]
    return f"{', '.join(shares)}; {found['moved']} moved, of whom {found['wrong']} wrongly"


def _share(found: Counter[str], kind: str) -> str:
    return f"{found[f'settled {kind}'] / found[f'met {kind}']:.0%}" if found[f"met {kind}"] else "-"


if __name__ == "__main__":
    main()
