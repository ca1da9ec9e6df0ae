"""Where things are and how a run behaves: flags over environment (`PADAN_*`) over `.env` over defaults."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.areas import Regency

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The clone: where `dagster.yaml` lies, which is Dagster's home."""


class Settings(BaseSettings):
    """All settings of Padan. Paths are made absolute by `resolved`, since Dagster's processes change folders."""

    model_config = SettingsConfigDict(env_prefix="PADAN_", env_file=".env", env_file_encoding="utf-8", extra="ignore")

    home: Path = Field(default=PROJECT_ROOT / ".padan", description="where frames, the database and the reports are kept")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; default: padan.sqlite in the home")
    inbox: Path | None = Field(default=None, description="folder in which offices drop their files")
    contracts: Path | None = Field(default=None, description="folder with your own sources/ and programmes/")
    boundaries: Path | None = Field(default=None, description="GeoJSON of the villages' boundaries")
    areas: Path | None = Field(default=None, description="CSV of the areas of another regency or a newer decree")
    crosswalk: Path | None = Field(default=None, description="CSV of BPS village codes: desa_code, bps_desa_code")
    regency: Regency = Regency()
    hash_key_file: Path | None = Field(default=None, description="key of the pseudonyms; made at the first run")
    language: Literal["id", "en"] = "id"
    executor: Literal["in_process", "multiprocess"] = "in_process"
    user: str = Field(default_factory=getpass.getuser, description="who works, for receipts and the audit trail")
    as_of: date | None = Field(default=None, description="the day from which ages count; default: the newest delivery's")

    def resolved(self) -> Settings:
        """The same settings with absolute paths, the database URL filled in, and the default home made explicit."""
        home = self.home.expanduser().resolve()
        paths = {
            name: None if value is None else value.expanduser().resolve()
            for name in ("inbox", "contracts", "boundaries", "areas", "crosswalk")
            for value in (getattr(self, name),)
        }
        return self.model_copy(
            update={
                **paths,
                "home": home,
                "database_url": self.database_url or f"sqlite:///{home / 'padan.sqlite'}",
                "hash_key_file": (self.hash_key_file or home / "hash.key").expanduser().resolve(),
            }
        )

    def as_environment(self) -> dict[str, str]:
        """The settings as environment variables, so that Dagster's other processes see the same ones."""
        plain = self.model_dump(mode="json", exclude_none=True)
        return {
            f"PADAN_{name.upper()}": self.regency.model_dump_json() if name == "regency" else str(value) for name, value in plain.items()
        }
