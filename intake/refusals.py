"""Why a whole file is refused, as an exception that carries a code and facts for its message, but no cell's value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.messages import Message, message


class Refused(Exception):  # noqa: N818 - it is an answer to an office, not a fault of the program
    """This file can't be taken in. `code` names the reason; `facts` fill the message in both languages."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = facts

    @property
    def message(self) -> Message:
        """The reason in both languages."""
        return message(self.code, **self.facts)


@dataclass(frozen=True)
class Refusal:
    """A refused file of a delivery, as people and reports see it."""

    delivery_id: str
    file: str
    code: str
    message_id: str
    message_en: str
    facts: Mapping[str, object] = field(default_factory=dict)
