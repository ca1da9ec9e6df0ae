"""The worker process of `intake.isolation`: waits for jobs, forks for each, and reports how the fork ended.

A fork that died is followed by one more, in the time that is left, which reads the file without the library that died of it.
Run as `python -m intake.isolated_worker`, where standard output carries messages to the parent and nothing else, or entered by a fork of
the parent; nothing else starts it.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, NoReturn

from intake.isolation import Limits, failure_of, receive, send


def main() -> None:
    """Serve until the parent closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to standard error
    setup, limits = pickle.loads(receive(requests))  # noqa: S301 - from our own parent
    _serve(setup, limits, requests, answers)


def serve_and_end(setup: object, limits: Limits, requests: IO[bytes], answers: IO[bytes]) -> NoReturn:
    """The life of a worker that is a fork of the parent: serve as `main` does, and end without any clean-up of the parent's things."""
    code = 1
    try:
        os.dup2(2, 1)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _serve(setup, replace(limits, inherited=pages * resource.getpagesize()), requests, answers)
        code = 0
    finally:
        os._exit(code)


def _serve(setup: object, limits: Limits, requests: IO[bytes], answers: IO[bytes]) -> None:
    from intake.file_job import load_libraries

    load_libraries(setup)
    gc.freeze()  # a fork's collector would touch, and so copy, every page of what is loaded
    with tempfile.TemporaryDirectory(prefix="padan-worker-") as folder:
        report_path = Path(folder) / "report.json"
        while True:
            try:
                job = pickle.loads(receive(requests))  # noqa: S301 - from our own parent
            except EOFError:
                return
            send(answers, json.dumps(_answer(setup, job, limits, report_path)).encode())


def _answer(setup: object, job: object, limits: Limits, report_path: Path) -> dict[str, Any]:
    begun = time.monotonic()
    answer = _forked(setup, job, limits, report_path, again=False)
    left = int(limits.seconds - (time.monotonic() - begun))
    if answer.get("failure") != "reader_crashed" or left < 1:
        return answer
    second = _forked(setup, job, replace(limits, seconds=left), report_path, again=True)
    return second | {"memory": max(answer["memory"], second["memory"])}


def _forked(setup: object, job: object, limits: Limits, report_path: Path, *, again: bool) -> dict[str, Any]:
    """The answer of a fork: its report or the reason why there is none, and the most memory that it took."""
    report_path.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        _work(setup, job, limits, report_path, again=again)
    _, status, used = os.wait4(child, 0)
    memory = used.ru_maxrss * 1024
    failure = failure_of(status)
    if failure is None and report_path.is_file():
        return {"report": json.loads(report_path.read_text(encoding="utf-8")), "memory": memory}
    return {"failure": failure or "reader_crashed", "memory": memory}


def _work(setup: object, job: object, limits: Limits, report_path: Path, *, again: bool) -> None:
    """The fork's life: limits, work, report, and an end that runs no clean-up of the parent's things."""
    from intake.file_job import do_job
    from intake.readers import after_a_crash

    code = 1
    try:
        tempfile.tempdir = str(report_path.parent)  # what a fork that dies leaves behind goes with the worker
        # A library that dies may print what it was reading.
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        gc.set_threshold(100_000)  # a sheet is a million values of which hardly one is garbage before the end
        resource.setrlimit(resource.RLIMIT_AS, (limits.inherited + limits.memory, limits.inherited + limits.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 5))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # kills even when a library never returns to Python
        signal.alarm(limits.seconds)
        try:
            with after_a_crash() if again else nullcontext():
                report = do_job(setup, job)
        except MemoryError:
            report = {"refused": "too_large", "facts": {"limit": f"{limits.memory // 1024**3} GB"}}
        report_path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
