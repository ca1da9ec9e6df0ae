"""What a step is given of a frame: the whole of it, or the columns that it says it needs."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from upath import UPath

from assets.standing import frame_input
from pipelines.io_managers import FrameIOManager
from schemas.canonical import TEXT

FRAME = pd.DataFrame({"nik": pd.array(["1", None], TEXT), "rt": pd.array(["001", "002"], TEXT), "row": [1, 2]})


@pytest.mark.parametrize(
    ("needed", "given"),
    [
        pytest.param(None, ["nik", "rt", "row"], id="all of it"),
        pytest.param(["row", "nik"], ["row", "nik"], id="two columns"),
        pytest.param(["nik", "repairs"], ["nik"], id="one that the frame has not"),
    ],
)
def test_a_step_reads_the_columns_that_it_needs(tmp_path: Path, needed: list[str] | None, given: list[str]) -> None:
    """The publication took five gigabytes of register for the sake of ten columns; a column that an office never had is no error."""
    manager = FrameIOManager(base_path=UPath(tmp_path))
    manager.dump_to_path(dg.build_output_context(), FRAME, UPath(tmp_path / "frame"))
    metadata = dict(frame_input("frame", needed).metadata or {}) if needed else {}
    context = dg.build_input_context(definition_metadata=metadata, dagster_type=dg.PythonObjectDagsterType(pd.DataFrame))
    read = manager.load_from_path(context, UPath(tmp_path / "frame"))
    pd.testing.assert_frame_equal(read, FRAME[given])
