"""Latitude and longitude of a row, from one cell or from two, settled together: only both in the regency make a position."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.parsed import NOTHING, Repaired, spread
from intake.cells.positions import Position, read_coordinate, read_position, settled
from intake.typed_table import TEXT_TYPE, TypedTable, TypingContext, distinct_rows
from schemas.areas import Regency


def settle_position(typed: TypedTable, context: TypingContext) -> None:
    """Fill latitude and longitude from the column `position`, else from their own two columns."""
    if "position" in typed.originals:
        encoded = pc.dictionary_encode(typed.originals["position"])
        outcomes = [read_position(text, context.regency) for text in encoded.dictionary.to_pylist()]
        latitude = spread(encoded.indices, [_latitude(outcome) for outcome in outcomes], pa.float64())
        typed.notes["position"] = latitude
        typed.fill("latitude", latitude.values)
        typed.fill("longitude", spread(encoded.indices, [_longitude(outcome) for outcome in outcomes], pa.float64()).values)
    elif "latitude" in typed.originals or "longitude" in typed.originals:
        nothing = pa.nulls(typed.length, TEXT_TYPE)
        pairs, places = distinct_rows(typed.originals.get("latitude", nothing), typed.originals.get("longitude", nothing))
        both = [read_pair(first, second, context.regency) for first, second in pairs]
        for name, side in (("latitude", 0), ("longitude", 1)):
            if name in typed.originals:
                typed.parsed[name] = spread(pa.array(places), [pair[side] for pair in both], pa.float64())


def read_pair(first: str | None, second: str | None, regency: Regency) -> tuple[Repaired[float], Repaired[float]]:
    """The two cells of a position, each with what was done to it or what is wrong with it."""
    latitude = NOTHING if first is None else read_coordinate(first, regency, latitude=True)
    longitude = NOTHING if second is None else read_coordinate(second, regency, latitude=False)
    if latitude.value is None or longitude.value is None:
        half = (latitude.value is None) != (longitude.value is None)
        return tuple(
            Repaired(None, cell.error or ("half_a_position" if half and partner.value is None else None))
            for cell, partner in ((latitude, longitude), (longitude, latitude))
        )  # type: ignore[return-value]
    position = settled(latitude.value, longitude.value, None, regency)
    if position.value is None:
        return Repaired(None, position.error), Repaired(None, position.error)
    steps = position.rule.split("+") if position.rule else []
    swapped = ["swapped"] if "swapped" in steps else []
    own = (latitude.rule, longitude.rule) if not swapped else (longitude.rule, latitude.rule)
    return (
        Repaired(position.value.latitude, None, _joined(own[0], *steps)),
        Repaired(position.value.longitude, None, _joined(own[1], *swapped)),
    )


def _joined(*rules: str | None) -> str | None:
    return "+".join(rule for rule in rules if rule) or None


def _latitude(outcome: Repaired[Position]) -> Repaired[float]:
    return Repaired(None, outcome.error) if outcome.value is None else Repaired(outcome.value.latitude, None, outcome.rule)


def _longitude(outcome: Repaired[Position]) -> Repaired[float]:
    return NOTHING if outcome.value is None else Repaired(outcome.value.longitude)
