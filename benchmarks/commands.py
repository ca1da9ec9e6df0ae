"""Running `padan` as a command of its own, with its time and its peak memory, of the whole and of each stage that it names."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_STAGE = re.compile(r"  (\S.*?) +(\d+\.\d) s\s*")
"""A stage in the progress of `padan run`: its title and its seconds."""


@dataclass(frozen=True)
class Stage:
    """One stage: its title, wall seconds, and how large the process was at most since the stage before, in gigabytes."""

    title: str
    seconds: float
    peak_gb: float


@dataclass(frozen=True)
class Measured:
    """One command: what it printed, wall seconds, and the largest process of this program so far in gigabytes."""

    output: str
    seconds: float
    peak_gb: float
    stages: tuple[Stage, ...] = ()
    last_peak_gb: float = 0.0
    """How large the process was at most after its last stage."""


def padan(home: Path, *arguments: str, echo: bool = False) -> Measured:
    """Run one command in a home of its own, in English. Raises CalledProcessError when it does not end with 0.

    `echo`: print its lines as they come, for runs that take minutes.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PADAN_")}
    dagster_home = home.parent / "dagster"
    dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "dagster.yaml", dagster_home)
    environment |= {"PADAN_HOME": str(home), "DAGSTER_HOME": str(dagster_home), "PADAN_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    started = time.perf_counter()
    output, stages, last = [], [], 0.0
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)
            if echo:
                print(line, end="", flush=True)
            last = _peak_since_last_look(process.pid) or last
            if stage := _STAGE.fullmatch(line.rstrip("\n")):
                stages.append(Stage(stage[1], float(stage[2]), last))
    seconds = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, "".join(output))
    # Wiping the mark wipes what the system remembers of the process too, so the stages are asked as well.
    largest = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9, last, *(stage.peak_gb for stage in stages))
    return Measured("".join(output), seconds, largest, tuple(stages), last)


def _peak_since_last_look(pid: int) -> float:
    """The largest resident size since the last look, in gigabytes; Linux keeps the mark and lets it be wiped. 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    mark = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(mark[1]) * 1024 / 1e9 if mark else 0.0
