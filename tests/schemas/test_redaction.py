"""Redaction: no identity number survives in a text, a log record, a warning or an error, and dates and figures do."""

from __future__ import annotations

import io
import itertools
import logging
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.redaction import RedactedError, install_redaction, mask_nik, redact_text, redacting_errors

NIK = "3510160107909991"
MASKED = "351016**********"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"NIK={NIK},",
        f"nik{NIK}x",
        "3510 1601 0790 9991",
        "351016 010790 9991",
        "35.10.16.01.07.90.9991",
        "3510-1601-0790-9991",
        "3510 - 1601 - 0790 - 9991",
        "3 5 1 0 1 6 0 1 0 7 9 0 9 9 9 1",
        "row 5 3510 1601 0790 9991",
        "5.3510 1601 0790 9991",
        "3510\u00a01601\u00a00790\u00a09991",
        "351016\u200b0107909991",
        "351016.0107909991",
        f"{NIK}.0",
        "3.510160107909991e+15",
        "3.51016010790999E+15",
        f"'{NIK}0",
        f"0{NIK}",
        f"UNIQUE constraint failed: person.nik (nik)=({NIK})",
        "\uff13\uff15\uff11\uff10\uff11\uff16\uff10\uff11\uff10\uff17\uff19\uff10\uff19\uff19\uff19\uff11",
    ],
)
def test_an_identity_number_is_masked_however_it_is_written(text):
    """Offices write NIKs with spaces, dots and as numbers; a filter for plain runs lets those through."""
    redacted = redact_text(text)
    assert "9991" not in "".join(character for character in redacted if character.isdigit())
    assert "**********" in redacted


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01 2026-09-30",
        "2026-07/2026-09",
        "2026-10-01 12:34:56.123456",
        "probability 0.9967123456789012",
        "12.34567890123456",
        "-8.2191234, 114.3691234",
        "35.10.16.2001",
        "1,791,789 residents, 600,000 rows",
        "delivery dinsos_pkh/2026-09-20 row 65000",
        "0812-3456-7890",
        "a3f09c1e55d24b0f9be1c2d3e4f5a6b7",
    ],
)
def test_dates_figures_and_codes_stay(text):
    """A filter that stars dates and shares makes the log useless, and is switched off."""
    assert redact_text(text) == text


@given(before=st.text(max_size=6).filter(lambda text: text[-2:] != "0."), after=st.text(max_size=6))
def test_no_surroundings_unmask_a_number(before, after):
    """Whatever stands around a number, its last digits are gone (but for a decimal fraction, which is a probability)."""
    assert NIK not in redact_text(f"{before}{NIK}{after}")


@given(cuts=st.sets(st.integers(1, 15), max_size=15), separator=st.sampled_from(" .-/'_\t\u00a0"))
def test_any_grouping_is_masked(cuts, separator):
    """Groups of 4, of 2, of 6 and 10: nobody knows beforehand how a list cuts its numbers."""
    edges = [0, *sorted(cuts), 16]
    written = separator.join(NIK[start:end] for start, end in itertools.pairwise(edges))
    if separator == "." and len(edges) == 3 and edges[1] < 4:
        return  # a decimal number cannot be told from it
    assert redact_text(written) == MASKED


def test_masks_for_display():
    """Six digits stay (the area); a number of another length shows nothing, not even its length."""
    assert mask_nik(NIK) == MASKED
    assert mask_nik("3510 1601 0790 9991") == MASKED
    assert mask_nik("35101601") == "*" * 16


def fail(error: Exception) -> None:
    raise error


def fail_by_cause(error: Exception, cause: Exception) -> None:
    raise error from cause


@pytest.fixture
def netted_log():
    """A log with the net under it, and the state of the process put back afterwards."""
    factory, hooks = logging.getLogRecordFactory(), (sys.excepthook, threading.excepthook, warnings.showwarning)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    root.addHandler(handler)
    install_redaction()
    install_redaction()
    yield stream
    root.removeHandler(handler)
    root.filters.clear()
    logging.setLogRecordFactory(factory)
    sys.excepthook, threading.excepthook, warnings.showwarning = hooks


def test_every_way_into_the_log_is_netted(netted_log):
    """A filter on the root logger alone sees no record of a child logger, and no exception text."""
    late = logging.getLogger("a.library.made.later")
    own = io.StringIO()
    late.addHandler(logging.StreamHandler(own))
    late.warning("person %s", NIK)
    late.warning("by number %d, %s", int(NIK), {"nik": NIK})
    try:
        fail(KeyError(NIK))
    except KeyError:
        late.exception("could not insert")
    logging.getLogger().error(NIK)
    written = netted_log.getvalue() + own.getvalue()
    assert NIK not in written
    assert written.count(MASKED) >= 8
    assert "KeyError" in written


def test_a_handler_that_serialises_the_exception_gets_none(netted_log):
    """Handlers that store `record.exc_info` (Dagster's do) would keep the number that the text no longer shows."""
    kept: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record)

    keeping = Keeping()
    logging.getLogger().addHandler(keeping)
    try:
        fail(ValueError(NIK))
    except ValueError:
        logging.getLogger("x").exception("failed")
    try:
        fail(ValueError("harmless"))
    except ValueError:
        logging.getLogger("x").exception("failed")
    logging.getLogger().removeHandler(keeping)
    assert kept[0].exc_info is None
    assert NIK not in str(kept[0].exc_text)
    assert kept[1].exc_info is not None


def test_errors_at_a_boundary_say_their_kind_and_not_the_number():
    """Dagster stores the text of a failed step's error; its cause counts too."""
    with pytest.raises(RedactedError, match="ValueError") as caught, redacting_errors():
        fail_by_cause(ValueError("insert failed"), KeyError(NIK))
    assert NIK not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    with pytest.raises(ValueError, match="harmless"), redacting_errors():
        fail(ValueError("harmless"))


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("raise ValueError(NIK)", id="uncaught_error"),
        pytest.param(
            "import threading; t = threading.Thread(target=lambda: 1 / 0 if 0 else int(NIK + 'x')); t.start(); t.join()", id="thread"
        ),
        pytest.param("import warnings; warnings.warn(NIK, stacklevel=1)", id="warning"),
        pytest.param("import logging; logging.getLogger('x').error(NIK)", id="log_without_handlers"),
    ],
)
def test_nothing_reaches_the_terminal(program):
    """What nobody catches is printed with its text: the terminal of an officer, a cron mail, a service's journal."""
    source = (
        f"from schemas.redaction import install_redaction\ninstall_redaction()\nNIK = ''.join(map(chr, {list(map(ord, NIK))}))\n{program}\n"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False)
    assert NIK not in done.stdout + done.stderr
    assert "351016**" in done.stderr
