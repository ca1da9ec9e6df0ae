"""Labels for free: pairs that the trusted identifier confirms, compared with the identifier hidden.

A record whose identifier names exactly one right row with enough else in common (as the spec's ``labels_when`` lists) is a labelled
record. Generous on purpose: with only perfect pairs as labels the model would learn that dates are never missing. But what stands inside
the identifier is no agreement of its own: among 1.8 million residents three quarters of the pairs that agreed on the number, the birth
date in it and nothing else were a mistyped number that is somebody else's.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.blocking import Rows
from matching.columns import Tables
from matching.compare import Comparer, Outcomes
from matching.competition import Groups
from matching.spec import LinkSpec
from matching.standardise.tokens import mixed


@dataclass(frozen=True)
class IdentifierPairs:
    """Left rows whose identifier occurs exactly once on the right, that right row, and their comparisons."""

    left: Rows
    right: Rows
    outcomes: Outcomes


@dataclass(frozen=True)
class Choices:
    """Labelled records with their candidates: what the weights are fitted on. ``unreached``: records whose true candidate no rule found."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    outcomes: Outcomes
    groups: Groups
    true: npt.NDArray[np.bool_]
    unreached: int

    @property
    def labelled(self) -> int:
        """Number of labelled records that have any candidate."""
        return len(self.groups.starts)


def identifier_pairs(tables: Tables, spec: LinkSpec, comparer: Comparer) -> IdentifierPairs:
    """All pairs with an equal identifier that is unique on the right side, with their comparisons."""
    if spec.identifier is None:
        none = np.empty(0, dtype=np.int64)
        return IdentifierPairs(none, none, comparer.outcomes(none, none))
    left, right = (tables.key(spec.identifier.column, side) for side in ("left", "right"))
    right_rows = np.flatnonzero(right >= 0)
    if not bool((right[right_rows][1:] >= right[right_rows][:-1]).all()):
        right_rows = right_rows[np.argsort(right[right_rows], kind="stable")]
    ordered = right[right_rows]
    left_rows = np.flatnonzero(left >= 0)
    by_number = np.argsort(left[left_rows])  # looked up in their order, the numbers lie close together
    wanted = left[left_rows[by_number]]
    start = np.searchsorted(ordered, wanted, side="left")
    found = np.full(len(left_rows), -1, dtype=np.int64)
    found[by_number] = np.where(np.searchsorted(ordered, wanted, side="right") - start == 1, start, -1)
    single = np.flatnonzero(found >= 0)
    pairs = left_rows[single], right_rows[found[single]]
    return IdentifierPairs(*pairs, comparer.outcomes(*pairs))


def holds(conditions: dict[str, tuple[str, ...]], comparer: Comparer, outcomes: Outcomes) -> npt.NDArray[np.bool_]:
    """Where every named comparison has one of the levels listed for it."""
    result = np.ones(outcomes.shape[1], dtype=bool)
    for number, scale in enumerate(comparer.scales):
        if scale.name in conditions:
            wanted = np.array([level in conditions[scale.name] for level in scale.levels])
            result &= wanted[scale.level_of(outcomes[number])]
    return result


def good_labels(spec: LinkSpec, comparer: Comparer, confirmed: IdentifierPairs) -> npt.NDArray[np.bool_]:
    """Which confirmed pairs have enough else in common to learn from."""
    label = np.zeros(len(confirmed.left), dtype=bool)
    if spec.identifier is not None:
        for conditions in spec.identifier.labels_when or (spec.identifier.settled_when,):
            label |= holds(conditions, comparer, confirmed.outcomes)
    return label


def labelled_pairs(tables: Tables, spec: LinkSpec, confirmed: IdentifierPairs, label: npt.NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """A sample of the confirmed pairs that are good labels, in the order of the left rows."""
    if spec.identifier is None:
        return confirmed.left, confirmed.right
    rows, truth = confirmed.left[label], confirmed.right[label]
    if len(rows) > spec.training.sample:
        hashed = content_hash(tables.key(spec.identifier.column, "left", rows), spec.seed)
        drawn = np.sort(np.argsort(hashed, kind="stable")[: spec.training.sample])
        rows, truth = rows[drawn], truth[drawn]
    return rows, truth


def is_among(numbers: Rows, ordered: Rows) -> npt.NDArray[np.bool_]:
    """Which numbers are among the sorted ones."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    place = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return np.asarray(ordered[place] == numbers)


def content_hash(codes: npt.NDArray[Any], seed: int) -> npt.NDArray[np.uint64]:
    """A number per value that looks random but comes from the value, so that a sample does not depend on the order of rows."""
    return mixed(codes.astype(np.uint64) ^ np.uint64(seed))
