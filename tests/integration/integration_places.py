"""Whole runs, as an officer starts them: the command in a process of its own, a home and a Dagster home of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data_samples"


@dataclass(frozen=True)
class Place:
    """Where one office works: its home, Dagster's home beside it, its inbox."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def dagster_home(self) -> Path:
        return self.folder / "dagster"

    def padan(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PADAN_", "DAGSTER_"))}
        environment |= {"DAGSTER_HOME": str(self.dagster_home), "PADAN_HOME": str(self.home), "PADAN_USER": "tester"}
        command = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)

    def run(self) -> subprocess.CompletedProcess[str]:
        return self.padan("run", "--inbox", str(self.inbox))


def made_place(folder: Path) -> Place:
    place = Place(folder)
    place.dagster_home.mkdir(parents=True)
    shutil.copy(ROOT / "dagster.yaml", place.dagster_home)
    return place
