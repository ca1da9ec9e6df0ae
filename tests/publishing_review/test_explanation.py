"""An explanation adds up: the parts that are shown are those that made the probability, on real links of a simulated register."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "matching"))
from matching_people import register_spec, tables

from matching import LinkResult, link
from matching.levels import PREDICATES
from publishing.explanation import CERTAIN, explain
from publishing.explanation_words import Chapter, Side, Story, chart_bars, explanation_page, level_words, told
from publishing.language import Language

WORDS = Language("id")
ROUNDING = 0.005  # weights are stored with two decimals


@pytest.fixture(scope="module")
def result() -> LinkResult:
    left, right, _ = tables()
    bare = left.index < 600  # what a survey leaves out: these records stay in doubt
    doubtful = left.assign(**{name: left[name].mask(bare) for name in ("nik", "kk_number", "mother_name", "birth_date")})
    return link(doubtful, right, register_spec())


def weighed(links: pd.DataFrame) -> pd.DataFrame:
    """Links by evidence whose probability is not rounded to certainty, with evidence as a dictionary."""
    found = links[links["method"].eq("evidence") & links["probability"].between(1 - CERTAIN, CERTAIN, inclusive="neither")]
    return found.assign(evidence=[json.loads(text) for text in found["evidence"]])


def total(evidence: dict[str, list[dict[str, float]]]) -> float:
    return float(evidence["prior"]) + sum(part["weight"] for part in evidence["comparisons"])  # type: ignore[arg-type]


def test_prior_and_weights_are_the_log_odds_of_the_link(result: LinkResult) -> None:
    """With one candidate there is nothing else: the stored numbers alone must give the stored probability."""
    alone = weighed(result.links)
    alone = alone[[one["candidates"] == 1 for one in alone["evidence"]]]
    assert len(alone) > 3
    for evidence, probability in zip(alone["evidence"], alone["probability"], strict=True):
        score = total(evidence)
        allowed = ROUNDING * (len(evidence["comparisons"]) + 1)
        low, high = (1 / (1 + math.exp(-score + shift)) for shift in (allowed, -allowed))
        assert low - 1e-6 <= probability <= high + 1e-6


def test_competition_only_takes_away(result: LinkResult) -> None:
    """Other candidates share the probability: the rest that the waterfall shows for them is never in the link's favour."""
    for evidence, probability in zip(weighed(result.links)["evidence"], weighed(result.links)["probability"], strict=True):
        rest = math.log(probability / (1 - probability)) - total(evidence)
        assert rest <= ROUNDING * (len(evidence["comparisons"]) + 1) + 0.01


@pytest.mark.parametrize("frame", ["links", "review"])
def test_the_parts_that_are_shown_add_up(result: LinkResult, frame: str) -> None:
    shown = getattr(result, frame).dropna(subset=["evidence"])
    uncertain = shown[shown["probability"].between(1 - CERTAIN, CERTAIN, inclusive="neither")]
    checked = 0
    for text, probability in zip(uncertain["evidence"], uncertain["probability"], strict=True):
        explanation = explain(text, probability)
        if not explanation.parts:
            continue
        checked += 1
        assert sum(part.weight for part in explanation.parts) == pytest.approx(explanation.total)
        assert explanation.total == pytest.approx(math.log(probability / (1 - probability)), abs=0.06)
        for one, after in zip(explanation.parts, explanation.parts[1:], strict=False):
            assert after.before == pytest.approx(one.after)
    assert checked > 1


def test_the_chart_says_what_the_words_say(result: LinkResult) -> None:
    row = result.review.iloc[0]
    explanation = explain(row["evidence"], row["probability"])
    story = Story(
        "list:1",
        "f.xlsx, lembar S, baris 2",
        "Perlu ditinjau",
        (),
        (Chapter("Calon 1", (Side("Nama", "<b>SITI</b>", None),), explanation),),
    )
    page, text = explanation_page(story, WORDS), told(story, WORDS)
    bars = chart_bars(explanation, WORDS)
    assert [bar.title for bar in bars][-1] == "jumlah"
    for bar in bars:
        assert f"{bar.title}</text>" in page
        assert bar.weight in page
        assert bar.title in text
        assert bar.weight in text
    assert "<b>SITI" not in page
    assert "&lt;b&gt;SITI" in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)


@pytest.mark.parametrize("level", [*PREDICATES, "missing", "different", "same"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_each_level_has_words(level: str, language: str) -> None:
    """Prevents `jaro_winkler 0.9` from being read to a citizen."""
    words = level_words(f"{level} 2", Language.of(language))
    assert not words.startswith(f"{level} 2")
    assert "{" not in words


def test_a_decision_and_an_empty_hand_are_told_apart() -> None:
    decided = explain(
        '{"comparisons":[{"column":"decision","level":"same","weight":null}],"prior":0.0,"candidates":1,"runner_up":0.0}', 1.0
    )
    assert (decided.decided, decided.parts) == ("same", [])
    nothing = explain('{"comparisons":[],"prior":0.0,"candidates":3,"runner_up":0.04}', 0.96)
    assert (nothing.parts, nothing.candidates, nothing.runner_up) == ([], 3, 0.04)
    assert explain(None, 1.0).parts == []
