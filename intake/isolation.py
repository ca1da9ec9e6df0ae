"""Parsing strangers' files in child processes with limits on memory and time, so that no file can hurt the run.

A spreadsheet library that meets a crafted file may abort its whole process, or never end. Two worker processes wait, each with the
libraries loaded and one thread; for each file a worker forks, the fork sets its limits, does the work, and leaves Arrow files and a
small report. Whatever happens to the fork, the worker and the parent go on, and the file gets a second reader or a reason.

A worker is an interpreter of its own, because a fork of a program with threads may wait for ever for a lock that a lost thread held. A
command that checks one file has no threads yet and has loaded the libraries already: its worker may be a fork of it, which saves loading
them again, a third of what such a command takes.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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
    inherited: int = 0
    """Bytes of address space that a worker has from the program that it is a fork of; no file is charged with them."""


@dataclass(frozen=True)
class Outcome:
    """How a job ended: with a report of its own, or with the reason why it has none (`too_large`, `too_slow`, `reader_crashed`)."""

    report: dict[str, Any] | None
    failure: str | None = None
    memory: int = 0
    """Bytes that the job took at most, of those that were really there; what libraries take before the first job is part of it."""


@dataclass(frozen=True)
class _Worker:
    """A worker process: the pipes to and from it, and what waits for its end."""

    requests: IO[bytes]
    answers: IO[bytes]
    wait: Callable[[], object]


class WorkerPool:
    """A few worker processes that share a setup, each doing one job at a time. Use as a context manager.

    `forked`: one worker, a fork of this process where that has a single thread.
    """

    def __init__(self, setup: object, *, workers: int = WORKERS, limits: Limits | None = None, forked: bool = False) -> None:
        self._setup = setup
        self.workers = 1 if forked else workers
        self._forked = forked
        self._limits = limits or Limits()
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._all: list[_Worker] = []

    def __enter__(self) -> WorkerPool:
        start = _forked if self._forked and threading.active_count() == 1 else _started
        for _ in range(self.workers):
            worker = start(self._setup, self._limits)
            self._all.append(worker)
            self._idle.put(worker)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._all:
            worker.requests.close()
        for worker in self._all:
            worker.wait()
            worker.answers.close()

    def run_all(self, jobs: Sequence[object]) -> list[Outcome]:
        """Do all jobs, as many at a time as there are workers; outcomes in the order of the jobs."""
        with ThreadPoolExecutor(max_workers=self.workers) as threads:
            return list(threads.map(self.run, jobs))

    def run(self, job: object) -> Outcome:
        """Do one job when a worker is free; several threads may ask at once. Raises WorkerError when the worker is gone."""
        worker = self._idle.get()
        try:
            send(worker.requests, pickle.dumps(job))
            answer = receive(worker.answers)
        except (BrokenPipeError, EOFError, OSError):
            raise WorkerError("a worker process ended unexpectedly") from None
        finally:
            self._idle.put(worker)
        status: dict[str, Any] = json.loads(answer)
        return Outcome(status.get("report"), status.get("failure"), status["memory"])


def _started(setup: object, limits: Limits) -> _Worker:
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
    assert worker.stdin is not None
    assert worker.stdout is not None
    send(worker.stdin, pickle.dumps((setup, limits)))
    return _Worker(worker.stdin, worker.stdout, worker.wait)


def _forked(setup: object, limits: Limits) -> _Worker:
    from intake.isolated_worker import serve_and_end

    (requests, to_worker), (from_worker, answers) = os.pipe(), os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(to_worker)
        os.close(from_worker)
        serve_and_end(setup, limits, os.fdopen(requests, "rb"), os.fdopen(answers, "wb"))
    os.close(requests)
    os.close(answers)
    return _Worker(os.fdopen(to_worker, "wb"), os.fdopen(from_worker, "rb"), partial(os.waitpid, worker, 0))


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message with its length before it."""
    stream.write(len(message).to_bytes(8, "big") + message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read one message. Raises EOFError when the other side is gone."""
    if len(head := stream.read(8)) < 8:
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
