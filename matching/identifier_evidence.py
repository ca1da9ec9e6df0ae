"""What an identifier that settled nothing is still worth: damaged, borrowed, or equal under a name that differs.

The weights of the other comparisons are learned with the identifier hidden, so its own come from elsewhere. m, how often the true candidate
shows a level, by EM over the unsettled records with the other weights held fixed (the settled ones count as equal). u, how often strangers
among the candidates show it, from the labelled records, whose identifier is known to be right. Two overlaps are heeded. Two people born on
one day in one town share twelve digits, so u of a damaged number is taken within the levels of the comparison that the identifier contains
(``given``). And a borrowed number is mostly a relative's, so u of an equal one is taken within the levels of ``borrowed_within``: under
quite another name it then says no more than the name does. Yet whoever owns a borrowed number is called as relatives are, alike by chance
only (``unlike``), while the strangers that rules find are found because they are called alike: an equal number under a like name gains by
how much oftener these show that likeness than relatives do.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matching.absence import Strata, log_odds_gained, shares_by_odds
from matching.compare import Comparer, Outcomes, Scale
from matching.competition import Floats, Groups
from matching.spec import Identifier
from matching.weights import WeightTable

_ROUNDS = 10
_FIRST_WEIGHT = 5.0  # of an equal identifier, before the first round
_PSEUDO = 2.0  # records added to each level, and as large a share of strangers
_PSEUDO_PAIRS = 50.0
_MOST_GAINED = 3.0  # labels show too few relatives to tell how much rarer than e^-3 a likeness is among them


@dataclass(frozen=True)
class Unsettled:
    """Candidates of the records that the identifier did not settle, and how many records it did."""

    outcomes: Outcomes
    groups: Groups
    open_rows: npt.NDArray[np.int64]
    strata: Strata
    settled: int
    struck_out: float


@dataclass(frozen=True)
class Labelled:
    """Candidates of the labelled records with the identifier shown, and which of them are true."""

    outcomes: Outcomes
    true: npt.NDArray[np.bool_]
    records: int


class _Levels:
    """Levels of the identifier's comparison and of the two that it overlaps with, for any table of outcomes."""

    def __init__(self, identifier: Identifier, scales: tuple[Scale, ...]) -> None:
        self._place = {scale.name: number for number, scale in enumerate(scales)}
        self._scales = scales
        self.own = scales[self._place[identifier.comparison]]
        self.size = len(self.own.levels)
        self.equal = self.own.levels.index("equal")
        self.given_size, self.within_size = (
            len(scales[self._place[name]].levels) if name else 1 for name in (identifier.given, identifier.borrowed_within)
        )

    def of(self, outcomes: Outcomes, name: str) -> npt.NDArray[np.int64]:
        """Levels of one comparison; 0 throughout where the spec names none."""
        if not name:
            return np.zeros(outcomes.shape[1], dtype=np.int64)
        number = self._place[name]
        return self._scales[number].level_of(outcomes[number]).astype(np.int64)


@dataclass
class _Tables:
    """Weights of the identifier's levels: alone, within the levels of ``given``, within those of ``borrowed_within``."""

    main: Floats
    by_given: Floats
    by_within: Floats

    @property
    def combined(self) -> Floats:
        """Weight of each combination of the three levels, in their order."""
        return np.asarray((self.main[:, None, None] + self.by_given[:, :, None] + self.by_within[:, None, :]).ravel())


