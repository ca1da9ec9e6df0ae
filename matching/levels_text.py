"""Levels of agreement of names and other text, word by word and by sound."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.pairs import Flags, Pairs
from matching.standardise.nicknames import nicknames
from matching.standardise.sound import word_sounds
from matching.text_values import TextValues
from matching.values import Integers


def teknonym(pairs: Pairs, _: float) -> Flags:
    """One side names a relative ("Pak Rudi"), so the names cannot be compared."""
    flags = _text(pairs).teknonym
    return np.asarray(flags[pairs.left] | flags[pairs.right])


def titled(pairs: Pairs, _: float) -> Flags:
    """The same name by sound, or two words of it, one of them behind a word like PAK: relatives are called by one word (PAK RUDI)."""
    left, right = _word_counts(pairs)
    several = (left >= 2) & (right >= 2)
    return teknonym(pairs, _) & several & (pairs.same("sound") | pairs.same("sorted") | contained(pairs, 2))


def common_words(pairs: Pairs, _: float) -> Flags:
    """One side says only what half a village is called (MUHAMMAD, SITI), and the other is called that as well, whatever follows."""
    only = _text(pairs).only_common
    return np.asarray((only.take(pairs.left) | only.take(pairs.right)) & shortened(pairs, 1))


def same_sound(pairs: Pairs, _: float) -> Flags:
    """Said alike, in standard spelling or as written, words joined or split as they may be."""
    return pairs.same("sound") | pairs.same("written")


def reordered(pairs: Pairs, _: float) -> Flags:
    """The same words by sound in another order."""
    return pairs.same("sorted")


def one_edit(pairs: Pairs, least_letters: float) -> Flags:
    """One typing error in a text of at least so many letters (one letter of a short name is another name)."""
    lengths = _text(pairs).lengths
    return (np.minimum(lengths.take(pairs.left), lengths.take(pairs.right)) >= least_letters) & pairs.edits_within(1)


def initials(pairs: Pairs, least_words: float) -> Flags:
    """Word by word equal in sound, or one an abbreviation of the other (initial, consonants); as many on both sides, at least so many."""
    left, right = _word_counts(pairs)
    return np.asarray((left == right) & (left >= least_words) & (_matching_front(pairs) == left))


def shortened(pairs: Pairs, least_words: float) -> Flags:
    """All words of the shorter name begin the longer one (sound or abbreviation), and they are at least so many."""
    left, right = _word_counts(pairs)
    shorter = np.minimum(left, right)
    return np.asarray((_matching_front(pairs) >= shorter) & (shorter >= least_words))


def contained(pairs: Pairs, least_words: float) -> Flags:
    """All words of the shorter name are among the words of the longer one, in any place."""
    text = _text(pairs)
    counts = text.core_counts
    shorter = np.minimum(counts.take(pairs.left), counts.take(pairs.right))
    return np.asarray((_words_in_common(pairs) >= shorter) & (shorter >= least_words))


def ending(pairs: Pairs, least_letters: float) -> Flags:
    """One side is a single word, of at least so many letters by sound, that ends a longer word of the other: PARDI for SUPARDI."""
    text = _text(pairs)
    lengths, endings = text.sound_lengths, text.sound_endings
    found = np.zeros(len(pairs), dtype=bool)
    for short, long in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
        single = np.flatnonzero(text.sound.counts.take(short) == 1)
        word, others = text.sound_matrix[0].take(short.take(single)), long.take(single)
        word_length = lengths.take(word)
        for length, ends in endings.items():
            if length < least_letters:
                continue
            fitting = np.flatnonzero(word_length == length)
            wanted, where, longer = word.take(fitting), single.take(fitting), others.take(fitting)
            for words in text.sound_matrix:
                other = words.take(longer)
                found[where] |= (other >= 0) & (ends[other] == wanted)
    return found


def words_in_common(pairs: Pairs, least: float) -> Flags:
    """At least so many words in common by sound, not counting those that half a village shares."""
    return np.asarray(_words_in_common(pairs) >= least)


def nickname(pairs: Pairs, _: float) -> Flags:
    """One of the first two words on the left is a listed nickname of a word on the right, or the other way round."""
    text = _text(pairs)
    related = text.remembered("nicknames", _nickname_pairs)
    found = np.zeros(len(pairs), dtype=bool)
    if not len(related):
        return found
    matrix, size = text.sound_matrix, len(text.sound.words)
    for left_place in range(2):
        left = matrix[left_place].take(pairs.left).astype(np.int64)
        for right_place in range(2):
            right = matrix[right_place].take(pairs.right).astype(np.int64)
            key = np.where((left >= 0) & (right >= 0), left * size + right, -1)
            place = np.minimum(np.searchsorted(related, key), len(related) - 1)
            found |= related[place] == key
    return found


def _text(pairs: Pairs) -> TextValues:
    if not isinstance(pairs.values, TextValues):
        raise ValueError("this level compares words; declare the column as name, text, place or hamlet")  # noqa: TRY004
    return pairs.values


def _word_counts(pairs: Pairs) -> tuple[Integers, Integers]:
    counts = _text(pairs).word_counts
    return counts.take(pairs.left), counts.take(pairs.right)


def _matching_front(pairs: Pairs) -> npt.NDArray[Any]:
    """How many words from the front agree by sound or as abbreviation."""
    return pairs.measure("front", _count_matching_front)


def _count_matching_front(pairs: Pairs) -> npt.NDArray[Any]:
    text = _text(pairs)
    front = np.zeros(len(pairs), dtype=np.int8)
    going = np.arange(len(pairs))
    for place, sounds in enumerate(text.sound_matrix):
        left, right = pairs.left.take(going), pairs.right.take(going)
        one, other = sounds.take(left), sounds.take(right)
        matches = (one == other) & (one >= 0)
        for short, alike in ((text.single_matrix, text.initial_matrix), (text.vowelless_matrix, text.skeleton_matrix)):
            abbreviated = np.flatnonzero((short[place].take(left) | short[place].take(right)) & (one >= 0) & (other >= 0) & ~matches)
            matches[abbreviated] = alike[place].take(left.take(abbreviated)) == alike[place].take(right.take(abbreviated))
        going = going.take(np.flatnonzero(matches))
        if not len(going):
            break
        front[going] += 1
    return front


def _words_in_common(pairs: Pairs) -> npt.NDArray[Any]:
    return pairs.measure("common", _count_words_in_common)


def _count_words_in_common(pairs: Pairs) -> npt.NDArray[Any]:
    matrix = _text(pairs).core_matrix
    common = np.zeros(len(pairs), dtype=np.int8)
    rights = [words.take(pairs.right) for words in matrix]
    for words in matrix:
        word = words.take(pairs.left)
        found = np.zeros(len(pairs), dtype=bool)
        for other in rights:
            found |= word == other
        common += found & (word >= 0)
    return common


def _nickname_pairs(text: TextValues) -> npt.NDArray[np.int64]:
    """Sorted numbers (one sound x number of sounds + other sound) of all listed nickname pairs whose sounds occur, both ways round."""
    listed = [(short, full) for short, fulls in nicknames().items() for full in sorted(fulls)]
    sounds = [word_sounds(pa.array(side, type=pa.string())) for side in zip(*listed, strict=True)]
    places = [pc.index_in(side, value_set=text.sound.words) for side in sounds]
    both = pc.and_(pc.is_valid(places[0]), pc.is_valid(places[1]))
    known = zip(*(side.filter(both).to_pylist() for side in places), strict=True)
    size = len(text.sound.words)
    return np.unique(np.array([one * size + other for pair in known for one, other in (pair, pair[::-1])], dtype=np.int64))
