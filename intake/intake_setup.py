"""What reading a file needs to know before it is opened: the file's delivery, and what all files share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.corrections import CellCorrection
from intake.places import PlaceIndex
from schemas.areas import Regency
from schemas.contracts import SourceContract


@dataclass(frozen=True)
class FileToRead:
    """A file and what is known of its delivery."""

    path: Path
    source: str
    delivery_id: str
    delivered_on: dt.date | None
    file: str
    corrections: tuple[CellCorrection, ...] = ()
    """Cells that the office has corrected since."""
    sha256: str = ""
    """What the file's content must be; not known where a file is only tried out."""


@dataclass(frozen=True)
class IntakeSetup:
    """What all files share, whatever their source."""

    contracts: Mapping[str, SourceContract]
    places: PlaceIndex
    regency: Regency
    hash_key: bytes
