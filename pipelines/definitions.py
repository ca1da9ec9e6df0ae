"""The code location: what `dagster dev`, `dg` and `padan run` load."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets import eligibility, houses, intake, linkage, publication, reports
from assets.reading import Reading
from pipelines.io_managers import FramesInHome
from pipelines.jobs import nightly_schedule, unify_job
from pipelines.resources import workspace_of
from pipelines.settings import Settings
from schemas.contracts import load_contracts
from schemas.redaction import install_redaction


def build_defs(settings: Settings | None = None, *, resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """All definitions. The sources' assets follow from the contracts; `resource_overrides` replaces resources by name (tests)."""
    install_redaction()
    settings = (settings or Settings()).resolved()
    contracts = load_contracts(settings.contracts)
    workspace = workspace_of(settings)
    job = unify_job(settings.executor)
    return dg.Definitions(
        assets=[
            intake.deliveries,
            *(intake.intake_assets(contract) for contract in contracts.values()),
            linkage.population_asset(contracts),
            linkage.social_records_asset(contracts),
            *dg.load_assets_from_modules([linkage, houses, eligibility]),
            publication.unified_database_asset(contracts),
            reports.poverty_map,
            reports.quality_report_asset(contracts),
            reports.review_workbooks,
        ],
        jobs=[job],
        schedules=[nightly_schedule(job)],
        resources={
            "workspace": workspace,
            "reading": Reading(workspace=workspace, ahead=settings.executor == "in_process"),
            "io_manager": FramesInHome(workspace=workspace),
            **(resource_overrides or {}),
        },
    )


defs = build_defs()
