"""Great Expectations suites, generated from our expectations, and their results, brought back into our form.

Each expectation becomes one of GX's own: the suite speaks of the real columns, so that anybody who knows GX can read and run
it. GX gets only what it needs to judge (`gx_frame`): the judged columns, and where only presence or equality matters, not even
their values. Measured with GX 1.24: regular expressions run on Python strings (1.2 s for 1.8 million), nullable integers are
compared one by one, an error of one check makes GX compute all others again, and the frame is hashed at each `validate`. So: compact
types, no column that is not there, one `validate` per table. 1.8 million register rows with 50 expectations take 11 s, of which 4 s
make the frame; all four tables of a regency (2.4 million rows, 253 expectations) 17 s; `schemas.expectations.evaluate` 4.5 s.

Importing GX takes 2-6 s, so it is imported inside the functions, and nowhere else in the project.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from schemas.expectations_base import ArrowColumns, ExpectationBase, ExpectationResult, RowExpectation, Severity
from schemas.expectations_filled import ColumnFilled
from schemas.expectations_kinds import (
    ColumnsPresent,
    DatesBetween,
    ErrorShareAtMost,
    RowCountBetween,
    ValuesBetween,
    ValuesInCodeList,
    ValuesMatch,
    ValuesUnique,
)

if TYPE_CHECKING:
    import great_expectations as gx

RESULT_FORMAT: dict[str, object] = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}
"""Counts only: GX's other formats, and its defaults, carry the offending values."""

_GX_SEVERITY: dict[Severity, str] = {"row": "info", "warn": "warning", "delivery": "critical", "publication": "critical"}
_PRESENT = "present"


class ExpectationEngineError(RuntimeError):
    """GX could not evaluate an expectation; its own message is withheld, because it may hold values."""


def to_gx_suite(expectations: Iterable[ExpectationBase], name: str, as_of: dt.date) -> gx.ExpectationSuite:
    """A GX suite with one expectation for each of ours, for a frame made by `gx_frame`. `meta` holds our name, severity, reason."""
    great_expectations = great_expectations_package()
    suite = [_gx_expectation(expectation.on(as_of), position) for position, expectation in enumerate(expectations)]
    made: gx.ExpectationSuite = great_expectations.ExpectationSuite(name=name, expectations=suite, meta={"as_of": as_of.isoformat()})
    return made


def validate_with_gx(
    frame: pd.DataFrame, expectations: Sequence[ExpectationBase], as_of: dt.date, name: str = "expectations"
) -> list[ExpectationResult]:
    """The same results as `schemas.expectations.evaluate`, found by Great Expectations in one `validate`.

    Raises ExpectationEngineError, naming the expectation, when GX fails for another reason than a column that is not there.
    """
    # What lacks its column is decided here: in GX it is an exception, after which it computes everything else again, three times.
    # A table without rows, as of an office that delivered nothing, has no cell for GX to look at, and it takes 20 ms to say so of each.
    judged = [expectation for expectation in expectations if not frame.empty and not _lacks_column(expectation, frame)]
    found = dict(zip(map(id, judged), _run_gx(frame, judged, as_of, name), strict=True)) if judged else {}
    columns = ArrowColumns(frame)
    return [found[id(one)] if id(one) in found else one.on(as_of).judge(columns) for one in expectations]


def _lacks_column(expectation: ExpectationBase, frame: pd.DataFrame) -> bool:
    return isinstance(expectation, RowExpectation) and expectation.reads not in frame


def _run_gx(frame: pd.DataFrame, expectations: Sequence[ExpectationBase], as_of: dt.date, name: str) -> list[ExpectationResult]:
    gx = great_expectations_package()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    table = context.data_sources.add_pandas("padan").add_dataframe_asset(name).add_batch_definition_whole_dataframe("whole")
    suite = context.suites.add(to_gx_suite(expectations, name, as_of))
    # A validation definition, because Batch.validate builds the batch a second time and hashes the whole frame again.
    validation = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=table, suite=suite))
    try:
        outcome = validation.run(batch_parameters={"dataframe": gx_frame(frame, expectations)}, result_format=RESULT_FORMAT)
    finally:
        context.data_sources.delete("padan")  # GX remembers its last context, and with it the frame
    by_position = {result.expectation_config.meta["position"]: result for result in outcome.results}
    return [_our_result(expectation, by_position[position]) for position, expectation in enumerate(expectations)]


def gx_frame(frame: pd.DataFrame, expectations: Iterable[ExpectationBase]) -> pd.DataFrame:
    """The frame that the generated suite judges: the columns that expectations speak of, in types that GX reads fast.

    Text whose values matter becomes categorical, text whose equality matters becomes numbers, everything else that must only be
    filled becomes a mark; nullable numbers become floats; each error share, and each column that may be lacking, gets a column of its
    own that says of each row whether it fits.
    """
    columns = ArrowColumns(frame)
    kinds: dict[str, set[type[ExpectationBase]]] = {}
    verdicts: dict[str, Any] = {}
    for expectation in expectations:
        if _is_judged_before(expectation):
            if expectation.reads in frame:
                verdicts[expectation.name] = expectation.verdicts(columns).to_numpy(zero_copy_only=False)
        else:
            for column in expectation.needs:
                kinds.setdefault(column, set()).add(type(expectation))
    compact = {column: _compact(columns, column, wanted) for column, wanted in kinds.items() if column in frame}
    return _OneColumnWhenFiltered(compact | verdicts, index=pd.RangeIndex(len(frame)))


