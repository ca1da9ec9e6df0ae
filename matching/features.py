"""What blocking and comparisons look at: features of the distinct values of a column, as integers.

A :class:`Values` holds the distinct standardised values of one column over both tables. A *feature* is one integer per distinct value (-1
where it is missing), equal exactly where the feature is equal: the value itself, its sound, its year, its first eight letters.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.dates import swapped
from matching.standardise.distinct import blank_to_null, encode
from matching.standardise.sound import sound_tokens, word_skeletons
from matching.standardise.tokens import Flags, TokenTable

Integers = npt.NDArray[np.int64]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_WORDS = 4  # words of a name that comparisons look at; longer names are rare, and their rest is in the whole text


class Values(ABC):
    """Distinct values of one column."""

    def __init__(self) -> None:
        self._features: dict[str, Integers] = {}

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def _compute(self, feature: str) -> Integers: ...

    @abstractmethod
    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The values at these places as Python strings, for rapidfuzz."""

    def feature(self, name: str) -> Integers:
        """One integer per distinct value; computed once."""
        if name not in self._features:
            self._features[name] = self._compute(name)
        return self._features[name]

    def words(self, name: str) -> TokenTable | None:  # noqa: ARG002
        """Words of each value where the column has any (a blocking key of its own per word)."""
        return None


TEKNONYM_MARK = "~"  # before a name that is not the person's own: "Pak Rudi" and "Rudi" are two values


class Spellings:
    """Texts as Python strings for rapidfuzz, made only for the places that are asked for: most register names are never compared."""

    def __init__(self, strings: Any) -> None:
        self.strings = strings
        self._objects: npt.NDArray[np.object_] = np.full(len(strings), None, dtype=object)
        self._made = np.zeros(len(strings), dtype=bool)

    def at(self, places: Integers) -> npt.NDArray[np.object_]:
        """The texts at these places."""
        asked = np.zeros(len(self._made), dtype=bool)
        asked[places] = True
        new = np.flatnonzero(asked & ~self._made)
        if len(new):
            self._objects[new] = self.strings.take(pa.array(new)).to_numpy(zero_copy_only=False)
            self._made[new] = True
        return self._objects[places]


