"""A stratified sample of automatic links for people to check, and the precision that follows from their answers.

Strata are source and method: links by evidence are rarer and worse than those by NIK, and a plain sample would hardly meet them. Each
stratum gets a share by the square root of its size, at least two. The estimate weighs each stratum by its size; its interval is Wilson's
(1927) with the sample size that the design is worth (Kish 1965: 1 / Σ W²/n). Answers of *unsure* count as wrong for the lower end and as
right for the upper one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from publishing.review_binding import Hashing
from publishing.review_cases import ReviewQueue, candidates_of, cases_of
from schemas.canonical import TEXT

_Z = 1.959964  # 97.5 % quantile of the normal distribution
_LEAST = 2
"""Links of a stratum: one alone would say nothing about how much its links differ."""


@dataclass(frozen=True)
class PrecisionEstimate:
    """Share of right links with its 95 % interval, from `judged` answers of which `unsure` were undecided; `links`: all that it is about.

    `strata`: stratum, links, judged, right, unsure.
    """

    share: float
    low: float
    high: float
    judged: int
    unsure: int
    links: int
    strata: pd.DataFrame


def sampled_links(frames: Mapping[str, pd.DataFrame], size: int, seed: int, hashed: Hashing) -> ReviewQueue:
    """About `size` automatic links of the last run (links, social_records, population), the same ones for the same seed."""
    links = frames["links"]
    automatic = links[(links["status"].eq("linked") & links["method"].isin(["nik", "evidence"])).to_numpy(dtype=bool)]
    automatic = automatic.assign(stratum=automatic["source"].str.cat(automatic["method"], sep=" ")).sort_values("record_id")
    sizes = automatic["stratum"].value_counts().sort_index()
    random = np.random.default_rng(seed)
    chosen = [
        group.iloc[np.sort(random.choice(len(group), size=number, replace=False))]
        for (_, group), number in zip(automatic.groupby("stratum", sort=True), allocation(sizes.to_numpy(), size), strict=True)
    ]
    sample = pd.concat(chosen) if chosen else automatic.head(0)
    shown = sample[["record_id", "register_nik", "probability", "evidence"]].assign(rank=1)
    records = frames["social_records"]
    nothing_said = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("decided_by", "decision")})
    candidates = candidates_of(shown, frames["population"], nothing_said, records, hashed)
    cases = cases_of(records[records["record_id"].isin(candidates["record_id"])], candidates, hashed)
    stratum = cases["record_id"].map(sample.set_index("record_id")["stratum"]).astype(TEXT)
    return ReviewQueue(cases.assign(stratum=stratum, stratum_size=stratum.map(sizes).astype("int64")), candidates)


def allocation(sizes: npt.NDArray[np.integer[Any]], size: int) -> list[int]:
    """How many links of each stratum are taken: by the square root of its size, at least two (or all there are)."""
    if not len(sizes):
        return []
    shares = np.sqrt(sizes) / np.sqrt(sizes).sum()
    wanted = np.maximum(np.floor(shares * size).astype(np.int64), _LEAST)
    return [int(number) for number in np.minimum(wanted, sizes)]


def precision_estimate(answers: pd.DataFrame) -> PrecisionEstimate | None:
    """The estimate from the answers of a sample (decision, stratum, stratum_size); None where nothing was judged.

    Strata in which nothing was judged are left out of what the estimate is about.
    """
    if answers.empty:
        return None
    counted = answers.groupby("stratum", as_index=False).agg(
        links=("stratum_size", "first"),
        judged=("decision", "size"),
        right=("decision", lambda said: int((said == "same").sum())),
        unsure=("decision", lambda said: int((said == "unsure").sum())),
    )
    weight = counted["links"] / counted["links"].sum()
    worth = 1 / float((weight**2 / counted["judged"]).sum())
    decided = (counted["judged"] - counted["unsure"]).clip(lower=1)
    share, least, most = (
        float((weight * part).sum())
        for part in (
            counted["right"] / decided,
            counted["right"] / counted["judged"],
            (counted["right"] + counted["unsure"]) / counted["judged"],
        )
    )
    return PrecisionEstimate(
        share,
        _wilson(least, worth)[0],
        _wilson(most, worth)[1],
        int(counted["judged"].sum()),
        int(counted["unsure"].sum()),
        int(counted["links"].sum()),
        counted,
    )


def _wilson(share: float, trials: float) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * trials)) / (1 + _Z**2 / trials)
    half = _Z / (1 + _Z**2 / trials) * float(np.sqrt(max(share * (1 - share), 0.0) / trials + _Z**2 / (4 * trials**2)))
    return max(middle - half, 0.0), min(middle + half, 1.0)
