"""Which village a free-text address means, and which of its names is a hamlet: the parts of an address beside the list of villages.

`Ds.` announces a village when a village of the sub-district is so called, else a hamlet; a name without its word is a village only
where the sub-district is known and something else stands before it. What could be two things is refused with a code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from intake.cells.parsed import NOTHING, Repaired, is_filler
from intake.free_addresses import FreeAddress
from intake.places import CodeSystem, PlaceIndex, place_key


class AddressColumns(NamedTuple):
    """What an address gives to the columns of its row, once the village is known."""

    address: str | None
    hamlet: str | None
    rt: str | None
    rw: str | None


def village_of_address(
    parts: FreeAddress, places: PlaceIndex, *, kecamatan: str | None, regency: str, codes: CodeSystem = "names"
) -> Repaired[str]:
    """The village's code. `kecamatan` is what the row's own column (or the sheet's title) says, which wins over the address.

    Errors: those of `PlaceIndex.village_code`, and `other_regency` when the address names another one.
    """
    if parts.regency is not None and place_key(parts.regency) != place_key(regency):
        return Repaired(None, "other_regency")
    stated = None if kecamatan is None or is_filler(kecamatan) else kecamatan
    parent = stated or kecamatan_of_address(parts, places, regency)
    for names in (parts.villages, parts.unsure):
        outcomes = [_named(name, parent, places, regency, codes) for name in names]
        if parent is None:
            # `Ds.` may be a hamlet's, and `KEL` one slip from `KEC`: without a sub-district neither settles a name that can be two things.
            unsure = [(names is parts.unsure and parts.hamlet is None) or places.is_kecamatan_name(name) for name in names]
            outcomes = [
                Repaired(None, "ambiguous_village") if doubt and outcome.rule == "village_name_alone" else outcome
                for doubt, outcome in zip(unsure, outcomes, strict=True)
            ]
        if outcomes:
            return _one_of(outcomes)
    return _unannounced(parts, parent, places)


def columns_of_address(parts: FreeAddress, area_code: str | None, places: PlaceIndex, regency: str) -> AddressColumns:
    """Address, hamlet, RT and RW of a row whose village is `area_code` (None: unknown)."""
    hamlet, left = parts.hamlet, list(parts.unannounced)
    if area_code is not None:
        others = [name for name in parts.unsure if places.village_near(name, area_code[:8]) != area_code]
        if hamlet is None and len(others) == 1:
            hamlet = others[0]
        left = [name for name in left if not _means(name, area_code, places, regency)]
    else:
        left += [*parts.unsure, *parts.villages]  # not understood, so not lost
    street = [part for part in (parts.street, f"NO {parts.number}" if parts.number else None) if part]
    return AddressColumns(", ".join([*([" ".join(street)] if street else []), *left]) or None, hamlet, parts.rt, parts.rw)


def kecamatan_of_address(parts: FreeAddress, places: PlaceIndex, regency: str) -> str | None:
    """The sub-district that the address names: after its word, or as the last of several names without one."""
    if parts.kecamatan is not None:
        return _without_ending(parts.kecamatan, places, regency) or parts.kecamatan
    names = [name for place, name in enumerate(parts.unannounced) if place == 0 or place_key(name) != place_key(regency)]
    before = len(names) > 1 or parts.villages or parts.unsure
    return names[-1] if names and before and places.is_kecamatan_name(names[-1]) else None


def _without_ending(name: str, places: PlaceIndex, regency: str) -> str | None:
    """`MUNCAR BANYUWANGI` without the regency that ends it, if what remains is a sub-district."""
    words = name.split()
    for cut in range(len(words) - 1, 0, -1):
        if place_key(" ".join(words[cut:])) == place_key(regency) and places.is_kecamatan_name(" ".join(words[:cut])):
            return " ".join(words[:cut])
    return None


def _named(name: str, kecamatan: str | None, places: PlaceIndex, regency: str, codes: CodeSystem) -> Repaired[str]:
    """The village of an announced name; a sub-district or the regency may follow it without a word."""
    whole = places.village_code(name, kecamatan, codes=codes)
    if whole.value is not None:
        return whole
    words = name.split()
    for cut in range(len(words) - 1, 0, -1):
        front, ending = " ".join(words[:cut]), " ".join(words[cut:])
        if not places.is_kecamatan_name(ending) and place_key(ending) != place_key(regency):
            continue
        parents: list[str | None] = [kecamatan] if kecamatan else [ending] if places.is_kecamatan_name(ending) else []
        if kecamatan is None and place_key(ending) == place_key(regency):
            parents = [*parents, None]
        for parent in parents:
            shorter = places.village_code(front, parent, codes=codes)
            if shorter.value is not None:
                return shorter
    return whole


def _one_of(outcomes: Iterable[Repaired[str]]) -> Repaired[str]:
    outcomes = list(outcomes)
    found = {outcome.value: outcome for outcome in outcomes if outcome.value is not None}
    if len(found) == 1:
        return next(iter(found.values()))
    return Repaired(None, "ambiguous_village") if found else outcomes[0]


def _unannounced(parts: FreeAddress, kecamatan: str | None, places: PlaceIndex) -> Repaired[str]:
    if kecamatan is None:
        return NOTHING
    parent = places.kecamatan_code(kecamatan)
    if parent.value is None:
        return Repaired(None, parent.error)
    alone = parts.street is None and parts.hamlet is None
    names = parts.unannounced[1:] if alone else parts.unannounced
    if names and parts.kecamatan is None and place_key(names[-1]) == place_key(kecamatan):
        names = names[:-1]  # it was taken for the sub-district; a village of that name would need a second mention
    found = {code for name in names if (code := places.exact_village(name, parent.value)) is not None}
    return Repaired(found.pop(), None, "village_unannounced") if len(found) == 1 else NOTHING


def _means(name: str, area_code: str, places: PlaceIndex, regency: str) -> bool:
    """Whether a loose name only repeats the village, its sub-district or the regency."""
    if place_key(name) == place_key(regency):
        return True
    return places.exact_village(name, area_code[:8]) == area_code or places.kecamatan_code(name).value == area_code[:8]
