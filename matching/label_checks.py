"""What the labelled records say of the links that would be made: how often strangers are linked, and what is missed.

A labelled record is known to be somebody in the right table. With that person struck out it plays a stranger, and the share of such records
that would be linked to somebody else says how many strangers are linked, apart by what a record lacks: somebody unknown to the register
seldom has its numbers. The probabilities alone say it too, but are shy: their tails are made of few labels. So the *none of them* that is
left on the links of a run is multiplied by what the labels say of it. Each share has the standard error of the count behind it, after
Jeffreys (1946): with nothing seen, half a case.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matching.absence import OVERALL, Strata, hidden_shift, without_column
from matching.columns import Tables
from matching.competition import Floats, Groups, probabilities
from matching.labels import Choices
from matching.spec import LinkSpec
from matching.thresholds import link_from

WITHOUT, WITH = "without", "with"  # the identifier
_HALF = 0.5
_NEVER = 1e3  # a score that leaves a candidate no odds


@dataclass(frozen=True)
class LabelChecks:
    """By what a record lacks (``*``: anything else): the share of *none of them* on its links that comes true, and its standard error.

    ``doubt``: how much the labelled records tell of candidates in doubt, the sum of p (1 - p) over their true candidates; ``unfound``: the
    share of open records whose person is there and not among the candidates, or not to be told there, by whether they have the identifier
    (:mod:`matching.unfound`).
    """

    come_true: dict[str, tuple[float, float]]
    doubt: float
    unfound: dict[str, tuple[float, float]]

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        """Read what ``dataclasses.asdict`` gave."""
        come_true, unfound = (
            {str(name): (float(share), float(error)) for name, (share, error) in content[part].items()} for part in ("come_true", "unfound")
        )
        return cls(come_true, float(content["doubt"]), unfound)


def none_come_true(checks: LabelChecks | None, spec: LinkSpec, groups: Groups, strata: Strata) -> tuple[Floats, Floats]:
    """For each group, the share of *none of them* that comes true where it is linked, and the standard error; both 1 without labels."""
    if checks is None:
        return np.ones(len(groups.records)), np.ones(len(groups.records))
    identifier = "" if spec.identifier is None else spec.identifier.column
    rest = checks.come_true[OVERALL]
    found = np.array([checks.come_true.get(without_column(name, identifier), rest) for name in (*strata.names, OVERALL)])
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


def check_labels(
    strata: Strata,
    spec: LinkSpec,
    choices: Choices,
    scores: Floats,
    absent: dict[str, float],
    expected: float,
    open_links: tuple[Groups, Floats, Floats],
    open_rows: npt.NDArray[Any],
    unfound: dict[str, tuple[float, float]],
) -> LabelChecks:
    """Strike out, link and count.

    ``scores``: of the labelled candidates with the identifier hidden; ``absent``: shares of absent people by what a record lacks, where the
    weights were fitted with ``expected``; ``open_links``: groups of the open records' candidates, their probabilities, and *none of them*
    for each group; ``unfound``: see there.
    """
    identifier = "" if spec.identifier is None else spec.identifier.column
    shift = hidden_shift(absent, choices.groups, strata, expected, identifier)
    hidden = [without_column(name, identifier) for name in strata.names]
    names = sorted(set(hidden))
    kind = np.array([names.index(name) for name in hidden], dtype=np.int64)
    struck = np.where(choices.true, -_NEVER, scores)
    would_be = choices.groups.highest(probabilities(struck, choices.groups, shift)[0]) >= link_from(spec, strata, choices.groups.records)
    found = probabilities(scores, choices.groups, shift)[0][choices.true]

    groups, likely, none = open_links
    made = groups.highest(likely) >= link_from(spec, strata, groups.records)
    labelled, stratum = kind[strata.of_record[choices.groups.records]], kind[strata.of_record[groups.records]]
    present = np.bincount(stratum, weights=1 - none, minlength=len(names))
    counts = _Counts(
        np.bincount(labelled[would_be], minlength=len(names)),
        np.bincount(labelled, minlength=len(names)),
        np.asarray(np.bincount(kind[strata.of_record[open_rows]], minlength=len(names)) - present, dtype=np.float64),
        np.bincount(stratum[made], weights=none[made], minlength=len(names)).astype(np.float64),
    )
    return LabelChecks(
        dict(zip((*names, OVERALL), _rates(counts), strict=True)),
        round(float((found * (1 - found)).sum()), 6),
        unfound,
    )


@dataclass(frozen=True)
class _Counts:
    """By what a record lacks: labelled records linked elsewhere when struck out, and all; strangers expected, and those on links."""

    would_be: npt.NDArray[np.int64]
    labelled: npt.NDArray[np.int64]
    strangers: Floats
    doubted: Floats


def _rates(counts: _Counts) -> list[tuple[float, float]]:
    """Expected linked strangers over the *none of them* on links, with its standard error, by stratum and (last) overall.

    The rate of each stratum has a gamma distribution of shape seen + 1/2, before any label of the mean over all.
    """
    would_be, labelled, strangers, doubted = (np.append(part, part.sum()) for part in vars(counts).values())
    usual = (would_be[-1] + _HALF) / max(float(labelled[-1]), 1.0)
    known = doubted > 0
    scale = strangers / (labelled + _HALF / usual) / np.where(known, doubted, 1.0)
    shares, errors = np.where(known, (would_be + _HALF) * scale, 1.0), np.where(known, np.sqrt(would_be + _HALF) * scale, 1.0)
    return list(zip(np.round(shares, 6).tolist(), np.round(errors, 6).tolist(), strict=True))
