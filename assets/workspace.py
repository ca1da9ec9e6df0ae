"""The office's working place: the one resource that assets are given (home, inbox, contracts, areas, key, database, rules)."""

import os
import secrets
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import dagster as dg
import pandas as pd
from pydantic import Field
from sqlalchemy import Engine

from families import keyed_hash
from geocoding.boundaries import Boundaries, load_boundaries
from intake import DeliveryStore, intake_setup
from intake.corrections import Corrections, correction_receipts, corrections_in_force
from intake.intake_setup import IntakeSetup
from intake.parsed_files import setup_fingerprints
from matching import LinkSpec
from publishing.database import open_engine
from schemas.areas import BANYUWANGI, Regency, load_areas
from schemas.canonical import TEXT
from schemas.contracts import SourceContract, load_contracts
from schemas.crosswalk import Crosswalk, load_crosswalk
from schemas.programmes import ProgrammeBook, load_programmes

LINKAGE_SPEC = Path(__file__).resolve().parent.parent / "schemas" / "linkage" / "register.yaml"


class Workspace(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where a run works and by which rules. `as_of` may be given per run; the rest comes from the settings."""

    home: str = Field(description="folder of frames, database and reports")
    inbox: str | None = Field(default=None, description="folder in which offices drop their files")
    database_url: str = Field(description="SQLAlchemy URL of the unified database")
    hash_key_file: str = Field(description="file with the key of the pseudonyms")
    contracts_folder: str | None = Field(default=None, description="folder with the user's own sources/ and programmes/")
    areas_file: str | None = Field(default=None, description="areas of another regency or a newer decree")
    crosswalk_file: str | None = Field(default=None, description="CSV that translates BPS village codes")
    boundaries_file: str | None = Field(default=None, description="GeoJSON of the villages' boundaries")
    regency_json: str = Field(default=BANYUWANGI.model_dump_json(), description="code, box and UTM zones of the regency")
    language: Literal["id", "en"] = "id"
    user: str = Field(default="padan", description="who works, for the audit trail")
    as_of: str | None = Field(default=None, description="day from which ages and windows count, YYYY-MM-DD; default: the newest delivery's")

    @cached_property
    def regency(self) -> Regency:
        """Which regency this is."""
        return Regency.model_validate_json(self.regency_json)

    @cached_property
    def contracts(self) -> Mapping[str, SourceContract]:
        """The source contracts by id."""
        return load_contracts(_path(self.contracts_folder))

    @cached_property
    def trust(self) -> pd.DataFrame:
        """How far each source's values are believed: source, trust (0-100), from the contracts."""
        trusted = {source: contract.trust for source, contract in self.contracts.items()}
        return pd.DataFrame({"source": pd.Series(list(trusted), dtype=TEXT), "trust": list(trusted.values())})

    @cached_property
    def programmes(self) -> ProgrammeBook:
        """The programmes' rules."""
        return load_programmes(_path(self.contracts_folder))

    @cached_property
    def areas(self) -> pd.DataFrame:
        """The regency's areas."""
        return load_areas(_path(self.areas_file), regency=self.regency)

    @cached_property
    def crosswalk(self) -> Crosswalk | None:
        """What the statistics office's village codes mean, if the user gave the table."""
        path = _path(self.crosswalk_file)
        return None if path is None else load_crosswalk(path, self.areas)

    @cached_property
    def boundaries(self) -> Boundaries:
        """The villages' boundaries: the user's own, else approximate ones."""
        return load_boundaries(_path(self.boundaries_file), self.areas, self.regency)

    @cached_property
    def linkage_spec(self) -> LinkSpec:
        """How records are linked to residents."""
        return LinkSpec.from_yaml(LINKAGE_SPEC.read_text(encoding="utf-8"))

    @cached_property
    def hash_key(self) -> bytes:
        """The key of the pseudonyms."""
        return load_hash_key(Path(self.hash_key_file))

    def hashed(self, values: pd.Series) -> pd.Series:
        """The keyed hash of each value; missing stays missing."""
        return keyed_hash(values, self.hash_key)

    @cached_property
    def engine(self) -> Engine:
        """The unified database."""
        prepare_home(Path(self.home))
        return open_engine(self.database_url)

    @property
    def delivery_store(self) -> DeliveryStore:
        """Where what the offices handed in is kept."""
        return DeliveryStore.of_home(Path(self.home))

    @cached_property
    def corrections(self) -> Corrections:
        """The cells that offices have put right since they delivered them."""
        return corrections_in_force(correction_receipts(self.delivery_store))

    @cached_property
    def intake_setup(self) -> IntakeSetup:
        """What reading any office's file needs to know."""
        return intake_setup(self.contracts, self.areas, self.hash_key, regency=self.regency, crosswalk=self.crosswalk)

    @cached_property
    def setup_fingerprints(self) -> Mapping[str, str]:
        """By source: of all that decides how its files are read, besides the files."""
        return setup_fingerprints(self.intake_setup)

    @property
    def frames_folder(self) -> Path:
        """Where the frames of all assets lie, each under its asset key."""
        return Path(self.home) / "frames"

    @property
    def reports_folder(self) -> Path:
        """Where pages for people are written."""
        return Path(self.home) / "reports"

    @property
    def linkage_folder(self) -> Path:
        """What linkage remembers from run to run."""
        return Path(self.home) / "linkage"

    @property
    def review_folder(self) -> Path:
        """Where review workbooks are written."""
        return Path(self.home) / "review"

    @cached_property
    def code_version(self) -> str:
        """The version of this program, as it stands on each publication."""
        return version("padan")

    def day_of_account(self, deliveries: pd.DataFrame) -> date:
        """`as_of` if given, else the newest delivery's day. Raises dagster.Failure when there is neither."""
        if self.as_of:
            return date.fromisoformat(self.as_of)
        newest = deliveries["delivered_on"].max()
        if pd.isna(newest):
            raise dg.Failure(
                "Tidak ada serahan bertanggal dan --as-of tidak diberikan: sebutkan hari perhitungan umur. "
                "/ No delivery carries a date and no --as-of was given: name the day from which ages count.",
                allow_retries=False,
            )
        return pd.Timestamp(newest).date()


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)


def prepare_home(home: Path) -> None:
    """Make the home, readable by its owner alone (it holds personal data)."""
    os.umask(0o077)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)


def load_hash_key(path: Path) -> bytes:
    """The key of all pseudonyms; made at the first run, 0600. Raises ValueError when the file holds too little."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(32) + "\n")
    key = path.read_text(encoding="ascii").strip().encode()
    if len(key) < 32:
        raise ValueError(f"{path}: the key has {len(key)} characters; 32 or more are needed")
    return key
