"""People decide, and it stays decided: *same* and *different* outrank every score, and what contradicts itself is reported."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matching.blocking import Rows, pair_numbers
from matching.standardise.distinct import TEXT

SAME, DIFFERENT = "same", "different"


@dataclass(frozen=True)
class Decisions:
    """Decisions resolved to rows of the two tables.

    ``same``: left rows with the right row that a person named; ``different``: pair numbers never to be linked; ``contradicted``: left
    rows whose decisions exclude each other; ``report``: one row per decision that could not be applied, with the reason.
    """

    same_left: Rows
    same_right: Rows
    different: Rows
    contradicted: Rows
    report: pd.DataFrame


def resolve_decisions(decisions: pd.DataFrame | None, left_keys: pd.Series, right_ids: pd.Series) -> Decisions:
    """Find the rows that each decision speaks of. ``left_keys`` may repeat: a decision binds all rows of its key.

    Raises ValueError for a decision that is neither *same* nor *different*.
    """
    nothing = np.empty(0, dtype=np.int64)
    empty_report = pd.DataFrame({"left_key": pd.Series(dtype=TEXT), "right_id": pd.Series(dtype=TEXT), "reason": pd.Series(dtype=TEXT)})
    if decisions is None or decisions.empty:
        return Decisions(nothing, nothing, nothing, nothing, empty_report)
    unknown = sorted(set(decisions["decision"].astype(str)) - {SAME, DIFFERENT})
    if unknown:
        raise ValueError(f"decisions hold {unknown}; a decision is {SAME!r} or {DIFFERENT!r}")
    given = (
        decisions[["left_key", "right_id", "decision"]]
        .astype(TEXT)
        .drop_duplicates()
        .sort_values(["left_key", "right_id", "decision"], ignore_index=True)
    )
    right_row = pd.Series(np.arange(len(right_ids)), index=pd.Index(right_ids.astype(TEXT)))
    right_row = right_row[~right_row.index.duplicated()]
    given["right"] = right_row.reindex(pd.Index(given["right_id"])).fillna(-1).to_numpy(dtype=np.int64)
    pair = ["left_key", "right_id"]
    both = given.duplicated(pair, keep=False)
    several = (
        given["decision"].eq(SAME)
        & ~both
        & given["left_key"].isin(given.loc[given["decision"].eq(SAME) & ~both, "left_key"].loc[lambda keys: keys.duplicated()])
    )
    gone = given["right"] < 0
    given["reason"] = pd.Series(pd.NA, index=given.index, dtype=TEXT)
    given.loc[gone, "reason"] = "right_id_not_found"
    given.loc[several, "reason"] = "same_as_two"
    given.loc[both, "reason"] = "same_and_different"
    rows = pd.DataFrame({"left_key": left_keys.astype(TEXT).to_numpy(), "left": np.arange(len(left_keys))}).astype({"left_key": TEXT})
    bound = given.merge(rows, on="left_key", how="inner").sort_values(["left", "right"], ignore_index=True)
    good = bound["reason"].isna()
    same, different = bound[good & bound["decision"].eq(SAME)], bound[good & bound["decision"].eq(DIFFERENT)]
    contradicted = bound.loc[bound["reason"].isin(["same_as_two", "same_and_different"]).fillna(value=False), "left"].to_numpy(
        dtype=np.int64
    )
    unbound = given["reason"].isna() & ~given["left_key"].isin(rows["left_key"])
    given.loc[unbound, "reason"] = "left_key_not_found"
    return Decisions(
        same["left"].to_numpy(dtype=np.int64),
        same["right"].to_numpy(dtype=np.int64),
        np.unique(pair_numbers(different["left"].to_numpy(), different["right"].to_numpy(), len(right_ids))),
        np.unique(contradicted),
        given.loc[given["reason"].notna(), ["left_key", "right_id", "reason"]].reset_index(drop=True),
    )
