"""Train rarely: when a model that was learned before still fits what is to be linked, and when it must be learned anew.

A model is learned anew where the engine, the specification or the right table is another one, where a kind of list comes that it has
not seen (what such a list leaves out, and how many of its people are in no right row, is part of the model), and where there are half as
many records again as it was learned from, or a third of them are gone. Anything less is linked with the model that is there, so that one
changed delivery costs one delivery. All of this follows from the tables alone: running twice on the same ones trains once.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from matching.contents import table_fingerprint
from matching.engine import engine_fingerprint
from matching.ordering import content_order
from matching.snapshot import right_columns
from matching.spec import LinkSpec
from matching.standardise.distinct import arrow_text, encode
from matching.tables import Source, Table

_MORE = 1.5  # so many times the records, or so many times fewer, change which mistakes are common


@dataclass(frozen=True)
class Basis:
    """What a model was learned from: fingerprints of engine, specification and right table, and records per list.

    ``*`` stands for the list where there is but one.
    """

    engine: str
    spec: str
    right: str
    records: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, to be stored beside the model."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        """Read what :meth:`to_dict` gave. Raises KeyError, TypeError where it is something else."""
        return cls(
            str(content["engine"]),
            str(content["spec"]),
            str(content["right"]),
            {str(name): int(count) for name, count in content["records"].items()},
        )


def basis_of(left: Table, right: Table, spec: LinkSpec) -> Basis:
    """Fingerprint of these tables under this specification; the order of rows does not matter."""
    lists, residents = Source(left, "left"), Source(right, "right")
    residents.need(spec.right_id, "its id")
    group = spec.lists_person_once
    if group is None or group not in lists:
        records = {"*": lists.rows}
    else:
        codes, names = encode(arrow_text(lists.column(group)))
        records = dict(zip(names.to_pylist(), np.bincount(codes[codes >= 0], minlength=len(names)).tolist(), strict=True))
    return Basis(
        engine_fingerprint(),
        hashlib.sha256(spec.to_yaml().encode()).hexdigest(),
        table_fingerprint(residents, right_columns(spec), content_order(residents, spec.right_id, ())),
        dict(sorted(records.items())),
    )


def why_train(now: Basis, before: Basis | None) -> str | None:
    """Reason to learn the model anew: first, engine, specification, right_table, new_list, size; ``None`` where the old one serves."""
    if before is None:
        return "first"
    if now.engine != before.engine:
        return "engine"
    if now.spec != before.spec:
        return "specification"
    if now.right != before.right:
        return "right_table"
    if any(count and not before.records.get(name) for name, count in now.records.items()):
        return "new_list"
    sizes = sum(now.records.values()), sum(before.records.values())
    return "size" if max(sizes) > _MORE * max(min(sizes), 1) else None