@dataclass
class TextValues(Values):
    """Names, places and other text: ``letters`` as they were written, ``tokens`` their words in standard spelling.

    Where ``teknonym`` holds, the words are a relative's name: such a value has no feature but itself, so that it is neither blocked nor
    counted as a name.
    """

    letters: Any
    tokens: TokenTable
    teknonym: Flags

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.letters)

    @cached_property
    def strings(self) -> Any:
        """The standardised texts."""
        return self.tokens.joined(" ")

    @cached_property
    def standard(self) -> Spellings:
        """Standard spelling, words apart."""
        return Spellings(self.strings)

    @cached_property
    def written(self) -> Spellings:
        """As written, words apart."""
        return Spellings(self.letters)

    @cached_property
    def standard_closed(self) -> Spellings:
        """Standard spelling without spaces."""
        return Spellings(self.tokens.joined(""))

    @cached_property
    def written_closed(self) -> Spellings:
        """As written, without spaces."""
        return Spellings(pc.replace_substring(self.letters, " ", ""))

    @cached_property
    def restyled(self) -> Flags:
        """Where standardisation changed what was written."""
        return np.asarray(pc.not_equal(self.strings, self.letters).to_numpy(zero_copy_only=False))

    @cached_property
    def sound(self) -> TokenTable:
        """The words as they sound."""
        return sound_tokens(self.tokens)

    @cached_property
    def sound_matrix(self) -> npt.NDArray[np.int32]:
        """Sound of the first words of each value, one column per word, -1 where there is none."""
        return np.stack([self.sound.at(place) for place in range(MOST_WORDS)], axis=1)

    @cached_property
    def sound_words(self) -> list[str]:
        """What the numbers in ``sound_matrix`` stand for."""
        return [str(word) for word in self.sound.words.to_pylist()]

    @cached_property
    def initial_matrix(self) -> npt.NDArray[np.int8]:
        """First letter of each of the first words, as its code."""
        return self._of_words(lambda words: pc.index_in(pc.utf8_slice_codeunits(words, 0, 1), value_set=pa.array(list(_LETTERS))))

    @cached_property
    def single_matrix(self) -> npt.NDArray[np.bool_]:
        """Whether each of the first words is a single letter."""
        return self._of_words(lambda words: pc.equal(pc.utf8_length(words), 1)).astype(bool)

    @cached_property
    def skeleton_matrix(self) -> npt.NDArray[np.int32]:
        """Consonants of each of the first words."""
        bare = self.tokens.renamed(word_skeletons)
        return np.stack([bare.at(place) for place in range(MOST_WORDS)], axis=1)

    @cached_property
    def vowelless_matrix(self) -> npt.NDArray[np.bool_]:
        """Whether each of the first words is an abbreviation of consonants only (NRL for NURUL)."""
        return self._of_words(lambda words: pc.match_substring_regex(words, "^[^AEIOUY]{2,4}$")).astype(bool)

    @cached_property
    def lengths(self) -> Integers:
        """Letters of each value."""
        return np.asarray(pc.utf8_length(self.strings).to_numpy(zero_copy_only=False), dtype=np.int64)

    @cached_property
    def feature_counts(self) -> Integers:
        """Number of words of each value that comparisons look at."""
        return np.minimum(self.tokens.counts, MOST_WORDS)

    def _of_words(self, measure: Callable[[Any], Any]) -> npt.NDArray[np.int8]:
        measured = pc.fill_null(measure(self.tokens.words).cast(pa.int8()), -1).to_numpy(zero_copy_only=False)
        by_word = np.append(measured, np.int8(0))  # the place -1 stands for no word
        return np.stack([by_word[self.tokens.at(place)] for place in range(MOST_WORDS)], axis=1)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The values at these places."""
        return self.standard.at(places)

    def words(self, name: str) -> TokenTable | None:
        """Sounds of all words."""
        return self.sound if name == "words" else None

    def _compute(self, feature: str) -> Integers:
        codes = self._feature_of_words(feature)
        return codes if feature == "" else np.where(self.teknonym, -1, codes)

    def _feature_of_words(self, feature: str) -> Integers:  # noqa: PLR0911
        count = self.tokens.counts
        match feature:
            case "":
                return _codes(pc.binary_join_element_wise(self.strings, pa.array(np.where(self.teknonym, TEKNONYM_MARK, "")), ""))
            case "written":
                return _codes(self.written_closed.strings)
            case "sound":
                return _codes(self.sound.joined(""))
            case "sorted":
                return _codes(self.sound.sorted_within().joined(" "))
            case "skeleton":
                return _codes(self.tokens.renamed(word_skeletons).joined(""))
            case "first":
                return self.sound.at(0).astype(np.int64)
            case "last":
                return self.sound.at(-1).astype(np.int64)
            case "initial":
                return _codes(pc.utf8_slice_codeunits(self.strings, 0, 1))
            case "count":
                return count.astype(np.int64)
            case _:
                start, stop = slice_of(
                    feature, "text: sound, written, sorted, skeleton, first, last, initial, count, words or a slice like [:4]"
                )
                return _codes(pc.utf8_slice_codeunits(pc.fill_null(self.strings, ""), start, stop))


@dataclass
class CodeValues(Values):
    """Codes and numbers as text: equal or not, and by their beginning."""

    strings: Any

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.strings)

    @cached_property
    def objects(self) -> npt.NDArray[np.object_]:
        """All distinct values as Python strings; empty where missing."""
        return np.asarray(pc.fill_null(self.strings, "").to_numpy(zero_copy_only=False), dtype=object)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The values at these places."""
        return self.objects[places]

    def _compute(self, feature: str) -> Integers:
        if feature == "":
            return np.arange(len(self))
        start, stop = slice_of(feature, "code: a slice like [:8]")
        return _codes(pc.utf8_slice_codeunits(pc.fill_null(self.strings, ""), start, stop))


