"""Names in one spelling: titles and degrees gone, family spellings (MOH., ST., ABD.) written out, old spelling modern.

The steps keep what tells people apart: initials stay (``A. RAHMAN`` is not ``RAHMAN``), and a name is never emptied. What is
less certain than spelling (sound, nicknames, order of words) is left to the comparisons.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.distinct import on_distinct
from matching.standardise.name_words import (
    BALINESE_ABBREVIATIONS,
    BALINESE_MARKERS,
    BALINESE_NAMES,
    LONG_SPELLINGS,
    OLD_SPELLING,
    PATRONYM_WORDS,
    SPELLING_FAMILIES,
    TEKNONYM_WORDS,
    TITLES_AFTER,
    TITLES_ANYWHERE,
    TITLES_BEFORE,
)
from matching.standardise.tokens import Flags, TokenTable, split_words

# "S.Pd.I", "A.Md. Keb", "M. Kes" and the like behind a name. A single "M." or "A." before a name must survive, so at least two parts are
# asked for.
_DEGREE = (
    r"(?:[ ,]+(?:S|M|A|D)\. ?(?:PD|AG|KOM|SOS|KEP|SI|MD|KES|KEB|HUM|PSI|FARM|GZ|AP|IP|TR|PT|TP|STP|HI|EI|E|H|T|M|I)\b\.? ?"
    r"(?:(?:I|SD|KEB|KEP|PAUD|K|H)\b\.?)?"
    r"|,[ ]*(?:SE|SH|ST|MM|MH|BA)\b\.?)"
)


@dataclass(frozen=True)
class StandardNames:
    """Standardised names: their words, and whether the name given was a relative's ("Pak Rudi")."""

    tokens: TokenTable
    teknonym: Flags


def standardise_names(values: pd.Series) -> pd.Series:
    """Each name in standard spelling (upper case, single spaces); what holds no letter is missing."""
    return on_distinct(values, lambda distinct: parse_names(distinct).tokens.joined(" "))


def parse_names(distinct: Any) -> StandardNames:
    """Words of each distinct name (Arrow strings) after standardisation, in their order."""
    return standard_words(split_words(plain_letters(distinct, degrees=True)))


def standard_words(raw: TokenTable) -> StandardNames:
    """The same for names that are words already: upper-case letters as they were written."""
    if len(raw.ids) == 0:
        return StandardNames(raw, np.zeros(len(raw), dtype=bool))
    modern = _before_patronym(raw.renamed(modern_words))
    without_titles, teknonym = _without_titles(modern)
    return StandardNames(_written_out(_without_balinese_marker(without_titles)), teknonym)


def plain_letters(distinct: Any, *, degrees: bool = False) -> Any:
    """Upper-case letters and single spaces; accents, punctuation and digits gone, apostrophes closed up (JUM'AT is JUMAT)."""
    upper = pc.utf8_upper(pc.fill_null(distinct, ""))
    odd = pc.match_substring_regex(upper, r"[^A-Z ]")
    where = pc.indices_nonzero(odd)
    if len(where):
        rest = pc.utf8_normalize(upper.take(where), form="NFKD")
        if degrees:
            rest = pc.replace_substring_regex(rest, _DEGREE, " ")
        rest = pc.replace_substring_regex(rest, r"[\p{Mn}'`\x{2019}\x{2018}\x{00B4}\x{02BC}\"]+", "")
        rest = pc.replace_substring_regex(rest, r"[^\p{L} ]+", " ")
        upper = pc.replace_with_mask(upper, odd, rest)
    return pc.utf8_trim(pc.replace_substring(pc.replace_substring(upper, "   ", " "), "  ", " "), " ")


def modern_words(words: Any) -> Any:
    """Words in modern spelling (Arrow strings to as many); abbreviations with one meaning are written out."""
    old = pc.match_substring_regex(words, "|".join(written for written, _ in OLD_SPELLING))
    where = pc.indices_nonzero(old)
    modern = words
    if len(where):
        rest = words.take(where)
        for written, new in (*OLD_SPELLING, ("J", "Y"), ("*", "J")):
            rest = pc.replace_substring(rest, written, new)
        modern = pc.replace_with_mask(words, old, rest)
    variants = pa.array(list(SPELLING_FAMILIES), type=pa.string())
    families = pa.array(list(SPELLING_FAMILIES.values()), type=pa.string())
    known = families.take(pc.coalesce(pc.index_in(words, value_set=variants), pc.index_in(modern, value_set=variants)))
    return pc.coalesce(known, _mistyped_families(modern), modern)


