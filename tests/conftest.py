"""What the whole suite shares: the marker for parts that a machine may lack, and the closing word on what was not tested.

Where a part is absent the test is skipped, and the run ends with `Not tested here: …`. With CI=true that list must be empty, or
the run fails: a suite that skips in silence is green for the wrong reason.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from missing_parts import PARTS, missing_part
from postgres_server import PostgresServer, running_server

MADE_ONCE_FOR = (r"/simulation/", r"/integration/test_(whole_run|publishing_alone|old_home)\.py")
"""Files that share costly fixtures: the simulated regencies; the runs on the sample."""
LONGEST_FIRST = ("integration", "simulation", "publishing")

settings.register_profile("padan", deadline=None)  # a busy machine is no fault of the code: a 200 ms limit turns red at random
settings.load_profile("padan")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL with PostGIS, for as long as this process tests."""
    with running_server() as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "needs(part): the test needs this part of the machine; one of " + ", ".join(sorted(PARTS)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lasts longest begins first, so that no worker waits for the other at the end."""
    items.sort(
        key=lambda item: LONGEST_FIRST.index(item.path.parent.name) if item.path.parent.name in LONGEST_FIRST else len(LONGEST_FIRST)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The tests of a file run in one worker, one after the other, and so do files that share what is costly: it is made once.

    Not by marks and `--dist loadgroup`: xdist 3.8 writes the group into an attribute that pytest 9.2 does not read any more, and then
    each worker makes everything.
    """
    from xdist.scheduler import LoadScopeScheduling

    class SharedMadeOnce(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((shared for shared in MADE_ONCE_FOR if re.search(shared, file)), file)

    return SharedMadeOnce(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a part that is not here; an unknown part is a mistake in the test."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            if name not in PARTS:
                raise pytest.UsageError(f"{item.nodeid} needs {name!r}; known parts: {', '.join(sorted(PARTS))}")
            part = PARTS[name]
            if not part.is_here():
                missing_part(part.title, part.remedy)


def _not_tested(config: pytest.Config) -> Counter[str]:
    """Reasons of all skips of this run, with the number of tests. Workers of pytest-xdist report to the one that prints."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    reasons = (report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr) for report in skipped)
    return Counter(reason.removeprefix("Skipped: ") for reason in reasons)


def _was_whole_suite(config: pytest.Config) -> bool:
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword and not config.option.markexpr


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a part that was not tested fails the run."""
    is_worker = hasattr(session.config, "workerinput")
    if (
        not is_worker
        and os.environ.get("CI", "").lower() in {"true", "1"}
        and _not_tested(session.config)
        and session.exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last words of each run, after all that pytest itself says."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or config.option.collectonly:
        return
    skipped = _not_tested(config)
    if skipped:
        listed = "; ".join(f"{reason}: {count} test{'s' if count > 1 else ''}" for reason, count in sorted(skipped.items()))
        reporter.write_line(f"Not tested here: {listed}", yellow=True)
    elif _was_whole_suite(config) and reporter.stats.get("passed"):
        reporter.write_line("Everything was tested.", green=True)


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """Commands hand their settings on through the environment; no test may see what an earlier one handed on."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
