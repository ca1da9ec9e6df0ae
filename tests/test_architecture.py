"""The architecture of docs and README, held by a test: who may import whom, where heavy libraries stand, how modules look.

Everything is read from the source, imports inside functions included; nothing is imported here.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
LIBRARIES = ("intake", "matching", "families", "geocoding", "eligibility", "publishing")
PACKAGES = ("pipelines", "assets", *LIBRARIES, "schemas", "simulation")

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "pipelines": ("assets", *LIBRARIES, "schemas", "simulation"),
    "assets": (*LIBRARIES, "schemas"),
    "intake": ("schemas", "matching.standardise"),
    "geocoding": ("schemas", "matching.standardise"),
    "matching": ("schemas",),
    "families": ("schemas",),
    "eligibility": ("schemas",),
    "publishing": ("schemas",),
    "schemas": (),
    "simulation": ("schemas.code_lists", "schemas.areas"),
}
"""pipelines → assets → libraries → schemas; the simulator knows official facts only, so that its damage is not repair's inverse."""

ONLY_IN: dict[str, tuple[str, ...]] = {
    "dagster": ("pipelines", "assets"),
    "great_expectations": ("schemas.expectations_gx",),
    "recordlinkage": ("matching",),
    "splink": (),
}
"""Libraries that would otherwise grow into everything; benchmarks and tests are free."""

INSIDE_FUNCTIONS = ("great_expectations", "recordlinkage")
"""Slow to import (3-6 s, 1-2 s): a command that does not need them must not wait for them."""

LONGEST_MODULE = 450
VAGUE = re.compile(r"(?:^|_)(?:utils?|helpers?|misc|common|stuff|tools?|various|generic|lib)(?:_|$)")


class Import(NamedTuple):
    """One import: the module that does it, the dotted name that it imports, and where."""

    module: str
    name: str
    line: int
    in_function: bool
    for_types_only: bool


@cache
def modules() -> dict[str, Path]:
    """All modules of the project's packages by dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_in(module: str, source: ast.Module, *, is_package: bool = False) -> Iterator[Import]:
    """All imports of a module, relative ones made absolute. `from a import b` counts as `a.b`: b may be a module."""

    def walk(node: ast.AST, *, in_function: bool, for_types: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno, in_function, for_types)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if is_package else module.split(".")[:-1]
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (above, node.module) if part)
            for alias in node.names:
                yield Import(module, f"{origin}.{alias.name}", node.lineno, in_function, for_types)
        in_function = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for_types = for_types or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for child in ast.iter_child_nodes(node):
            yield from walk(child, in_function=in_function, for_types=for_types)

    yield from walk(source, in_function=False, for_types=False)


@cache
def all_imports() -> tuple[Import, ...]:
    return tuple(
        found for module, path in modules().items() for found in imports_in(module, tree(path), is_package=path.name == "__init__.py")
    )


def within(name: str, parents: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these modules or stands below one."""
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


def against_the_arrows(found: Import) -> bool:
    """Whether this import goes against `MAY_IMPORT`."""
    package, wanted = found.module.split(".")[0], found.name.split(".")[0]
    if wanted == package or wanted not in (*PACKAGES, "tests", "benchmarks"):
        return False
    allowed = MAY_IMPORT[package]
    # `from schemas import code_lists` is written schemas.code_lists here; `import schemas` alone would open everything
    return not within(found.name, allowed)


def told(found: list[Import]) -> str:
    return "\n".join(f"{modules().get(one.module, one.module)}:{one.line} imports {one.name}" for one in found)


def test_there_is_something_to_look_at():
    """A wrong root folder would make every test here pass."""
    assert len(modules()) > 50
    assert {module.split(".")[0] for module in modules()} == set(PACKAGES)


def test_imports_go_one_way():
    """A library that imports what builds upon it can no longer be tested, or replaced, alone."""
    wrong = [found for found in all_imports() if against_the_arrows(found)]
    assert not wrong, f"against the arrows of architecture:\n{told(wrong)}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_libraries_stay_where_they_belong(library):
    """Dagster in a library would tie every calculation to the orchestrator."""
    wrong = [found for found in all_imports() if within(found.name, (library,)) and not within(found.module, ONLY_IN[library])]
    assert not wrong, f"{library} belongs into {ONLY_IN[library]}:\n{told(wrong)}"


