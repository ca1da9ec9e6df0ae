"""Names after a relative: "PAK RUDI" is Rudi's father, so that the household in which a young Rudi stands leads to him.

What follows the word PAK or BU is mostly a child's name, now and then the person's own. Both are looked for: a fellow member of the
candidate's household on the right who is called so and was born long enough after the candidate, or the candidate's own name. Where the
word tells men from women, a candidate of the other sex is neither. All of it follows from the record, the candidate and the candidate's
household alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.members import members_of
from matching.spec import RELATIVE_LEVELS, Relatives
from matching.text_values import TextValues
from matching.values import codes_of

if TYPE_CHECKING:
    from matching.columns import Tables

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

_CHILD, _OWN_NAME, _CHILDS_OWN_NAME = (number for number, _ in enumerate(RELATIVE_LEVELS, start=1))
_NEITHER = len(RELATIVE_LEVELS) + 1


def relative_levels(tables: Tables, left: Rows, right: Rows) -> npt.NDArray[np.int16]:
    """Level of each pair on :data:`matching.compare.RELATIVE_SCALE`.

    Missing unless a single left name stands behind a word like PAK, and where nothing is known of the candidate's household.
    """
    result = np.zeros(len(left), dtype=np.int16)
    spec = tables.relatives
    if spec is None:
        return result
    pairs = np.flatnonzero(named_after(tables, left))
    if not len(pairs):
        return result
    homes = tables.key(tables.household, "right")
    left, right = left[pairs], right[pairs]
    which, fellows = members_of(homes, homes[right])
    others = np.flatnonzero(fellows != right[which])
    which, fellows = which[others], fellows[others]
    level = np.where(_shares_a_word(tables, spec, left, right), _OWN_NAME, _NEITHER)
    # Whoever bears the name and stands beside somebody who may be called after him is seldom called PAK himself.
    elder = _born_after(tables, spec, fellows, right[which]) & _sex_fits(tables, spec, left[which], fellows) & (level[which] == _OWN_NAME)
    level[which[elder]] = _CHILDS_OWN_NAME
    younger = np.flatnonzero(_born_after(tables, spec, right[which], fellows))
    called = younger[_shares_a_word(tables, spec, left[which[younger]], fellows[younger])]
    level[which[called]] = _CHILD
    level[~_sex_fits(tables, spec, left, right)] = _NEITHER
    level[(level == _NEITHER) & (homes[right] < 0)] = 0
    result[pairs] = level
    return result


def led_to(tables: Tables, there: Tables, left: Rows, bearers: Rows) -> tuple[Rows, Rows]:
    """Of pairs of a left row and a right row that bears the name it is called by: the left row with who may be called after the bearer.

    ``there``: the tables that the right rows are of.
    """
    spec = there.relatives
    if spec is None:
        return left[:0], bearers[:0]
    homes = there.key(there.household, "right")
    which, members = members_of(homes, homes[bearers])
    possible = (members != bearers[which]) & _born_after(there, spec, members, bearers[which])
    which, members = which[possible], members[possible]
    fitting = _sexes(tables, spec, left[which]) * _right_sexes(there, spec, members) >= 0
    return left[which[fitting]], members[fitting]


def named_after(tables: Tables, left: Rows) -> Flags:
    """Which of these left rows have a single name behind a word like PAK; none where the tables know no relatives."""
    spec = tables.relatives
    if spec is None:
        return np.zeros(len(left), dtype=bool)
    column = tables.columns[spec.name]
    places = column.left[left]
    return np.asarray((places >= 0) & _text(tables, spec).called_after.take(places, mode="wrap")) if len(column.distinct) else places >= 0


def _text(tables: Tables, spec: Relatives) -> TextValues:
    values = tables.columns[spec.name].distinct
    assert isinstance(values, TextValues)
    return values


def _shares_a_word(tables: Tables, spec: Relatives, left: Rows, right: Rows) -> Flags:
    """Where a word of the left name, of those that say something, is among the right one's by sound."""
    column, text = tables.columns[spec.name], _text(tables, spec)
    ones, others = column.left[left], column.right[right]
    found = np.zeros(len(left), dtype=bool)
    rights = [words.take(others, mode="wrap") for words in text.sound_matrix]
    for words in text.core_matrix:
        word = words.take(ones)
        for other in rights:
            found |= (word == other) & (word >= 0)
    return found & (others >= 0)