def with_identifier_weights(
    table: WeightTable, comparer: Comparer, identifier: Identifier, labelled: Labelled, unsettled: Unsettled
) -> WeightTable:
    """``table`` with weights for the identifier's comparison, which must have the level ``equal``."""
    levels = _Levels(identifier, comparer.scales)
    shown = labelled.outcomes[:, ~labelled.true]
    strangers = _counts(levels.of(shown, identifier.given), levels.of(shown, identifier.comparison), levels.given_size, levels.size)
    nearby = np.bincount(levels.of(shown, identifier.borrowed_within), minlength=levels.within_size) / max(labelled.records, 1)
    names = (identifier.comparison, identifier.given, identifier.borrowed_within)
    own, given, within = (levels.of(unsettled.outcomes, name) for name in names)
    gained = gained_by_likeness(identifier, comparer.scales, shown)
    base = table.without(identifier.comparison).scores(unsettled.outcomes)
    base += np.where(own == levels.equal, gained.take(levels.of(unsettled.outcomes, identifier.unlike)), 0.0)
    groups, records = unsettled.groups, unsettled.groups.records
    # Only factors change from round to round, and few of them: one per combination of levels.
    combination = (own * levels.given_size + given) * levels.within_size + within
    nothing_else = np.maximum(groups.highest(base), 0.0)
    odds_before = np.exp(base - nothing_else[groups.of_pair])
    candidates = groups.sums(odds_before)
    told = groups.highest(own) > 0  # records without an identifier: nothing changes for them
    with_it, pairs = groups.where(told)
    odds_before = odds_before.take(pairs)
    combination, own, within = (part.take(pairs) for part in (combination, own, within))
    is_there = np.flatnonzero(own)
    is_equal = own[is_there] == levels.equal
    weights = _Tables(np.zeros(levels.size), np.zeros((levels.size, levels.given_size)), np.zeros((levels.size, levels.within_size)))
    weights.by_within[levels.equal] = _FIRST_WEIGHT
    for _ in range(_ROUNDS):
        odds = odds_before * np.exp(weights.combined).take(combination)
        candidates[told] = with_it.sums(odds)
        shares, _overall = shares_by_odds(candidates, nothing_else, records, unsettled.open_rows, unsettled.strata, unsettled.struck_out)
        shift = log_odds_gained(shares, unsettled.struck_out)[unsettled.strata.of_record[records]]
        all_odds = (candidates + np.exp(shift - nothing_else))[told]
        likely = odds[is_there] / all_odds[with_it.of_pair[is_there]]
        found = np.bincount(own[is_there], weights=likely, minlength=levels.size).astype(np.float64)
        found[levels.equal] += unsettled.settled
        likely = likely[is_equal]
        borrowed = np.bincount(within[is_there[is_equal]], weights=1 - likely, minlength=levels.within_size).astype(np.float64)
        weights = _weights(found, strangers, borrowed, nearby, levels.equal)
    return _added(table, identifier, levels, weights, gained)


def gained_by_likeness(identifier: Identifier, scales: tuple[Scale, ...], strangers: Outcomes) -> Floats:
    """Weight of an equal identifier at each level of ``unlike``: log of how much oftener the other strangers show it than relatives do.

    ``strangers``: untrue candidates of labelled records. What is missing, shown by nobody, or commoner among relatives gains nothing.
    """
    if not identifier.unlike:
        return np.zeros(1)
    levels = _Levels(identifier, scales)
    kin, size = (next(scale.levels for scale in scales if scale.name == name) for name in (identifier.borrowed_within, identifier.unlike))
    related = levels.of(strangers, identifier.borrowed_within) == kin.index("equal")
    level = levels.of(strangers, identifier.unlike)
    relatives, others = (np.bincount(level[chosen], minlength=len(size)).astype(np.float64) for chosen in (related, ~related))
    relatives[0] = others[0] = 0.0
    total = max(relatives.sum(), 1.0)
    others *= total / max(others.sum(), 1.0)
    pseudo = _PSEUDO_PAIRS * (relatives + others + 0.01) / (2 * total)
    return np.asarray(np.clip(np.log((others + pseudo) / (relatives + pseudo)), 0.0, _MOST_GAINED))


def _weights(found: Floats, strangers: Floats, borrowed: Floats, nearby: Floats, equal: int) -> _Tables:
    """One M step from counts: true candidates by level, strangers by context and level, borrowed and nearby ones by ``within`` level.

    A level that nobody shows weighs nothing: the same share is added on both sides.
    """
    counts = strangers.copy()
    counts[:, [0, equal]] = 0.0
    total, true = max(counts.sum(), 1.0), found.sum()
    m = np.maximum(found + _PSEUDO, 0) / true
    u = (counts.sum(axis=0) + _PSEUDO * total / true) / total
    inside = (counts + _PSEUDO_PAIRS * u) / (counts.sum(axis=1, keepdims=True) + _PSEUDO_PAIRS)
    main = np.log(m / u)
    by_given = (np.log(u) - np.log(inside)).T
    by_given[:, 0] = 0.0
    for table in (main, by_given):
        table[[0, equal]] = 0.0
    by_within = np.zeros((len(m), len(borrowed)))
    by_within[equal] = np.log(m[equal] / np.minimum((borrowed + 0.5) / (nearby * true + _PSEUDO_PAIRS), 0.5))
    return _Tables(main, by_given, by_within)


def _added(table: WeightTable, identifier: Identifier, levels: _Levels, weights: _Tables, gained: Floats) -> WeightTable:
    main, together = weights.main, dict(table.together)
    if identifier.given:
        together[identifier.comparison, identifier.given] = weights.by_given
    if identifier.borrowed_within:
        together[identifier.comparison, identifier.borrowed_within] = weights.by_within
    else:
        main = main + weights.by_within[:, 0]
    if identifier.unlike:
        together[identifier.comparison, identifier.unlike] = np.where(np.arange(levels.size)[:, None] == levels.equal, gained, 0.0)
    return replace(table, main={**table.main, identifier.comparison: np.repeat(main, levels.own.bands)}, together=together)


def _counts(context: npt.NDArray[np.int64], level: npt.NDArray[np.int64], contexts: int, levels: int) -> Floats:
    return np.bincount(context * levels + level, minlength=contexts * levels).reshape(contexts, levels).astype(np.float64)
