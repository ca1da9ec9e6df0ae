"""Precision from a stratified sample: the estimate hits known truth, and its interval holds it about as often as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from review_material import AREAS, filled, frames, hashed, look, places

from publishing.language import Language
from publishing.review_export import export_sample
from publishing.review_reading import read_returned
from publishing.review_sample import allocation, precision_estimate, sampled_links


def links() -> dict[str, pd.DataFrame]:
    material = frames()
    best = material["review_cases"][material["review_cases"]["rank"] == 1]
    found = best.assign(source="list", status="linked", method=["nik", "nik", "evidence", "evidence"])
    return material | {"links": found.drop(columns=["rank", "reason"])}


def answers(*strata: tuple[int, int, int, int]) -> pd.DataFrame:
    """size, right, wrong, unsure."""
    rows = [
        {"stratum": str(number), "stratum_size": size, "decision": said}
        for number, (size, right, wrong, unsure) in enumerate(strata)
        for said in ["same"] * right + ["different"] * wrong + ["unsure"] * unsure
    ]
    return pd.DataFrame(rows, columns=["stratum", "stratum_size", "decision"])


def test_strata_count_by_their_size() -> None:
    """Prevents a rare kind of link, drawn often on purpose, from spoiling the estimate."""
    estimate = precision_estimate(answers((9_000, 50, 0, 0), (1_000, 40, 10, 0)))
    assert estimate is not None
    assert estimate.share == pytest.approx(0.9 * 1 + 0.1 * 0.8)


def test_one_stratum_gives_wilsons_interval() -> None:
    """98 right of 100: 0.9300 to 0.9945 (Wilson 1927)."""
    estimate = precision_estimate(answers((10_000, 98, 2, 0)))
    assert estimate is not None
    assert (estimate.low, estimate.high) == (pytest.approx(0.9300, abs=5e-4), pytest.approx(0.9945, abs=5e-4))


def test_unsure_widens_the_interval() -> None:
    sure, unsure = precision_estimate(answers((100, 20, 0, 0))), precision_estimate(answers((100, 18, 0, 2)))
    assert sure is not None
    assert unsure is not None
    assert unsure.low < sure.low
    assert unsure.high == pytest.approx(sure.high)


def test_nothing_judged_is_no_estimate() -> None:
    assert precision_estimate(answers()) is None


def test_the_interval_holds_the_truth() -> None:
    """95 % intervals of 200 samples from strata of known precision; fewer than nine in ten would be a false promise."""
    random = np.random.default_rng(1)
    sizes, true = np.array([8_000, 1_500, 500]), np.array([0.99, 0.95, 0.8])
    truth = float((sizes * true).sum() / sizes.sum())
    taken = allocation(sizes, 200)
    held = 0
    for _ in range(200):
        right = random.binomial(taken, true)
        estimate = precision_estimate(
            answers(*((int(size), int(good), int(number - good), 0) for size, good, number in zip(sizes, right, taken, strict=True)))
        )
        assert estimate is not None
        held += estimate.low <= truth <= estimate.high
    assert 0.93 <= held / 200 <= 1.0


def test_every_stratum_is_met() -> None:
    assert allocation(np.array([10_000, 3, 1]), 50) == [48, 2, 1]


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    one, again, other = (sampled_links(links(), 2, seed, hashed).cases["record_id"].tolist() for seed in (1, 1, 2))
    assert one == again
    assert len(one) == len(other) == 4, "at least two of each stratum"


def test_from_sample_to_estimate(tmp_path: Path) -> None:
    path = export_sample(sampled_links(links(), 4, 1, hashed), AREAS, tmp_path, look(), hashed)
    assert {place.stratum for place in places(path)} == {"list evidence", "list nik"}
    back = filled(path, lambda place: "beda" if place.record_key == "r1" else "sama", tmp_path / "back.xlsx")
    returned = read_returned([back], hashed, Language("id"))
    assert returned.problems == []
    estimate = precision_estimate(returned.answers)
    assert estimate is not None
    assert (estimate.share, estimate.links) == (pytest.approx(0.75), 4)
