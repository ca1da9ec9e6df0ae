"""One linkage of a simulated benchmark profile, held against its truth: by stratum, with the queue and the run's own estimates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching import LinkResult, LinkSpec, link
from simulation import benchmark_profile
from simulation.damage_profile import BENCHMARK, DamageProfile

SPEC = Path(__file__).parents[1] / "schemas" / "linkage" / "register.yaml"
BORN_BEFORE = pd.Timestamp(1966, 10, 1)  # sixty years old on the day of the simulation
DAMAGED_NIK = ("nik_typo", "nik_zeroed", "nik_other")
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Truth:
    """For each record: the resident it is (missing: none), and which strata it belongs to."""

    resident: pd.Series
    strata: dict[str, Flags]


@dataclass(frozen=True)
class Figures:
    """A run against the truth. Shares 0 to 1; ``queue_true``: share of the queue whose best candidate is the right one (0: empty)."""

    precision: float
    recall: float
    queue: float
    queue_true: float
    queue_count: int
    queue_true_count: int
    pairs_per_record: float
    wrong: int
    missed: int
    recall_of: dict[str, float]


def main_spec() -> LinkSpec:
    """The specification of the main job."""
    return LinkSpec.load(SPEC)


def simulated(people: int, records: int, seed: int, profile: DamageProfile = BENCHMARK) -> tuple[pd.DataFrame, pd.DataFrame, Truth]:
    """Records, register and truth."""
    left, right, truth = benchmark_profile(people, records, seed, profile=profile)
    left.insert(0, "record_id", pd.Series([f"r{number:07d}" for number in range(len(left))], dtype="string[pyarrow]"))
    row = truth["register_row"].to_numpy()
    known, at = row >= 0, np.maximum(row, 0)
    damage = truth["damage"].map(set)
    names, births = right["name"].to_numpy(dtype=object)[at], right["birth_date"].to_numpy()[at]
    strata = {
        "no NIK": left["nik"].isna().to_numpy(dtype=bool),
        "damaged NIK": damage.map(lambda found: not found.isdisjoint(DAMAGED_NIK)).to_numpy(dtype=bool),
        "single names": np.array([" " not in name for name in names]),
        "moved": damage.map(lambda found: "former_address" in found).to_numpy(dtype=bool),
        "women": right["sex"].eq("P").to_numpy(dtype=bool)[at],
        "over 60": births < np.datetime64(BORN_BEFORE),
    }
    resident = pd.Series(truth["register_nik"].to_numpy(dtype=object, na_value=None), index=left["record_id"].to_numpy(dtype=object))
    return left, right, Truth(resident, {name: flags & known for name, flags in strata.items()})


def linked(left: pd.DataFrame, right: pd.DataFrame, spec: LinkSpec | None = None) -> LinkResult:
    """The run, trained on these tables."""
    return link(left, right, main_spec() if spec is None else spec)


def figures(result: LinkResult, truth: Truth) -> Figures:
    """How right the automatic links are, and the queue."""
    made = result.links.set_index(result.links["left_id"].to_numpy(dtype=object)).reindex(truth.resident.index)
    is_linked = made["status"].eq("linked").to_numpy(dtype=bool)
    known = truth.resident.notna().to_numpy()
    right = is_linked & known & (made["right_id"].to_numpy(dtype=object, na_value="") == truth.resident.to_numpy())
    first = result.review[result.review["rank"].eq(1)]
    expected = truth.resident.reindex(first["left_id"].to_numpy(dtype=object)).to_numpy()
    queue_right = first["right_id"].to_numpy(dtype=object) == expected
    return Figures(
        precision=float(right.sum() / max(is_linked.sum(), 1)),
        recall=float(right.sum() / max(known.sum(), 1)),
        queue=len(first) / max(len(made), 1),
        queue_true=float(queue_right.mean()) if len(first) else 0.0,
        queue_count=len(first),
        queue_true_count=int(queue_right.sum()),
        pairs_per_record=result.report.counts["pairs_compared"] / max(len(made), 1),
        wrong=int(is_linked.sum() - right.sum()),
        missed=int(known.sum() - right.sum()),
        recall_of={name: float(right[flags].sum() / max(flags.sum(), 1)) for name, flags in truth.strata.items()},
    )
