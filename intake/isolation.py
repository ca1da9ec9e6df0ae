"""Parsing strangers' files in child processes with limits on memory and time, so that no file can hurt the run.

A spreadsheet library that meets a crafted file may abort its whole process, or never end. Two worker processes wait, each with the
libraries loaded and one thread; for each file a worker forks, the fork sets its limits, does the work, and leaves Arrow files and a
small report. Whatever happens to the fork, the worker and the parent go on, and the file gets a second reader or a reason.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any

MEMORY_LIMIT = 4 * 1024**3
"""Bytes of address space for one file; a register workbook of 130,000 rows by 37 columns needs about 1.6 GB of it."""
TIME_LIMIT = 300
"""Seconds for one file; the largest register workbook takes about 15."""
WORKERS = 2


class WorkerError(RuntimeError):
    """A worker process is gone: the machine is out of memory, or the program itself is broken."""


@dataclass(frozen=True)
class Limits:
    """What one file may take."""

    memory: int = MEMORY_LIMIT
    seconds: int = TIME_LIMIT


@dataclass(frozen=True)
class Outcome:
    """How a job ended: with a report of its own, or with the reason why it has none (`too_large`, `too_slow`, `reader_crashed`)."""

    report: dict[str, Any] | None
    failure: str | None = None
    memory: int = 0
    """Bytes that the job took at most, of those that were really there; what libraries take before the first job is part of it."""


class WorkerPool:
    """A few worker processes that share a setup, each doing one job at a time. Use as a context manager."""

    def __init__(self, setup: object, *, workers: int = WORKERS, limits: Limits | None = None) -> None:
        self._setup = setup
        self.workers = workers
        self._limits = limits or Limits()
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._all: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> WorkerPool:
        for _ in range(self.workers):
            worker = _started(self._setup, self._limits)
            self._all.append(worker)
            self._idle.put(worker)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._all:
            if worker.stdin is not None:
                worker.stdin.close()
        for worker in self._all:
            worker.wait()
            if worker.stdout is not None:
                worker.stdout.close()

    def run_all(self, jobs: Sequence[object]) -> list[Outcome]:
        """Do all jobs, as many at a time as there are workers; outcomes in the order of the jobs."""
        with ThreadPoolExecutor(max_workers=self.workers) as threads:
            return list(threads.map(self.run, jobs))

    def run(self, job: object) -> Outcome:
        """Do one job when a worker is free; several threads may ask at once. Raises WorkerError when the worker is gone."""
        worker = self._idle.get()
        try:
            send(worker.stdin, pickle.dumps(job))
            answer = receive(worker.stdout)
        except (BrokenPipeError, EOFError, OSError):
            raise WorkerError("a worker process ended unexpectedly") from None
        finally:
            self._idle.put(worker)
        status: dict[str, Any] = json.loads(answer)
        return Outcome(status.get("report"), status.get("failure"), status["memory"])


def _started(setup: object, limits: Limits) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parent.parent)
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(part for part in (root, environment.get("PYTHONPATH", "")) if part)
    # A fork copies only the thread that forks: the libraries must not have started any.
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "intake.isolated_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    send(worker.stdin, pickle.dumps((setup, limits)))
    return worker


def send(stream: IO[bytes] | None, message: bytes) -> None:
    """Write one message with its length before it."""
    if stream is None:
        raise EOFError
    stream.write(len(message).to_bytes(8, "big") + message)
    stream.flush()


def receive(stream: IO[bytes] | None) -> bytes:
    """Read one message. Raises EOFError when the other side is gone."""
    if stream is None or len(head := stream.read(8)) < 8:
        raise EOFError
    message = stream.read(length := int.from_bytes(head, "big"))
    if len(message) < length:
        raise EOFError
    return message


def failure_of(status: int) -> str | None:
    """The reason code of a fork's end as `waitpid` tells it; None when it ended by itself and well."""
    if os.WIFEXITED(status):
        return None if os.WEXITSTATUS(status) == 0 else "reader_crashed"
    number = os.WTERMSIG(status)
    if number in {signal.SIGALRM, signal.SIGXCPU}:
        return "too_slow"
    return "reader_crashed"


Work = Callable[[object, object], dict[str, Any]]
"""What a fork does: (setup, job) → report."""
