"""Damage done to the bytes of real files, by chance but repeatably: what fuzzing gives to the readers of workbooks and text."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

INTERESTING = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65535",
    b"65536",
    b"1048576",
    b"1048577",
    b"16384",
    b"4294967295",
    b"9" * 20,
    b"1E+308",
    b"NaN",
    b"",
)
"""Numbers at which counters and limits of spreadsheets turn."""
_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]{1,200}>")
_LARGEST_COPY = 4096


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The file with one to five pieces of damage; a zip mostly inside its members, with sums that are right again."""
    if content[:2] == b"PK" and chance.random() < 0.85:
        return _with_mutated_members(content, chance)
    return _damaged(content, chance)


def _damaged(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        content = chance.choice(_DAMAGES)(content, chance)
    return content


def _with_mutated_members(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    # Sheets, strings and the directory of sheets are what readers spend their trust on.
    weights = [4 if re.search("sheet|content|workbook|shared", name, re.IGNORECASE) else 1 for name, _ in members]
    (chosen,) = chance.choices(range(len(members)), weights)
    change = chance.random()
    if change < 0.05:
        members.pop(chosen)
    elif change < 0.08:
        members[chosen] = (members[chosen][0] + "x", members[chosen][1])
    elif change < 0.11:
        members.append((members[chosen][0], members[chance.randrange(len(members))][1]))
    else:
        members[chosen] = (members[chosen][0], _damaged(members[chosen][1], chance))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in members:
            archive.writestr(zipfile.ZipInfo(name), part)
    return buffer.getvalue()


def _bits_flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 4, 16))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _bytes_replaced(content: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return content[:start] + chance.randbytes(chance.choice((0, end - start, 1, 4))) + content[end:]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _left_out(content: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return content[:start] + content[end:]


def _repeated(content: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 2, 50)) + content[end:]


def _moved(content: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    place = chance.randrange(len(content) + 1)
    return content[:place] + content[start:end] + content[place:]


def _number_changed(content: bytes, chance: random.Random) -> bytes:
    return _one_replaced(content, _NUMBER, lambda _: chance.choice(INTERESTING), chance)


def _tag_changed(content: bytes, chance: random.Random) -> bytes:
    ways: tuple[Callable[[bytes], bytes], ...] = (
        lambda _: b"",
        lambda tag: tag + tag,
        lambda tag: b"</" + tag[1:],
        lambda tag: tag[:-1] + b"/>",
        lambda tag: tag.upper(),
        lambda tag: tag.replace(b'"', b"'"),
        lambda tag: b"<x:" + tag[1:],
        lambda tag: b"<!--" + tag,
        lambda tag: b"<![CDATA[" + tag + b"]]>",
    )
    return _one_replaced(content, _TAG, chance.choice(ways), chance)


def _one_replaced(content: bytes, pattern: re.Pattern[bytes], change: Callable[[bytes], bytes], chance: random.Random) -> bytes:
    found = pattern.search(content, chance.randrange(len(content) + 1)) or pattern.search(content)
    return content if found is None else content[: found.start()] + change(found.group()) + content[found.end() :]


def _stretch(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 2, 8, 64, 512, _LARGEST_COPY)))


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _bits_flipped,
    _bytes_replaced,
    _cut,
    _left_out,
    _repeated,
    _moved,
    _number_changed,
    _number_changed,
    _tag_changed,
    _tag_changed,
)
