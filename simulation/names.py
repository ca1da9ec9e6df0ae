"""How people are named: which parts follow which, by sex, culture and generation.

A name is a row of token numbers into a ``Lexicon``; text is made once, when a frame is written. That keeps 1.8 million names small, and
lets damage act on tokens (abbreviate, drop, respell) without parsing text.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation import name_parts, name_tails
from simulation.name_tails import Compounds

Tokens = npt.NDArray[np.int32]
Index = npt.NDArray[np.int64]

NO_TOKEN = -1
NAME_WIDTH = 4
"""A given name has at most four parts (M. NUR FAJAR RAMADHAN)."""

GENERATION_STARTS = np.array([1950, 1965, 1980, 1995, 2010])
"""Birth years at which fashion turns: Javanese single names rule before 1965 and are nearly gone after 1995."""


class Culture(IntEnum):
    """Naming tradition of a family; not an ethnicity, and never written to a file."""

    JAVANESE = 0
    SANTRI = 1
    OSING = 2
    MADURESE = 3
    BALINESE = 4
    CHRISTIAN = 5


class Lexicon:
    """The distinct name parts, numbered in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parts: list[str] = []

    def numbers(self, parts: Iterable[str]) -> Tokens:
        """Token numbers of these parts, added where they are new."""
        numbers = np.fromiter((self._numbers.setdefault(part, len(self._numbers)) for part in parts), dtype=np.int32)
        fresh = list(itertools.islice(reversed(self._numbers), len(self._numbers) - len(self._parts)))
        self._parts.extend(reversed(fresh))
        return numbers

    @property
    def parts(self) -> Sequence[str]:
        """All parts, by number; grows with the lexicon."""
        return self._parts

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(frozen=True)
class Pool:
    """Name parts with falling frequency."""

    tokens: Tokens
    cumulative: npt.NDArray[np.float64]

    @staticmethod
    def build(
        lexicon: Lexicon, parts: Sequence[str] = (), exponent: float = 0.8, tail: Compounds | None = None, tail_share: float = 0.0
    ) -> Pool:
        """Common parts, and a tail of rare ones that has ``tail_share`` of all draws.

        The frequency of a common part falls with its place as 1/(place + 2)^exponent.
        """
        distinct = list(dict.fromkeys(parts))
        weights = 1.0 / (np.arange(len(distinct)) + 2.0) ** exponent
        names = distinct
        if tail is not None:
            rare, rare_weights = tail.weighted()
            share = tail_share if distinct else 1.0
            names = distinct + rare
            weights = np.concatenate([weights / max(weights.sum(), 1e-9) * (1 - share), rare_weights / rare_weights.sum() * share])
        return Pool(lexicon.numbers(names), np.cumsum(weights) / weights.sum())

    def draw(self, rng: np.random.Generator, count: int) -> Tokens:
        """``count`` parts, independently."""
        places = np.searchsorted(self.cumulative, rng.random(count), side="right")
        return self.tokens[np.minimum(places, len(self.tokens) - 1)]


@dataclass(frozen=True)
class Pattern:
    """Pools that follow one another in a name, and how often that is so in each generation (born before 1950, … from 2010)."""

    pools: tuple[str, ...]
    by_generation: tuple[float, float, float, float, float, float]


