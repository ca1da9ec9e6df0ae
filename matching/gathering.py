"""What is known before any weight: what the identifier settles, and the candidates of all other records, compared."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.blocking import Block, Rows, blocking_report, expand, look_up, pair_numbers, split_pairs, tighten, unite
from matching.columns import Tables
from matching.compare import Comparer, Outcomes, Testimony
from matching.competition import Groups
from matching.households import Fellows, fellows_of
from matching.label_fit import LabelFit, fit_labels
from matching.labels import Choices, IdentifierPairs, good_labels, holds, identifier_pairs, is_among, labelled_pairs
from matching.positions import Distances, Places
from matching.spec import BlockingRule, LinkSpec, key_column
from matching.stages import Stages

Find = Callable[[BlockingRule, Rows], Block]


@dataclass(frozen=True)
class Evidence:
    """Everything that the weights speak about.

    ``confirmed``: pairs with an equal identifier, ``settled`` those of them that need no weighing; ``left``, ``right``, ``outcomes``: the
    candidates of the open records (``open_rows``); ``choices``: the labelled records with their candidates, where a model is to be trained;
    ``fit``: what they taught, ``None`` where they are too few; ``places``: what is known of positions; ``found``: for training, how the
    candidates were found; ``refused``: confirmed pairs that neither settled anything nor make good labels; ``labelled_share``: how many of
    the good ones were learned from.
    """

    confirmed: IdentifierPairs
    settled: npt.NDArray[np.bool_]
    open_rows: Rows
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    outcomes: Outcomes
    choices: Choices | None
    fit: LabelFit | None
    blocking: pd.DataFrame
    places: Places | None
    found: "Found | None"
    refused: npt.NDArray[np.bool_]
    labelled_share: float


@dataclass(frozen=True)
class Found:
    """Which candidates rules found that read the identifier (or its being equal), and which ones others, household fellows among them."""

    by_identifier: npt.NDArray[np.bool_]
    by_others: npt.NDArray[np.bool_]


def gather(
    tables: Tables,
    spec: LinkSpec,
    comparer: Comparer,
    stages: Stages,
    *,
    training: bool,
    different: Rows | None = None,
    decided: Rows | None = None,
    places: Places | None = None,
    find: Find | None = None,
    budget: int | None = None,
) -> Evidence:
    """Settle what the identifier settles, and compare the candidates of all other records, and of a labelled sample for ``training``.

    ``different``: pair numbers that a person called different; ``decided``: left rows that people have spoken about. The identifier settles
    neither. ``places``: known positions, where a model has them; for ``training`` they are learned here. ``find`` and ``budget``: how the
    right rows with the keys of a rule are found, and how many pairs are too many, where these tables are but a part of larger ones.
    """
    with stages.time("identifier"):
        confirmed = identifier_pairs(tables, spec, comparer)
        settled = _settled(tables, spec, comparer, confirmed, different, decided)
        fellows = fellows_of(tables, spec, confirmed.left[settled], confirmed.right[settled])
        is_open = np.ones(tables.left_count, dtype=bool)
        is_open[confirmed.left[settled]] = False
        open_rows = np.flatnonzero(is_open)
        label = good_labels(spec, comparer, confirmed)
        sample = labelled_pairs(tables, spec, confirmed, label) if training else (open_rows[:0], open_rows[:0])
    with stages.time("candidates"):
        equal = pair_numbers(confirmed.left[~settled], confirmed.right[~settled], tables.right_count)
        is_open[sample[0]] = True
        looked_up = np.flatnonzero(is_open)
        most = spec.pairs_per_record * max(len(looked_up), 1) if budget is None else budget
        how = partial(look_up, tables) if find is None else find
        open_pairs, found, sample_pairs, report = _candidates(tables, spec, how, (looked_up, open_rows, sample[0]), fellows, equal, most)
        tables.forget_keys()
    with stages.time("comparisons"):
        left, right = split_pairs(open_pairs, tables.right_count)
        links = confirmed.left[settled], confirmed.right[settled]
        distances = Distances.taught(tables, spec, *links) if training else Distances.of(tables, spec, places)
        told: Mapping[str, Testimony | None] = {"household": fellows, "position": distances}
        choices = _choices(tables, comparer, told, sample_pairs, sample) if training else None
        with ThreadPoolExecutor(1) as thread:  # the fit keeps one core busy, and needs nothing of what is compared meanwhile
            fit = None if choices is None else thread.submit(fit_labels, tables, spec, comparer, choices)
            outcomes = comparer.outcomes(left, right, told=told)
    known = None if distances is None else distances.places
    return Evidence(
        confirmed,
        settled,
        open_rows,
        left,
        right,
        outcomes,
        choices,
        None if fit is None else fit.result(),
        report,
        known,
        found if training else None,
        ~settled & ~label,
        len(sample[0]) / max(int(label.sum()), 1),
    )


def _settled(
    tables: Tables, spec: LinkSpec, comparer: Comparer, confirmed: IdentifierPairs, different: Rows | None, decided: Rows | None
) -> npt.NDArray[np.bool_]:
    if spec.identifier is None:
        return np.zeros(len(confirmed.left), dtype=bool)
    settled = holds(spec.identifier.settled_when, comparer, confirmed.outcomes)
    if different is not None and len(different):
        settled &= ~np.isin(pair_numbers(confirmed.left, confirmed.right, tables.right_count), different)
    if decided is not None and len(decided):
        settled &= ~np.isin(confirmed.left, decided)
    return settled


def _candidates(
    tables: Tables, spec: LinkSpec, find: Find, whose: tuple[Rows, Rows, Rows], fellows: Fellows | None, equal: Rows, budget: int
) -> tuple[Rows, Found, Rows, pd.DataFrame]:
    """Pair numbers of the open records, how they were found, and those of the labelled ones, found without the identifier.

    ``whose``: both kinds of records, the open ones, the labelled ones.
    """
    rows, open_rows, sample_rows = whose
    reads_identifier = [spec.identifier is not None and _reads(rule, spec.identifier.column) for rule in spec.blocking]
    with ThreadPoolExecutor(2) as threads:  # numpy sorts without Python's lock
        jobs = [(rule, open_rows if reads else rows) for rule, reads in zip(spec.blocking, reads_identifier, strict=True)]
        led = None if fellows is None else threads.submit(fellows.pairs, rows, tables.right_count)
        blocks: list[Block] = list(threads.map(lambda job: find(*job), jobs))
        tighten(blocks, budget)
        expanded = list(threads.map(lambda block: expand(block, tables.right_count), blocks))
    read = [pairs for pairs, reads in zip(expanded, reads_identifier, strict=True) if reads]
    others = [pairs for pairs, reads in zip(expanded, reads_identifier, strict=True) if not reads]
    shared = unite([*others, *(() if led is None else (led.result(),))])
    left = shared // max(tables.right_count, 1)
    by_others, by_identifier = shared[_member(left, open_rows, tables.left_count)], unite([*read, equal])
    open_pairs = unite([by_others, by_identifier])
    found = Found(_marked(open_pairs, by_identifier), ~_marked(open_pairs, by_identifier[~is_among(by_identifier, by_others)]))
    return open_pairs, found, shared[_member(left, sample_rows, tables.left_count)], blocking_report(blocks)


def _marked(ordered: Rows, some: Rows) -> npt.NDArray[np.bool_]:
    """Where ``some`` of the ordered numbers stand."""
    marked = np.zeros(len(ordered), dtype=bool)
    marked[np.searchsorted(ordered, some)] = True
    return marked


def _member(left: Rows, rows: Rows, size: int) -> npt.NDArray[np.bool_]:
    chosen = np.zeros(size, dtype=bool)
    chosen[rows] = True
    return np.asarray(chosen[left])


def _reads(rule: BlockingRule, column: str) -> bool:
    return any(key_column(key) == column for key in rule.keys)


def _choices(tables: Tables, comparer: Comparer, told: Mapping[str, Testimony | None], pairs: Rows, sample: tuple[Rows, Rows]) -> Choices:
    left, right = split_pairs(pairs, tables.right_count)
    outcomes = comparer.outcomes(left, right, told=told)
    true = is_among(pairs, np.sort(pair_numbers(*sample, tables.right_count)))
    return Choices(left, right, outcomes, Groups.of(left), true, len(sample[0]) - int(true.sum()))
