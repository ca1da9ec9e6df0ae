"""What the commands share: types of their options, and the settings that flags, environment and `.env` make together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from pipelines.settings import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def settings_of(**given: Any) -> Settings:
    """Flags over environment over `.env`; as environment variables too, for Dagster's other processes."""
    settings = Settings(**{name: value for name, value in given.items() if value is not None}).resolved()
    os.environ.update(settings.as_environment())
    return settings