_JAVANESE_MALE = (
    Pattern(("java_m",), (87, 85, 78, 29, 8, 2)),
    Pattern(("arabic_m",), (10, 12, 21, 14, 5, 2)),
    Pattern(("java_m", "java_m2"), (4, 8, 9, 6, 2, 1)),
    Pattern(("middle_m", "java_m2"), (2, 9, 22, 30, 14, 3)),
    Pattern(("muhammad", "arabic_m"), (4, 5, 9, 14, 13, 9)),
    Pattern(("ahmad", "arabic_m"), (1, 2, 4, 6, 6, 4)),
    Pattern(("abdul", "arabic_m"), (2, 2, 3, 2, 1, 1)),
    Pattern(("middle_m", "arabic_m"), (1, 2, 5, 9, 9, 3)),
    Pattern(("muhammad", "middle_m", "java_m2"), (0, 0, 2, 6, 6, 3)),
    Pattern(("middle_m", "middle_m", "java_m2"), (0, 0, 3, 7, 5, 1)),
    Pattern(("young_m", "young_m_last"), (0, 0, 1, 7, 24, 24)),
    Pattern(("muhammad", "young_m", "young_m_last"), (0, 0, 1, 4, 15, 27)),
    Pattern(("young_m", "arabic_m", "young_m_last"), (0, 0, 0, 2, 8, 16)),
    Pattern(("ahmad", "young_m", "young_m_last"), (0, 0, 0, 1, 3, 8)),
    Pattern(("middle_m",), (1, 1, 7, 2, 0, 0)),
    Pattern(("young_m", "young_m", "java_m2", "young_m_last"), (0, 0, 0, 0, 0, 2)),
)
_JAVANESE_FEMALE = (
    Pattern(("java_f",), (90, 88, 69, 22, 5, 2)),
    Pattern(("arabic_f",), (12, 15, 28, 17, 5, 2)),
    Pattern(("java_f", "java_f2"), (2, 5, 5, 3, 1, 0)),
    Pattern(("siti", "arabic_f"), (7, 10, 17, 18, 12, 6)),
    Pattern(("middle_f", "java_f2"), (2, 7, 24, 34, 17, 3)),
    Pattern(("middle_f", "arabic_f"), (1, 2, 6, 9, 8, 3)),
    Pattern(("middle_f", "middle_f", "java_f2"), (0, 0, 3, 8, 6, 1)),
    Pattern(("siti", "arabic_f", "java_f2"), (0, 0, 2, 5, 4, 1)),
    Pattern(("young_f", "young_f_last"), (0, 0, 1, 8, 26, 26)),
    Pattern(("young_f", "arabic_f"), (0, 0, 1, 4, 9, 9)),
    Pattern(("middle_f", "young_f_last"), (0, 0, 2, 6, 9, 5)),
    Pattern(("young_f", "young_f", "young_f_last"), (0, 0, 0, 1, 8, 28)),
    Pattern(("young_f", "arabic_f", "young_f_last"), (0, 0, 0, 1, 5, 16)),
    Pattern(("middle_f",), (0, 1, 5, 0, 0, 0)),
    Pattern(("young_f", "young_f", "java_f2", "young_f_last"), (0, 0, 0, 0, 1, 2)),
)
_SANTRI_MALE = (
    Pattern(("arabic_m",), (60, 62, 64, 29, 8, 2)),
    Pattern(("java_m",), (23, 16, 12, 2, 0, 0)),
    Pattern(("muhammad", "arabic_m"), (10, 15, 24, 30, 26, 16)),
    Pattern(("ahmad", "arabic_m"), (6, 9, 13, 15, 12, 6)),
    Pattern(("abdul", "arabic_m"), (10, 13, 14, 8, 4, 3)),
    Pattern(("arabic_m", "arabic_m"), (2, 5, 11, 18, 12, 5)),
    Pattern(("muhammad", "arabic_m", "arabic_m"), (0, 1, 5, 13, 20, 16)),
    Pattern(("muhammad", "young_m", "young_m_last"), (0, 0, 1, 4, 14, 30)),
    Pattern(("ahmad", "young_m", "young_m_last"), (0, 0, 0, 2, 7, 13)),
    Pattern(("young_m", "arabic_m", "young_m_last"), (0, 0, 0, 1, 4, 10)),
)
_SANTRI_FEMALE = (
    Pattern(("arabic_f",), (64, 63, 62, 26, 8, 2)),
    Pattern(("java_f",), (21, 16, 9, 2, 0, 0)),
    Pattern(("siti", "arabic_f"), (24, 35, 40, 32, 18, 8)),
    Pattern(("siti", "arabic_f", "arabic_f"), (0, 1, 6, 12, 10, 4)),
    Pattern(("arabic_f", "arabic_f"), (2, 5, 13, 22, 18, 8)),
    Pattern(("middle_f", "arabic_f"), (0, 2, 8, 12, 8, 2)),
    Pattern(("young_f", "arabic_f"), (0, 0, 2, 8, 20, 20)),
    Pattern(("young_f", "young_f_last"), (0, 0, 1, 4, 14, 18)),
    Pattern(("siti", "arabic_f", "young_f_last"), (0, 0, 1, 2, 5, 8)),
    Pattern(("young_f", "arabic_f", "young_f_last"), (0, 0, 0, 0, 8, 33)),
)
_OSING_MALE = (
    Pattern(("osing_m",), (57, 55, 46, 14, 3, 0)),
    Pattern(("java_m",), (25, 25, 21, 7, 3, 0)),
    Pattern(("arabic_m",), (21, 27, 34, 14, 5, 2)),
    Pattern(("osing_m", "arabic_m"), (2, 3, 5, 4, 1, 0)),
    *_JAVANESE_MALE[3:14],
)
_OSING_FEMALE = (
    Pattern(("osing_f",), (60, 58, 46, 14, 3, 0)),
    Pattern(("java_f",), (23, 22, 18, 5, 3, 0)),
    Pattern(("arabic_f",), (21, 27, 32, 14, 5, 2)),
    *_JAVANESE_FEMALE[3:13],
)
_MADURESE_MALE = (
    Pattern(("madura_m",), (76, 75, 83, 34, 8, 2)),
    Pattern(("arabic_m",), (23, 30, 46, 29, 10, 4)),
    Pattern(("madura_m", "arabic_m"), (2, 3, 5, 4, 1, 0)),
    *_SANTRI_MALE[2:],
)
_MADURESE_FEMALE = (
    Pattern(("madura_f",), (76, 77, 83, 34, 8, 2)),
    Pattern(("arabic_f",), (23, 30, 46, 29, 10, 4)),
    *_SANTRI_FEMALE[2:],
)
_BALINESE_MALE = (
    Pattern(("mark_m", "order", "bali_m"), (80, 80, 78, 74, 66, 58)),
    Pattern(("order", "bali_m"), (20, 18, 14, 14, 12, 8)),
    Pattern(("mark_m", "order", "young_m", "bali_m"), (0, 2, 8, 12, 22, 34)),
)
_BALINESE_FEMALE = (
    Pattern(("mark_f", "order", "bali_f"), (80, 80, 78, 74, 66, 58)),
    Pattern(("order", "bali_f"), (20, 18, 14, 14, 12, 8)),
    Pattern(("mark_f", "order", "young_f", "bali_f"), (0, 2, 8, 12, 22, 34)),
)
_CHRISTIAN_MALE = (
    Pattern(("christian_m",), (23, 16, 18, 7, 3, 2)),
    Pattern(("java_m",), (52, 41, 28, 5, 0, 0)),
    Pattern(("christian_m", "java_m2"), (25, 35, 42, 45, 30, 14)),
    Pattern(("christian_m", "middle_m", "java_m2"), (10, 15, 24, 24, 14, 4)),
    Pattern(("christian_m", "young_m", "young_m_last"), (0, 0, 2, 10, 35, 60)),
)
_CHRISTIAN_FEMALE = (
    Pattern(("christian_f",), (23, 16, 18, 7, 3, 2)),
    Pattern(("java_f",), (52, 41, 28, 5, 0, 0)),
    Pattern(("christian_f", "java_f2"), (25, 35, 42, 45, 30, 14)),
    Pattern(("christian_f", "middle_f", "java_f2"), (10, 15, 24, 24, 14, 4)),
    Pattern(("christian_f", "young_f", "young_f_last"), (0, 0, 2, 10, 35, 60)),
)