def _born_after(tables: Tables, spec: Relatives, elder: Rows, child: Rows) -> Flags:
    """Where the one may be a parent of the other by their years of birth; not known is possible."""
    if spec.born is None:
        return np.ones(len(elder), dtype=bool)
    before, after = (tables.key(f"{spec.born}.year", "right", rows) for rows in (elder, child))
    return np.asarray((before < 0) | (after < 0) | (after - before >= spec.years_between))


def _sex_fits(tables: Tables, spec: Relatives, left: Rows, right: Rows) -> Flags:
    return np.asarray(_sexes(tables, spec, left) * _right_sexes(tables, spec, right) >= 0)


def _sexes(tables: Tables, spec: Relatives, left: Rows) -> npt.NDArray[np.int8]:
    """By the word before the name: 1 for men, -1 for women, 0 where it says neither."""
    if spec.sex is None:
        return np.zeros(len(left), dtype=np.int8)
    distinct, places = np.unique(tables.columns[spec.name].left[left], return_inverse=True)
    return np.asarray(_text(tables, spec).called_as(distinct.astype(np.int64))[places])


def _right_sexes(tables: Tables, spec: Relatives, right: Rows) -> npt.NDArray[np.int8]:
    """1 for men, -1 for women, 0 where it is not known."""
    if spec.sex is None:
        return np.zeros(len(right), dtype=np.int8)
    codes = tables.key(spec.sex, "right", right)
    men, women = codes_of(pa.array([spec.men, spec.women]))
    return np.asarray((codes == men).astype(np.int8) - (codes == women).astype(np.int8))


def name_counts(tables: Tables, there: Tables) -> Rows:
    """For each distinct name, where it is a single one behind a word like PAK, how many right rows of ``there`` bear it; else 0."""
    spec = tables.relatives
    if spec is None:
        return np.zeros(0, dtype=np.int64)
    text = _text(tables, spec)
    asked = np.flatnonzero(text.called_after)
    codes = codes_of(text.sound.words)[text.sound.at(0)[asked]]
    distinct, bearers = bearers_by_word(there, spec)
    at = np.minimum(np.searchsorted(distinct, codes), max(len(distinct) - 1, 0))
    counts = np.zeros(len(text), dtype=np.int64)
    counts[asked] = np.where(distinct[at] == codes, bearers[at], 0) if len(distinct) else 0
    return counts


def bearers_by_word(there: Tables, spec: Relatives) -> tuple[Rows, Rows]:
    """Sorted codes of all words of right names by sound, and how many right rows bear each."""
    column = there.columns[spec.name]
    words = column.distinct.words("words")
    assert words is not None
    rows = np.bincount(column.right[column.right >= 0], minlength=len(words))
    bearers = np.bincount(words.ids, weights=np.repeat(rows, words.counts), minlength=len(words.words)).astype(np.int64)
    codes = codes_of(words.words)
    order = np.argsort(codes)
    return codes[order], bearers[order]


def strangers_called_so(tables: Tables, rng: np.random.Generator, pairs: int) -> npt.NDArray[np.float64]:
    """How many of so many random pairs, of left rows that are called after somebody and right rows, show each level."""
    called = np.flatnonzero(named_after(tables, np.arange(tables.left_count)))
    if not len(called):
        return np.zeros(_NEITHER + 1)
    left, right = called[rng.integers(0, len(called), pairs)], rng.integers(0, tables.right_count, pairs)
    return np.bincount(relative_levels(tables, left, right), minlength=_NEITHER + 1).astype(np.float64)
