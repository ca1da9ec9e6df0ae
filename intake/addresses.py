"""Parts of an address that have columns of their own: hamlet, RT and RW, taken out of the one free-text cell.

`DUSUN KRAJAN JL. MAWAR RT 003 RW 001` is hamlet KRAJAN, RT 003, RW 001, and the street remains. Only words that announce a part
are believed; a place name without its word stays in the address.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_RT_RW = re.compile(
    r"\bR\.?T\.?\s*[.:/]?\s*(?:R\.?W\.?\s*[.:]?\s*)?0*([0-9]{1,3})\s*[/,\-]?\s*(?:R\.?W\.?\s*[.:]?\s*)?0*([0-9]{1,3})?(?![0-9])",
    re.IGNORECASE,
)
_RW = re.compile(r"\bR\.?W\.?\s*[.:]?\s*0*([0-9]{1,3})\b", re.IGNORECASE)
_HAMLET = re.compile(
    r"\b(?:DUSUN|DSN|DUS|LINGKUNGAN|LINGK|LINK|LING|LKG)\b\.?\s*:?\s*(?P<name>[A-Z][A-Z' ]*?)"
    r"(?=\s*(?:$|[,;/()0-9]|[.](?:\s|$)|\b(?:JL|JLN|JALAN|GG|GANG|NO|NOMOR|RT|RW|R\.T|DESA|DS|KEL|KELURAHAN|KEC|KECAMATAN|BLOK|PERUM|KAB)\b))",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(r"^[\s,;./-]+|[\s,;/-]+$|\s{2,}")
_COMMAS = re.compile(r"\s*,\s*(?:,\s*)+")


class AddressParts(NamedTuple):
    """What an address told, and what remains of it."""

    address: str | None
    hamlet: str | None
    rt: str | None
    rw: str | None


def split_address(text: str) -> AddressParts:
    """Take hamlet, RT and RW out of an address."""
    rest = text
    rt = rw = hamlet = None
    if (match := _RT_RW.search(rest)) is not None:
        rt, rw = _unit(match.group(1)), _unit(match.group(2))
        rest = rest[: match.start()] + " , " + rest[match.end() :]
    if rw is None and (match := _RW.search(rest)) is not None:
        rw = _unit(match.group(1))
        rest = rest[: match.start()] + " , " + rest[match.end() :]
    if (match := _HAMLET.search(rest)) is not None:
        hamlet = " ".join(match.group("name").split()) or None
        rest = rest[: match.start()] + " " + rest[match.end() :]
    rest = _COMMAS.sub(", ", rest)
    previous = None
    while previous != rest:
        previous, rest = rest, _LEFT_OVER.sub(" ", rest).strip()
    return AddressParts(rest or None, hamlet, rt, rw)


def _unit(digits: str | None) -> str | None:
    return digits.zfill(3) if digits and int(digits) else None