@dataclass
class DateValues(Values):
    """Dates as ``YYYYMMDD``."""

    numbers: Integers

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.numbers)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The dates at these places as eight digits."""
        return self.numbers[places].astype(str).astype(object)

    def _compute(self, feature: str) -> Integers:
        match feature:
            case "":
                return self.numbers
            case "year":
                return self.numbers // 10_000
            case "month_day":
                return self.numbers % 10_000
            case "year_month":
                return self.numbers // 100
            case "unordered":
                return np.where(swapped(self.numbers) > 0, np.minimum(self.numbers, swapped(self.numbers)), self.numbers)
            case _:
                raise ValueError(f"a date has no feature {feature!r}; it has year, month_day, year_month, unordered")


@dataclass
class IdentifierValues(Values):
    """Identifier numbers of up to 18 digits as integers, one per row of either table: nearly all differ, so encoding would not pay."""

    numbers: Integers
    digits: int
    birth_start: int | None = None
    day_offset_for_women: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.numbers)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The numbers at these places with their leading zeros."""
        padded = pc.utf8_lpad(pa.array(self.numbers[places]).cast(pa.string()), self.digits, "0")
        return np.asarray(padded.to_numpy(zero_copy_only=False), dtype=object)

    def share_a_part(self, left: Integers, right: Integers) -> npt.NDArray[np.bool_]:
        """Where the first, middle or last third of the digits is equal: true whenever at most two digits differ, and cheap to see."""
        third = -(-self.digits // 3)
        result = np.zeros(len(left), dtype=bool)
        for start in range(0, self.digits, third):
            part = self.part(start, min(start + third, self.digits))
            result |= part[left] == part[right]
        return result

    def part(self, start: int, stop: int) -> Integers:
        """Digits ``start`` to ``stop`` as a number; -1 where the identifier is missing."""
        shifted = self.numbers // 10 ** (self.digits - stop)
        return np.where(self.numbers < 0, -1, shifted % 10 ** (stop - start))

    def _compute(self, feature: str) -> Integers:
        if feature == "":
            return self.numbers
        if feature in {"birth_date", "sex"} and self.birth_start is not None:
            return self._birth_date() if feature == "birth_date" else self._sex()
        start, stop = slice_of(feature, "identifier: birth_date, sex (where the spec says where they stand) or a slice like [:15]")
        return self.part(start, self.digits if stop is None else stop)

    def _sex(self) -> Integers:
        assert self.birth_start is not None
        day = self.part(self.birth_start, self.birth_start + 2)
        return np.where(day < 0, -1, (day > self.day_offset_for_women).astype(np.int64))

    def _birth_date(self) -> Integers:
        """Day, month and two-digit year inside the number as ``YYMMDD``; -1 where they are no date."""
        assert self.birth_start is not None
        day = self.part(self.birth_start, self.birth_start + 2)
        day = np.where(day > self.day_offset_for_women, day - self.day_offset_for_women, day)
        month = self.part(self.birth_start + 2, self.birth_start + 4)
        year = self.part(self.birth_start + 4, self.birth_start + 6)
        plausible = (day >= 1) & (day <= 31) & (month >= 1) & (month <= 12) & (self.numbers >= 0)
        return np.where(plausible, year * 10_000 + month * 100 + day, -1)


def slice_of(feature: str, allowed: str) -> tuple[int, int | None]:
    """Start and stop of ``[start:stop]``."""
    inside = feature.removeprefix("[").removesuffix("]")
    start, colon, stop = inside.partition(":")
    if (
        not colon
        or not (feature.startswith("[") and feature.endswith("]"))
        or not all(part.strip().isdigit() or not part.strip() for part in (start, stop))
    ):
        raise ValueError(f"unknown feature {feature!r}; {allowed}")
    return int(start or 0), int(stop) if stop.strip() else None


def _codes(strings: Any) -> Integers:
    return encode(blank_to_null(strings))[0].astype(np.int64)
