"""The closing list of a test run: what a machine cannot test is said, and on the build server it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PRESENT = """
for name in PARTS:
    PARTS[name] = PARTS[name]._replace(is_here=lambda: True)
"""
ABSENT = f"{PRESENT}PARTS['postgresql'] = PARTS['postgresql']._replace(is_here=lambda: False)\n"
SUITE = """
import pytest
from missing_parts import missing_part

@pytest.mark.needs("postgresql")
def test_database():
    assert {present}, "ran without its server"

@pytest.mark.needs("chromium")
def test_page():
    pass

def test_socket():
    {socket}
"""


def run_suite(folder: Path, *, absent: bool, ci: bool, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a small suite under our conftest, with parts present or absent, as in CI or not."""
    (folder / "tests").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\naddopts = --strict-markers -p no:cacheprovider\n", encoding="utf-8")
    for shared in ("conftest.py", "postgres_server.py"):
        shutil.copy(HERE / shared, folder / "tests")
    parts = (HERE / "missing_parts.py").read_text(encoding="utf-8")
    (folder / "tests" / "missing_parts.py").write_text(parts + (ABSENT if absent else PRESENT), encoding="utf-8")
    socket = "missing_part('a socket', 'none free')" if absent else "pass"
    (folder / "tests" / "test_suite.py").write_text(SUITE.format(socket=socket, present=not absent), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"}}
    environment |= {"CI": "true"} if ci else {}
    command = [sys.executable, "-m", "pytest", "-q", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one_process", "two_workers"])
def test_absent_parts_are_listed(tmp_path, options):
    """Skips that only a flag would show are overlooked; with workers the list must reach the process that prints."""
    done = run_suite(tmp_path, absent=True, ci=False, options=options)
    assert "Not tested here: PostgreSQL (apt-get install postgresql): 1 test; a socket (none free): 1 test" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one_process", "two_workers"])
def test_on_the_build_server_nothing_may_be_left_out(tmp_path, options):
    """CI that skips the database tests for months tells nobody."""
    assert run_suite(tmp_path, absent=True, ci=True, options=options).returncode == 1


def test_everything_was_tested(tmp_path):
    """The good end is said too, so that its absence is noticed."""
    done = run_suite(tmp_path, absent=False, ci=True)
    assert done.stdout.rstrip().splitlines()[-1] == "Everything was tested."
    assert done.returncode == 0


def test_a_part_of_the_suite_does_not_claim_to_be_everything(tmp_path):
    """`pytest -k page` tested one page, not everything."""
    assert "Everything was tested" not in run_suite(tmp_path, absent=False, ci=False, options=("-k", "page")).stdout


def test_an_unknown_part_is_an_error(tmp_path):
    """A misspelt part would run, or skip, for ever."""
    run = run_suite(tmp_path, absent=False, ci=False)
    assert run.returncode == 0
    suite = tmp_path / "tests" / "test_suite.py"
    suite.write_text(suite.read_text(encoding="utf-8").replace('"chromium"', '"chromiun"'), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "known parts: chromium, ogrinfo, postgis, postgresql" in done.stdout
