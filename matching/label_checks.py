"""What the labelled records say of the links that would be made: how many are wrong, and what is missed.

The probabilities alone say it too, but are shy: their tails are made of few labels. So what they leave open on the links of a run is
multiplied by the share of it that comes true among the labelled records, whose person is known:

- *strangers*: with its person struck out, a labelled record plays somebody who is not in the right table, with its identifier shown one who
  has a number, with it hidden one who has none. The share that would be linked to somebody else says how many strangers are linked, apart
  by what a record lacks: somebody unknown to the register seldom has its numbers.
- *another candidate*: how many labelled records, the identifier hidden, would be linked to another than the true candidate.
- *settled by the identifier*: a borrowed number is mostly a relative's, and settles wrongly where the relative has an alike name. How often
  that is so, household members of the labelled records tell; how many numbers are borrowed, the records that are not settled.

Each share has the standard error of the count behind it, after Jeffreys (1946): with nothing seen, half a case.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matching.absence import OVERALL, Strata, hidden_shift, shifts_of, with_column
from matching.columns import Tables
from matching.compare import Comparer, Outcomes
from matching.competition import Floats, Groups, probabilities
from matching.labels import Choices, holds
from matching.spec import LinkSpec
from matching.thresholds import link_from
from matching.weights import WeightTable

Share = tuple[float, float]  # and its standard error
Flags = npt.NDArray[np.bool_]
WITHOUT, WITH = "without", "with"  # the identifier
_HALF = 0.5
_NEVER = 1e3  # a score that leaves a candidate no odds


@dataclass(frozen=True)
class LabelChecks:
    """Shares with their standard errors.

    ``strangers``: how much of *none of them* on links comes true, by what a record lacks (``*``: anything else); ``elsewhere``: how much of
    what the other candidates of a linked record are given; ``settled``: of the pairs that the identifier settles, how many are wrong;
    ``doubt``: how much the labelled records tell of candidates in doubt, the sum of p (1 - p) over their true candidates; ``unfound``: of
    the open records, how many have a person who is there and not among the candidates, or not to be told there, by whether they have the
    identifier (:mod:`matching.unfound`).
    """

    strangers: dict[str, Share]
    elsewhere: Share
    settled: Share | None
    doubt: float
    unfound: dict[str, Share]

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        """Read what ``dataclasses.asdict`` gave."""
        strangers, unfound = ({str(name): _share(found) for name, found in content[part].items()} for part in ("strangers", "unfound"))
        settled = None if content["settled"] is None else _share(content["settled"])
        return cls(strangers, _share(content["elsewhere"]), settled, float(content["doubt"]), unfound)


def strangers_linked(checks: LabelChecks | None, groups: Groups, strata: Strata) -> tuple[Floats, Floats]:
    """For each group, the share of *none of them* that comes true where it is linked, and the standard error; both 1 without labels."""
    if checks is None:
        return np.ones(len(groups.records)), np.ones(len(groups.records))
    rest = checks.strangers[OVERALL]
    found = np.array([checks.strangers.get(name, rest) for name in (*strata.names, OVERALL)])
    of_group = strata.of_record[groups.records]
    return found[of_group, 0], found[of_group, 1]


def not_found(checks: LabelChecks | None, tables: Tables, spec: LinkSpec, open_rows: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """For each left record the share that is there and not found, and its standard error: without labels anything, for the open ones."""
    shares, errors = np.zeros(tables.left_count), np.zeros(tables.left_count)
    if checks is None or spec.identifier is None:
        errors[open_rows] = np.inf
        return shares, errors
    has = tables.columns[spec.identifier.column].left[open_rows] >= 0
    for part, place in ((shares, 0), (errors, 1)):
        part[open_rows] = np.where(has, checks.unfound[WITH][place], checks.unfound[WITHOUT][place])
    return shares, errors


@dataclass(frozen=True)
class Trained:
    """What decides on links: weights, shares of absent people by what a record lacks, and the share that the weights were fitted with."""

    table: WeightTable
    absent: dict[str, float]
    expected: float

    def hidden(self, spec: LinkSpec, groups: Groups, strata: Strata) -> Floats:
        """What *none of them* gains for each group when the identifier is hidden."""
        identifier = "" if spec.identifier is None else spec.identifier.column
        return hidden_shift(self.absent, groups, strata, self.expected, identifier)


def check_labels(
    strata: Strata,
    spec: LinkSpec,
    choices: Choices,
    hidden: Floats,
    trained: Trained,
    open_links: tuple[Groups, Floats, Floats],
    open_rows: npt.NDArray[Any],
    settled: Share | None,
    unfound: dict[str, Share],
) -> LabelChecks:
    """Strike out, link and count.

    ``hidden``: scores of the labelled candidates with the identifier hidden; ``open_links``: groups of the open records' candidates, their
    probabilities, and *none of them* for each group; ``settled``, ``unfound``: see there.
    """
    groups = choices.groups
    shift = trained.hidden(spec, groups, strata)
    least = link_from(spec, strata, groups.records)
    likely, none = probabilities(hidden, groups, shift)
    found = likely[choices.true]
    shown = trained.table.scores(choices.outcomes), shifts_of(trained.absent, groups, strata, trained.expected)
    would_be = _struck_out(choices, hidden, shift) >= least, _struck_out(choices, *shown) >= least
    return LabelChecks(
        _strangers(strata, spec, choices, would_be, open_links, open_rows),
        _elsewhere(choices, likely, none, least),
        settled,
        round(float((found * (1 - found)).sum()), 6),
        unfound,
    )


def _struck_out(choices: Choices, scores: Floats, shift: Floats) -> Floats:
    """Probability of each labelled record's best candidate with the true one struck out."""
    likely, _ = probabilities(np.where(choices.true, -_NEVER, scores), choices.groups, shift)
    return np.asarray(choices.groups.highest(likely), dtype=np.float64)


