"""If the simulation knew how intake repairs or matching standardises, it would only damage what they can mend."""

from __future__ import annotations

import ast
from pathlib import Path

import simulation

FOLDER = Path(simulation.__file__).parent
ALLOWED = {"schemas.areas", "schemas.code_lists"}
PROJECT = {"pipelines", "assets", "intake", "matching", "families", "geocoding", "eligibility", "publishing", "schemas"}


def test_only_official_facts_are_imported_from_the_project() -> None:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name.split(".")[0] not in PROJECT or name in ALLOWED, f"{path.name} imports {name}"
