"""Fingerprints of everything that decides how a file is read, besides the file: contract, places, key, and the program itself.

Two runs with the same fingerprint read a file the same way; a kept result of another fingerprint is not used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

_PACKAGES = ("intake", "schemas", "matching")
"""Ours that take part in reading: intake, what it knows, and the standardisation of names that it shares with matching."""
_LIBRARIES = ("msoffcrypto-tool", "numpy", "olefile", "openpyxl", "pandas", "pyarrow", "python-calamine", "rapidfuzz", "xlrd")
_FILES = ("*.py", "*.yaml", "*.csv")
_ROOT = Path(__file__).resolve().parent.parent


@cache
def code_fingerprint(packages: tuple[str, ...] = (), libraries: tuple[str, ...] = ()) -> str:
    """Of the program: the source of our packages and the versions of the libraries that read. The package's own version would say less.

    `packages` and `libraries` are those that take part beyond reading.
    """
    digest = hashlib.sha256()
    for name in (*_LIBRARIES, *libraries):
        digest.update(f"{name} {version(name)}\n".encode())
    for package in (*_PACKAGES, *packages):
        for path in sorted(path for pattern in _FILES for path in (_ROOT / package).rglob(pattern)):
            digest.update(f"{path.relative_to(_ROOT).as_posix()} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def fingerprint(*values: object) -> str:
    """Of plain data and of objects made of it, whatever their order in sets and mappings. Raises TypeError for anything else."""
    digest = hashlib.sha256()
    for part in _parts(values):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield b"bytes"
        yield value
    elif value is None or isinstance(value, str | int | float | bool | Path) or hasattr(value, "isoformat"):
        yield type(value).__name__.encode()
        yield str(value).encode()
    elif isinstance(value, BaseModel):
        yield type(value).__name__.encode()
        yield value.model_dump_json().encode()
    elif isinstance(value, Mapping):
        yield f"mapping {len(value)}".encode()
        for key, content in sorted((fingerprint(key), fingerprint(content)) for key, content in value.items()):
            yield f"{key} {content}".encode()
    elif isinstance(value, Set):
        yield f"set {len(value)}".encode()
        yield from sorted(fingerprint(item).encode() for item in value)
    elif isinstance(value, Sequence):
        yield f"sequence {len(value)}".encode()
        for item in value:
            yield from _parts(item)
    elif hasattr(value, "__dict__"):
        yield type(value).__qualname__.encode()
        yield from _parts(vars(value))
    else:
        raise TypeError(f"a {type(value).__name__} has no fingerprint")
