"""The resources of a run, made from the settings."""

from __future__ import annotations

import os

import dagster as dg

from assets.workspace import Workspace
from pipelines.settings import Settings


def workspace_of(settings: Settings) -> Workspace:
    """The workspace that these settings describe. A database URL of the environment is not shown in the UI."""
    place = settings.resolved()
    assert place.database_url is not None
    from_environment = os.environ.get("PADAN_DATABASE_URL") == place.database_url
    return Workspace(
        home=str(place.home),
        inbox=_text(place.inbox),
        database_url=dg.EnvVar("PADAN_DATABASE_URL") if from_environment else place.database_url,
        hash_key_file=str(place.hash_key_file),
        contracts_folder=_text(place.contracts),
        areas_file=_text(place.areas),
        crosswalk_file=_text(place.crosswalk),
        boundaries_file=_text(place.boundaries),
        regency_json=place.regency.model_dump_json(),
        language=place.language,
        user=place.user,
        as_of=place.as_of.isoformat() if place.as_of else None,
    )


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
