"""Review workbooks in a folder: one per sub-district, without ever writing over one that somebody has begun to fill in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from publishing.review_binding import Hashing
from publishing.review_cases import NO_KECAMATAN, ReviewQueue
from publishing.review_workbook import Look, write_review_workbook

_WRITTEN = ".written.json"
"""Beside the workbooks: the SHA-256 of each as it was written, by which one that nobody has touched is known."""
_DIGEST_LENGTH = 6


@dataclass(frozen=True)
class Exported:
    """The workbooks that hold today's cases, how many cases and candidates, and how many untouched old ones were removed."""

    paths: Sequence[Path]
    cases: int
    candidates: int
    removed: int


def export_queue(queue: ReviewQueue, areas: pd.DataFrame, folder: Path, look: Look, hashed: Hashing) -> Exported:
    """Write one workbook per sub-district with cases. areas: area_code, name.

    A workbook's name carries a digest of its cases: while they stay, the file of that name stays as it is, filled in or not. Old ones
    are removed only where nobody has touched them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    names = dict(zip(areas["area_code"].astype(str), areas["name"].astype(str), strict=True))
    look = replace(look, villages=names)
    paths, judged = [], 0
    for code in sorted(queue.cases["kecamatan"].unique()):
        part = queue.of_kecamatan(code)
        place = names.get(code, code) if code != NO_KECAMATAN else look.language.text("review.no_kecamatan")
        paths.append(_write_once(folder, look.language.text("review.file.cases"), place, part, look, hashed))
        judged += len(part.candidates)
    return Exported(paths, len(queue.cases), judged, _remove_untouched(folder, paths))


def export_sample(queue: ReviewQueue, areas: pd.DataFrame, folder: Path, look: Look, hashed: Hashing) -> Path:
    """Write the workbook of a sample of links: always blind, one for the regency."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    look = replace(
        look, kind="sample", blind=True, villages=dict(zip(areas["area_code"].astype(str), areas["name"].astype(str), strict=True))
    )
    return _write_once(folder, look.language.text("review.file.sample"), "", queue, look, hashed)


def _write_once(folder: Path, kind: str, place: str, queue: ReviewQueue, look: Look, hashed: Hashing) -> Path:
    slug = re.sub(r"[^a-z0-9]+", "_", place.casefold()).strip("_")
    path = folder / f"{'_'.join(part for part in (kind, slug, _digest(queue, look)) if part)}.xlsx"
    if not path.exists():
        write_review_workbook(path, queue, place, look, hashed)
        written = _written(folder) | {path.name: _sha256(path)}
        _keep_written(folder, written)
    return path


def _digest(queue: ReviewQueue, look: Look) -> str:
    """Of all that the workbook shows and binds, as six hexadecimal digits."""
    text = "\n".join([look.language.code, str(look.blind), queue.cases.to_csv(index=False), queue.candidates.to_csv(index=False)])
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


def _remove_untouched(folder: Path, current: Sequence[Path]) -> int:
    """Remove earlier workbooks of cases that nobody changed since they were written; samples stay."""
    written, keep, removed = _written(folder), {path.name for path in current}, 0
    for name, sha256 in sorted(written.items()):
        path = folder / name
        if name in keep or not path.exists() or _sha256(path) != sha256 or name.startswith(("sampel", "sample")):
            continue
        path.unlink()
        removed += 1
    _keep_written(folder, {name: sha256 for name, sha256 in written.items() if (folder / name).exists()})
    return removed


def _written(folder: Path) -> dict[str, str]:
    path = folder / _WRITTEN
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _keep_written(folder: Path, written: dict[str, str]) -> None:
    path = folder / _WRITTEN
    unfinished = path.with_name(f"{_WRITTEN}.part")
    unfinished.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.chmod(0o600)
    unfinished.replace(path)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