PATTERNS: dict[tuple[Culture, bool], tuple[Pattern, ...]] = {
    (Culture.JAVANESE, False): _JAVANESE_MALE,
    (Culture.JAVANESE, True): _JAVANESE_FEMALE,
    (Culture.SANTRI, False): _SANTRI_MALE,
    (Culture.SANTRI, True): _SANTRI_FEMALE,
    (Culture.OSING, False): _OSING_MALE,
    (Culture.OSING, True): _OSING_FEMALE,
    (Culture.MADURESE, False): _MADURESE_MALE,
    (Culture.MADURESE, True): _MADURESE_FEMALE,
    (Culture.BALINESE, False): _BALINESE_MALE,
    (Culture.BALINESE, True): _BALINESE_FEMALE,
    (Culture.CHRISTIAN, False): _CHRISTIAN_MALE,
    (Culture.CHRISTIAN, True): _CHRISTIAN_FEMALE,
}


class NameMaker:
    """Draws names; keep one per simulation, since it owns the lexicon that its token numbers refer to."""

    def __init__(self) -> None:
        self.lexicon = Lexicon()
        parts, tails, build = name_parts, name_tails, Pool.build
        lexicon = self.lexicon
        self.pools = {
            "muhammad": build(lexicon, parts.MUHAMMAD_FAMILY, 1.1),
            "ahmad": build(lexicon, parts.AHMAD_FAMILY, 1.2),
            "abdul": build(lexicon, parts.ABDUL_FAMILY, 1.5),
            "siti": build(lexicon, parts.SITI_FAMILY, 1.0),
            "arabic_m": build(lexicon, parts.ARABIC_MALE, 0.4, tails.ARABIC_MALE, 0.55),
            "arabic_f": build(lexicon, parts.ARABIC_FEMALE, 0.4, tails.ARABIC_FEMALE, 0.55),
            "java_m": build(lexicon, tail=tails.JAVANESE_MALE),
            "java_f": build(lexicon, tail=tails.JAVANESE_FEMALE),
            "java_m2": build(lexicon, parts.JAVANESE_MALE_SECOND, 0.4, tails.JAVANESE_MALE_SECOND, 0.5),
            "java_f2": build(lexicon, parts.JAVANESE_FEMALE_SECOND, 0.4, tails.JAVANESE_FEMALE_SECOND, 0.5),
            "middle_m": build(lexicon, parts.MIDDLE_MALE_FIRST, 0.4, tails.MIDDLE_MALE, 0.4),
            "middle_f": build(lexicon, parts.MIDDLE_FEMALE_FIRST, 0.4, tails.MIDDLE_FEMALE, 0.4),
            "young_m": build(lexicon, parts.YOUNG_MALE, 0.3, tails.YOUNG_MALE, 0.5),
            "young_f": build(lexicon, parts.YOUNG_FEMALE, 0.3, tails.YOUNG_FEMALE, 0.5),
            "young_m_last": build(lexicon, parts.YOUNG_MALE_LAST, 0.4, tails.YOUNG_MALE_LAST, 0.5),
            "young_f_last": build(lexicon, parts.YOUNG_FEMALE_LAST, 0.4, tails.YOUNG_FEMALE_LAST, 0.5),
            "osing_m": build(lexicon, parts.OSING_MALE, 0.3, tails.OSING_MALE, 0.7),
            "osing_f": build(lexicon, parts.OSING_FEMALE, 0.3, tails.OSING_FEMALE, 0.7),
            "madura_m": build(lexicon, tail=tails.MADURESE_MALE),
            "madura_f": build(lexicon, tail=tails.MADURESE_FEMALE),
            "mark_m": build(lexicon, parts.BALINESE_MARK_MALE),
            "mark_f": build(lexicon, parts.BALINESE_MARK_FEMALE),
            "order": build(lexicon, parts.BALINESE_ORDER, 0.4),
            "bali_m": build(lexicon, parts.BALINESE_MALE, 0.4, tails.BALINESE_MALE, 0.5),
            "bali_f": build(lexicon, parts.BALINESE_FEMALE, 0.4, tails.BALINESE_FEMALE, 0.5),
            "christian_m": build(lexicon, parts.CHRISTIAN_MALE, 0.5),
            "christian_f": build(lexicon, parts.CHRISTIAN_FEMALE, 0.5),
        }

    def draw(
        self, rng: np.random.Generator, culture: npt.NDArray[np.int8], is_female: npt.NDArray[np.bool_], birth_year: npt.NDArray[np.int64]
    ) -> Tokens:
        """A name for each person: token numbers, left-aligned, ``NO_TOKEN`` where the name has ended."""
        count = len(culture)
        tokens = np.full((count, NAME_WIDTH), NO_TOKEN, dtype=np.int32)
        generation = np.searchsorted(GENERATION_STARTS, birth_year, side="right")
        for (of_culture, of_women), patterns in PATTERNS.items():
            group = np.flatnonzero((culture == int(of_culture)) & (is_female == of_women))
            if not len(group):
                continue
            weights = np.array([pattern.by_generation for pattern in patterns], dtype=np.float64).T
            cumulative = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
            chosen = (cumulative[generation[group]] <= rng.random(len(group))[:, None]).sum(axis=1)
            for number, pattern in enumerate(patterns):
                rows = group[chosen == number]
                for position, pool in enumerate(pattern.pools):
                    tokens[rows, position] = self.pools[pool].draw(rng, len(rows))
        return without_echo(tokens)


def without_echo(tokens: Tokens) -> Tokens:
    """Names in which no part directly repeats the one before it (AHMAD AHMAD is not a name): the echo is taken out."""
    result = tokens.copy()
    for position in range(1, NAME_WIDTH):
        echo = (result[:, position] != NO_TOKEN) & (result[:, position] == result[:, position - 1])
        if echo.any():
            result[echo, position:-1] = result[echo, position + 1 :]
            result[echo, -1] = NO_TOKEN
    return result


def join_parts(parts: pa.Array, tokens: Tokens) -> pa.Array:
    """Text of token rows: parts joined by one blank; null for rows without any token."""
    columns = [parts.take(pa.array(column, mask=column == NO_TOKEN)) for column in np.ascontiguousarray(tokens.T)]
    # Arrow's join (26.0) leaves out a row that is null in every column and so shortens its result; an empty first part keeps the row.
    exists = pa.array((tokens != NO_TOKEN).any(axis=1))
    columns[0] = pc.if_else(exists, columns[0], pa.scalar("", pa.string()))
    text = pc.binary_join_element_wise(*columns, " ", null_handling="skip")
    return pc.if_else(exists, text, pa.scalar(None, pa.string()))
