"""What the commands share: types of their options, and the settings that flags, environment and `.env` make together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from pipelines.settings import Settings
from schemas.areas import load_areas
from schemas.crosswalk import Crosswalk, CrosswalkError, load_crosswalk

FOLDER = click.Path(file_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def settings_of(**given: Any) -> Settings:
    """Flags over environment over `.env`; as environment variables too, for Dagster's other processes."""
    settings = Settings(**{name: value for name, value in given.items() if value is not None}).resolved()
    os.environ.update(settings.as_environment())
    return settings


def crosswalk_of(settings: Settings) -> Crosswalk | None:
    """The table of BPS codes that the settings name; a fault in it is a wrong setting, told before any work begins."""
    if settings.crosswalk is None:
        return None
    try:
        return load_crosswalk(settings.crosswalk, load_areas(settings.areas, regency=settings.regency))
    except CrosswalkError as error:
        raise click.UsageError(f"PADAN_CROSSWALK: {error}") from None
