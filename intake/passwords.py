"""Workbooks under a password: those with Excel's default one are opened, all others refused with their reason.

Excel encrypts a workbook whose structure is protected with a password that everybody knows, and opens it without asking. What was under a
password never lies open on a disk: it is decrypted into memory that has a path.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msoffcrypto

from intake.refusals import Refused

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105 - Excel's own, published in [MS-OFFCRYPTO]
_MEMORY = Path("/dev/shm")  # noqa: S108 - only files without a name are made there
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@contextmanager
def without_password(path: Path) -> Iterator[Path]:
    """The path of a file that can be read without a password: the file's own, or while the context lasts that of its decrypted content.

    Raises Refused (`encrypted`) when the file needs a password that is not Excel's default one.
    """
    with path.open("rb") as stream:
        if stream.read(8) != _OLE or (document := _encrypted(stream)) is None:
            yield path
            return
        memory = os.memfd_create("padan")
        try:
            with os.fdopen(os.dup(memory), "wb") as opened:
                try:
                    document.load_key(password=DEFAULT_PASSWORD)
                    with _temporary_files_in_memory():
                        document.decrypt(opened)
                except MemoryError:
                    raise
                except Exception:  # noqa: BLE001 - a crafted header makes the library fail in many ways
                    raise Refused("encrypted") from None
            yield Path(f"/proc/self/fd/{memory}")
        finally:
            os.close(memory)


@contextmanager
def _temporary_files_in_memory() -> Iterator[None]:
    """The library opens an .xls by way of a temporary file without a name, which must not touch a disk either."""
    before = tempfile.tempdir
    if _MEMORY.is_dir():
        tempfile.tempdir = str(_MEMORY)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _encrypted(stream: IO[bytes]) -> msoffcrypto.format.base.BaseOfficeFile | None:
    """The document when it is encrypted; None when it is not, or is none that the library knows: the readers will say what it is."""
    stream.seek(0)
    try:
        document = msoffcrypto.OfficeFile(stream)
        return document if document.is_encrypted() else None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the readers refuse it with their own reason
        return None
