"""Keeping identity numbers out of what people read: masks for display, and a net under the log for what slipped through.

A NIK or KK number shows as `351016**********`: the ten digits that point at one person are starred, the area stays. The net is the
second line of defence. The first is that messages are written without values; but a library may quote one (the database's text of
a UNIQUE violation holds the NIK), and nothing of that may reach a log, a terminal or Dagster's event storage.
"""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TextIO

from schemas.nik import KEPT_DIGITS, LENGTH

_SEPARATOR = "[ \t.,'_/\u00a0\u2009\u202f\u200b\u200c\u200d\u2060\ufeff-]{1,3}"
_SCIENTIFIC = r"\d\.\d{9,}[eE]\+?15(?!\d)"
_NUMBERS = re.compile(rf"{_SCIENTIFIC}|\d+(?:{_SEPARATOR}\d+)*")
_BETWEEN = re.compile(f"({_SEPARATOR})")
_DIGIT = re.compile(r"\d")


class RedactedError(RuntimeError):
    """Stands for an error whose text held identity numbers; says the kind of the error and its text with the numbers masked."""


def mask_nik(number: str) -> str:
    """One NIK or KK number as people may see it, `351016**********`. What has not 16 digits is starred whole."""
    digits = "".join(_DIGIT.findall(number))
    return digits[:KEPT_DIGITS] + "*" * (LENGTH - KEPT_DIGITS) if len(digits) == LENGTH else "*" * LENGTH


def redact_text(text: str) -> str:
    """The text with each number of 16 or more digits masked, also when spaced, dotted or in scientific notation.

    Dates, periods and decimal numbers stay: `2026-07/2026-09`, `0.9967123456789012`.
    """
    return _NUMBERS.sub(_mask_numbers, text)


def _mask_numbers(found: re.Match[str]) -> str:
    run = found.group()
    if len(run) < LENGTH:
        return run
    if re.fullmatch(_SCIENTIFIC, run):
        return _stars("".join(_DIGIT.findall(run)))
    parts = _BETWEEN.split(run)  # number, sign between, number, …
    place = 0
    while place < len(parts):
        is_fraction = parts[place - 2 : place] == ["0", "."]  # a probability with 16 decimals
        last = place if len(parts[place]) >= LENGTH else _end_of_spaced_number(parts, place)
        if last is not None and not (is_fraction and last == place):
            parts[place : last + 1] = [_stars("".join(parts[place : last + 1 : 2]))]
        place += 2
    return "".join(parts)


def _end_of_spaced_number(parts: list[str], first: int) -> int | None:
    """Where a number of 16 digits ends that starts here and has one and the same sign between its groups throughout."""
    digits, place = len(parts[first]), first
    while digits < LENGTH and place + 2 < len(parts) and parts[place + 1] == parts[first + 1]:
        place += 2
        digits += len(parts[place])
    is_decimal = place == first + 2 and parts[first + 1] in {".", ","} and len(parts[first]) < 4
    return place if digits == LENGTH and not is_decimal else None


def _stars(digits: str) -> str:
    return digits[:KEPT_DIGITS] + "*" * max(LENGTH - KEPT_DIGITS, len(digits) - KEPT_DIGITS)


def redact_record(record: logging.LogRecord) -> logging.LogRecord:
    """The log record with its message, its error and its stack redacted; the error itself is dropped where its text was."""
    message = record.getMessage()
    redacted = redact_text(message)
    if redacted != message:
        record.msg, record.args = redacted, ()
    if record.exc_info and record.exc_info[1] is not None:
        trace = "".join(traceback.format_exception(record.exc_info[1])).rstrip("\n")
        redacted = redact_text(trace)
        if redacted != trace:
            record.exc_text, record.exc_info = redacted, None
    if record.exc_text:
        record.exc_text = redact_text(record.exc_text)
    if record.stack_info:
        record.stack_info = redact_text(record.stack_info)
    return record


class RedactingFilter(logging.Filter):
    """Redacts each record that passes; for handlers that get records made elsewhere, such as those of another process."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, redacted."""
        redact_record(record)
        return True


def install_redaction() -> None:
    """Put the net under this process: every log record of every logger, warnings, and errors that nobody catches. Safe to repeat.

    Records are redacted when they are made, so that loggers and handlers which appear later (Dagster's, a library's) are covered
    too; the root logger and its present handlers filter besides.
    """
    factory = logging.getLogRecordFactory()
    if not getattr(factory, "redacts", False):

        def redacting_factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
            return redact_record(factory(*args, **kwargs))

        redacting_factory.redacts = True  # type: ignore[attr-defined]
        logging.setLogRecordFactory(redacting_factory)
    root = logging.getLogger()
    for gate in (root, *root.handlers):
        if not any(isinstance(present, RedactingFilter) for present in gate.filters):
            gate.addFilter(RedactingFilter())
    warnings.showwarning = _show_warning
    sys.excepthook = _show_uncaught
    threading.excepthook = _show_uncaught_in_thread


@contextlib.contextmanager
def redacting_errors() -> Iterator[None]:
    """Turn an error whose text, or that of its causes, holds identity numbers into a RedactedError, with the traceback kept.

    For boundaries behind which errors are stored: Dagster writes the text of a failed step's error into its event log.
    """
    try:
        yield
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        if redact_text(text) == text:
            raise
        told = RedactedError(f"{type(error).__name__}: {redact_text(str(error))}")
        raise told.with_traceback(error.__traceback__) from None


def _show_uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(type(error), error, error.__traceback__)
        return
    sys.stderr.write(redact_text("".join(traceback.format_exception(error))))


def _show_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None, line: str | None = None
) -> None:
    (file or sys.stderr).write(redact_text(warnings.formatwarning(message, category, filename, lineno, line)))


def _show_uncaught_in_thread(uncaught: threading.ExceptHookArgs) -> None:
    if uncaught.exc_value is not None and not isinstance(uncaught.exc_value, SystemExit):
        _show_uncaught(uncaught.exc_type, uncaught.exc_value, uncaught.exc_traceback)
