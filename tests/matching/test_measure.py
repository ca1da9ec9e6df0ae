"""Figures about links: counted once, with intervals that stay inside 0 and 1."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import measure
from matching.measure import wilson


def frame(*pairs):
    return pd.DataFrame(pairs, columns=["left_id", "right_id"])


def test_precision_recall_f1():
    """One of two links is right, one of three true pairs is found."""
    quality = measure(frame(("a", "1"), ("b", "2"), ("c", None)), frame(("a", "1"), ("b", "3"), ("c", "4"), ("d", None)))
    assert quality.precision.share == 0.5
    assert quality.recall.share == pytest.approx(1 / 3)
    assert quality.f1 == pytest.approx(0.4)


def test_only_links_count():
    """A candidate in review is no link."""
    links = frame(("a", "1"), ("b", "2")).assign(status=["linked", "review"])
    assert measure(links, frame(("a", "1"), ("b", "2"))).linked == 1


def test_no_links_claim_nothing():
    """Without links, precision is unknown, not perfect."""
    quality = measure(frame(), frame(("a", "1")))
    assert (quality.precision.low, quality.precision.high) == (0.0, 1.0)
    assert quality.recall.share == 0.0


@given(st.integers(min_value=0, max_value=500), st.integers(min_value=1, max_value=500))
def test_intervals_hold_the_share(hits, more):
    """An interval that excludes its own share is no interval."""
    interval = wilson(hits, hits + more)
    assert 0 <= interval.low <= interval.share <= interval.high <= 1
