"""A warning when a run's own estimates leave those of the last run: something in the deliveries, or in how they are read, has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SHARES = ("precision", "recall")
_FEWEST = 200  # records of a stratum below which its share of links may swing by itself
_SWING = 0.05  # change of the share of records linked automatically that is worth a look


@dataclass(frozen=True)
class Drift:
    """One figure that moved: of which stratum (``all``, or ``source=…``), which figure, from and to."""

    stratum: str
    figure: str
    before: float
    now: float

    def __str__(self) -> str:
        return f"{self.stratum}: {self.figure} went from {self.before:.4f} to {self.now:.4f}"


def drift(now: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[Drift, ...]:
    """What moved between two reports (as :meth:`LinkReport.to_dict` gives them).

    An estimate has moved when its 95 % interval and the last one's have nothing in common; a share of links when it changed by more than
    one in twenty.
    """
    last, found = _by_stratum(before), []
    for name, stratum in _by_stratum(now).items():
        if name in last:
            found += _moved(name, stratum, last[name])
    return tuple(found)


def _by_stratum(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    whole = {f"{share}{end}": report[share][key] for share in _SHARES for end, key in (("", "share"), ("_low", "low"), ("_high", "high"))}
    counts = {"records": report["counts"]["records"], "linked": report["counts"]["linked"]}
    return {"all": whole | counts} | {f"{row['stratum']}={row['value']}": row for row in report["strata"]}


def _moved(name: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Drift]:
    moved = [
        Drift(name, share, before[share], now[share])
        for share in _SHARES
        if now[f"{share}_low"] > before[f"{share}_high"] or now[f"{share}_high"] < before[f"{share}_low"]
    ]
    if min(now["records"], before["records"]) >= _FEWEST:
        shares = before["linked"] / before["records"], now["linked"] / now["records"]
        if abs(shares[1] - shares[0]) > _SWING:
            moved.append(Drift(name, "linked", *shares))
    return moved
