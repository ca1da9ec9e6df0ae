"""The store of deliveries: what offices once handed in, kept as it came, with a receipt for each file.

Contents lie under their own SHA-256, so that the same file twice is kept once and none can be changed unseen. Beside them lies the book
of receipts: small files that are only ever added, each saying who received, took out, withdrew or restored what, when and why. What is
in force follows from the book; nothing is overwritten, and two runs at once cannot spoil it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from intake.inbox import deliveries_frame, delivery_day, find_deliveries
from schemas.contracts import SourceContract

WHOLE_DELIVERY = ""
"""The file of a receipt that speaks of a delivery as a whole."""
_BLOCK = 1 << 20

ReceiptKind = Literal["received", "taken_out", "withdrawn", "restored"]


@dataclass(frozen=True)
class Receipt:
    """One line of the book: what happened to a file of a delivery, or (`file` empty) to a delivery; when (UTC), by whom, why."""

    kind: ReceiptKind
    delivery_id: str
    source: str
    file: str
    at: str
    by: str
    sha256: str | None = None
    bytes: int | None = None
    reason: str | None = None


Book = Mapping[tuple[str, str], Sequence[Receipt]]
"""The receipts of each (delivery_id, file), oldest first."""


class DeliveryStore:
    """The folder `<home>/deliveries`: contents as `<first two of sha256>/<sha256>` (0600 in 0700), the book in `receipts/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_home(cls, home: Path) -> DeliveryStore:
        """The store of a home."""
        return cls(home / "deliveries")

    def path_of(self, sha256: str) -> Path:
        """Where the content with this hash lies."""
        return self.folder / sha256[:2] / sha256

    def keep(self, path: Path, sha256: str) -> str:
        """Keep a copy of a file that had this hash when it was listed; returns the hash of what was really copied.

        A copy, not a hard link: the office's own file can be written to at any time.
        """
        if self.path_of(sha256).exists():
            return sha256
        private_folder(self.folder)
        unfinished = self.folder / f".{uuid.uuid4().hex}.part"
        digest = hashlib.sha256()
        try:
            with path.open("rb") as source, _new_private_file(unfinished) as target:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            kept = self.path_of(digest.hexdigest())
            private_folder(kept.parent)
            unfinished.replace(kept)
            _sync_folder(kept.parent)
        finally:
            unfinished.unlink(missing_ok=True)
        return digest.hexdigest()

    def book(self) -> dict[tuple[str, str], list[Receipt]]:
        """All receipts."""
        book: dict[tuple[str, str], list[Receipt]] = {}
        for path in sorted((self.folder / "receipts").glob("*/[0-9]*.json")):
            receipt = Receipt(**json.loads(path.read_text(encoding="utf-8")))
            book.setdefault((receipt.delivery_id, receipt.file), []).append(receipt)
        return book

    def note(self, receipt: Receipt) -> bool:
        """Add a receipt, unless the last one of its delivery and file already says the same; returns whether it was added."""
        # The name is a hash: a file's own name may hold a person's.
        name = hashlib.sha256(f"{receipt.delivery_id}\n{receipt.file}".encode()).hexdigest()[:32]
        folder = self.folder / "receipts" / name
        private_folder(folder)
        while True:
            noted = sorted(folder.glob("[0-9]*.json"))
            if noted and _same(Receipt(**json.loads(noted[-1].read_text(encoding="utf-8"))), receipt):
                return False
            if write_once(folder / f"{len(noted) + 1:06d}.json", dataclasses.asdict(receipt)):
                return True


def _same(last: Receipt, receipt: Receipt) -> bool:
    return (last.kind, last.sha256) == (receipt.kind, receipt.sha256)


def write_once(path: Path, content: Any) -> bool:
    """Write a JSON file that must not exist yet, whole and on disk before it has its name; False when another was first."""
    unfinished = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with _new_private_file(unfinished) as stream:
            stream.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter, and those above it that are missing (`parents=True` would follow the umask)."""
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _new_private_file(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def receive(inbox: Path, store: DeliveryStore, contracts: Mapping[str, SourceContract], *, by: str, at: dt.datetime) -> pd.DataFrame:
    """Take the inbox into the store and list all deliveries in force, as `find_deliveries` does, with paths into the store.

    What was received stays, also when the office clears its folder. Only where a delivery replaces the whole source, a folder that
    still holds files is the delivery: a file that the office took out of it, or renamed, would count its people twice.
    """
    lying = find_deliveries(inbox, contracts)
    book = store.book()
    moment = at.isoformat(timespec="seconds")
    for facts in lying.to_dict("records"):
        sha256 = store.keep(Path(facts["path"]), facts["sha256"])
        size = store.path_of(sha256).stat().st_size
        receipt = Receipt("received", facts["delivery_id"], facts["source"], facts["file"], moment, by, sha256, size)
        last = book.get((receipt.delivery_id, receipt.file))
        if last is None or not _same(last[-1], receipt):
            store.note(receipt)
    for receipt in _taken_out(lying, book, contracts, moment, by):
        store.note(receipt)
    return in_force(store, contracts)


def _taken_out(lying: pd.DataFrame, book: Book, contracts: Mapping[str, SourceContract], moment: str, by: str) -> Iterator[Receipt]:
    there = set(zip(lying["delivery_id"], lying["file"], strict=True))
    folders = set(lying["delivery_id"])
    for (delivery_id, file), receipts in book.items():
        source = receipts[-1].source
        if receipts[-1].kind != "received" or delivery_id not in folders or (delivery_id, file) in there:
            continue
        if contracts[source].replaces == "source":
            yield Receipt("taken_out", delivery_id, source, file, moment, by)


def in_force(store: DeliveryStore, contracts: Mapping[str, SourceContract]) -> pd.DataFrame:
    """The files that may speak: received last, of a delivery that is not withdrawn, of a source that has a contract."""
    book = store.book()
    withdrawn = withdrawn_deliveries(book)
    rows = []
    for (delivery_id, file), receipts in book.items():
        last = receipts[-1]
        if last.kind != "received" or last.sha256 is None or delivery_id in withdrawn or last.source not in contracts:
            continue
        day, ordinal = delivery_day(delivery_id)
        rows.append(
            {
                "delivery_id": delivery_id,
                "source": last.source,
                "delivered_on": pd.NaT if day is None else pd.Timestamp(day),
                "ordinal": ordinal,
                "file": file,
                "path": str(store.path_of(last.sha256)),
                "sha256": last.sha256,
                "bytes": last.bytes,
            }
        )
    return deliveries_frame(rows)


def withdrawn_deliveries(book: Book) -> dict[str, Receipt]:
    """The deliveries that are withdrawn, each with the receipt that says by whom and why."""
    return {
        delivery_id: receipts[-1]
        for (delivery_id, file), receipts in book.items()
        if file == WHOLE_DELIVERY and receipts[-1].kind == "withdrawn"
    }


def withdraw(store: DeliveryStore, delivery_id: str, *, by: str, at: dt.datetime, reason: str | None) -> bool:
    """A delivery does not speak from the next run on. False when it is withdrawn already. Raises KeyError when there is none."""
    return _of_whole(store, "withdrawn", delivery_id, by, at, reason)


def restore(store: DeliveryStore, delivery_id: str, *, by: str, at: dt.datetime) -> bool:
    """A withdrawn delivery speaks again. False when it is not withdrawn. Raises KeyError when there is no such delivery."""
    if delivery_id not in withdrawn_deliveries(store.book()):
        known_source(store.book(), delivery_id)
        return False
    return _of_whole(store, "restored", delivery_id, by, at, None)


def _of_whole(store: DeliveryStore, kind: ReceiptKind, delivery_id: str, by: str, at: dt.datetime, reason: str | None) -> bool:
    source = known_source(store.book(), delivery_id)
    return store.note(Receipt(kind, delivery_id, source, WHOLE_DELIVERY, at.isoformat(timespec="seconds"), by, reason=reason))


def known_source(book: Book, delivery_id: str) -> str:
    """The source of a delivery. Raises KeyError when there is no such delivery."""
    for (known, _), receipts in book.items():
        if known == delivery_id:
            return receipts[-1].source
    raise KeyError(delivery_id)
