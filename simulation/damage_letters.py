"""Mistakes letter by letter: typing errors, and vowels heard wrongly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
Characters = npt.NDArray[np.uint8]

# Letters that are mixed up when a name is copied from handwriting or typed by ear.
_NEIGHBOURS = {
    "A": "EIS",
    "B": "PVN",
    "C": "KJX",
    "D": "TSF",
    "E": "IAR",
    "F": "PVD",
    "G": "KHJ",
    "H": "KGN",
    "I": "EUY",
    "J": "YZH",
    "K": "GQL",
    "L": "RKI",
    "M": "NW",
    "N": "MH",
    "O": "UAP",
    "P": "BFO",
    "Q": "KW",
    "R": "LTE",
    "S": "ZCA",
    "T": "DRY",
    "U": "OIY",
    "V": "FPB",
    "W": "UVQ",
    "X": "SZ",
    "Y": "IJT",
    "Z": "JSX",
}
_SUBSTITUTES = np.arange(256, dtype=np.uint8).repeat(4).reshape(256, 4)
for _letter, _others in _NEIGHBOURS.items():
    _SUBSTITUTES[ord(_letter)] = np.frombuffer((_others * 4)[:4].encode(), dtype=np.uint8)


def typed(rng: np.random.Generator, texts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """One typing error in each text: a letter replaced, dropped, doubled or swapped with the next."""
    if not len(texts):
        return texts
    letters, length = _as_letters(texts)
    rows = np.arange(len(texts))
    # People mistype letters, not blanks and dots: one of the letters is hit.
    count_so_far = np.cumsum(letters >= ord("A"), axis=1)
    hit = np.floor(rng.random(len(texts)) * count_so_far[:, -1]).astype(np.int64) + 1
    position = (count_so_far == hit[:, None]).argmax(axis=1)
    kind = np.searchsorted(np.array([0.42, 0.68, 0.86]), rng.random(len(texts)), side="right")
    kind = np.where((length < 4) & (kind == 1), 2, kind)
    column = np.arange(letters.shape[1])[None, :]
    shifted_left = np.concatenate([letters[:, 1:], np.zeros((len(texts), 1), dtype=np.uint8)], axis=1)
    shifted_right = np.concatenate([letters[:, :1], letters[:, :-1]], axis=1)
    here = position[:, None]
    dropped = np.where(column >= here, shifted_left, letters)
    doubled = np.where(column > here, shifted_right, letters)
    replaced = letters.copy()
    replaced[rows, position] = _SUBSTITUTES[letters[rows, position], rng.integers(0, 3, len(texts))]
    swapped = letters.copy()
    after = np.minimum(position + 1, length - 1)
    swapped[rows, position], swapped[rows, after] = letters[rows, after], letters[rows, position]
    # Two equal letters swapped are no mistake: double the letter instead.
    kind = np.where((kind == 3) & (letters[rows, position] == letters[rows, after]), 2, kind)
    result = np.select([kind[:, None] == 0, kind[:, None] == 1, kind[:, None] == 2], [replaced, dropped, doubled], swapped)
    return _as_texts(result)


def misheard(rng: np.random.Generator, texts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Every vowel pair E/I and O/U as somebody else might hear it: the damage that nobody was told of."""
    letters, _ = _as_letters(texts)
    swap = rng.random(letters.shape) < 0.6
    table = np.arange(256, dtype=np.uint8)
    for first, second in (("E", "I"), ("O", "U")):
        table[ord(first)], table[ord(second)] = ord(second), ord(first)
    return _as_texts(np.where(swap, table[letters], letters))


def _as_letters(texts: npt.NDArray[np.object_]) -> tuple[Characters, Index]:
    """Texts as rows of ASCII codes, with one free column for a letter more; and their lengths."""
    fixed = texts.astype(np.bytes_)
    width = fixed.dtype.itemsize + 1
    letters = fixed.astype(f"S{width}").view(np.uint8).reshape(len(texts), width)
    return letters, (letters != 0).sum(axis=1)


def _as_texts(letters: Characters) -> npt.NDArray[np.object_]:
    rows = np.ascontiguousarray(letters)
    texts: npt.NDArray[np.object_] = rows.view(f"S{rows.shape[1]}").reshape(len(rows)).astype(np.str_).astype(object)
    return texts
