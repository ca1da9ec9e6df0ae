"""A new as-of day is a reason to judge a table again only where a date of it lies between the bounds of then and of now."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.expectation_days import all_allow, day_limits
from schemas.expectations import unexpected_rows
from schemas.expectations_kinds import DatesBetween

AS_OF = dt.date(2026, 10, 1)


def between(first, last):
    return DatesBetween.model_validate({"expect": "dates_between", "column": "birth_date", "min": first, "max": last, "why": WHY})


WHY = {"id": "uji coba", "en": "a trial"}


def table(*dates):
    return pd.DataFrame({"birth_date": pd.Series(dates, dtype="datetime64[ns]")})


@pytest.mark.parametrize(
    ("dates", "day", "allowed"),
    [
        pytest.param(["1980-05-01"], dt.date(2026, 11, 1), True, id="a month later nobody is judged otherwise"),
        pytest.param(["1980-05-01", "2026-10-15"], dt.date(2026, 11, 1), False, id="who was not born yet is born now"),
        pytest.param(["1980-05-01", "2026-09-30"], dt.date(2026, 9, 29), False, id="on an earlier day somebody is not born yet"),
        pytest.param(["1911-10-05"], dt.date(2026, 10, 5), True, id="115 years to the day"),
        pytest.param(["1911-10-05"], dt.date(2026, 10, 6), False, id="115 years and a day"),
        pytest.param([], dt.date(1990, 1, 1), True, id="no dates at all"),
    ],
)
def test_a_day_is_allowed_where_no_date_changes_sides(dates, day, allowed):
    limits = day_limits(table(*dates), [between("as_of-115y", "as_of")], AS_OF)
    assert all_allow(limits, AS_OF)
    assert all_allow(limits, day) is allowed


def test_fixed_bounds_and_absent_columns_allow_every_day():
    assert day_limits(table("1980-05-01"), [between("1900-01-01", "2020-01-01")], AS_OF) == ()
    assert day_limits(pd.DataFrame({"name": ["A"]}), [between("as_of-115y", "as_of")], AS_OF) == ()


days = st.dates(dt.date(1905, 1, 1), dt.date(2030, 12, 31))
as_of_days = st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1))


@settings(deadline=None)
@given(st.lists(days, max_size=6), as_of_days, as_of_days)
def test_what_is_allowed_is_judged_the_same(dates, then, now):
    """The other way round would be a stale verdict."""
    frame, expectation = table(*dates), between("as_of-90y", "as_of-3m")
    if all_allow(day_limits(frame, [expectation], then), now):
        assert unexpected_rows(frame, expectation, then).equals(unexpected_rows(frame, expectation, now))
