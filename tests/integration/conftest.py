"""One office that ran the job on the sample twice, for all tests that look at what came of it."""

import shutil
import subprocess
from dataclasses import dataclass

import pytest
from integration_places import SAMPLE, Place, made_place


@dataclass(frozen=True)
class TwoRuns:
    """One office that ran the job on the sample twice, the first time in a fresh interpreter."""

    place: Place
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory) -> TwoRuns:
    place = made_place(tmp_path_factory.mktemp("office"))
    shutil.copytree(SAMPLE / "inbox", place.inbox)
    return TwoRuns(place, place.run_from_the_shell(), place.run())
