"""What `padan run` ends with."""

from __future__ import annotations

import pytest

from pipelines.run_summary import RunSummary


def summary(**links: int) -> RunSummary:
    rows = dict.fromkeys(("read", "accepted", "quarantined", "duplicates", "skipped"), 1)
    return RunSummary(
        deliveries=1,
        rows=rows,
        links={"nik": 5, "evidence": 2, "decision": 0, "review": 3, "unregistered": 4} | links,
        refused=[],
        missing_sources=[],
        poor_families=None,
        publication=None,
        published=False,
        in_force=False,
        content_hash=None,
        paths={},
        drift=[{"stratum": "source=pkh", "figure": "linked", "before": 0.95, "now": 0.8}],
    )


@pytest.mark.parametrize(
    ("decisions", "said"),
    [(0, "tertaut 7 (NIK 5, bukti lain 2), ditinjau 3"), (1, "tertaut 8 (NIK 5, bukti lain 2, keputusan orang 1), ditinjau 3")],
)
def test_what_people_decided_is_among_the_links(decisions: int, said: str) -> None:
    """Linked, in review and unregistered must add up to the records."""
    assert said in "\n".join(summary(decision=decisions).lines("id", seconds=1))


def test_what_moved_is_said() -> None:
    """An officer who reads nothing but the last lines must see it."""
    assert "Pencocokan bergeser: pkh: bagian tertaut dari 95,0\u00a0% menjadi 80,0\u00a0%" in summary().lines("id", seconds=1)
    assert "Matching has moved: pkh: share linked from 95.0% to 80.0%" in summary().lines("en", seconds=1)
