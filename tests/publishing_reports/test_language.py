"""Words and numbers: prevents half-translated pages, and 1.234 from being read as one and a bit."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from publishing.language import NOTHING, Language
from publishing.pages import TEMPLATES
from publishing.texts import TEXTS

INDONESIAN, ENGLISH = Language("id"), Language("en")


@pytest.mark.parametrize(
    ("method", "value", "indonesian", "english"),
    [
        ("integer", 1_234_567, "1.234.567", "1,234,567"),
        ("integer", 0, "0", "0"),
        ("integer", pd.NA, NOTHING, NOTHING),
        ("decimal", 1_234.56, "1.234,6", "1,234.6"),
        ("percent", 0.1234, "12,3\u00a0%", "12.3%"),
        ("percent", float("nan"), NOTHING, NOTHING),
        ("date", date(2026, 10, 1), "1 Oktober 2026", "1 October 2026"),
        ("date", pd.NaT, NOTHING, NOTHING),
        ("date", pd.Timestamp("2026-05-31"), "31 Mei 2026", "31 May 2026"),
        ("size", 1_440_000, "1,4 MB", "1.4 MB"),
        ("size", 312_400, "312 KB", "312 KB"),
        ("size", 12, "1 KB", "1 KB"),
    ],
)
def test_values_are_written_as_each_language_writes_them(method: str, value: object, indonesian: str, english: str) -> None:
    assert getattr(INDONESIAN, method)(value) == indonesian
    assert getattr(ENGLISH, method)(value) == english


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_the_same_with_the_same_values(key: str) -> None:
    indonesian, english = TEXTS[key]
    assert indonesian.strip()
    assert english.strip()
    fields = [set(re.findall(r"\{(\w+)\}", words)) for words in (indonesian, english)]
    assert fields[0] == fields[1]


def test_an_unknown_language_and_an_unknown_key_are_errors() -> None:
    with pytest.raises(ValueError, match="PADAN_LANGUAGE"):
        Language.of("jv")
    with pytest.raises(KeyError):
        INDONESIAN.text("no.such.key")


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.j2")), ids=lambda path: path.name)
def test_every_key_of_a_template_has_words(template: Path) -> None:
    used = set(re.findall(r"""\bt\(["']([a-z_.]+)["'](?=[,)])""", template.read_text(encoding="utf-8")))
    assert used
    assert used <= set(TEXTS)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.j2")), ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"<(style|script)>.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{[{%#].*?[}%#]\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text)
    assert re.findall(r"[A-Za-z]{3,}", text) == []