def _mistyped_families(words: Any) -> Any:
    """The family's word where a word is one typing error away from one of its long spellings (MOHAMD), else null.

    Short spellings have neighbours that are names themselves.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    near = pc.and_(pc.match_substring_regex(words, "^.{0,3}M?.{0,3}(?:HA|AM|MA)"), pc.greater_equal(pc.utf8_length(words), 6))
    near = pc.and_(near, pc.less_equal(pc.utf8_length(words), max(len(spelling) for spelling, _ in LONG_SPELLINGS) + 1))
    where = pc.indices_nonzero(near).to_numpy()
    result = np.full(len(words), None, dtype=object)
    if len(where):
        spellings = [spelling for spelling, _ in LONG_SPELLINGS]
        edits = cdist(words.take(pa.array(where)).to_pylist(), spellings, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
        best = edits.argmin(axis=1)
        mistyped = edits[np.arange(len(where)), best] <= 1
        result[where[mistyped]] = np.array([word for _, word in LONG_SPELLINGS], dtype=object)[best[mistyped]]
    return pa.array(result, type=pa.string())


def _first_where(table: TokenTable, flags: Flags) -> npt.NDArray[np.int64]:
    """Position within each text of the first flagged word; a large number where there is none."""
    first = np.full(len(table), np.iinfo(np.int64).max)
    owners, positions = table.owners[flags][::-1], table.positions[flags][::-1]
    first[owners] = positions
    return first


def _before_patronym(table: TokenTable) -> TokenTable:
    """SITI BINTI AHMAD is SITI: registers write the father's name in a column of its own."""
    patronym = table.is_word(PATRONYM_WORDS) & (table.positions > 0)
    if not patronym.any():
        return table
    return table.where(table.positions < np.repeat(_first_where(table, patronym), table.counts))


def _without_titles(table: TokenTable) -> tuple[TokenTable, Flags]:
    """Titles dropped unless nothing would remain; whether a teknonym's marker stood before the name."""
    counts, positions = np.repeat(table.counts, table.counts), table.positions
    anywhere, before, marker = (table.is_word(words) for words in (TITLES_ANYWHERE, TITLES_BEFORE, TEKNONYM_WORDS))
    leading = positions < np.repeat(_first_where(table, ~(anywhere | before | marker)), table.counts)
    last = (positions == counts - 1) & (positions > 0)
    drop = anywhere | ((before | marker) & leading) | (table.is_word(TITLES_AFTER) & last)
    owners = table.owners
    remains = np.bincount(owners[~drop], minlength=len(table)) > 0
    drop &= np.repeat(remains, table.counts)
    teknonym = np.bincount(owners[drop & marker & leading], minlength=len(table)) > 0
    return table.where(~drop), teknonym


def _without_balinese_marker(table: TokenTable) -> TokenTable:
    """I WAYAN and NI WAYAN lose the marker of sex, which offices leave out as often as not."""
    following_is_order = np.zeros(len(table.ids), dtype=bool)
    order = table.is_word(BALINESE_NAMES | frozenset(BALINESE_ABBREVIATIONS))
    following_is_order[:-1] = order[1:] & (table.positions[1:] == 1)
    return table.where(~(table.is_word(BALINESE_MARKERS) & (table.positions == 0) & following_is_order))


def _written_out(table: TokenTable) -> TokenTable:
    """Abbreviations that are certain only before other words: M. is Muhammad, WY. is Wayan."""
    replace = {"M": "MUHAMMAD", **BALINESE_ABBREVIATIONS}
    abbreviated = table.is_word(frozenset(replace)) & (table.positions == 0) & (np.repeat(table.counts, table.counts) > 1)
    if not abbreviated.any():
        return table
    meaning = pa.array(list(replace.values()), type=pa.string())
    full = meaning.take(pc.index_in(table.words, value_set=pa.array(list(replace), type=pa.string())))
    words = pa.concat_arrays([table.words, pc.fill_null(full, "")])
    ids = np.where(abbreviated, table.ids + len(table.words), table.ids).astype(np.int32)
    return TokenTable(table.offsets, ids, words).renamed(lambda same: same)
