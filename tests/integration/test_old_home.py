"""A home whose frames an earlier version left: what a newer version expects beyond them is not there, and nothing fails for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.definitions import build_defs
from pipelines.settings import Settings


def test_the_report_alone_is_made_of_a_link_report_that_says_less(two_runs: Any, tmp_path: Path) -> None:
    """Officers open the UI after an update and materialise the report: it ended with KeyError 'drift'."""
    home = tmp_path / "home"
    shutil.copytree(two_runs.place.home, home)
    path = home / "frames" / "link_report.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said.pop("drift") == []
    assert said.pop("decisions")
    path.write_text(json.dumps(said), encoding="utf-8")
    page = home / "reports" / "laporan_mutu.html"
    page.unlink()
    job = build_defs(Settings(home=home, language="id")).resolve_implicit_global_asset_job_def()
    with dg.instance_for_test() as instance:
        done = job.execute_in_process(asset_selection=[dg.AssetKey("quality_report")], instance=instance)
    assert done.success
    assert "Laporan mutu" in page.read_text(encoding="utf-8")
