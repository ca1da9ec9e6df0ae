"""Pairs of distinct values under comparison, with the measures that several levels share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.identifier_values import IdentifierValues
from matching.standardise.letter_bags import most_in_common
from matching.text_values import Spellings, TextValues
from matching.values import Integers, Values

Flags = npt.NDArray[np.bool_]
Predicate = Callable[["Pairs", float], Flags]

_EDITS_NEED = 0.7  # Jaro-Winkler similarity below which two texts of four letters or more are never two edits apart
_NO_PREFIX = 0.7  # Jaro similarity up to which a common beginning adds nothing
_ROUNDING = 1e-4  # of single precision, on the safe side
MOST_EDITS = 2  # typing errors counted; anything above is "more"


@dataclass
class Pairs:
    """Pairs of places among the distinct values of one column; what is measured once is kept while levels take pairs away."""

    values: Values
    left: Integers
    right: Integers
    _memory: dict[str, npt.NDArray[Any]]

    @classmethod
    def of(cls, values: Values, left: Integers, right: Integers) -> "Pairs":
        """Pairs with nothing measured yet."""
        return cls(values, left, right, {})

    def __len__(self) -> int:
        return len(self.left)

    def only(self, kept: Flags) -> "Pairs":
        """The pairs where ``kept`` holds, with what was measured on them."""
        where = np.flatnonzero(kept)  # one pass over the flags, not one for each array
        memory = {name: measure.take(where) for name, measure in self._memory.items()}
        return Pairs(self.values, self.left.take(where), self.right.take(where), memory)

    def same(self, feature: str) -> Flags:
        """Where both have the feature and it is equal."""
        codes = self.values.feature(feature)
        left = codes.take(self.left)
        return np.asarray((left == codes.take(self.right)) & (left >= 0))

    def measure(self, name: str, compute: Callable[["Pairs"], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """A measure computed once for these pairs."""
        if name not in self._memory:
            self._memory[name] = compute(self)
        return self._memory[name]

    def similar(self, least: float) -> Flags:
        """Jaro-Winkler similarity of the texts at least so high; of names without the words that half a village shares."""
        if least < _NO_PREFIX:
            return np.asarray(self.measure("jaro_winkler", _jaro_winkler) >= np.float32(least))
        return np.asarray(self.measure("jaro_winkler from 0.7", _similarity_from_no_prefix) >= np.float32(least))

    def edits_within(self, most: int) -> Flags:
        """At most so many insertions, deletions, substitutions or transpositions of neighbours, in standard spelling or as written."""
        if most > MOST_EDITS:
            raise ValueError(f"edits are counted up to {MOST_EDITS}; use jaro_winkler for texts further apart")
        return np.asarray(self.measure("edits", _edits) <= most)


def _similarity_from_no_prefix(pairs: Pairs) -> npt.NDArray[Any]:
    """The same, and 0 where it would be below 0.7: where too few letters are in common, their places are not looked at."""
    if not isinstance(pairs.values, TextValues):
        return _jaro_winkler(pairs)
    lengths = pairs.values.core_bags[-1]
    common = most_in_common(pairs.values.core_bags, pairs.left, pairs.right).astype(np.float32)
    shares = common / np.maximum(lengths.take(pairs.left), 1) + common / np.maximum(lengths.take(pairs.right), 1)
    possible = np.flatnonzero(shares >= np.float32(3 * _NO_PREFIX - 1 - _ROUNDING))
    result = np.zeros(len(pairs), dtype=np.float32)
    result[possible] = _compared(
        _jaro_winkler_scorer(), pairs.values.standard_core, pairs.left.take(possible), pairs.right.take(possible), np.float32
    )
    return result


def _jaro_winkler(pairs: Pairs) -> npt.NDArray[Any]:
    if not isinstance(pairs.values, TextValues):
        return _scored(_jaro_winkler_scorer(), pairs.values.text(pairs.left), pairs.values.text(pairs.right), np.float32)
    return _compared(_jaro_winkler_scorer(), pairs.values.standard_core, pairs.left, pairs.right, np.float32)


def _jaro_winkler_scorer() -> Any:
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.similarity


def _edits(pairs: Pairs) -> npt.NDArray[Any]:
    from rapidfuzz.distance import OSA

    values = pairs.values
    result = np.full(len(pairs), MOST_EDITS + 1, dtype=np.uint8)
    if not isinstance(values, TextValues):
        near = (
            np.flatnonzero(values.may_be_near(pairs.left, pairs.right)) if isinstance(values, IdentifierValues) else np.arange(len(pairs))
        )
        result[near] = _scored(
            OSA.distance, values.text(pairs.left[near]), values.text(pairs.right[near]), np.uint8, score_cutoff=MOST_EDITS
        )
        return result
    near = np.flatnonzero(pairs.similar(_EDITS_NEED))
    left, right = pairs.left[near], pairs.right[near]
    edits = _compared(OSA.distance, values.standard_closed, left, right, np.uint8, score_cutoff=MOST_EDITS)
    restyled = np.flatnonzero((values.restyled[left] | values.restyled[right]) & (edits > 1))
    written = _compared(OSA.distance, values.written_closed, left[restyled], right[restyled], np.uint8, score_cutoff=MOST_EDITS)
    edits[restyled] = np.minimum(edits[restyled], written)
    result[near] = edits
    return result


def _compared(scorer: Any, texts: Spellings, left: Integers, right: Integers, dtype: Any, **options: Any) -> npt.NDArray[Any]:
    return _scored(scorer, texts.at(left), texts.at(right), dtype, **options)


def _scored(scorer: Any, left: npt.NDArray[Any], right: npt.NDArray[Any], dtype: Any, **options: Any) -> npt.NDArray[Any]:
    from rapidfuzz.process import cpdist

    return np.asarray(cpdist(left, right, scorer=scorer, workers=-1, dtype=dtype, **options)) if len(left) else np.empty(0, dtype=dtype)
