"""Reports: what goes back to people. Pages that work with no network and hold no personal data."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandas as pd

from assets.boundary import redacted
from assets.description import OWNER
from assets.standing import frame_input
from assets.workspace import Workspace
from eligibility import yearly_rupiah
from families import record_persons
from publishing.error_classes import RESIDENT_COLUMNS
from publishing.language import Language
from publishing.pages import write_page
from publishing.poverty_map import render_poverty_map
from publishing.quality_figures import quality_report_of
from publishing.quality_report import render_quality_report
from publishing.quality_report_input import Estimate, RunFrames
from publishing.review_cases import QUEUE_FRAMES, review_queue
from publishing.review_export import export_queue
from publishing.review_ledger import ledger
from publishing.review_workbook import Look
from publishing.views import read_view
from schemas.cell_layouts import with_tables
from schemas.contracts import SourceContract

PAGES = {
    "id": {"poverty_map": "peta_kemiskinan", "quality_report": "laporan_mutu"},
    "en": {"poverty_map": "poverty_map", "quality_report": "quality_report"},
}
_BY_SOURCE = ("records", "quarantine", "conservation", "headers")
_FRAMES = ("deliveries", "areas", "links", "population", "review_cases", "coordinate_flags", "targeting_gaps")


def quality_report_asset(contracts: Mapping[str, SourceContract]) -> dg.AssetsDefinition:
    """The quality report; it depends on what each source gave and set aside."""

    @dg.asset(
        name="quality_report",
        group_name="reports",
        owners=[OWNER],
        kinds={"html"},
        ins={
            **{name: dg.AssetIn(key=dg.AssetKey(name)) for name in (*_FRAMES, "persons", "link_report", "unified_database")},
            "population": frame_input("population", ("nik", *RESIDENT_COLUMNS)),
            **{f"{kind}_{source}": dg.AssetIn(key=dg.AssetKey([kind, source])) for kind in _BY_SOURCE for source in contracts},
        },
        description="Laporan mutu: apa yang diterima, ditolak, diperbaiki, tertaut. What was taken in, refused, repaired, linked.",
    )
    @redacted
    def quality_report(workspace: Workspace, **given: Any) -> dg.Output[str]:
        by_source: dict[str, Any] = {kind: {source: given[f"{kind}_{source}"] for source in contracts} for kind in _BY_SOURCE}
        headers = pd.concat(by_source.pop("headers").values(), ignore_index=True)
        published, linked = given["unified_database"], given["link_report"]
        report = quality_report_of(
            RunFrames(
                **by_source,
                **{name: given[name] for name in _FRAMES},
                record_persons=record_persons(given["links"], given["persons"]),
                unknown_columns=_unknown_columns(headers),
            ),
            workspace.contracts,
            regency=workspace.regency.name,
            as_of=workspace.day_of_account(given["deliveries"]),
            publication=published["number"],
            published=published["published"],
            content_hash=published.get("content_hash"),
            # A report that an earlier version wrote may lack these two; what it does not say is not shown.
            decisions=linked.get("decisions", {}),
            drift=linked.get("drift", ()),
            precision=Estimate(**linked["precision"]),
            recall=Estimate(**linked["recall"]),
        )
        page = render_quality_report(report, language=workspace.language)
        path = write_page(workspace.reports_folder, PAGES[workspace.language]["quality_report"], page)
        return dg.Output(
            page, metadata={"path": dg.MetadataValue.path(str(path)), "quarantined": len(report.quarantined), "bytes": len(page)}
        )

    return quality_report


@dg.asset(
    group_name="reports",
    owners=[OWNER],
    kinds={"html"},
    description="Peta keluarga miskin per kecamatan dan desa. Map of poor families, number and rate, from the published database.",
)
@redacted
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


@dg.asset(
    group_name="reports",
    owners=[OWNER],
    kinds={"excel"},
    ins={name: dg.AssetIn(key=dg.AssetKey(name)) for name in (*QUEUE_FRAMES, "areas", "unified_database")},
    description=(
        "Buku kerja tinjauan, satu per kecamatan: catatan ragu dan calonnya, yang terpenting dahulu. "
        "Review workbooks of doubtful records, one per sub-district, for `padan review import`."
    ),
)
@redacted
def review_workbooks(workspace: Workspace, **frames: Any) -> dg.Output[dict[str, Any]]:
    """Write the workbooks of the published state into the home; they hold personal data and are readable by the owner alone."""
    queue = review_queue(frames, ledger(workspace.engine), workspace.hashed, yearly_rupiah(workspace.programmes))
    titles = {source: getattr(contract.title, workspace.language) for source, contract in workspace.contracts.items()}
    look = Look(Language.of(workspace.language), blind=False, villages={}, sources=titles)
    exported = export_queue(queue, frames["areas"], workspace.review_folder, look, workspace.hashed)
    written = {"cases": exported.cases, "candidates": exported.candidates, "workbooks": len(exported.paths)}
    return dg.Output(written, metadata=written | {"path": dg.MetadataValue.path(str(workspace.review_folder))})


def _unknown_columns(headers: pd.DataFrame) -> pd.DataFrame:
    """The headers that no contract knows; once where several tables of a sheet have them in one column."""
    unknown = with_tables(headers)[headers["canonical"].isna()]
    return unknown.drop(columns=["canonical", "table"]).drop_duplicates(ignore_index=True)
