"""Village and sub-district names, as offices write them, to village codes.

Three village names occur in two sub-districts each and most sub-districts share their name with a village, so a name counts only
together with its sub-district and its level. A variant in spelling is taken within the sub-district when exactly one village comes
near; everything else is refused with a code and the row is kept.

Codes are read in the system that the contract names: ten digits are a village in both systems, and not the same one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from intake.cells.parsed import NOTHING, Repaired, is_filler
from schemas.crosswalk import Crosswalk

CodeSystem = Literal["kemendagri", "bps", "names"]
"""In which system an office writes codes of villages; `names` says that it writes none."""

NEAR = 82.0
"""rapidfuzz ratio between names without spaces from which a spelling variant is taken: Alasbulu/Alasbuluh has 94, Pengantigan/
Pengatigan 95; different villages of one sub-district reach at most 80 (Tambakrejo/Tembokrejo, Bulusari/Bulusan; measured)."""
NEAR_THOUGH_KNOWN_ELSEWHERE = 90.0
"""The same where another sub-district has a village of just this name (Pengantigan of Banyuwangi, Pengatigan of Rogojampi)."""
MARGIN = 6.0
"""By so much the best variant must beat the second; and where it is two slips away or more, every other must be two slips further:
GMIRI is as far from Kemiri as from Gumirih of the same sub-district."""

_LEVEL_WORD = re.compile(
    r"^(?:DESA|DS|KELURAHAN|KEL|KECAMATAN|KEC|KAB|KABUPATEN|DESA/KEL(?:URAHAN)?|DS/KEL|DESA/KELURAHAN)\b[\s.:/]*", re.IGNORECASE
)
_NOT_LETTER = re.compile(r"[^A-Z]+")
_DOTTED = re.compile(r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}(?:\.[0-9]{4})?$")
_DIGITS = re.compile(r"^[0-9]{1,10}$")
_CODE_AND_NAME = re.compile(r"^[\[(]?([0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}|[0-9]{10})[\])]?[\s:/|\-\u2013]+(\D{3,})$")
_NUMBER_ENDING = re.compile(r"[.,]0{1,2}$")


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
    """The areas of the regency, ready to be asked for a village's code; with a crosswalk, for codes of the statistics office too."""

    def __init__(self, areas: pd.DataFrame, crosswalk: Crosswalk | None = None) -> None:
        rows = areas[["area_code", "level", "name", "parent_code"]].itertuples(index=False)
        self._crosswalk = crosswalk
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
        self.regency_digits = min(self._within, default="")[:5].replace(".", "")

    def kecamatan_code(self, text: str, *, codes: CodeSystem = "names") -> Repaired[str]:
        """The code of a sub-district's name or code; `codes` is the contract's `village_codes`."""
        compact = _compact(text)
        if _DOTTED.match(compact) or _DIGITS.match(compact):
            return self._kecamatan_of_code(compact, codes)
        key = place_key(text)
        if key in self._kecamatan:
            return Repaired(self._kecamatan[key])
        near = _nearest(key, self._kecamatan)
        return Repaired(near, None, "kecamatan_spelling") if near else Repaired(None, "unknown_kecamatan")

    def village_code(self, village: str | None, kecamatan: str | None, *, codes: CodeSystem = "kemendagri") -> Repaired[str]:
        """The village's code from its name (or code) and its sub-district's; `codes` is the contract's `village_codes`.

        Errors: unknown_village, unknown_kecamatan, ambiguous_village, village_not_in_kecamatan; of codes: unknown_village_code,
        code_not_in_kecamatan, code_and_name_differ, code_without_system (the contract says that its office writes names),
        bps_code_without_crosswalk, bps_code_not_in_crosswalk.
        """
        if village is None or is_filler(village):
            return NOTHING
        compact = _compact(village)
        if (both := _CODE_AND_NAME.match(compact)) is not None:
            return self._from_code_and_name(both.group(1), both.group(2), kecamatan, codes)
        if _DOTTED.match(compact) or _DIGITS.match(compact):
            return self._from_code(compact, kecamatan, codes)
        if kecamatan is None or is_filler(kecamatan):
            return self._without_kecamatan(place_key(village))
        parent = self.kecamatan_code(kecamatan, codes=codes)
        if parent.value is None:
            return Repaired(None, parent.error)
        return self._within_kecamatan(place_key(village), parent.value, parent.rule)

    def village_near(self, village: str, parent: str) -> str | None:
        """The village of a sub-district (by its code) that a name means, spelling variants taken as everywhere; else None."""
        return self._within_kecamatan(place_key(village), parent, None).value if parent in self._within else None

    def has_kecamatan(self, code: str) -> bool:
        """Whether this dotted code is a sub-district of the regency."""
        return code in self._within

    def exact_village(self, village: str, parent: str) -> str | None:
        """The village of a sub-district (by its code) that is written just like this."""
        return self._within.get(parent, {}).get(place_key(village))

    def is_kecamatan_name(self, text: str) -> bool:
        """Whether a sub-district of the regency is written just like this."""
        return place_key(text) in self._kecamatan

    def _kecamatan_of_code(self, compact: str, codes: CodeSystem) -> Repaired[str]:
        digits = compact.replace(".", "")
        if codes == "bps" and "." not in compact:
            if self._crosswalk is None:
                return Repaired(None, "bps_code_without_crosswalk")
            found = self._crosswalk.kecamatan.get(self._bps_kecamatan_digits(digits))
            return Repaired(found) if found else Repaired(None, "bps_code_not_in_crosswalk")
        if codes == "kemendagri" and len(digits) <= 2:
            digits = self.regency_digits + digits.zfill(2)
        dotted = f"{digits[:2]}.{digits[2:4]}.{digits[4:]}"
        return Repaired(dotted) if dotted in self._within else Repaired(None, "unknown_kecamatan")

    def _bps_kecamatan_digits(self, digits: str) -> str:
        """The whole code of a sub-district whose last three digits stand in a column of their own, as in the BDT."""
        return self.regency_digits + digits.zfill(3) if len(digits) <= 3 else digits

    def _from_code(self, compact: str, kecamatan: str | None, codes: CodeSystem) -> Repaired[str]:
        dotted, digits = "." in compact, compact.replace(".", "")
        if kecamatan is not None and is_filler(kecamatan):
            kecamatan = None
        if not dotted and codes == "names":
            return Repaired(None, "code_without_system")
        if not dotted and codes == "bps":
            # BPS codes have 10 digits too, and some are valid codes of other villages here: never look one up as if it were ours.
            return self._from_bps_code(digits, kecamatan)
        parent = None if kecamatan is None else self.kecamatan_code(kecamatan, codes=codes)
        if len(digits) <= 4 and parent is not None and parent.value is not None:
            digits = parent.value.replace(".", "") + digits.zfill(4)
        if digits not in self._by_code:
            return Repaired(None, "unknown_village_code")
        village = self._by_code[digits]
        # A code of the other system that happens to be one of ours is found out by its sub-district, if that stands beside it.
        if parent is not None and parent.value not in {None, village.kecamatan}:
            return Repaired(None, "code_not_in_kecamatan")
        return Repaired(village.code)

    def _from_bps_code(self, digits: str, kecamatan: str | None) -> Repaired[str]:
        if self._crosswalk is None:
            return Repaired(None, "bps_code_without_crosswalk")
        if len(digits) <= 3 and kecamatan is not None and _DIGITS.match(beside := _compact(kecamatan)):
            digits = self._bps_kecamatan_digits(beside) + digits.zfill(3)
        found = self._by_code.get(self._crosswalk.villages.get(digits, "").replace(".", ""))
        if found is None:
            return Repaired(None, "bps_code_not_in_crosswalk")
        parent = None if kecamatan is None else self.kecamatan_code(kecamatan, codes="bps").value
        return Repaired(found.code) if parent in {None, found.kecamatan} else Repaired(None, "code_not_in_kecamatan")

    def _from_code_and_name(self, code: str, name: str, kecamatan: str | None, codes: CodeSystem) -> Repaired[str]:
        """`3510012001 - SARONGAN`: both must mean one village; the name also proves a code whose system nobody told."""
        system: CodeSystem = "kemendagri" if codes == "names" else codes
        by_code = self._from_code(code, kecamatan, system)
        if by_code.value is None:
            return by_code
        if self.village_near(name, by_code.value[:8]) != by_code.value:
            return Repaired(None, "code_and_name_differ")
        return Repaired(by_code.value, None, "code_and_name")

    def _without_kecamatan(self, key: str) -> Repaired[str]:
        """A name that one village bears, and that is not one slip away from another's: Sumberasri in Purwoharjo, Sumbersari in Srono."""
        villages = self._villages.get(key, [])
        if len(villages) == 1 and not any(0 < OSA.distance(key, other, score_cutoff=1) <= 1 for other in self._villages):
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


def _compact(text: str) -> str:
    """A code without what surrounds it, and without the `.0` of a number cell."""
    bare = text.strip(" '`\u00a0")
    whole = _NUMBER_ENDING.sub("", bare)
    return whole if _DIGITS.match(whole) else bare


def _nearest(key: str, names: Mapping[str, str], enough: float = NEAR) -> str | None:
    """The code of the one name that comes near, or None when none does or two do."""
    if not key:
        return None
    scored = sorted(((fuzz.ratio(key, name), name) for name in names), reverse=True)
    if not scored or scored[0][0] < enough:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN:
        return None
    best = scored[0][1]
    slips = OSA.distance(key, best)
    if slips > 1 and any(OSA.distance(key, other, score_cutoff=slips + 1) <= slips + 1 for _, other in scored[1:]):
        return None
    return names[best]
