"""An officer's mistake in a rule file must be named by file and key, never change a decision silently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.code_lists import code_list
from schemas.programme_conditions import Condition, comparisons, problems_of
from schemas.programme_facts import facts_for
from schemas.programmes import BUILT_IN_FOLDER, Programme, ProgrammeError, load_programmes

BOOK = load_programmes()
CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
MINIMAL: dict[str, Any] = {
    "id": "pkh",
    "name": {"id": "PKH", "en": "PKH"},
    "agency": "Dinsos",
    "unit": "family",
    "rule_version": "1",
    "criteria": [
        {
            "code": "a",
            "text": {"id": "a", "en": "a"},
            "source": "test",
            "condition": {"column": "decile", "operator": "at_most", "value": 3},
        }
    ],
}


def write(folder: Path, name: str, content: Any) -> Path:
    (folder / "programmes").mkdir(exist_ok=True)
    path = folder / "programmes" / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


def test_the_built_in_programmes_are_those_whose_rules_are_known() -> None:
    """All that the regency follows."""
    units = {programme.id: programme.unit for programme in BOOK.programmes.values()}
    assert units == {
        "asn_berbagi": "family",
        "aspd": "person",
        "banyuwangi_cerdas": "person",
        "garda_ampuh": "person",
        "healthy_latrine": "house",
        "house_renovation": "house",
        "kanggo_riko": "family",
        "mitra_mapan": "family",
        "pbi_jkn": "person",
        "pip": "person",
        "pkh": "family",
        "pkh_plus": "person",
        "rantang_kasih": "person",
        "sembako": "family",
        "siswa_asuh_sebaya": "person",
        "spm": "person",
    }


@pytest.mark.parametrize("programme", BOOK.programmes.values(), ids=BOOK.programmes)
def test_every_rule_has_a_source_and_both_languages(programme: Programme) -> None:
    for criterion in (*programme.criteria, *programme.priority, *programme.amounts):
        assert criterion.source
        assert criterion.text.id
        assert criterion.text.en
        assert criterion.text.id != criterion.text.en


def test_the_fourteen_criteria_of_bps_make_the_score() -> None:
    assert len(BOOK.signs.score_codes) == 14
    assert BOOK.signs.local_score.minimum == 9


def test_a_file_of_the_users_replaces_the_programme_whole_and_leaves_the_others(tmp_path: Path) -> None:
    write(tmp_path, "my_pkh.yaml", MINIMAL)
    book = load_programmes(tmp_path)
    assert [criterion.code for criterion in book.programmes["pkh"].criteria] == ["a"]
    assert book.programmes["sembako"] == BOOK.programmes["sembako"]
    assert book.overlaps == BOOK.overlaps


def test_overlaps_of_the_users_replace_all(tmp_path: Path) -> None:
    write(tmp_path, "overlaps.yaml", {"overlaps": []})
    assert load_programmes(tmp_path).overlaps == ()


def change(**changes: Any) -> dict[str, Any]:
    return {**MINIMAL, **changes}


def condition(**parts: Any) -> dict[str, Any]:
    return change(criteria=[MINIMAL["criteria"][0] | {"condition": parts}])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("id: [", "not readable as YAML", id="no YAML"),
        pytest.param(change(units="family"), "units: Extra inputs", id="misspelt key"),
        pytest.param(change(unit="village"), "unit", id="unknown unit"),
        pytest.param(condition(column="desil", operator="at_most", value=4), "desil is not a fact of a family", id="unknown fact"),
        pytest.param(condition(column="decile", operator="<=", value=4), "operator", id="unknown operator"),
        pytest.param(condition(column="decile", operator="at_most", value="4"), "decile is integer, but '4' is not", id="number in quotes"),
        pytest.param(condition(column="decile", operator="at_most", value=True), "decile is integer, but True", id="yes is no number"),
        pytest.param(condition(column="floor", operator="is", value=8), "floor is text, but 8 is not", id="code without quotes"),
        pytest.param(condition(column="floor", operator="one_of", value=["10"]), "floor never holds '10'", id="code outside the list"),
        pytest.param(condition(column="poverty_status", operator="is", value="unknown"), "never holds 'unknown'", id="unknown is no value"),
        pytest.param(condition(column="floor", operator="at_most", value="3"), "floor has no order", id="order among codes"),
        pytest.param(condition(column="floor", operator="one_of", value="8"), "one_of takes a list", id="one_of without list"),
        pytest.param(condition(column="decile", operator="is", value=[1]), "is takes one value", id="list without one_of"),
        pytest.param(condition(any=[]), "any", id="empty group"),
        pytest.param(condition(at_least=2, of=[{"column": "poor", "operator": "is", "value": True}]), "can never hold", id="out of reach"),
        pytest.param(change(criteria=MINIMAL["criteria"] * 2), "the code a stands twice", id="code twice"),
        pytest.param(
            change(amounts=[{"code": "x", "text": {"id": "x", "en": "y"}, "rupiah": 1, "per": "year", "counts": "cows", "source": "s"}]),
            "cows is not a fact",
            id="amount that counts nothing",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, content: Any, message: str) -> None:
    write(tmp_path, "mine.yaml", content)
    with pytest.raises(ProgrammeError) as caught:
        load_programmes(tmp_path)
    assert "mine.yaml" in str(caught.value)
    assert message in str(caught.value)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", MINIMAL)
    write(tmp_path, "b.yaml", MINIMAL)
    with pytest.raises(ProgrammeError, match=r"b.yaml: the id pkh is already that of a.yaml"):
        load_programmes(tmp_path)


@pytest.mark.parametrize("path", sorted(BUILT_IN_FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_personal_data_and_no_marks_of_unpublished_pages_in_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "[S" not in text, "a reader of the project cannot look up source numbers of another page"
    assert not any(len(word) == 16 and word.isdigit() for word in text.split())


NAMES = st.sampled_from(sorted(name for name, fact in facts_for("family").items() if fact.kind == "text" and fact.code_list))
LEAVES = NAMES.flatmap(
    lambda name: st.builds(
        lambda values: {"column": name, "operator": "one_of", "value": values},
        st.lists(st.sampled_from(code_list(str(facts_for("family")[name].code_list)).values), min_size=1, unique=True),
    )
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
        | st.builds(lambda parts: {"at_least": 1, "of": parts}, st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=8,
)


@given(TREES)
def test_conditions_survive_the_way_through_yaml(tree: dict[str, Any]) -> None:
    read = CONDITION.validate_python(yaml.safe_load(yaml.safe_dump(tree)))
    assert CONDITION.dump_python(read, mode="json", by_alias=True) == json.loads(json.dumps(tree))
    assert problems_of(read, "family") == []
    assert len(list(comparisons(read))) == json.dumps(tree).count('"column"')


@given(st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=5) | st.none(), max_size=4))
def test_nonsense_is_refused_with_a_validation_error_and_nothing_else(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONDITION.validate_python(nonsense)


def test_a_programme_of_which_nothing_is_known_says_so() -> None:
    """Prevents a guess of ours from being taken for the regency's rule."""
    unknown = BOOK.programmes["mitra_mapan"]
    assert all(criterion.default for criterion in (*unknown.criteria, *BOOK.overlaps_of("mitra_mapan")))
    assert unknown.rule_version.startswith("default")
