"""Why a number may be expected: a sentence in each language that an officer may read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_Sentence = Annotated[str, Field(min_length=3)]


class Reason(BaseModel):
    """A reason in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Sentence
    en: _Sentence

    @property
    def both(self) -> str:
        """One line where both languages stand: `Indonesian. English.`, or the one sentence that serves for both."""
        return self.id if self.id == self.en else f"{self.id}. {self.en}."


def _in_both(said: Any) -> Any:
    """A contract may say it in one language alone: whoever reads it reads that."""
    return {"id": said, "en": said} if isinstance(said, str) else said


Why = Annotated[Reason, BeforeValidator(_in_both, json_schema_input_type=_Sentence | Reason)]
"""What stands under `why`: one sentence, or `{id: …, en: …}`."""
