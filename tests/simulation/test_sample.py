"""The sample that `make run` uses is what its README says: made by that command from this simulator, and small."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

from simulation import simulate
from tests.simulation.test_determinism import digests

SAMPLE = Path(__file__).parents[2] / "data_samples"
LARGEST_FILE, LARGEST_FOLDER = 1_500_000, 3_000_000
"""Bytes."""


def test_the_command_in_the_readme_writes_the_sample(tmp_path: Path) -> None:
    command = re.search(r"padan simulate (?:.+\\\n)+.+", (SAMPLE / "README.md").read_text(encoding="utf-8"))
    assert command
    words = shlex.split(command[0].replace("\\\n", " "))
    options = dict(zip(words[3::2], words[4::2], strict=True))
    simulate(
        tmp_path,
        people=int(options.pop("--people")),
        records=int(options.pop("--records")),
        villages=options.pop("--villages").split(","),
        population_book=options.pop("--population-book").split(","),
        as_of=date.fromisoformat(options.pop("--as-of")),
        seed=int(options.pop("--seed")),
    )
    assert not options
    for folder in ("inbox", "truth"):
        assert digests(SAMPLE / folder) == digests(tmp_path / folder)


def test_the_sample_is_small() -> None:
    sizes = [path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()]
    assert max(sizes) < LARGEST_FILE
    assert sum(sizes) < LARGEST_FOLDER
