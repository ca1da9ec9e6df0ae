"""A sound key for Indonesian names: spellings that are said alike get one key (ROHMAN, RAHMAN stay apart; SOLEH, SHOLEH, SOLIH meet).

Arabic names reached Java by ear, so KH/CH/H, DZ/Z/J, SY/SH/S, F/P/V, final D/T, B/P, doubled letters and silent H vary freely within one
family; E and I, O and U likewise; a weak E slips between two consonants (SLAMET, SELAMET). The rules are ours, written from these facts.
They run as Arrow kernels over the distinct words of a register, of which there are hundreds of thousands.
"""

from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.distinct import on_distinct
from matching.standardise.names import plain_letters
from matching.standardise.tokens import TokenTable

# In this order: what is written, and what it sounds like.
_CONSONANTS = (
    ("DJ", "J"), ("DZ", "J"), ("ZH", "J"), ("Z", "J"), ("TJ", "C"), ("SJ", "S"), ("SY", "S"), ("SH", "S"), ("TS", "S"), ("NJ", "NY"),
    ("KH", "H"), ("CH", "H"), ("TH", "T"), ("DH", "D"), ("GH", "G"), ("PH", "P"), ("F", "P"), ("V", "P"), ("Q", "K"), ("X", "K"),
    ("CK", "K"),
)  # fmt: skip
_GLIDE = ("[IEY]*Y([AUOIE])", r"1\1")  # MARYAM, MARIYAM, MARIAM
_DIPHTHONGS = (
    ("OE", "U"), ("AY", "E"), ("AI", "E"), ("AE", "E"), ("EI", "E"), ("EY", "E"), ("AU", "U"), ("OU", "U"), ("AO", "U"), ("OW", "U"),
    ("UW", "U"),
)  # fmt: skip
_VOWELS = (("E", "I"), ("Y", "I"), ("O", "U"), ("I1", "I"), ("1", "I"))
_DOUBLED = tuple((letter * 2, letter) for letter in "ABCDGIJKLMNPRSTUW")
_WEAK_VOWEL = ("^([BCDGKPST])I([LR][AIU])", r"\1\2")
_FINAL = (("(.)D$", r"\1T"), ("(.)B$", r"\1P"), ("([^N])G$", r"\1K"))


def word_sounds(words: Any) -> Any:
    """Sound of each upper-case word (Arrow strings to as many Arrow strings); a word that would lose all its letters stays."""
    key = _respelt(words, _CONSONANTS)
    key = _respelt(key, (_GLIDE,))
    key = _respelt(key, _DIPHTHONGS)
    for written, sound in _VOWELS:
        key = pc.replace_substring(key, written, sound)
    rest = pc.replace_substring(pc.utf8_slice_codeunits(key, 1), "H", "")
    key = pc.binary_join_element_wise(pc.utf8_slice_codeunits(key, 0, 1), rest, "")
    key = _respelt(key, _DOUBLED)
    key = _respelt(key, (_WEAK_VOWEL, *_FINAL))
    return pc.if_else(pc.equal(key, ""), words, key)


def _respelt(words: Any, rules: tuple[tuple[str, str], ...]) -> Any:
    """The rules in their order, on the words that one of them concerns: most concern few, and none makes work for another there."""
    concerned = pc.match_substring_regex(words, "|".join(written for written, _ in rules))
    where = pc.indices_nonzero(concerned)
    if not len(where):
        return words
    rest = words.take(where)
    for written, sound in rules:
        plain = written.isalnum()
        rest = (pc.replace_substring if plain else pc.replace_substring_regex)(rest, written, sound)
    return pc.replace_with_mask(words, concerned, rest)


def bare_consonants(sounds: Any) -> Any:
    """First letter and consonants of each sound: what stays when vowels are mistyped."""
    rest = pc.utf8_slice_codeunits(sounds, 1)
    for vowel in "AIU":
        rest = pc.replace_substring(rest, vowel, "")
    return pc.binary_join_element_wise(pc.utf8_slice_codeunits(sounds, 0, 1), rest, "")


@lru_cache(maxsize=4096)
def sound_key(word: str) -> str:
    """Sound of one upper-case word."""
    return str(word_sounds(pa.array([word], type=pa.string()))[0].as_py())


def sound_tokens(tokens: TokenTable) -> TokenTable:
    """The same texts, each word replaced by its sound."""
    return tokens.renamed(word_sounds)


def sound_keys(values: pd.Series) -> pd.Series:
    """Sound of each text, words closed up: NUR HAYATI and NURHAYATI are said alike."""
    return on_distinct(values, _closed_up)


def _closed_up(distinct: Any) -> Any:
    return word_sounds(pc.replace_substring(plain_letters(distinct), " ", ""))
