"""`make fuzz SECONDS=600`: each parser is given damaged input for so long; prints seconds, executions and what was found.

`python -m benchmarks.fuzz --seconds 600 [--only xlsx,dates] [--folder build/fuzz] [--seed 1]`. What went wrong is kept in the folder, with
the input, one entry per kind of mistake; the exit code is 1 if there was any.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.fuzz_cells import TEXT_TARGETS, TextTarget
from benchmarks.fuzz_files import KINDS, FindingError, file_fuzzer

EXAMPLES_AT_ONCE = 400
FILES_AT_ONCE = 25
SLOW = 2.0
"""Seconds of processor time that one value may take; the longest has a dozen texts of 32,767 characters."""


class TimeOverError(BaseException):
    """The budget is used up; no Exception, so that hypothesis does not look for a shorter one."""


@dataclass
class Fuzzed:
    """One parser's account."""

    name: str
    seconds: float = 0.0
    executions: int = 0
    findings: dict[str, str] = field(default_factory=dict)

    def found(self, error: BaseException, example: str) -> bool:
        """Note a mistake; True when its kind is new."""
        kind = kind_of(error)
        new = kind not in self.findings
        self.findings.setdefault(kind, example)
        return new

    def line(self) -> str:
        """For the log."""
        return f"{self.name:<12} {self.seconds:7.0f} s {self.executions:>9,} executions, {len(self.findings)} kinds of findings"


def kind_of(error: BaseException) -> str:
    """What and where, without the input: mistakes of one kind are kept once."""
    if isinstance(error, FindingError):
        return f"Finding: {error}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = f" {error}" if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__}{said.splitlines()[0] if said else ''} at {Path(place.filename).name}:{place.lineno} {place.name}"


def fuzz_text(name: str, target: TextTarget, seconds: float, first_seed: int) -> Fuzzed:
    """Give near-real texts to a parser until the time is over; hypothesis makes the shortest example of what it finds."""
    account = Fuzzed(name)
    started = time.monotonic()
    last: list[Any] = [None]

    def one(value: Any) -> None:
        if time.monotonic() - started >= seconds:
            raise TimeOverError
        account.executions += 1
        last[0] = value
        begun = time.process_time()
        target.check(value)
        if time.process_time() - begun > SLOW:
            account.found(FindingError("slow"), repr(value)[:2000])  # not raised: shrinking it would take all of the budget

    for number in itertools.count(first_seed):
        try:
            _round(one, target, number)()
        except TimeOverError:
            break
        except Exception as error:  # noqa: BLE001 - whatever a parser raises is what is looked for
            account.found(error.exceptions[0] if isinstance(error, ExceptionGroup) else error, repr(last[0])[:2000])
    account.seconds = time.monotonic() - started
    return account


def _round(one: Callable[[Any], None], target: TextTarget, number: int) -> Callable[[], None]:
    chosen = settings(
        max_examples=EXAMPLES_AT_ONCE, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    test: Callable[[], None] = seed(number)(chosen(given(target.values)(one)))
    return test


def fuzz_files(kind: str, seconds: float, first_seed: int, folder: Path) -> Fuzzed:
    """Damage files of one kind until the time is over."""
    account = Fuzzed(kind)
    started = time.monotonic()
    with file_fuzzer(kind) as several:
        for first in itertools.count(first_seed * 10_000_000, FILES_AT_ONCE):
            if time.monotonic() - started >= seconds:
                break
            for found in several(range(first, first + FILES_AT_ONCE)):
                if account.found(found.error, f"seed {found.number}"):
                    (folder / f"{kind}-{found.number}").write_bytes(found.content)
            account.executions += FILES_AT_ONCE
            account.seconds = time.monotonic() - started
    return account


def main() -> None:
    """Fuzz what is asked for, one parser after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--only", default=",".join((*KINDS, *TEXT_TARGETS)))
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--seed", type=int, default=1)
    given_options = parser.parse_args()
    folder = given_options.folder
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    found = 0
    for name in given_options.only.split(","):
        seconds, first = given_options.seconds, given_options.seed
        account = fuzz_files(name, seconds, first, folder) if name in KINDS else fuzz_text(name, TEXT_TARGETS[name], seconds, first)
        print(account.line(), flush=True)
        for kind in account.findings:
            print(f"    {kind}", flush=True)
        (folder / f"{name}.json").write_text(json.dumps(vars(account), ensure_ascii=False, indent=1), encoding="utf-8")
        found += len(account.findings)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
