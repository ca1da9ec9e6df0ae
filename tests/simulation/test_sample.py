"""The sample that `make run` uses is what its README says: made by that command from this simulator, and small."""

from __future__ import annotations

import hashlib
import re
import shlex
import zipfile
from datetime import date
from pathlib import Path

from simulation import simulate

SAMPLE = Path(__file__).parents[2] / "data_samples"
LARGEST_FILE, LARGEST_FOLDER = 1_500_000, 3_000_000
"""Bytes."""


def digests(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """What each file holds. A workbook is a zip, whose headers and compression differ between releases of Python and zlib:
    of it, the parts count, in their order."""
    return {path.relative_to(folder).as_posix(): parts(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def parts(path: Path) -> list[tuple[str, str]]:
    if not zipfile.is_zipfile(path):
        return [("", hashlib.sha256(path.read_bytes()).hexdigest())]
    with zipfile.ZipFile(path) as package:
        return [(name, hashlib.sha256(package.read(name)).hexdigest()) for name in package.namelist()]


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
