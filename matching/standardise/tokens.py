"""Words of many texts as one flat array of word numbers: the shape in which names are standardised without a loop over rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class TokenTable:
    """Text ``i`` consists of the words ``words[ids[offsets[i]:offsets[i + 1]]]``; ``words`` are distinct Arrow strings."""

    offsets: Integers
    ids: npt.NDArray[np.int32]
    words: Any

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
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

    def rows(self, places: Integers) -> "TokenTable":
        """Only the texts at these places."""
        counts = self.counts.take(places)
        offsets = np.zeros(len(places) + 1, dtype=np.int64)
        np.cumsum(counts, out=offsets[1:])
        flat = np.repeat(self.offsets.take(places) - offsets[:-1], counts)
        flat += np.arange(int(offsets[-1]))
        return TokenTable(offsets, self.ids.take(flat), self.words)

    def letters(self) -> Integers:
        """Number of letters of each text, without spaces."""
        lengths = pc.utf8_length(self.words).to_numpy(zero_copy_only=False).astype(np.int64)
        total = np.concatenate(([0], np.cumsum(lengths[self.ids])))
        return np.asarray(total[self.offsets[1:]] - total[self.offsets[:-1]])

    def sequence_hash(self) -> Integers:
        """A number per text that is equal where the words and their order are; -1 where there is no word."""
        hashes, _ = word_hashes(self.words)
        return self._folded(lambda so_far, word: mixed(so_far ^ hashes[word]))

    def closed_hash(self) -> Integers:
        """A number per text that is equal where the letters are, wherever the words end; -1 where there is no word."""
        hashes, powers = word_hashes(self.words)
        return self._folded(lambda so_far, word: so_far * powers[word] + hashes[word])

    def bag_hash(self) -> Integers:
        """A number per text that is equal where the words are, in whatever order; -1 where there is no word."""
        hashes, _ = word_hashes(self.words)
        spread = mixed(hashes)
        return self._folded(lambda so_far, word: so_far + spread[word])

    def _folded(self, step: Callable[[Hashes, npt.NDArray[np.int32]], Hashes]) -> Integers:
        result = np.zeros(len(self), dtype=np.uint64)
        counts = self.counts
        for position in range(int(counts.max(initial=0))):
            here = np.flatnonzero(counts > position)
            result[here] = step(result[here], self.ids[self.offsets[here] + position])
        return np.where(counts > 0, (mixed(result) >> np.uint64(1)).view(np.int64), -1)

    def joined(self, separator: str) -> Any:
        """Arrow strings: the words of each text with ``separator`` between them."""
        lists = pa.ListArray.from_arrays(pa.array(self.offsets, type=pa.int32()), self.words.take(pa.array(self.ids)))
        return pc.binary_join(lists, separator)


def word_hashes(words: Any) -> tuple[Hashes, Hashes]:
    """Polynomial hash of each word's bytes, and the factor that moves another hash left by the word's length.

    The hash of two words closed up is ``hash of the first x factor of the second + hash of the second``.
    """
    offsets = np.frombuffer(words.buffers()[1], dtype=np.int32)[words.offset : words.offset + len(words) + 1].astype(np.int64)
    data = words.buffers()[2]
    letters = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
    lengths = np.diff(offsets)
    hashes, powers = np.zeros(len(words), dtype=np.uint64), np.ones(len(words), dtype=np.uint64)
    for position in range(int(lengths.max(initial=0))):
        here = np.flatnonzero(lengths > position)
        hashes[here] = hashes[here] * _BASE + letters[offsets[here] + position]
        powers[here] *= _BASE
    return hashes, powers


def mixed(keys: Hashes) -> Hashes:
    """Splitmix64's finaliser: spreads keys over 64 bits, so that codes can be chained without collisions that matter."""
    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    keys ^= keys >> np.uint64(30)
    keys *= np.uint64(0xBF58476D1CE4E5B9)
    keys ^= keys >> np.uint64(27)
    keys *= np.uint64(0x94D049BB133111EB)
    keys ^= keys >> np.uint64(31)
    return keys


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
