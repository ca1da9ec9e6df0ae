"""The table of survivorship as a page for people: which source wins for which column, and why."""

from __future__ import annotations

from itertools import groupby

from families.survivorship import SURVIVORSHIP, SurvivorshipRule

_HEAD = """# Which source wins

Sources contradict each other. For each column this table says who speaks first, and why; it is the one by which the program decides
(`families/survivorship.py`). Among records that are equal by it, the one that stands first in the files speaks. The values that lose are
kept in `attribute_source`, and `padan person` shows them.

| columns | the register | among offices | believed for | why |
|---|---|---|---|---|
"""
_ORDERS = {"recency": "the newest delivery, then the most trusted source", "trust": "the most trusted source, then the newest delivery"}
_REGISTER = {
    "first": "speaks alone of residents",
    "last": "speaks where no record does",
    "deaths first": "speaks where no record does; its deaths stand",
    "silent": "is not asked",
}


def survivorship_page() -> str:
    """A Markdown page; neighbouring columns under one rule share a line."""
    lines = []
    for _, group in groupby(SURVIVORSHIP, key=_words):
        rules = list(group)
        columns = ", ".join(f"`{rule.column}`" for rule in rules)
        lines.append(f"| {columns} | " + " | ".join(_words(rules[0])) + " |\n")
    return _HEAD + "".join(lines)


def _words(rule: SurvivorshipRule) -> tuple[str, str, str, str]:
    months = f"{rule.months} months" if rule.months else "ever"
    return _REGISTER[rule.register], _ORDERS[rule.order], months, rule.why
