"""RT and RW, the units of a hamlet: `3`, `RT 03`, `003/002` become three digits each."""

from __future__ import annotations

import re
from typing import NamedTuple

from intake.cells.parsed import NOTHING, Repaired, is_filler

# [0-9] and not \d, which the digits of forty other scripts match too: those are no three digits that a number can be compared by.
_UNIT = re.compile(r"^(?:RT|RW|R\.T\.?|R\.W\.?)?\s*[.:]?\s*0*([0-9]{1,3})(?:[.,]0)?$", re.IGNORECASE)
_BOTH = re.compile(r"^(?:RT)?\s*[.:]?\s*0*([0-9]{1,3})\s*(?:[/\\,;.\-|]|\s|RW)+\s*[.:]?\s*0*([0-9]{1,3})$", re.IGNORECASE)
_NONE = re.compile(r"^(?:RT|RW)?[\s.:]*0*$", re.IGNORECASE)


class RtRw(NamedTuple):
    """RT and RW from one cell."""

    rt: Repaired[str]
    rw: Repaired[str]


def read_unit(text: str) -> Repaired[str]:
    """One RT or RW. Zeros mean that there is none, as in the register."""
    plain = text.replace("\u00a0", " ").strip(" '`")
    if _NONE.match(plain) or is_filler(plain):
        return NOTHING
    match = _UNIT.match(plain)
    return Repaired(match.group(1).zfill(3)) if match else Repaired(None, "unreadable_unit")


def read_rt_rw(text: str) -> RtRw:
    """RT and RW in one cell, RT first as is the custom."""
    plain = text.replace("\u00a0", " ").strip(" '`")
    if is_filler(plain):
        return RtRw(NOTHING, NOTHING)
    match = _BOTH.match(plain)
    if match is None:
        wrong: Repaired[str] = Repaired(None, "unreadable_unit")
        return RtRw(wrong, wrong)
    return RtRw(read_unit(match.group(1)), read_unit(match.group(2)))
