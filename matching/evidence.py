"""Why a record was linked, as JSON: each comparison with its level and weight, the prior, the number of candidates, the runner-up.

Prior and weights add up to the log odds of this candidate against *none of them*. Where two comparisons speak together, each bears half of
what they say. Few distinct patterns occur, so the text is composed once per pattern, by Arrow, and joined with the numbers of each record.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.compare import Outcomes
from matching.competition import Floats
from matching.patterns import Patterns
from matching.weights import WeightTable

Rows = npt.NDArray[np.int64]
_CHUNK = 1 << 16  # records written at a time: the texts of all of them are the largest thing in a run


@dataclass
class Explanations:
    """The evidence of many records, gathered in parts and written at once; what is set later for a record stands."""

    size: int
    _texts: list[Any] = field(default_factory=lambda: [pa.array([""], type=pa.string())])

    def __post_init__(self) -> None:
        self._text = np.zeros(self.size, dtype=np.int64)
        self._prior = np.zeros(self.size)
        self._candidates = np.zeros(self.size, dtype=np.int64)
        self._runner_up = np.zeros(self.size)

    def weighed(self, rows: Rows, table: WeightTable, outcomes: Outcomes, prior: Floats, candidates: Rows, runner_up: Floats) -> None:
        """Records whose pair (a column of ``outcomes`` each) was weighed."""
        patterns = Patterns.of(outcomes, table.scales)
        self._text[rows] = patterns.of_pair + sum(len(texts) for texts in self._texts)
        self._texts.append(_comparisons(table, patterns.outcomes))
        self._prior[rows], self._candidates[rows], self._runner_up[rows] = prior, candidates, runner_up

    def nothing(self, rows: Rows, candidates: Rows, best: Floats) -> None:
        """Records that nothing was linked to: how many candidates there were, and how likely the best one was."""
        self._text[rows], self._prior[rows], self._candidates[rows], self._runner_up[rows] = 0, 0.0, candidates, best

    def said(self, rows: Rows, comparison: dict[str, Any]) -> None:
        """Records about which one thing alone was decisive."""
        self._text[rows] = sum(len(texts) for texts in self._texts)
        self._texts.append(pa.array([json.dumps(comparison, separators=(",", ":"))], type=pa.string()))
        self._prior[rows], self._candidates[rows], self._runner_up[rows] = 0.0, 1, 0.0

    def written(self) -> Any:
        """Arrow strings ``{"comparisons":[{"column","level","weight"},…],"prior","candidates","runner_up"}``, one per record."""
        texts = pa.concat_arrays(self._texts)
        prior, runner_up = _numbers(self._prior, 2), _numbers(self._runner_up, 4)
        count = pa.array(self._candidates).cast(pa.string())

        def join(start: int) -> Any:
            part = slice(start, start + _CHUNK)
            return pc.binary_join_element_wise(
                '{"comparisons":[', texts.take(pa.array(self._text[part])), '],"prior":', prior[part],
                ',"candidates":', count[part], ',"runner_up":', runner_up[part], "}", "",
            )  # fmt: skip

        with ThreadPoolExecutor(2) as threads:  # Arrow's kernels leave Python's lock
            return pa.chunked_array(list(threads.map(join, range(0, self.size, _CHUNK))), type=pa.string())


def _comparisons(table: WeightTable, patterns: Outcomes) -> Any:
    """The inside of the list of comparisons, one text per pattern; a missing comparison is left out unless it weighs something."""
    weights = table.shares(patterns)
    texts = []
    for number, scale in enumerate(table.scales):
        level = scale.level_of(patterns[number]).astype(np.int64)
        hundredths = np.round(weights[number] * 100).astype(np.int64)
        keys, place = np.unique((level << 32) + hundredths + (1 << 31), return_inverse=True)
        fragments = [_fragment(scale.name, scale.levels[key >> 32], (key & 0xFFFFFFFF) - (1 << 31)) for key in keys.tolist()]
        texts.append(pa.array(fragments, type=pa.string()).take(pa.array(place)))
    return pc.binary_join_element_wise(*texts, ",", null_handling="skip") if texts else pa.array([""] * patterns.shape[1])


def _fragment(name: str, level: str, hundredths: int) -> str | None:
    if level == "missing" and not hundredths:
        return None
    return json.dumps({"column": name, "level": level, "weight": hundredths / 100}, ensure_ascii=False, separators=(",", ":"))


def _numbers(values: Floats, decimals: int) -> Any:
    """Numbers as text; few of them differ once they are rounded."""
    scaled = np.round(values * 10**decimals).astype(np.int64)
    distinct, place = np.unique(scaled, return_inverse=True)
    return pa.array([f"{value / 10**decimals:.{decimals}f}" for value in distinct.tolist()], type=pa.string()).take(pa.array(place))
