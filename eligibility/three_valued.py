"""True, false, unknown: Kleene's logic on whole columns.

An answer that nobody gave is neither yes nor no. A conjunction is false as soon as one part is false, a disjunction true as
soon as one part is true; else an unknown part makes the whole unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Flags = npt.NDArray[np.bool_]

FALSE, TRUE, UNKNOWN = 0, 1, 2
"""The states as small numbers, as `Truth.states` gives them."""


@dataclass(frozen=True)
class Truth:
    """One answer per row: `holds` where it is yes, `fails` where it is no, unknown where neither."""

    holds: Flags
    fails: Flags

    @classmethod
    def of(cls, answers: pd.Series) -> Truth:
        """From a nullable boolean column."""
        nullable = answers.astype("boolean")
        return cls(nullable.fillna(False).to_numpy(dtype=bool), (~nullable).fillna(False).to_numpy(dtype=bool))

    @classmethod
    def known(cls, answers: Flags) -> Truth:
        """From answers that are all known."""
        return cls(answers, ~answers)

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.holds & other.holds, self.fails | other.fails)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.holds | other.holds, self.fails & other.fails)

    def __invert__(self) -> Truth:
        return Truth(self.fails, self.holds)

    @property
    def unknown(self) -> Flags:
        """Where the answer is neither yes nor no."""
        return ~(self.holds | self.fails)

    @property
    def states(self) -> npt.NDArray[np.int64]:
        """FALSE, TRUE or UNKNOWN for each row."""
        return np.where(self.holds, TRUE, np.where(self.fails, FALSE, UNKNOWN)).astype(np.int64)

    def to_series(self) -> pd.Series:
        """As a nullable boolean column with a fresh index."""
        return pd.Series(pd.arrays.BooleanArray(self.holds.copy(), self.unknown))


def all_of(parts: Sequence[Truth]) -> Truth:
    """Whether all hold. Raises ValueError without parts."""
    return at_least(len(parts), parts)


def any_of(parts: Sequence[Truth]) -> Truth:
    """Whether at least one holds. Raises ValueError without parts."""
    return at_least(1, parts)


def at_least(minimum: int, parts: Sequence[Truth]) -> Truth:
    """Whether at least so many hold: yes once they do, no once too many fail for it. Raises ValueError without parts."""
    if not parts:
        raise ValueError("nothing to count")
    holding = np.sum([part.holds for part in parts], axis=0)
    failing = np.sum([part.fails for part in parts], axis=0)
    return Truth(holding >= minimum, failing > len(parts) - minimum)
