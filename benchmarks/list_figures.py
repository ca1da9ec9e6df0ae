"""How well each office's list was linked, beside how many of its rows name a person who can be told apart at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.evaluation import PLACE

LARGE = ("dinsos_dtsen", "dinsos_pkh", "dinsos_bpnt", "dinkes_pbi")
LARGE_TOGETHER = "the four large lists"
FACTS = ("nik", "kk_number", "name", "birth_date", "sex", "mother_name", "area_code", "hamlet", "rt", "rw")
NO_NAME = ("teknonym",)  # "Pak Rudi" names Rudi, not his father


@dataclass(frozen=True)
class ListCounts:
    """One list, over however many seeds were added up."""

    mentions: int
    registered: int
    linked: int
    right: int
    review: int
    distinguishable: int

    def __add__(self, other: ListCounts) -> ListCounts:
        return ListCounts(*(one + another for one, another in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def precision(self) -> float:
        """Right links among all links."""
        return self.right / self.linked if self.linked else float("nan")

    @property
    def recall(self) -> float:
        """Right links among the rows whose person is in the register."""
        return self.right / self.registered if self.registered else float("nan")


def list_counts(records: pd.DataFrame, residents: pd.DataFrame, links: pd.DataFrame, truth: pd.DataFrame) -> dict[str, ListCounts]:
    """Counts by list, and for the large ones together. Rows that intake set aside count as not linked, as in `padan evaluate`."""
    ours = records[["record_id", *PLACE, *(name for name in FACTS if name in records)]].merge(
        links[["record_id", "status", "register_nik"]].rename(columns={"register_nik": "linked_nik"}), on="record_id"
    )
    held = truth.rename(columns={"register_nik": "true_nik"}).merge(ours, on=PLACE, how="left", validate="one_to_one")
    linked = held["status"].eq("linked").fillna(value=False).to_numpy(dtype=bool)
    registered = held["true_nik"].notna().to_numpy()
    right = linked & registered & held["linked_nik"].eq(held["true_nik"]).fillna(value=False).to_numpy(dtype=bool)
    counted = pd.DataFrame(
        {
            "source": held["source"],
            "mentions": 1,
            "registered": registered,
            "linked": linked,
            "right": right,
            "review": held["status"].eq("review").fillna(value=False).to_numpy(dtype=bool),
            "distinguishable": distinguishable(held, residents),
        }
    )
    by_list = counted.groupby("source").sum()
    found = {str(name): ListCounts(*map(int, row)) for name, row in zip(by_list.index, by_list.to_numpy(), strict=True)}
    large = [found[name] for name in LARGE if name in found]
    if large:
        found[LARGE_TOGETHER] = sum(large[1:], large[0])
    return found


def distinguishable(held: pd.DataFrame, residents: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows whose true person would be the only one in the register to fit, if all that the row says of them were said without a mistake.

    A position is not counted, nor a teknonym. ``held``: one row per mention with `true_nik`, the facts as intake read them, and `damage`.
    """
    place = pd.Series(np.arange(len(residents)), index=residents["nik"].to_numpy(dtype=object))
    true = place.reindex(held["true_nik"].to_numpy(dtype=object, na_value=None)).fillna(-1).to_numpy(dtype=np.int64)
    codes = {name: pd.factorize(residents[name].to_numpy(dtype=object, na_value=None))[0] for name in FACTS if name in residents}
    said = {name: held[name].notna().to_numpy() if name in held else np.zeros(len(held), dtype=bool) for name in codes}
    said["name"] &= ~held["damage"].map(lambda kinds: not set(NO_NAME).isdisjoint(kinds)).to_numpy(dtype=bool)
    pattern = pd.Series([",".join(name for name in codes if said[name][row]) for row in range(len(held))])
    result = np.zeros(len(held), dtype=bool)
    for names, rows in pattern.groupby(pattern).indices.items():
        if names:
            alike = pd.DataFrame({name: codes[name] for name in str(names).split(",")})
            alone = ~alike.duplicated(keep=False).to_numpy()
            result[rows] = (true[rows] >= 0) & alone[np.maximum(true[rows], 0)]
    return result
