"""Nicknames of East Java and the names that they stand for, read from ``nicknames.yaml`` so that officers can add theirs."""

from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("nicknames.yaml")


@lru_cache(maxsize=1)
def nicknames() -> dict[str, frozenset[str]]:
    """Nickname → full names that it commonly stands for, all upper case."""
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {str(nickname).upper(): frozenset(name.upper() for name in names) for nickname, names in content.items()}


def full_names_of(word: str) -> frozenset[str]:
    """Names that this word may stand for; empty when it is no known nickname."""
    return nicknames().get(word.upper(), frozenset())
