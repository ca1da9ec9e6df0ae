"""Village and sub-district names, as offices write them, to village codes.

Three village names occur in two sub-districts each and most sub-districts share their name with a village, so a name counts only
together with its sub-district and its level. A variant in spelling is taken within the sub-district when exactly one village comes
near; everything else is refused with a code and the row is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz

from intake.cells.parsed import NOTHING, Repaired, is_filler

NEAR = 82.0
"""rapidfuzz ratio between names without spaces from which a spelling variant is taken: Alasbulu/Alasbuluh has 94, Pengantigan/
Pengatigan 95; different villages of one sub-district reach at most 80 (Tambakrejo/Tembokrejo, Bulusari/Bulusan; measured)."""
NEAR_THOUGH_KNOWN_ELSEWHERE = 90.0
"""The same where another sub-district has a village of just this name (Pengantigan of Banyuwangi, Pengatigan of Rogojampi)."""
MARGIN = 6.0
"""By so much the best variant must beat the second."""

_LEVEL_WORD = re.compile(
    r"^(?:DESA|DS|KELURAHAN|KEL|KECAMATAN|KEC|KAB|KABUPATEN|DESA/KEL(?:URAHAN)?|DS/KEL|DESA/KELURAHAN)\b[\s.:/]*", re.IGNORECASE
)
_NOT_LETTER = re.compile(r"[^A-Z]+")
_CODE = re.compile(r"^\d{2}\.?\d{2}\.?\d{2}\.?\d{4}$")
_KECAMATAN_CODE = re.compile(r"^\d{2}\.?\d{2}\.?\d{2}$")


def place_key(text: str) -> str:
    """A place's name as capital letters only, without the word for its level: `Ds. Kalibaru Kulon` → `KALIBARUKULON`."""
    plain = unicodedata.normalize("NFKD", text).upper().strip(" '`\u00a0")
    bare = _LEVEL_WORD.sub("", plain)
    key = _NOT_LETTER.sub("", bare or plain)
    return key or _NOT_LETTER.sub("", plain)


@dataclass(frozen=True)
class Village:
    """A village as the index knows it."""

    code: str
    kecamatan: str


class PlaceIndex:
    """The areas of the regency, ready to be asked for a village's code."""

    def __init__(self, areas: pd.DataFrame) -> None:
        rows = areas[["area_code", "level", "name", "parent_code"]].itertuples(index=False)
        self._kecamatan: dict[str, str] = {}
        self._villages: dict[str, list[Village]] = {}
        self._by_code: dict[str, Village] = {}
        self._within: dict[str, dict[str, str]] = {}
        for code, level, name, parent in rows:
            key = place_key(name)
            if level == "kecamatan":
                self._kecamatan[key] = code
            elif level == "village":
                village = Village(code, parent)
                self._villages.setdefault(key, []).append(village)
                self._by_code[code.replace(".", "")] = village
                self._within.setdefault(parent, {})[key] = code

    def kecamatan_code(self, text: str) -> Repaired[str]:
        """The code of a sub-district's name or code."""
        compact = text.strip(" '`")
        if _KECAMATAN_CODE.match(compact):
            digits = compact.replace(".", "")
            dotted = f"{digits[:2]}.{digits[2:4]}.{digits[4:]}"
            return Repaired(dotted) if dotted in self._within else Repaired(None, "unknown_kecamatan")
        key = place_key(text)
        if key in self._kecamatan:
            return Repaired(self._kecamatan[key])
        near = _nearest(key, self._kecamatan)
        return Repaired(near, None, "kecamatan_spelling") if near else Repaired(None, "unknown_kecamatan")

    def village_code(self, village: str | None, kecamatan: str | None, *, codes: str = "kemendagri") -> Repaired[str]:
        """The village's code from its name (or code) and its sub-district's; `codes` is the contract's `village_codes`.

        Errors: unknown_village, unknown_kecamatan, ambiguous_village, village_not_in_kecamatan, unknown_village_code,
        bps_code_without_crosswalk.
        """
        if village is None or is_filler(village):
            return NOTHING
        compact = village.strip(" '`\u00a0")
        if _CODE.match(compact):
            return self._from_code(compact.replace(".", ""), codes)
        if kecamatan is None or is_filler(kecamatan):
            return self._without_kecamatan(place_key(village))
        parent = self.kecamatan_code(kecamatan)
        if parent.value is None:
            return Repaired(None, parent.error)
        return self._within_kecamatan(place_key(village), parent.value, parent.rule)

    def _from_code(self, digits: str, codes: str) -> Repaired[str]:
        if codes == "bps":
            # BPS codes have 10 digits too, and some are valid codes of other villages here: never look one up as if it were ours.
            return Repaired(None, "bps_code_without_crosswalk")
        if digits in self._by_code:
            return Repaired(self._by_code[digits].code)
        return Repaired(None, "unknown_village_code")

    def _without_kecamatan(self, key: str) -> Repaired[str]:
        villages = self._villages.get(key, [])
        if len(villages) == 1:
            return Repaired(villages[0].code, None, "village_name_alone")
        return Repaired(None, "ambiguous_village" if villages else "unknown_village")

    def _within_kecamatan(self, key: str, parent: str, rule: str | None) -> Repaired[str]:
        villages = self._within[parent]
        if key in villages:
            return Repaired(villages[key], None, rule)
        near = _nearest(key, villages, NEAR_THOUGH_KNOWN_ELSEWHERE if key in self._villages else NEAR)
        if near is None:
            return Repaired(None, "village_not_in_kecamatan" if key in self._villages else "unknown_village")
        return Repaired(near, None, f"{rule}+village_spelling" if rule else "village_spelling")


def _nearest(key: str, names: Mapping[str, str], enough: float = NEAR) -> str | None:
    """The code of the one name that comes near, or None when none does or two do."""
    if not key:
        return None
    scored = sorted(((fuzz.ratio(key, name), name) for name in names), reverse=True)
    if not scored or scored[0][0] < enough:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN:
        return None
    return names[scored[0][1]]
