"""Words of many texts as one flat array of word numbers: the shape in which names are standardised without a loop over rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TokenTable:
    """Text ``i`` consists of the words ``words[ids[offsets[i]:offsets[i + 1]]]``; ``words`` are distinct Arrow strings."""

    offsets: Integers
    ids: npt.NDArray[np.int32]
    words: Any

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def counts(self) -> Integers:
        """Number of words of each text."""
        return np.diff(self.offsets)

    @property
    def owners(self) -> Integers:
        """Which text each word of the flat array belongs to."""
        return np.repeat(np.arange(len(self)), self.counts)

    @property
    def positions(self) -> Integers:
        """Place of each word within its text, from 0."""
        return np.arange(len(self.ids)) - np.repeat(self.offsets[:-1], self.counts)

    def where(self, keep: Flags) -> "TokenTable":
        """The same texts with only the words where ``keep`` holds."""
        if keep.all():
            return self
        kept = np.zeros(len(self.ids) + 1, dtype=np.int64)
        np.cumsum(keep, out=kept[1:])
        return TokenTable(kept[self.offsets], self.ids[keep], self.words)

    def renamed(self, rename: Callable[[Any], Any]) -> "TokenTable":
        """Each distinct word replaced once (``rename`` maps Arrow strings to as many others); words that become equal share a number."""
        encoded = rename(self.words).dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        return TokenTable(self.offsets, codes[self.ids] if len(codes) else self.ids, encoded.dictionary)

    def sorted_within(self) -> "TokenTable":
        """The words of each text in one order, the same for all texts."""
        rank = np.empty(len(self.words), dtype=np.int64)
        rank[pc.sort_indices(self.words).to_numpy()] = np.arange(len(self.words))
        key = self.owners * max(len(self.words), 1) + rank[self.ids] if len(self.ids) else np.empty(0, dtype=np.int64)
        return TokenTable(self.offsets, self.ids[np.argsort(key, kind="stable")], self.words)

    def at(self, position: int) -> npt.NDArray[np.int32]:
        """Word number at a place of each text (negative counts from the end); -1 where the text is shorter."""
        counts = self.counts
        place = self.offsets[:-1] + position if position >= 0 else self.offsets[1:] + position
        inside = counts > position if position >= 0 else counts >= -position
        result = np.full(len(self), -1, dtype=np.int32)
        result[inside] = self.ids[place[inside]]
        return result

    def is_word(self, words: frozenset[str]) -> Flags:
        """For each word of the flat array, whether it is one of ``words``."""
        known = pc.is_in(self.words, value_set=pa.array(sorted(words), type=pa.string())).to_numpy(zero_copy_only=False)
        return np.asarray(known[self.ids], dtype=bool)

    def joined(self, separator: str) -> Any:
        """Arrow strings: the words of each text with ``separator`` between them."""
        lists = pa.ListArray.from_arrays(pa.array(self.offsets, type=pa.int32()), self.words.take(pa.array(self.ids)))
        return pc.binary_join(lists, separator)


def split_words(texts: Any) -> TokenTable:
    """Split Arrow strings at spaces; null and blank texts have no words."""
    lists = pc.split_pattern(pc.fill_null(texts, ""), " ")
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.combine_chunks()
    encoded = lists.flatten().dictionary_encode()
    ids = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    offsets = lists.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    table = TokenTable(offsets - offsets[0], ids, encoded.dictionary)
    filled = np.asarray(pc.not_equal(encoded.dictionary, "").to_numpy(zero_copy_only=False), dtype=bool)
    return table.where(filled[ids]) if len(ids) else table
