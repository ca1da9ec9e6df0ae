"""How many people are in no candidate list, or in one that does not lead to them, though they are in the right table.

Labelled records tell, as their person is known: those whose true candidate no rule finds with the identifier hidden. But a label needs more
in common than the identifier, and what has less is just what is hard to find. So the records with an equal identifier that were refused as
labels count as well, by the chance that they are that person; with the identifier hidden they are not found, or found and not linked.

A record with an identifier that settled nothing has rules of its own, which read what is left of it. Of its likely candidates, as many as
the other rules find, a share is found by these as well; the rest of that share is what they leave of the unreached and the lost (the
two-list estimate of Sekar and Deming 1949, in which one list knows nothing of the other).
"""

from dataclasses import dataclass

import numpy as np

from matching.absence import Strata
from matching.blocking import pair_numbers
from matching.columns import Tables
from matching.compare import Comparer
from matching.competition import Floats, Groups, probabilities
from matching.gathering import Evidence
from matching.label_checks import WITH, WITHOUT, Share, Trained
from matching.spec import LinkSpec
from matching.thresholds import link_from

_HALF = 0.5
_DOUBT = 0.2  # standard error of what refused labels say, as a share of it


def unfound_shares(
    tables: Tables,
    spec: LinkSpec,
    comparer: Comparer,
    evidence: Evidence,
    trained: Trained,
    strata: Strata,
    made: tuple[Groups, Floats, Floats],
) -> dict[str, Share]:
    """Share of open records whose person is there and not found, with its standard error, by whether they have the identifier.

    ``made``: groups of the open records' candidates, the candidates' probabilities, and *none of them* for each group.
    """
    assert spec.identifier is not None
    assert evidence.choices is not None
    assert evidence.found is not None
    choices, found, (groups, likely, none) = evidence.choices, evidence.found, made
    refused = _refused(tables, spec, comparer, evidence, trained, strata, likely)
    labelled = choices.unreached + int(choices.true.sum()) + refused.people
    has = tables.columns[spec.identifier.column].left >= 0
    of_one = likely[has[evidence.left]]
    by_others = float(of_one @ found.by_others[has[evidence.left]])
    by_both = float(of_one @ (found.by_others & found.by_identifier)[has[evidence.left]])
    left_over = (by_others - by_both + _HALF) / (by_others + 1.0)
    unreached = choices.unreached + refused.unreached
    shares = {}
    for name, which, rest in ((WITHOUT, ~has, 1.0), (WITH, has, left_over)):
        people = float((1 - none)[which[groups.records]].sum()) / max(int(which[evidence.open_rows].sum()), 1)
        number = (unreached + refused.lost) * rest
        doubtful = refused.unreached * rest + refused.lost  # that what is left of a number tells the lost ones too is a guess
        error = np.sqrt((choices.unreached + _HALF) * rest**2 + (_DOUBT * doubtful) ** 2)
        shares[name] = (round(number / labelled * people, 8), round(float(error) / labelled * people, 8))
    return shares


@dataclass(frozen=True)
class _Refused:
    """Expected people among the refused labels; those whom no rule finds with the identifier hidden, and those who are found and lost.

    Of the lost ones as many as the probabilities give to *none of them*: the rest is expected to be missed as it is.
    """

    people: float
    unreached: float
    lost: float


def _refused(
    tables: Tables, spec: LinkSpec, comparer: Comparer, evidence: Evidence, trained: Trained, strata: Strata, likely: Floats
) -> _Refused:
    assert spec.identifier is not None
    assert evidence.found is not None
    numbers = pair_numbers(evidence.left, evidence.right, tables.right_count)
    wanted = pair_numbers(evidence.confirmed.left[evidence.refused], evidence.confirmed.right[evidence.refused], tables.right_count)
    place = np.searchsorted(numbers, wanted)
    if not len(place):
        return _Refused(0.0, 0.0, 0.0)
    chance, reached = likely[place], evidence.found.by_others[place]
    asked = np.zeros(tables.left_count, dtype=bool)
    asked[evidence.left[place]] = True
    seen = np.flatnonzero(asked[evidence.left] & evidence.found.by_others)
    shown = evidence.outcomes[:, seen]
    for number, comparison in enumerate(comparer.comparisons):
        if comparison.column == spec.identifier.column:
            shown[number] = 0
    groups = Groups.of(evidence.left[seen])
    shift = trained.hidden(spec, groups, strata)
    hidden, none = probabilities(trained.table.scores(shown), groups, shift) if len(seen) else (np.empty(0), np.empty(0))
    unexpected = np.zeros(len(numbers))
    unexpected[seen] = np.where(hidden >= link_from(spec, strata, groups.records)[groups.of_pair], 0.0, none[groups.of_pair])
    share = evidence.labelled_share
    lost = chance[reached] @ unexpected[place[reached]]
    return _Refused(share * float(chance.sum()), share * float(chance[~reached].sum()), share * float(lost))
