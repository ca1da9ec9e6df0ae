"""How often a repaired cell is wrong: `python -m benchmarks.repair --people 200000 --records 60000 --seed 101`.

Simulates all offices' files, takes them in, and lays each value beside what was true before the simulator spoilt it. A value that is
wrong because the office itself wrote something else (a relative's NIK, the address before a move) is counted apart: no repair can know
better. What remains is the fault of the reading. Prints, per rule of repair and per column read, cells, wrong ones, and wrong per 10,000.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.commands import ROOT
from intake import find_deliveries, intake_setup, take_in
from intake.isolation import WorkerPool
from schemas.areas import load_areas
from schemas.contracts import load_contracts

KEY = b"benchmark" * 4
WHERE = ["source", "file", "sheet", "row", "mention"]
NEAR_ENOUGH = 0.0006
"""Degrees, about 65 m: a telephone's position of a house is not that of the house."""

Flags = npt.NDArray[np.bool_]

_NIK, _KK = ("nik_typo", "nik_zeroed", "nik_other", "nik_scientific"), ("kk_stale", "kk_other", "kk_typo", "unregistered")
_BIRTH, _PLACE = ("birth_swapped", "birth_first_of_year", "birth_year_off"), ("former_address",)
OFFICE_WROTE_ELSE: Mapping[str, tuple[str, ...]] = {
    "nik": _NIK,
    "kk_number": _KK,
    "birth_date": _BIRTH,
    "area_code": _PLACE,
    "hamlet": _PLACE,
    "rt": _PLACE,
    "rw": _PLACE,
    "latitude": (*_PLACE, "position_of_office"),
    "longitude": (*_PLACE, "position_of_office"),
}
"""Mistakes of the office, by column: where one of them was made, another value than the true one is no fault of the reading."""

SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "village": ("area_code",),
    "address_text": ("area_code",),
    "address": ("hamlet",),
    "position": ("latitude", "longitude"),
    "rt_rw": ("rt", "rw"),
}
"""Canonical columns of which an input column's repair speaks; all others speak of themselves."""


@dataclass(frozen=True)
class Judged:
    """One column of all records beside the truth: comparable where both are known, wrong where the reading is at fault."""

    comparable: Flags
    office: Flags
    wrong: Flags


def main() -> None:
    """Simulate once into a folder that is kept, take in, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", default="200000")
    parser.add_argument("--records", default="60000")
    parser.add_argument("--seed", default="101")
    parser.add_argument(
        "--folder", type=Path, help="what `padan simulate` wrote; by default a folder for these figures in the temporary folder"
    )
    parser.add_argument(
        "--show", type=int, default=0, help="so many examples of each rule that went wrong (simulated people, nobody's data)"
    )
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.gettempdir()) / f"padan-repair-{given.people}-{given.records}-{given.seed}"
    if not (folder / "inbox").is_dir():
        arguments = ["simulate", str(folder), "--people", given.people, "--records", given.records, "--seed", given.seed]
        subprocess.run([sys.executable, "-m", "pipelines.cli", *arguments], cwd=ROOT, check=True)
    records = with_truth(taken_in(folder / "inbox"), folder / "truth")
    judged = {column: judge(records, column) for column in comparable_columns(records)}
    repaired = repaired_cells(records, judged)
    print_table("Repaired cells, by rule", repaired.groupby(["column", "rule"]))
    print_table("Repaired cells, all rules", repaired.groupby(lambda _: "all"))
    print_table("All values that were read, by column", read_cells(judged).groupby("column"))
    for column, found in judged.items():
        for place in np.flatnonzero(found.wrong)[: given.show]:
            value, true, source = (records[name].iloc[place] for name in (column, f"true_{column}", "source"))
            print(f"  {column}: read {value!r}, true is {true!r} ({source}, damage {records['damage'].iloc[place]})")
    for (column, rule), wrong in repaired[repaired["wrong"]].groupby(["column", "rule"]):
        for _, cell in wrong.head(given.show).iterrows():
            print(f"  {column} {rule}: {cell['original']!r} became {cell['value']!r}, true is {cell['true']!r} ({cell['source']})")


def taken_in(inbox: Path) -> pd.DataFrame:
    """The records of all sources."""
    contracts, areas = load_contracts(), load_areas()
    deliveries = find_deliveries(inbox, contracts)
    with WorkerPool(intake_setup(contracts, areas, KEY)) as pool:
        results = [
            take_in(deliveries[deliveries["source"] == source], contracts[source], areas, KEY, pool=pool).records
            for source in deliveries["source"].unique()
        ]
    return pd.concat(results, ignore_index=True)


def with_truth(records: pd.DataFrame, truth: Path) -> pd.DataFrame:
    """Each record with the true values of its person as columns `true_*`, and the office's mistakes as `damage`."""
    people = pd.read_parquet(truth / "people.parquet")
    families = pd.read_parquet(truth / "families.parquet")
    houses = pd.read_parquet(truth / "houses.parquet").drop(columns=["area_code", "hamlet", "rt", "rw"])
    known = people.merge(families.drop(columns=["has_business"]), on="family_id", how="left").merge(houses, on="house_id", how="left")
    links = pd.read_parquet(truth / "links.parquet")
    links["file"] = links["file"].str.rsplit("/").str[-1]
    records = records.assign(file_name=records["file"].str.rsplit("/").str[-1])
    found = records.merge(links.rename(columns={"file": "file_name"}), on=["source", "file_name", "sheet", "row", "mention"], how="left")
    own = found["source"].eq("dukcapil_population")
    found["who"] = found["register_nik"].astype(object).where(found["register_nik"].notna(), found["cluster_id"].astype(object))
    found.loc[own, "who"] = found.loc[own, "nik"].astype(object)
    known["who"] = known["register_nik"].astype(object).where(known["register_nik"].notna(), known["cluster_id"].astype(object))
    known["nik"] = known["register_nik"]
    true = known.drop_duplicates("who").set_index("who").add_prefix("true_")
    return found.join(true, on="who")