@pytest.mark.parametrize("library", INSIDE_FUNCTIONS)
def test_slow_libraries_are_imported_where_they_are_used(library):
    """At the top of a module such an import makes `padan --help` take seconds."""
    wrong = [found for found in all_imports() if within(found.name, (library,)) and not found.in_function and not found.for_types_only]
    assert not wrong, told(wrong)


def distribution_name(text: str) -> str:
    """`universal_pathlib>=0.2` as `universal-pathlib`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", text, maxsplit=1)[0]).lower()


@cache
def runtime_dependencies() -> frozenset[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return frozenset(distribution_name(text) for text in project["dependencies"])


def test_what_the_program_imports_is_installed_with_it():
    """Development machines hold more than an officer's: a library of the extras, imported at run time, breaks only hers."""
    providers = packages_distributions()
    missing = {
        f"{found.module} imports {library}"
        for found in all_imports()
        if (library := found.name.split(".")[0]) not in {*PACKAGES, *sys.stdlib_module_names} and not found.for_types_only
        if not {distribution_name(name) for name in providers.get(library, [])} & runtime_dependencies()
    }
    assert not missing


def test_libraries_whose_versions_are_asked_for_are_installed():
    from intake.fingerprints import _LIBRARIES

    assert {distribution_name(name) for name in _LIBRARIES} <= runtime_dependencies()


def test_no_private_modules_of_libraries():
    """What a library calls private changes without notice."""
    wrong = [
        found
        for found in all_imports()
        if any(part.startswith("_") and not part.startswith("__") for part in found.name.split("."))
        and found.name.split(".")[0] not in PACKAGES
    ]
    assert not wrong, told(wrong)


def test_private_names_stay_in_their_package():
    """A name with an underscore that another package imports is public without having been designed so."""
    wrong = [
        found
        for found in all_imports()
        if found.name.split(".")[0] in PACKAGES
        and found.name.split(".")[0] != found.module.split(".")[0]
        and any(part.startswith("_") and not part.startswith("__") for part in found.name.split("."))
    ]
    assert not wrong, told(wrong)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_what_belongs_there_and_what_does_not(package):
    """Without it things land where there happened to be room."""
    said = " ".join((ast.get_docstring(tree(ROOT / package / "__init__.py")) or "").split()).casefold()
    assert re.search(r"belongs here", said), f"{package}/__init__.py does not say what belongs there"
    assert re.search(r"does not(?: belong here)?:", said), f"{package}/__init__.py does not say what does not belong there"


def test_each_module_says_what_it_is_for():
    """A newcomer meets the docstring first."""
    silent = [str(path) for path in modules().values() if len(ast.get_docstring(tree(path)) or "") < 20]
    assert not silent, silent


def test_modules_are_short_enough_to_hold_one_idea():
    """Beyond this length a module holds two ideas. Migrations are history and stay as they were written."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in [*modules().values(), *sorted((ROOT / "tests").rglob("*.py"))]
    }
    long = {
        str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > LONGEST_MODULE and "migrations" not in path.parts
    }
    assert not long, long


def test_names_say_something():
    """`utils` is where ideas go that nobody named."""
    names = {
        part
        for package in (*PACKAGES, "tests", "benchmarks")
        for path in (ROOT / package).rglob("*.py")
        for part in (path.stem, path.parent.name)
    }
    vague = sorted(name for name in names if VAGUE.search(name))
    assert not vague, vague


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("schemas.tables", "import intake", True),
        ("schemas.tables", "def f():\n    from families.persons import build_persons", True),
        ("intake.reading", "from matching.standardise.names import plain", False),
        ("intake.reading", "from matching import standardise", False),
        ("intake.reading", "from matching import levels", True),
        ("families.persons", "from matching.standardise import names", True),
        ("simulation.people", "from schemas.code_lists import code_list", False),
        ("simulation.people", "from schemas import canonical", True),
        ("simulation.people", "import schemas", True),
        ("assets.linkage", "from pipelines.settings import Settings", True),
        ("matching.levels", "from . import weights", False),
        ("matching.levels", "from tests import leak_search", True),
        ("publishing.pages", "import pandas as pd", False),
    ],
)
def test_the_arrows_catch_what_they_should(module, source, wrong):
    """The reader of imports itself may be blind in one eye."""
    (found,) = imports_in(module, ast.parse(source))
    assert against_the_arrows(found) is wrong
