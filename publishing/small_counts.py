"""Small counts are hidden before a table leaves the office.

A count below five can point at a family. Hiding it alone is not enough: where the total of the area above is shown, one hidden
number is the total minus its neighbours. So the next smallest neighbour is hidden with it, and everything inside a hidden area.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

SMALLEST_SHOWN = 5
LEVELS = ("regency", "kecamatan", "village")


def suppress_small_counts(
    area_summary: pd.DataFrame,
    *,
    count: str = "poor_families",
    derived: Sequence[str] = ("poor_rate",),
    total: str = "families",
    smallest_shown: int = SMALLEST_SHOWN,
) -> pd.DataFrame:
    """The summary with `hidden` (bool) and `has_data` (bool), and with `count` and `derived` missing where either demands it.

    `area_summary` has area_code, level, parent_code, `count` and `total` (the register's families). An area without families in the
    register and without a count has no data; it is not hidden, since there is nothing to hide. An area is also hidden when all but a few
    of its families are counted, because then the number says something about every one of them.
    """
    summary = area_summary.reset_index(drop=True)
    number = pd.to_numeric(summary[count]).fillna(0).to_numpy(dtype=float)
    of_all = pd.to_numeric(summary[total]).fillna(0).to_numpy(dtype=float)
    has_data = (number > 0) | (of_all > 0)
    too_small = has_data & ((number < smallest_shown) | ((of_all > 0) & (np.abs(of_all - number) < smallest_shown)))
    hidden = _with_their_complements(summary, number, has_data, too_small, smallest_shown)
    blank = hidden | ~has_data
    kept = {name: summary[name].mask(blank) for name in (count, *derived) if name in summary}
    few_families = has_data & (of_all < smallest_shown)
    return summary.assign(**kept, **{total: summary[total].mask(few_families | ~has_data)}, hidden=hidden, has_data=has_data)


def _with_their_complements(
    summary: pd.DataFrame,
    number: npt.NDArray[np.float64],
    has_data: npt.NDArray[np.bool_],
    too_small: npt.NDArray[np.bool_],
    smallest_shown: int,
) -> npt.NDArray[np.bool_]:
    hidden = too_small.copy()
    row_of = {code: row for row, code in enumerate(summary["area_code"])}
    code = summary["area_code"].astype("string").to_numpy(dtype=object)
    for level in LEVELS[1:]:  # from the top down, since a hidden area hides what lies in it
        siblings = summary[(summary["level"] == level).to_numpy(dtype=bool) & has_data].groupby("parent_code").indices
        rows_of_level = np.flatnonzero((summary["level"] == level).to_numpy(dtype=bool) & has_data)
        for parent, places in siblings.items():
            group = rows_of_level[places]
            above = row_of.get(parent)
            if above is not None and hidden[above]:
                hidden[group] = True
                continue
            if not hidden[group].any():
                continue
            # The smallest first; the code breaks ties, so that the same table is hidden in the same way on another day.
            for row in group[np.lexsort((code[group].astype(str), number[group]))]:
                if hidden[group].sum() >= 2 and number[group][hidden[group]].sum() >= smallest_shown:
                    break
                hidden[row] = True
    return hidden
