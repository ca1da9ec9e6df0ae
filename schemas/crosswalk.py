"""Which village code of the statistics office (BPS) is which village of the interior ministry (Kemendagri): the user's own table.

Both systems number villages with ten digits and mean different places by them, and three BPS codes of Banyuwangi are valid Kemendagri
codes of other villages, so no code can be told by looking at it. A contract says which system its office uses; this table translates.
It comes from outside (`PADAN_CROSSWALK`), because BPS publishes it under a licence of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

REQUIRED_COLUMNS = ("desa_code", "bps_desa_code")
_VILLAGE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")
_BPS_VILLAGE, _BPS_KECAMATAN = re.compile(r"\d{10}"), re.compile(r"\d{7}")
_MOST_SHOWN = 10


class CrosswalkError(ValueError):
    """A crosswalk file that cannot be used; the message names file, line and column, and says what would be right."""


@dataclass(frozen=True)
class Crosswalk:
    """BPS codes, digits only, to dotted Kemendagri codes."""

    villages: Mapping[str, str] = field(default_factory=dict)
    """Ten digits to `35.10.01.2001`."""
    kecamatan: Mapping[str, str] = field(default_factory=dict)
    """Seven digits to `35.10.01`."""


def load_crosswalk(path: Path, areas: pd.DataFrame) -> Crosswalk:
    """Read a CSV with the columns desa_code (dotted Kemendagri) and bps_desa_code (10 digits, empty where unknown).

    The columns kec_code and bps_kec_code, where they are there, translate sub-districts too; without bps_kec_code the first seven digits
    of the villages do. Other columns are for people. `areas` are those of `load_areas`. Raises CrosswalkError with all that is wrong.
    """
    if not path.is_file():
        raise CrosswalkError(f"{path}: there is no such file; PADAN_CROSSWALK names a CSV with the columns {', '.join(REQUIRED_COLUMNS)}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle)
            rows = [(reader.line_num, cells) for cells in reader]
    except UnicodeDecodeError as error:
        raise CrosswalkError(f"{path.name}: not UTF-8 at byte {error.start}; save the file as CSV UTF-8") from None
    header = [name.strip() for name in rows[0][1]] if rows else []
    if missing := [name for name in REQUIRED_COLUMNS if name not in header]:
        found = ", ".join(header) or "nothing"
        raise CrosswalkError(f"{path.name}, line 1: lacks the column {' and '.join(missing)} (found: {found}; separated by commas)")
    reading = _Reading(frozenset(areas.loc[areas["level"] == "village", "area_code"]))
    problems = [
        f"{path.name}, line {line}, {problem}"
        for line, cells in rows[1:]
        if any(cell.strip() for cell in cells)
        for problem in reading.take(line, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
    ]
    if not problems and not reading.villages:
        problems = [f"{path.name}: not one village has a bps_desa_code"]
    if problems:
        more = [f"and {len(problems) - _MOST_SHOWN} more"] if len(problems) > _MOST_SHOWN else []
        raise CrosswalkError("\n".join([*problems[:_MOST_SHOWN], *more]))
    return Crosswalk(dict(sorted(reading.villages.items())), dict(sorted(reading.kecamatan.items())))


class _Reading:
    """The table as far as it was read, so that a code given twice is seen."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self.villages: dict[str, str] = {}
        self.kecamatan: dict[str, str] = {}
        self._line_of: dict[str, int] = {}

    def take(self, line: int, row: Mapping[str, str]) -> Iterator[str]:
        """Take one row in; yields what is wrong with it, each beginning with the column."""
        village, bps = row.get("desa_code", ""), row.get("bps_desa_code", "")
        kecamatan, bps_kecamatan = row.get("kec_code") or village[:8], row.get("bps_kec_code") or bps[:7]
        problem = self._misshapen(village, bps, kecamatan, bps_kecamatan) or self._repeated(village, bps, kecamatan, bps_kecamatan)
        if problem is not None:
            yield problem
            return
        self._line_of[village] = line
        if bps:
            self.villages[bps] = village
        if bps_kecamatan:
            self.kecamatan[bps_kecamatan] = kecamatan

    def _misshapen(self, village: str, bps: str, kecamatan: str, bps_kecamatan: str) -> str | None:
        checks = (
            (_VILLAGE.fullmatch(village), f"desa_code: {village or 'empty'}; right is a dotted Kemendagri code such as 35.10.01.2001"),
            (village in self._known, f"desa_code: {village} is no village of this regency"),
            (kecamatan == village[:8], f"kec_code: {kecamatan}; right is {village[:8]}, the beginning of desa_code"),
            (
                not bps or _BPS_VILLAGE.fullmatch(bps),
                f"bps_desa_code: {bps}; right are 10 digits without dots, or nothing where BPS has no code",
            ),
            (
                not bps_kecamatan or _BPS_KECAMATAN.fullmatch(bps_kecamatan),
                f"bps_kec_code: {bps_kecamatan}; right are 7 digits without dots, or nothing",
            ),
            (
                not bps or bps.startswith(bps_kecamatan),
                f"bps_kec_code: {bps_kecamatan}; right is {bps[:7]}, the beginning of bps_desa_code",
            ),
        )
        return next((f"column {problem}" for holds, problem in checks if not holds), None)

    def _repeated(self, village: str, bps: str, kecamatan: str, bps_kecamatan: str) -> str | None:
        if village in self._line_of:
            return f"column desa_code: {village} stands in line {self._line_of[village]} too; each village has one line"
        if bps in self.villages:
            return f"column bps_desa_code: {bps} stands for {self.villages[bps]} too; each code means one village"
        if self.kecamatan.get(bps_kecamatan, kecamatan) != kecamatan:
            return f"column bps_kec_code: {bps_kecamatan} stands for {self.kecamatan[bps_kecamatan]} too; each code means one sub-district"
        return None