class _OneColumnWhenFiltered(pd.DataFrame):
    """A frame that, filtered by which cells of one of its columns are filled, keeps that column only.

    GX 1.24 writes `frame[frame[column].notnull()][column]` twice for each of its checks, which copies all other columns for
    nothing: 8.7 s instead of 4.1 s for 400,000 rows of DTSEN (122 expectations).
    """

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, pd.Series) and key.dtype == bool and key.name in self.columns:
            column = pd.DataFrame.__getitem__(self, key.name)
            return (column if key.all() else column[key]).to_frame()
        return pd.DataFrame.__getitem__(self, key)


def _compact(columns: ArrowColumns, column: str, wanted: set[type[ExpectationBase]]) -> Any:
    series = columns.frame[column]
    if wanted <= {ColumnFilled, ColumnsPresent}:
        return pd.Categorical.from_codes(np.where(series.notna(), 0, -1).astype(np.int8), categories=pd.Index([_PRESENT]))
    if ValuesBetween in wanted:
        return series.to_numpy(dtype="float64", na_value=np.nan)
    if DatesBetween in wanted:
        return series.astype("datetime64[ns]").to_numpy()
    if ValuesMatch in wanted:
        return columns.plain(column).to_pandas().to_numpy(dtype=object)
    encoded = columns.encoded(column)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    if ValuesInCodeList in wanted:
        return pd.Categorical.from_codes(codes, categories=pd.Index(encoded.dictionary.to_pandas()))
    return np.where(codes < 0, np.nan, codes)


def _is_judged_before(expectation: ExpectationBase) -> TypeGuard[RowExpectation]:
    """Whether GX gets a column that says of each row if it fits (empty: not judged), because it can't tell that from the cells alone.

    It would leave out the rows without any error, and it does not know which sheets lack a column.
    """
    return isinstance(expectation, ErrorShareAtMost) or (isinstance(expectation, ColumnFilled) and bool(expectation.read_from))


def _gx_expectation(expectation: ExpectationBase, position: int) -> Any:  # noqa: PLR0911 - one return per kind is the clearest list
    gxe: Any = great_expectations_package().expectations  # its classes are made at run time, so no type checker sees them
    said: dict[str, Any] = {
        "severity": _GX_SEVERITY[expectation.severity],
        "notes": expectation.why.both,
        "meta": {"name": expectation.name, "severity": expectation.severity, "why": expectation.why.both, "position": position},
    }
    match expectation:
        case RowCountBetween():
            return gxe.ExpectTableRowCountToBeBetween(min_value=expectation.min, max_value=expectation.max, **said)
        case ColumnsPresent():
            return gxe.ExpectTableColumnsToMatchSet(column_set=list(expectation.columns), exact_match=False, **said)
        case _ if _is_judged_before(expectation):
            return gxe.ExpectColumnValuesToBeInSet(column=expectation.name, value_set=[True], mostly=expectation.fitting_share, **said)
        case ColumnFilled():
            return gxe.ExpectColumnValuesToNotBeNull(column=expectation.column, mostly=expectation.at_least, **said)
        case ValuesUnique():
            return gxe.ExpectColumnValuesToBeUnique(column=expectation.column, mostly=expectation.at_least, **said)
        case ValuesInCodeList():
            return gxe.ExpectColumnValuesToBeInSet(
                column=expectation.column, value_set=list(expectation.allowed), mostly=expectation.at_least, **said
            )
        case ValuesMatch():
            return gxe.ExpectColumnValuesToMatchRegex(
                column=expectation.column, regex=rf"(?a)\A(?:{expectation.regex})\Z", mostly=expectation.at_least, **said
            )
        case ValuesBetween() | DatesBetween():
            first, last = _gx_bound(expectation.min), _gx_bound(expectation.max)
            if first is not None and last is not None and first > last:  # GX refuses a range that nothing can fit; an empty set says it
                return gxe.ExpectColumnValuesToBeInSet(column=expectation.column, value_set=[], mostly=expectation.at_least, **said)
            return gxe.ExpectColumnValuesToBeBetween(
                column=expectation.column, min_value=first, max_value=last, mostly=expectation.at_least, **said
            )
    raise TypeError(f"no Great Expectations counterpart for {expectation.expect}")


def _gx_bound(bound: float | str | None) -> Any:
    # A day has to be given as a datetime: GX 1.24 turns days into dates, which pandas does not compare with datetime64.
    return dt.datetime.fromisoformat(bound) if isinstance(bound, str) else bound


def _our_result(expectation: ExpectationBase, result: Any) -> ExpectationResult:
    numbers = result.result
    if isinstance(expectation, RowCountBetween) and "observed_value" in numbers:
        ours = expectation.judge_count(int(numbers["observed_value"]))
    elif isinstance(expectation, ColumnsPresent) and "observed_value" in numbers:
        ours = expectation.judge_columns(numbers["observed_value"])
    elif isinstance(expectation, RowExpectation) and "element_count" in numbers:
        missing = 0 if isinstance(expectation, ColumnFilled) and not expectation.read_from else int(numbers["missing_count"] or 0)
        ours = expectation.judge_counts(int(numbers["element_count"]) - missing, int(numbers["unexpected_count"]))
    else:
        raise ExpectationEngineError(f"Great Expectations could not evaluate {expectation.name}")
    if ours.success != bool(result.success):
        raise ExpectationEngineError(f"Great Expectations judges {expectation.name} otherwise than its own numbers say")
    return ours


def great_expectations_package() -> Any:
    """The package, with usage statistics off and its log silent: its error lines quote the values that it met."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    log = logging.getLogger("great_expectations")
    if log.propagate:
        log.propagate = False
        log.addHandler(logging.NullHandler())
    import great_expectations

    return great_expectations
