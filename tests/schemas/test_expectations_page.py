"""docs/expectations.md against the code: the examples load, and every kind and severity stands in the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import yaml

from schemas.expectations import Expectation, Severity, parse_expectations

PAGE = (Path(__file__).parents[2] / "docs" / "expectations.md").read_text(encoding="utf-8")
KINDS = get_args(get_args(Expectation)[0])


def test_the_examples_load():
    """An example that is refused costs a data officer an afternoon."""
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(parse_expectations(yaml.safe_load(block)["expectations"])) == 3


def test_every_kind_and_key_is_described():
    """A kind that the page does not name is written by nobody."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE))
    for kind in KINDS:
        said = rows[kind.model_fields["expect"].default]
        keys = set(kind.model_fields) - {"expect", "severity", "why"}
        assert keys == set(re.findall(r"`(\w+)`", said))


def test_every_severity_is_described():
    """What follows from a broken expectation is what an officer asks first."""
    assert all(f"| `{severity}`" in PAGE for severity in get_args(Severity))
