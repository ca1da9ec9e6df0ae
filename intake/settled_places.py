"""Where a row's house stands: village, hamlet, RT and RW, from columns of their own, from addresses, and from the sheet's title.

A column of its own outranks the address, the address outranks the title.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from intake.address_places import columns_of_address, kecamatan_of_address, village_of_address
from intake.addresses import split_address
from intake.cells.neighbourhoods import read_rt_rw
from intake.cells.parsed import NOTHING, ParsedColumn, Repaired, flagged, is_filler, parse_distinct, spread
from intake.free_addresses import FreeAddress, read_free_address
from intake.places import place_key
from intake.typed_table import TEXT_TYPE, TypedTable, TypingContext, distinct_rows, flags_of

_PLACE_COLUMNS = ("village", "kecamatan", "address_text")


def settle_places(typed: TypedTable, context: TypingContext) -> None:
    """Fill area_code, address, hamlet, rt and rw, and note which cells they came from."""
    _settle_village(typed, context)
    _settle_neighbourhood(typed)
    _settle_address_text(typed, context)
    _settle_address(typed)
    _check_regency(typed, context)


def _settle_village(typed: TypedTable, context: TypingContext) -> None:
    """The village of each row, asked for once per distinct set of cells that speak of it."""
    if "village" not in typed.originals and "address_text" not in typed.originals:
        return
    nothing = pa.nulls(typed.length, TEXT_TYPE)
    distinct, places = distinct_rows(*(typed.originals.get(name, nothing) for name in _PLACE_COLUMNS))
    outcomes = [_village_outcome(village, kecamatan, address, context) for village, kecamatan, address in distinct]
    by_column = spread(pa.array(places), [first for first, _ in outcomes], TEXT_TYPE)
    by_address = spread(pa.array(places), [second for _, second in outcomes], TEXT_TYPE)
    if "village" in typed.originals:
        code = typed.values("area_code")
        differs = flags_of(pc.not_equal(code, by_column.values))
        typed.notes["village"] = flagged(by_column, differs, "differs_from_code")
    if "address_text" in typed.originals:
        typed.notes["address_text"] = by_address
    typed.fill("area_code", pc.coalesce(by_column.values, by_address.values))


def _village_outcome(
    village: str | None, kecamatan: str | None, address: str | None, context: TypingContext
) -> tuple[Repaired[str], Repaired[str]]:
    """What the column `village` says and, where it is silent, what the address says."""
    parts = FreeAddress() if address is None else read_free_address(address)
    if village is None or is_filler(village):
        if address is not None:
            found = village_of_address(
                parts,
                context.places,
                kecamatan=kecamatan or context.title.kecamatan,
                regency=context.regency.name,
                codes=context.village_codes,
            )
            if found.value is not None or found.error is not None:
                return NOTHING, found
        village = context.title.village
    by_column = _by_column(village, kecamatan, context)
    if by_column.error == "ambiguous_village" and (stated := kecamatan_of_address(parts, context.places, context.regency.name)) is not None:
        by_column = context.places.village_code(village, stated, codes=context.village_codes)
    return by_column, NOTHING


def _by_column(village: str | None, kecamatan: str | None, context: TypingContext) -> Repaired[str]:
    """The village of a row; what its cells leave open, the title of the sheet may say.

    The title speaks for rows without a sub-district of their own, but a row may name a village elsewhere: then its name stands alone.
    """
    if kecamatan is not None and not is_filler(kecamatan):
        return context.places.village_code(village, kecamatan, codes=context.village_codes)
    by_title = context.places.village_code(village, context.title.kecamatan, codes=context.village_codes)
    if by_title.value is not None or context.title.kecamatan is None:
        return by_title
    return context.places.village_code(village, None, codes=context.village_codes)


def _settle_neighbourhood(typed: TypedTable) -> None:
    """RT and RW that stand in one cell."""
    if "rt_rw" not in typed.originals:
        return
    encoded = pc.dictionary_encode(typed.originals["rt_rw"])
    both = [read_rt_rw(text) for text in encoded.dictionary.to_pylist()]
    units = {"rt": spread(encoded.indices, [pair.rt for pair in both], TEXT_TYPE)}
    units["rw"] = spread(encoded.indices, [pair.rw for pair in both], TEXT_TYPE)
    typed.notes["rt_rw"] = units["rt"]
    for name, column in units.items():
        typed.fill(name, column.values)


def _settle_address_text(typed: TypedTable, context: TypingContext) -> None:
    """Street, hamlet, RT and RW that stand with everything else in one cell."""
    if "address_text" not in typed.originals:
        return
    distinct, places = distinct_rows(typed.originals["address_text"], typed.values("area_code"))
    found = [
        None if text is None else columns_of_address(read_free_address(text), area, context.places, context.regency.name)
        for text, area in distinct
    ]
    for name in ("address", "hamlet", "rt", "rw"):
        values = pa.array([None if columns is None else getattr(columns, name) for columns in found], TEXT_TYPE)
        typed.fill(name, values.take(pa.array(places)))


def _settle_address(typed: TypedTable) -> None:
    """Hamlet, RT and RW that stand inside the address: they leave it, and fill the columns where those are empty."""
    if "address" not in typed.parsed:
        return
    encoded = pc.dictionary_encode(typed.parsed["address"].values)
    parts = [split_address(text) for text in encoded.dictionary.to_pylist()]
    found = {
        name: pa.array([getattr(part, name) for part in parts], TEXT_TYPE).take(encoded.indices)
        for name in ("address", "hamlet", "rt", "rw")
    }
    before = typed.parsed["address"]
    rest, hamlet, recognised = _recognised_hamlets(found["address"], found["hamlet"], typed.values("area_code"))
    typed.parsed["address"] = ParsedColumn(rest, before.errors, before.rules)
    for name, values in (("hamlet", hamlet), ("rt", found["rt"]), ("rw", found["rw"])):
        typed.fill(name, values)
    if recognised is not None and "address" in typed.originals:
        # The address is gone from these rows, so their repair is noted beside the value that it became.
        rules = pc.if_else(recognised, pa.scalar("hamlet_recognised", TEXT_TYPE), pa.scalar(None, TEXT_TYPE))
        typed.notes["address"] = ParsedColumn(hamlet, None, rules)


def _recognised_hamlets(rest: pa.Array, hamlet: pa.Array, area: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array | None]:
    """`KRAJAN` alone is a hamlet where other rows of the same village say `DUSUN KRAJAN`; elsewhere it stays an address."""
    announced = pc.binary_join_element_wise(area, pc.utf8_upper(hamlet), pa.scalar("|", TEXT_TYPE)).drop_null()
    if not len(announced):
        return rest, hamlet, None
    candidates = pc.binary_join_element_wise(area, pc.utf8_upper(rest), pa.scalar("|", TEXT_TYPE))
    recognised = pc.and_(pc.is_in(candidates, value_set=pc.unique(announced), skip_nulls=True), pc.is_null(hamlet))
    if not pc.any(recognised).as_py():
        return rest, hamlet, None
    return pc.if_else(recognised, pa.scalar(None, TEXT_TYPE), rest), pc.if_else(recognised, rest, hamlet), recognised


def _check_regency(typed: TypedTable, context: TypingContext) -> None:
    """A row that names another regency is flagged; its village decides nothing here."""
    if "regency" not in typed.originals:
        return
    wanted = place_key(context.regency.name)
    codes = {context.regency.code, context.regency.code.replace(".", "")}

    def compared(text: str) -> Repaired[str]:
        same = place_key(text) == wanted or text.strip() in codes or place_key(text) == ""
        return NOTHING if same else Repaired(None, "other_regency")

    typed.notes["regency"] = parse_distinct(typed.originals["regency"], compared, TEXT_TYPE)
