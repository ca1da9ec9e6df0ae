"""The boundary behind which errors are stored: Dagster writes the text of a failed step's error into its event log, for ever."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from schemas.redaction import redacting_errors

Body = TypeVar("Body", bound=Callable[..., Any])


def redacted(body: Body) -> Body:
    """An asset body whose errors carry no identity number, whatever library raised them."""
    if inspect.isgeneratorfunction(body):

        @functools.wraps(body)
        def generating(*arguments: Any, **named: Any) -> Any:
            with redacting_errors():
                yield from body(*arguments, **named)

        return cast("Body", generating)

    @functools.wraps(body)
    def returning(*arguments: Any, **named: Any) -> Any:
        with redacting_errors():
            return body(*arguments, **named)

    return cast("Body", returning)
