"""Mobile numbers as people give them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def telephone_numbers(rng: np.random.Generator, count: int, missing: float) -> pa.Array:
    """``count`` numbers that begin with 0812 to 0859, some with the country's 62, some in groups of four; null at the given rate.

    They are drawn at random and belong to nobody in the simulation.
    """
    prefix = pa.array(np.array([812, 813, 821, 822, 823, 851, 852, 853, 857, 858, 859])[rng.integers(0, 11, count)]).cast(pa.string())
    first, second = (pa.array(rng.integers(1_000, 10_000, count)).cast(pa.string()) for _ in range(2))
    plain = pc.binary_join_element_wise("0", prefix, first, second, "")
    grouped = pc.binary_join_element_wise(pc.binary_join_element_wise("0", prefix, ""), first, second, "-")
    abroad = pc.binary_join_element_wise("+62", prefix, first, second, "")
    style = np.searchsorted(np.array([0.7, 0.87]), rng.random(count), side="right")
    numbers = pc.choose(pa.array(style), plain, grouped, abroad)
    return pc.if_else(pa.array(rng.random(count) < missing), pa.scalar(None, pa.string()), numbers)