def _elsewhere(choices: Choices, likely: Floats, none: Floats, least: Floats) -> Share:
    """Labelled records that would be linked to another than the true candidate, over those expected by what the other candidates are given.

    Where no rule reached the true one it counts too: its namesakes are linked more often than a stranger's.
    """
    groups = choices.groups
    best = groups.first_best(likely)
    made = likely[best] >= least
    seen = int((made & ~choices.true[best]).sum())
    expected = float(np.maximum(1 - none - likely[best], 0.0)[made].sum())
    return _rounded(seen + _HALF, np.sqrt(seen + _HALF), expected + _HALF)


def settled_wrongly(spec: LinkSpec, comparer: Comparer, choices: Choices, outcomes: Outcomes, likely: Floats, settled: int) -> Share | None:
    """Share of the settled pairs that are wrong: borrowed numbers whose owner, a relative, has an alike name.

    ``outcomes``, ``likely``: of the open records' candidates; ``settled``: how many records the identifier settled. ``None`` where the spec
    does not say how relatives are told.
    """
    identifier = spec.identifier
    if identifier is None or not identifier.borrowed_within:
        return None
    borrowed = float((1 - likely)[holds({identifier.comparison: ("equal",)}, comparer, outcomes)].sum())
    relatives = holds({identifier.borrowed_within: ("equal",)}, comparer, choices.outcomes) & ~choices.true
    alike = int((relatives & holds(identifier.settled_when, comparer, choices.outcomes)).sum())
    return _rounded(borrowed * (alike + _HALF), borrowed * np.sqrt(alike + _HALF), (int(relatives.sum()) + 1.0) * max(settled, 1))


def _strangers(
    strata: Strata,
    spec: LinkSpec,
    choices: Choices,
    would_be: tuple[Flags, Flags],
    open_links: tuple[Groups, Floats, Floats],
    open_rows: npt.NDArray[Any],
) -> dict[str, Share]:
    """Shares of *none of them*; ``would_be``: labelled records linked when struck out, the identifier hidden and shown."""
    identifier = "" if spec.identifier is None else spec.identifier.column
    hidden = [with_column(name, identifier) for name in strata.names]
    names = sorted({*strata.names, *hidden})
    as_it_is, without = (np.array([names.index(name) for name in kind], dtype=np.int64) for kind in (strata.names, hidden))
    labelled = [kind[strata.of_record[choices.groups.records]] for kind in (without, as_it_is)]
    size = len(names)
    groups, likely, none = open_links
    stratum = as_it_is[strata.of_record[groups.records]]
    made = groups.highest(likely) >= link_from(spec, strata, groups.records)
    present = np.bincount(stratum, weights=1 - none, minlength=size)
    counts = _Counts(
        np.sum([np.bincount(kind[linked], minlength=size) for kind, linked in zip(labelled, would_be, strict=True)], axis=0),
        np.sum([np.bincount(kind, minlength=size) for kind in labelled], axis=0),
        np.asarray(np.bincount(as_it_is[strata.of_record[open_rows]], minlength=size) - present, dtype=np.float64),
        np.bincount(stratum[made], weights=none[made], minlength=size).astype(np.float64),
    )
    return dict(zip((*names, OVERALL), _rates(counts), strict=True))


@dataclass(frozen=True)
class _Counts:
    """By what a record lacks: labelled records linked elsewhere when struck out, and all; strangers expected, and those on links."""

    would_be: npt.NDArray[np.int64]
    labelled: npt.NDArray[np.int64]
    strangers: Floats
    doubted: Floats


def _rates(counts: _Counts) -> list[Share]:
    """Expected linked strangers over the *none of them* on links, with its standard error, by stratum and (last) overall.

    The rate of each stratum has a gamma distribution of shape seen + 1/2, before any label of the mean over all.
    """
    would_be, labelled, strangers, doubted = (np.append(part, part.sum()) for part in vars(counts).values())
    usual = (would_be[-1] + _HALF) / max(float(labelled[-1]), 1.0)
    known = doubted > 0
    scale = strangers / (labelled + _HALF / usual) / np.where(known, doubted, 1.0)
    shares, errors = np.where(known, (would_be + _HALF) * scale, 1.0), np.where(known, np.sqrt(would_be + _HALF) * scale, 1.0)
    return list(zip(np.round(shares, 6).tolist(), np.round(errors, 6).tolist(), strict=True))


def _share(content: Any) -> Share:
    share, error = content
    return float(share), float(error)


def _rounded(share: float, error: float, over: float) -> Share:
    return round(share / over, 8), round(float(error) / over, 8)
