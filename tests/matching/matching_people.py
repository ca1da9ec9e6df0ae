"""Small tables with known truth for the matching tests: a register, a damaged list, and the specification of the main job."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from matching import LinkSpec
from simulation import benchmark_profile

REGISTER_SPEC = Path(__file__).parents[2] / "schemas" / "linkage" / "register.yaml"
EXAMPLES = Path(__file__).parents[2] / "docs" / "linkage-examples"
FEBRL_SPEC = EXAMPLES / "febrl4.yaml"


def register_spec() -> LinkSpec:
    """The main job's specification; the benchmark's frames have no delivery to be ordered by."""
    return LinkSpec.load(REGISTER_SPEC).model_copy(update={"left_order": ()})


@lru_cache(maxsize=4)
def _tables(people: int, records: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    left, right, truth = benchmark_profile(people, records, seed)
    ids = pd.Series([f"r{number:06d}" for number in range(len(left))], dtype="string[pyarrow]")
    left = left.assign(record_id=ids, record_key=ids)
    return left, right, pd.DataFrame({"left_id": ids, "right_id": truth["register_nik"].astype("string[pyarrow]")})


def tables(people: int = 2_000, records: int = 800, seed: int = 901) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """List, register and true pairs (``right_id`` missing for people who are not in the register)."""
    left, right, truth = _tables(people, records, seed)
    return left.copy(), right.copy(), truth.copy()