def comparable_columns(records: pd.DataFrame) -> list[str]:
    """Columns of the records that the truth knows too."""
    unlike = {
        "family_id",
        "register_nik",
        "cluster_id",
        "decile",
        "name",
        "mother_name",
        "father_name",
        "works",
        "has_business",
        "pbi_national",
        "pbi_local",
    }
    return [column for column in records.columns if f"true_{column}" in records and column not in unlike]


def judge(records: pd.DataFrame, column: str) -> Judged:
    """Compare one column with the truth."""
    value, true = records[column], records[f"true_{column}"]
    comparable = (value.notna() & true.notna()).to_numpy(dtype=bool)
    if column in {"latitude", "longitude"}:
        same = (value.astype(float) - true.astype(float)).abs().lt(NEAR_ENOUGH)
    elif column == "birth_date":
        same = pd.to_datetime(value).eq(pd.to_datetime(true))
    elif pd.api.types.is_numeric_dtype(value) and not pd.api.types.is_bool_dtype(value):
        same = (value.astype(float) - pd.to_numeric(true)).abs().lt(0.51)  # floor areas are written rounded
    else:
        same = value.astype(object).astype(str).str.upper().eq(true.astype(object).astype(str).str.upper())
    differs = comparable & ~same.fillna(value=False).to_numpy(dtype=bool)
    excuses = set(OFFICE_WROTE_ELSE.get(column, ()))
    excused = np.array([isinstance(found, np.ndarray) and not excuses.isdisjoint(found) for found in records["damage"]], dtype=bool)
    return Judged(comparable, differs & excused, differs & ~excused)


def repaired_cells(records: pd.DataFrame, judged: Mapping[str, Judged]) -> pd.DataFrame:
    """One row per repaired cell: column, rule, source, original, value, true, comparable, office, wrong."""
    cells = []
    noted = np.flatnonzero(records["repairs"].notna().to_numpy(dtype=bool))
    columns = {name: records[name].to_numpy(dtype=object) for name in ("source", "repairs", *judged, *(f"true_{name}" for name in judged))}
    for place in noted:
        for column, original, rule in json.loads(columns["repairs"][place]):
            about = [name for name in SPEAKS_OF.get(column, (column,)) if name in judged]
            cells.append(
                {
                    "column": column,
                    "rule": rule,
                    "source": columns["source"][place],
                    "original": original,
                    "value": [columns[name][place] for name in about],
                    "true": [columns[f"true_{name}"][place] for name in about],
                    "comparable": any(judged[name].comparable[place] for name in about),
                    "office": any(judged[name].office[place] for name in about),
                    "wrong": any(judged[name].wrong[place] for name in about),
                }
            )
    return pd.DataFrame(cells)


def read_cells(judged: Mapping[str, Judged]) -> pd.DataFrame:
    """One row per value that was read and can be compared."""
    parts = [
        pd.DataFrame({"column": column, "comparable": found.comparable, "office": found.office, "wrong": found.wrong})[found.comparable]
        for column, found in judged.items()
    ]
    return pd.concat(parts, ignore_index=True)


def print_table(title: str, groups: object) -> None:
    """Cells, comparable ones, those that the office wrote otherwise, wrong ones, and wrong ones per 10,000."""
    counts = groups.agg(cells=("wrong", "size"), comparable=("comparable", "sum"), office=("office", "sum"), wrong=("wrong", "sum"))  # type: ignore[attr-defined]
    counts["per_10000"] = (10_000 * counts["wrong"] / counts["comparable"].where(counts["comparable"] > 0)).round(2)
    print(f"\n{title}\n{counts.to_string()}", flush=True)


if __name__ == "__main__":
    main()
