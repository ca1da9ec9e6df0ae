"""Whole runs, as an officer starts them: the command in a process of its own, a home and a Dagster home of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.jobs import PRELOADED_MODULES

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data_samples"
SECONDS = 300
"""A command that takes longer hangs."""

Done = subprocess.CompletedProcess[str]


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

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PADAN_", "DAGSTER_"))}
        return plain | {"DAGSTER_HOME": str(self.dagster_home), "PADAN_HOME": str(self.home), "PADAN_USER": "tester"}

    def padan(self, *arguments: str) -> Done:
        """The command in a process of its own, forked from one that has imported the libraries: nobody waits for them again."""
        return forked_padan(arguments, ROOT, self.environment)

    def run(self) -> Done:
        return self.padan("run", "--inbox", str(self.inbox))

    def run_from_the_shell(self) -> Done:
        """The same run in a fresh interpreter, as a shell starts it: every import, another seed of Python's hashes."""
        command = [sys.executable, "-c", "from pipelines.cli import main; main()", "run", "--inbox", str(self.inbox)]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False)


def made_place(folder: Path) -> Place:
    place = Place(folder)
    place.dagster_home.mkdir(parents=True)
    shutil.copy(ROOT / "dagster.yaml", place.dagster_home)
    return place


def forked_padan(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Done:
    """`padan` with these arguments in this folder and this environment, and nothing else of the test's own process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED_MODULES, "pipelines.cli"])
    said = Path(environment["DAGSTER_HOME"]).parent
    streams = [said / ".stdout", said / ".stderr"]
    process = context.Process(target=_command, args=(list(arguments), str(folder), dict(environment), [str(path) for path in streams]))
    process.start()
    process.join(SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise subprocess.TimeoutExpired(["padan", *arguments], SECONDS)
    out, err = (path.read_text(encoding="utf-8") for path in streams)
    for path in streams:
        path.unlink()
    return subprocess.CompletedProcess(["padan", *arguments], process.exitcode, out, err)


def _command(arguments: list[str], folder: str, environment: dict[str, str], streams: list[str]) -> None:
    for number, path in zip((1, 2), streams, strict=True):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["padan", *arguments]
    from pipelines.cli import main

    main()
