"""An address that stands in one cell, in any order: street, number, RT, RW, hamlet, village and sub-district are taken apart.

`JL MAWAR NO 12 LINK. KEBALENAN 02/01 KEL. TAMAN BARU` has no column but the cell, so the words that announce a part decide. Words of
which nobody can be sure (`Ds.` is short for Desa and for Dusun, a name may stand without its word) are left to the list of villages,
in `intake.address_places`. What is not understood stays in the address, as written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA

from intake.cells.parsed import is_filler

_LONG_WORDS = ("LINGKUNGAN", "KELURAHAN", "KECAMATAN", "KABUPATEN")
_TYPING_ERRORS = 2
"""Letters wrong in one of the long announcing words before it is no longer known; Indonesian words that come as near are not known."""

_WORDS = {
    "street": r"JALAN|JLAN|JLN|JL|GANG|GG",
    "hamlet": r"DUSUN|DUSUM|DUSN|DSUN|DSN|DUS|LINGKUNGAN|LINGK|LINKG|LINK|LING|LKG",
    "hamlet_or_village": r"DS",
    "village": r"DESA\s*/\s*KELURAHAN|DESA\s*/\s*KEL|DS\s*/\s*KEL|DESA|KELURAHAN|KLRHN|KEL",
    "kecamatan": r"KECAMATAN|KCMTN|KEC",
    "regency": r"KABUPATEN\s*/\s*KOTA|KABUPATEN|KAB",
    "province": r"PROVINSI|PROPINSI|PROV",
}
_LABEL = re.compile(
    "|".join(rf"(?P<{kind}>(?<![A-Z])(?:{words})(?![A-Z]))" for kind, words in sorted(_WORDS.items(), key=lambda item: -len(item[1]))),
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(r"[\s.:]*")
_END_OF_NAME = re.compile(r"[,;/()0-9\n|]|\s[-\u2013]\s|\.(?=\s|$)")
_UNIT = r"(?=[0-9O]*[0-9])[0-9O]{1,3}(?![0-9])|(?:IX|IV|V?I{1,3}|VI{0,3}|X)(?![A-Z])"
_GAP = r"[\s.,:;/\\|\-]*"
_RT, _RW = r"(?<![A-Z])R\.?\s?T(?![A-Z])\.?", r"(?<![A-Z])R\.?\s?W(?![A-Z])\.?"
_BOTH = re.compile(rf"{_RT}\s*[/\\.\-,&]?\s*{_RW}{_GAP}(?P<rt>{_UNIT}){_GAP}(?P<rw>{_UNIT})", re.IGNORECASE)
_RT_SLASH_RW = re.compile(rf"{_RT}{_GAP}(?P<rt>{_UNIT})\s*[/\\\-]\s*(?P<rw>{_UNIT})", re.IGNORECASE)
_RT_ALONE, _RW_ALONE = (re.compile(rf"{word}{_GAP}(?P<unit>{_UNIT})", re.IGNORECASE) for word in (_RT, _RW))
_BARE = re.compile(r"(?<![0-9A-Z/.\-])(?P<rt>[0-9]{1,3})\s*/\s*(?P<rw>[0-9]{1,3})(?![0-9/]|\s*[A-Z]{0,2}[0-9])", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![A-Z])(?:NOMOR|NOMER|NO)(?![A-Z])[\s.:]*(?P<number>[0-9]+(?:\s?[A-Z](?![A-Z0-9]))?(?:\s*[/\-]\s*[0-9]+(?:[A-Z](?![A-Z0-9]))?)?)",
    re.IGNORECASE,
)
_POSTAL_CODE = re.compile(r"(?<![A-Z0-9])(?:KODE\s*POS[\s.:]*)?[0-9]{5}(?![0-9A-Z])", re.IGNORECASE)
_AS_UNITS = re.compile(r"0[0-9]|[0-9]+\s*/\s*0[0-9]")
_STREET = re.compile(rf"(?<![A-Z])(?:{_WORDS['street']})(?![A-Z])", re.IGNORECASE)
_SHOWS_A_PART = re.compile(r"(?:BLOK|BLK|KM|KAV)[\s.]*$", re.IGNORECASE)
_HOLE = "\x00"
"""Stands where a part was taken out, so that its neighbours do not become one name."""
_TIDY_ENDS = re.compile(r"^[\s,;:./\\|-]+|[\s,;:/\\|-]+$")
_ROMAN = {text: str(number) for number, text in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), start=1)}


class FreeAddress(NamedTuple):
    """The announced parts of an address, as written (RT and RW as three digits).

    `street` keeps the word that announces it; `villages` holds all names after Desa or Kelurahan; `unsure` the names after `Ds.`;
    `unannounced` what stands between commas alone.
    """

    street: str | None = None
    number: str | None = None
    rt: str | None = None
    rw: str | None = None
    hamlet: str | None = None
    villages: tuple[str, ...] = ()
    kecamatan: str | None = None
    regency: str | None = None
    unsure: tuple[str, ...] = ()
    unannounced: tuple[str, ...] = ()


def read_free_address(text: str) -> FreeAddress:
    """Take an address apart. Never raises; parts that are not announced are None."""
    plain = _announcing_words_mended(" ".join(unicodedata.normalize("NFKC", text).replace("\n", ", ").split()).strip(" '`"))
    if is_filler(plain):
        return FreeAddress()
    number, plain = _number(_POSTAL_CODE.sub(f" {_HOLE} ", plain))
    rt, rw, plain = _units(plain)
    names: dict[str, list[str]] = {}
    loose: list[str] = []
    for kind, name in _parts(plain):
        if kind is None:
            loose.append(name)
        else:
            names.setdefault(kind, []).append(name)
    return FreeAddress(
        street=" ".join(names.get("street", [])) or None,
        number=number,
        rt=rt,
        rw=rw,
        hamlet=_only(names.get("hamlet", [])),
        villages=tuple(names.get("village", [])),
        kecamatan=_only(names.get("kecamatan", [])),
        regency=_only(names.get("regency", [])),
        unsure=tuple(names.get("hamlet_or_village", [])),
        unannounced=tuple(loose),
    )


def _announcing_words_mended(text: str) -> str:
    words = text.split(" ")
    for place, word in enumerate(words):
        bare = word.strip(".,:;").upper()
        if len(bare) < 7:
            continue
        near = [long for long in _LONG_WORDS if 0 < OSA.distance(bare, long, score_cutoff=_TYPING_ERRORS) <= _TYPING_ERRORS]
        if len(near) == 1:
            words[place] = word.upper().replace(bare, near[0])
    return " ".join(words)


def _number(text: str) -> tuple[str | None, str]:
    match = _NUMBER.search(text)
    if match is None:
        return None, text
    return " ".join(match.group("number").split()), text[: match.start()] + f" {_HOLE} " + text[match.end() :]


def _units(text: str) -> tuple[str | None, str | None, str]:
    """RT and RW as three digits, and the text without them."""
    for pattern in (_BOTH, _RT_SLASH_RW):
        if (match := pattern.search(text)) is not None:
            return _unit(match.group("rt")), _unit(match.group("rw")), _without(text, match)
    units: dict[str, str | None] = {"rt": None, "rw": None}
    announced = False
    for name, pattern in (("rt", _RT_ALONE), ("rw", _RW_ALONE)):
        if (match := pattern.search(text)) is not None:
            announced = True
            units[name] = _unit(match.group("unit"))
            text = _without(text, match)
    if not announced:
        bare = [match for match in _BARE.finditer(text) if not _SHOWS_A_PART.search(text[: match.start()])]
        # `JALAN A. YANI N. 5/7` is a house whose `NO` was mistyped: beside a street only digits written as RT and RW are (`02/01`) count.
        if len(bare) == 1 and (_AS_UNITS.match(bare[0].group()) or not _STREET.search(text)):
            return _unit(bare[0].group("rt")), _unit(bare[0].group("rw")), _without(text, bare[0])
    return units["rt"], units["rw"], text


def _unit(written: str) -> str | None:
    digits = _ROMAN.get(written.upper()) or written.upper().replace("O", "0")
    return digits.zfill(3)[-3:] if int(digits) else None


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + f" {_HOLE} " + text[match.end() :]


def _parts(text: str) -> Iterator[tuple[str | None, str]]:
    """Each part with the kind that its word announces, None for what stands between commas without one."""
    labels = list(_LABEL.finditer(text))
    begin = 0
    for place, label in enumerate(labels):
        yield from ((None, name) for name in _loose(text[begin : label.start()]))
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        rest = text[label.end() : end]
        start = _AFTER_LABEL.match(rest)
        assert start is not None  # it matches the empty text too
        kind = label.lastgroup
        stop = rest.find(_HOLE, start.end()) if kind == "street" else _end_of_name(rest, start.end())
        stop = len(rest) if stop < 0 else stop
        if name := _tidied(rest[start.end() : stop]):
            yield kind, f"{label.group()}{start.group().rstrip()} {name}" if kind == "street" else name
        yield from ((None, name) for name in _loose(rest[stop:]))
        begin = end
    yield from ((None, name) for name in _loose(text[begin:]))


def _end_of_name(text: str, begin: int) -> int:
    ends = [found for found in (text.find(_HOLE, begin),) if found >= 0]
    if (match := _END_OF_NAME.search(text, begin)) is not None:
        ends.append(match.start())
    return min(ends, default=len(text))


def _loose(text: str) -> list[str]:
    return [name for piece in re.split(rf"[,;{_HOLE}]", text) if (name := _tidied(piece))]


def _tidied(text: str) -> str:
    previous = None
    while previous != text:
        previous, text = text, _TIDY_ENDS.sub("", text)
    return text


def _only(names: list[str]) -> str | None:
    """The one name that was announced; several that differ are not one."""
    distinct = {name.upper(): name for name in names}
    return next(iter(distinct.values())) if len(distinct) == 1 else None
