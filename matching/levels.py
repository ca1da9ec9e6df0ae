"""Levels of agreement: named predicates on pairs of distinct values, tried in the order in which a comparison lists them.

A level is written as its name with a number where it takes one: ``equal``, ``same_sound``, ``jaro_winkler 0.92``. Each predicate sees only
the pairs that no earlier level took. A new predicate is a function of the pairs and that number; ``PREDICATES`` is the whole list.
"""

from matching.levels_dates import day_month_swapped, first_of_year, same_day_and_month, same_year, two_of_three, years_off, years_within
from matching.levels_identifiers import last_digit_zero, one_edit_same_end, other_sex
from matching.levels_text import (
    common_words,
    contained,
    ending,
    initials,
    nickname,
    one_edit,
    reordered,
    same_sound,
    shortened,
    teknonym,
    titled,
    words_in_common,
)
from matching.pairs import Flags, Pairs, Predicate


def equal(pairs: Pairs, _: float) -> Flags:
    """The standardised values are equal."""
    return pairs.same("")


def prefix(pairs: Pairs, letters: float) -> Flags:
    """The first so many characters are equal."""
    return pairs.same(f"[:{int(letters)}]")


def edits(pairs: Pairs, most: float) -> Flags:
    """At most so many typing errors."""
    return pairs.edits_within(int(most))


def jaro_winkler(pairs: Pairs, least: float) -> Flags:
    """Jaro-Winkler similarity at least so high."""
    return pairs.similar(least)


PREDICATES: dict[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        equal, prefix, edits, jaro_winkler,
        teknonym, titled, common_words, same_sound, reordered, one_edit, initials, shortened, contained, ending, words_in_common, nickname,
        day_month_swapped, first_of_year, years_off, same_day_and_month, two_of_three, same_year, years_within,
        last_digit_zero, other_sex, one_edit_same_end,
    )
}  # fmt: skip


SAYING_NOTHING = frozenset({teknonym.__name__})  # levels at which the values were not compared: how common they are is no matter


def parse_level(text: str) -> tuple[Predicate, float]:
    """Predicate and number of a level as the spec writes it."""
    name, _, number = text.strip().partition(" ")
    if name not in PREDICATES:
        raise ValueError(f"unknown level {text!r}; levels are {', '.join(sorted(PREDICATES))}")
    try:
        return PREDICATES[name], float(number) if number.strip() else 0.0
    except ValueError:
        raise ValueError(f"level {text!r}: {number!r} is not a number") from None
