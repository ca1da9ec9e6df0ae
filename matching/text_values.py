"""Names, places and other text as words: what was written, what it is in standard spelling, and how that sounds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.letter_bags import letter_bags
from matching.standardise.name_words import COMMON_WORDS, MEN, WOMEN
from matching.standardise.sound import bare_consonants, sound_tokens
from matching.standardise.tokens import Flags, Hashes, TokenTable
from matching.values import Integers, Values, codes_of, once, slice_of

MOST_WORDS = 4  # words of a name that comparisons look at; longer names are rare, and their rest is in the whole text
ENDINGS = range(3, 9)  # letters by sound of a name that may be clipped in front; nobody is called by two letters, nor clips one to nine
TAIL = 4  # letters by which a clipped name is looked up
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TEKNONYM = np.int64(0x2545F4914F6CDD1D)  # sets "Pak Rudi" apart from "Rudi"


class Spellings:
    """Texts as Python strings for rapidfuzz, made only for the places that are asked for: most register names are never compared."""

    def __init__(self, tokens: TokenTable, separator: str) -> None:
        self._tokens = tokens
        self._separator = separator
        self._objects: npt.NDArray[np.object_] = np.full(len(tokens), None, dtype=object)
        self._made = np.zeros(len(tokens), dtype=bool)

    def make(self, places: Integers) -> None:
        """Have the texts at these places ready."""
        asked = np.zeros(len(self._made), dtype=bool)
        asked[places] = True
        new = np.flatnonzero(asked & ~self._made)
        if len(new):
            self._objects[new] = self._tokens.rows(new).joined(self._separator).to_numpy(zero_copy_only=False)
            self._made[new] = True

    def at(self, places: Integers) -> npt.NDArray[np.object_]:
        """The texts at these places."""
        self.make(places)
        return self._objects[places]


@dataclass
class TextValues(Values):
    """Texts by their words: ``raw`` as they were written, ``tokens`` in standard spelling.

    Where ``teknonym`` holds, the words are a relative's name, or the person's own behind a title ("Pak Rudi"): such a value is another than
    the name alone, but is looked up by it.
    """

    raw: TokenTable
    tokens: TokenTable
    teknonym: Flags

    def __post_init__(self) -> None:
        super().__init__()
        self._remembered: dict[str, Integers] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    @once
    def core(self) -> TokenTable:
        """The words without those that half a village shares (Muhammad, Siti), unless there are no others."""
        return self.tokens.where(self._is_core)

    @once
    def _is_core(self) -> Flags:
        return np.asarray(~self.tokens.is_word(COMMON_WORDS) | np.repeat(self.only_common, self.tokens.counts))

    @once
    def only_common(self) -> Flags:
        """Values without any other word."""
        return np.asarray(np.bincount(self.tokens.owners[~self.tokens.is_word(COMMON_WORDS)], minlength=len(self)) == 0)

    @once
    def core_sound(self) -> TokenTable:
        """The words of the core as they sound."""
        return self.sound.where(self._is_core)

    @once
    def called_after(self) -> Flags:
        """Where a single word stands behind PAK or BU: relatives are called by one word, and several are the person's own."""
        return np.asarray(self.teknonym & (self.tokens.counts == 1))

    def called_as(self, places: Integers) -> npt.NDArray[np.int8]:
        """By the word before the name at these places: 1 for a man (PAK), -1 for a woman (BU), 0 where it tells neither."""
        first = self.raw.rows(places).at(0)
        men, women = (pc.is_in(self.raw.words, value_set=pa.array(sorted(words))).to_numpy(zero_copy_only=False) for words in (MEN, WOMEN))
        sexes = np.append(men.astype(np.int8) - women.astype(np.int8), np.int8(0))  # the place -1 stands for no word
        return np.where(self.teknonym[places], sexes[first], np.int8(0))

    @once
    def standard(self) -> Spellings:
        """Standard spelling, words apart."""
        return Spellings(self.tokens, " ")

    @once
    def standard_core(self) -> Spellings:
        """Standard spelling of the core."""
        return Spellings(self.core, " ")

    @once
    def core_bags(self) -> tuple[Hashes, npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """Letters of each core as bits (there, there twice), how many letters and spaces are not told by them, and how many there are."""
        return letter_bags(self.core)

    @once
    def standard_closed(self) -> Spellings:
        """Standard spelling without spaces."""
        return Spellings(self.tokens, "")

    @once
    def written_closed(self) -> Spellings:
        """As written, without spaces."""
        return Spellings(self.raw, "")

    @once
    def restyled(self) -> Flags:
        """Where standardisation changed what was written."""
        return np.asarray(self.tokens.sequence_hash() != self.raw.sequence_hash())

    @once
    def sound(self) -> TokenTable:
        """The words as they sound."""
        return sound_tokens(self.tokens)

    @once
    def consonants(self) -> TokenTable:
        """First letter and consonants of the words as they sound."""
        return self.sound.renamed(bare_consonants)

    @once
    def sound_matrix(self) -> npt.NDArray[np.int32]:
        """Sound of the first words of each value, one row per word, -1 where there is none."""
        return _first_words(self.sound)

    @once
    def core_matrix(self) -> npt.NDArray[np.int32]:
        """Sound of the first words of each core."""
        return _first_words(self.core_sound)

    @once
    def sound_lengths(self) -> npt.NDArray[np.int64]:
        """Letters of each distinct word as it sounds."""
        return np.asarray(pc.utf8_length(self.sound.words).to_numpy(zero_copy_only=False), dtype=np.int64)

    @once
    def sound_endings(self) -> dict[int, npt.NDArray[np.int32]]:
        """For each number of letters the word that the last so many of each longer word make; -1 where they make none."""
        words, endings = self.sound.words, {}
        for letters in ENDINGS:
            ends = pc.utf8_slice_codeunits(words, -letters)
            found = pc.fill_null(pc.index_in(ends, value_set=words), -1).to_numpy(zero_copy_only=False)
            endings[letters] = np.where(self.sound_lengths > letters, found, -1).astype(np.int32)
        return endings

    @once
    def tails(self) -> TokenTable:
        """The last letters of each word as it sounds: what stays of a name that is clipped in front, or whose beginning is mistyped."""
        return self.sound.renamed(lambda words: pc.utf8_slice_codeunits(words, -TAIL))

    @once
    def core_counts(self) -> Integers:
        """Number of words of each core that comparisons look at."""
        return np.minimum(self.core.counts, MOST_WORDS)

    @once
    def skeleton_matrix(self) -> npt.NDArray[np.int32]:
        """Consonants of each of the first words."""
        return _first_words(self.consonants)

    @once
    def initial_matrix(self) -> npt.NDArray[np.int8]:
        """First letter of each of the first words, as its place in the alphabet."""
        return self._of_words(lambda words: pc.index_in(pc.utf8_slice_codeunits(words, 0, 1), value_set=pa.array(list(_LETTERS))))

    @once
    def single_matrix(self) -> npt.NDArray[np.bool_]:
        """Whether each of the first words is a single letter."""
        return self._of_words(lambda words: pc.equal(pc.utf8_length(words), 1)).astype(bool)

    @once
    def vowelless_matrix(self) -> npt.NDArray[np.bool_]:
        """Whether each of the first words is an abbreviation of consonants only (NRL for NURUL)."""
        return self._of_words(lambda words: pc.match_substring_regex(words, "^[^AEIOUY]{2,4}$")).astype(bool)

    @once
    def lengths(self) -> Integers:
        """Letters of each value."""
        return self.tokens.letters()

    @once
    def word_counts(self) -> Integers:
        """Number of words of each value that comparisons look at."""
        return np.minimum(self.tokens.counts, MOST_WORDS)

    def remembered(self, name: str, compute: Callable[["TextValues"], Integers]) -> Integers:
        """What ``compute`` finds out about these values, found out once."""
        with self.locks.of(f"remembered {name}"):
            if name not in self._remembered:
                self._remembered[name] = compute(self)
            return self._remembered[name]

    def _of_words(self, measure: Callable[[Any], Any]) -> npt.NDArray[np.int8]:
        measured = pc.fill_null(measure(self.tokens.words).cast(pa.int8()), -1).to_numpy(zero_copy_only=False)
        by_word = np.append(measured, np.int8(0))  # the place -1 stands for no word
        return np.stack([by_word[self.tokens.at(place)] for place in range(MOST_WORDS)])

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The values at these places."""
        return self.standard.at(places)

    def words(self, name: str) -> TokenTable | None:
        """Sounds of all words, or their last letters."""
        return self.sound if name == "words" else self.tails if name == "tails" else None

    def _compute(self, feature: str) -> Integers:
        codes = self._feature_of_words(feature)
        return np.where(self.teknonym, codes ^ _TEKNONYM, codes) if feature == "" else codes

    def _feature_of_words(self, feature: str) -> Integers:  # noqa: PLR0911
        match feature:
            case "":
                return self.tokens.sequence_hash()
            case "written":
                return self.raw.closed_hash()
            case "sound":
                return self.sound.closed_hash()
            case "sorted":
                return self.sound.bag_hash()
            case "skeleton":
                return self.consonants.closed_hash()
            case "first":
                return _word_at(self.sound, 0)
            case "last":
                return _word_at(self.sound, -1)
            case "initial":
                return np.asarray(self.initial_matrix[0], dtype=np.int64)
            case _:
                allowed = "text: sound, written, sorted, skeleton, first, last, initial, words, tails or a slice like [:4]"
                return codes_of(pc.utf8_slice_codeunits(self.tokens.joined(" "), *slice_of(feature, allowed)))


def _word_at(tokens: TokenTable, position: int) -> Integers:
    """A number that tells the word at a place of each text; -1 where there is none."""
    return np.append(codes_of(tokens.words), -1)[tokens.at(position)]


def _first_words(tokens: TokenTable) -> npt.NDArray[np.int32]:
    return np.stack([tokens.at(place) for place in range(MOST_WORDS)])
