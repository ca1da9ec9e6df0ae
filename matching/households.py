"""Families testify: where a record's fellow household members went says where the record belongs.

*Fellows* are other left records with the same household number (as the list writes it, right or stale) that were already linked. A
candidate who lives in a right household that a fellow went to has one more thing in common; its whole household become candidates.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.blocking import Rows, pair_numbers
from matching.columns import Tables
from matching.members import MOST_MEMBERS, members_of
from matching.spec import LinkSpec


@dataclass(frozen=True)
class Fellows:
    """Which right households the linked members of each left household went to, and how many of them went there."""

    left_household: npt.NDArray[np.int64]
    right_household: npt.NDArray[np.int64]
    links: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    own_right: npt.NDArray[np.int64]
    linked_members: npt.NDArray[np.int64]
    size: int

    def outcomes(self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> npt.NDArray[np.int16]:
        """Level of each pair on :data:`matching.compare.HOUSEHOLD_SCALE`; a record's own link is no testimony for itself."""
        home, there = self.left_household[left], self.right_household[right]
        number = np.where((home >= 0) & (there >= 0), home * self.size + there, -1)
        place = np.minimum(np.searchsorted(self.links, number), max(len(self.links) - 1, 0))
        support = np.where(self.links[place] == number, self.counts[place], 0) if len(self.links) else np.zeros(len(number), dtype=np.int64)
        own = self.own_right[left]
        fellows = np.where(home >= 0, self.linked_members[home], 0) - (own >= 0)
        support = support - ((own == there) & (own >= 0))
        return np.where((home < 0) | (fellows <= 0), 0, np.where(support > 0, 1, 2)).astype(np.int16)

    def pairs(self, left_rows: Rows, right_count: int) -> Rows:
        """Pair numbers of these records with all members of the right households that fellows went to.

        A labelled record that went there alone is not led there by itself: its own link would hide that no rule finds such records.
        """
        homes = self.left_household[left_rows]
        rows = left_rows[homes >= 0]
        homes = homes[homes >= 0]
        start = np.searchsorted(self.links, homes * self.size)
        stop = np.searchsorted(self.links, (homes + 1) * self.size)
        reps = stop - start
        flat = np.repeat(start - (np.cumsum(reps) - reps), reps) + np.arange(int(reps.sum()))
        there = self.links[flat] % self.size
        rows = np.repeat(rows, reps)
        led = (there != self.own_right[rows]) | (self.counts[flat] > 1)
        rows, there = rows[led], there[led]
        which, members = members_of(self.right_household, there)
        return pair_numbers(rows[which], members, right_count)


def fellows_of(tables: Tables, spec: LinkSpec, left_rows: Rows, right_rows: Rows) -> Fellows | None:
    """Testimony of these links; ``None`` where the spec names no household."""
    if spec.household is None:
        return None
    left_household, left_size = _dense(tables.key(spec.household, "left"))
    right_household, size = _dense(tables.key(spec.household, "right"))
    own_right = np.full(tables.left_count, -1, dtype=np.int64)
    own_right[left_rows] = np.where(left_household[left_rows] >= 0, right_household[right_rows], -1)
    known = own_right >= 0
    crowded = np.bincount(left_household[known], minlength=left_size) > MOST_MEMBERS
    known &= ~np.where(left_household >= 0, crowded[left_household], False) if left_size else known
    own_right = np.where(known, own_right, -1)
    size = max(size, 1)
    links, counts = np.unique(left_household[known] * size + own_right[known], return_counts=True)
    return Fellows(
        left_household, right_household, links, counts, own_right, np.bincount(left_household[known], minlength=max(left_size, 1)), size
    )


def _dense(codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    """Codes numbered from 0 without gaps; -1 stays."""
    present = codes >= 0
    distinct, places = np.unique(codes[present], return_inverse=True)
    dense = np.full(len(codes), -1, dtype=np.int64)
    dense[present] = places
    return dense, len(distinct)
