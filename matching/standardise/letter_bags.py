"""Which characters a text is made of, as bits, so that two texts that cannot be alike need not be compared letter by letter."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from matching.standardise.tokens import Hashes, TokenTable

_LETTERS = 26
_A = ord("A")
_TWICE = np.uint64(_LETTERS)
_ONCE = np.uint64((1 << _LETTERS) - 1)
_MOST = 255


def letter_bags(texts: TokenTable) -> tuple[Hashes, npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """For texts of words with a space between them: a bit per letter that is there (A-Z) and one per letter that is there twice.

    Beside it how many characters the bits do not tell (a third A, spaces, other letters), and the length; lengths over 255 count as 255.
    """
    of_word, lengths = _bags_of_words(texts.words)
    counts = texts.counts
    bags = np.zeros(len(texts), dtype=np.uint64)
    length = np.maximum(counts - 1, 0)
    for position in range(int(counts.max(initial=0))):
        here = np.flatnonzero(counts > position)
        word = texts.ids[texts.offsets[here] + position]
        before, added = bags[here], of_word[word]
        bags[here] = before | added | ((before & added & _ONCE) << _TWICE)
        length[here] += lengths[word]
    untold = length - np.bitwise_count(bags)
    return bags, np.minimum(untold, _MOST).astype(np.uint8), np.minimum(length, _MOST).astype(np.uint8)


def most_in_common(bags: tuple[Hashes, Any, Any], left: Any, right: Any) -> npt.NDArray[np.uint16]:
    """At least as many characters as the texts at these places have in common, wherever they stand."""
    told, untold, _ = bags
    common = np.bitwise_count(told.take(left) & told.take(right)).astype(np.uint16)
    return np.asarray(common + np.minimum(untold.take(left), untold.take(right)))


def _bags_of_words(words: Any) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The same of single words, and their lengths in characters."""
    offsets = np.frombuffer(words.buffers()[1], dtype=np.int32)[words.offset : words.offset + len(words) + 1].astype(np.int64)
    data = words.buffers()[2]
    letters = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
    bytes_ = np.diff(offsets)
    bags = np.zeros(len(words), dtype=np.uint64)
    for position in range(int(bytes_.max(initial=0))):
        here = np.flatnonzero(bytes_ > position)
        letter = letters[offsets[here] + position].astype(np.int64) - _A
        plain = (letter >= 0) & (letter < _LETTERS)
        bit = np.where(plain, np.uint64(1) << np.where(plain, letter, 0).astype(np.uint64), np.uint64(0))
        bags[here] |= bit | ((bags[here] & bit) << _TWICE)
    return bags, pc.utf8_length(words).to_numpy(zero_copy_only=False).astype(np.int64)
