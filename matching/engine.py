"""Which engine this is: what another one learned or linked is not gone on from."""

import hashlib
from functools import cache
from pathlib import Path

_HOME = Path(__file__).resolve().parent


@cache
def engine_fingerprint() -> str:
    """Hash of all files of this package, code and word lists: an upgrade that compares otherwise must link everything anew."""
    digest = hashlib.sha256()
    for path in sorted(path for path in _HOME.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(_HOME).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
