"""What has moved in the estimates of linkage since the last run, in the officer's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publishing.language import Language


def drift_sentences(drift: Sequence[Mapping[str, Any]], language: Language, titles: Mapping[str, str] | None = None) -> list[str]:
    """One sentence per figure that moved (stratum, figure, before, now); ``titles`` names the sources."""
    return [
        language.text(
            "drift.sentence",
            stratum=_stratum(str(one["stratum"]), language, titles or {}),
            figure=language.text(f"drift.{one['figure']}"),
            before=language.percent(float(one["before"])),
            now=language.percent(float(one["now"])),
        )
        for one in drift
    ]


def _stratum(name: str, language: Language, titles: Mapping[str, str]) -> str:
    kind, _, value = name.partition("=")
    if kind == "source":
        return titles.get(value, value)
    return language.text(f"drift.{value or kind}")
