"""Working ahead: the next piece is made on another core while the database takes this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")


def made_ahead(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces in the same order, each made while the one before it is used; one at a time, so that memory stays small.

    Making a piece helps only as far as it works without Python's lock, as Arrow and numpy do. An error in it is raised where the
    piece would have come.
    """
    making = iter(pieces)
    end = object()
    with ThreadPoolExecutor(1) as other_core:
        waiting = other_core.submit(next, making, end)
        while (piece := waiting.result()) is not end:
            waiting = other_core.submit(next, making, end)
            yield piece  # type: ignore[misc]
