"""Which exit code a run ends with: a script that starts Padan acts on it."""

from types import SimpleNamespace

import pytest

from pipelines.exit_code import ExitCode
from pipelines.whole_job import exit_code


@pytest.mark.parametrize(
    ("in_force", "refused", "failures", "code"),
    [
        pytest.param(True, [], {}, ExitCode.DONE, id="all done"),
        pytest.param(True, ["a file"], {}, ExitCode.REFUSED, id="a delivery refused"),
        pytest.param(False, ["a file"], {}, ExitCode.NOT_PUBLISHED, id="nothing published outranks a refusal"),
        pytest.param(True, [], {"quality_report": "no space"}, ExitCode.NOT_PUBLISHED, id="published, but a report failed"),
    ],
)
def test_exit_code(in_force, refused, failures, code):
    assert exit_code(SimpleNamespace(in_force=in_force, refused=refused, failures=failures)) is code
