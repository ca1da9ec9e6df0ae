"""Reports: what goes back to people. Pages that work with no network and hold no personal data."""

from collections.abc import Sequence
from typing import Any

import dagster as dg
import pandas as pd

from assets.description import OWNER
from assets.workspace import Workspace
from publishing.pages import write_page
from publishing.poverty_map import render_poverty_map
from publishing.views import read_view


def report_assets() -> Sequence[dg.AssetsDefinition]:
    """The pages for people."""
    return [poverty_map]


@dg.asset(
    group_name="reports",
    owners=[OWNER],
    kinds={"html"},
    description="Peta keluarga miskin per kecamatan dan desa. Map of poor families, number and rate, from the published database.",
)
def poverty_map(unified_database: dict[str, Any], workspace: Workspace) -> dg.Output[str]:  # noqa: ARG001 - drawn after it
    """Draw the map from `v1_area_summary` as it is published."""
    summary = read_view(workspace.engine, "v1_area_summary")
    page = render_poverty_map(
        summary,
        workspace.boundaries,
        as_of=pd.Timestamp(summary["as_of"].iloc[0]).date(),
        publication=int(summary["publication"].iloc[0]),
        language=workspace.language,
    )
    path = write_page(workspace.reports_folder, PAGES[workspace.language]["poverty_map"], page)
    return dg.Output(page, metadata={"path": dg.MetadataValue.path(str(path)), "areas": len(summary), "bytes": len(page)})


PAGES = {
    "id": {"poverty_map": "peta_kemiskinan", "quality_report": "laporan_mutu"},
    "en": {"poverty_map": "poverty_map", "quality_report": "quality_report"},
}
