"""The specification: what YAML says is what the engine does, and a mistake in it is named before any data is read."""

import pytest
from matching_people import FEBRL_SPEC, REGISTER_SPEC

from matching import LinkSpec

SMALL = """
name: small
left_id: a
right_id: b
columns: {name: {kind: name}, born: {kind: date}, number: {kind: identifier, digits: 16}}
blocking: [{keys: [name.sound], cap: 10}]
comparisons: [{column: name, levels: [equal]}, {column: born, levels: [equal]}, {column: number, levels: [equal]}]
"""


@pytest.mark.parametrize("path", [REGISTER_SPEC, FEBRL_SPEC], ids=lambda path: path.stem)
def test_yaml_round_trip(path, tmp_path):
    """A spec that is saved with a run must be the one that was used."""
    spec = LinkSpec.load(path)
    spec.save(tmp_path / "spec.yaml")
    assert LinkSpec.load(tmp_path / "spec.yaml") == spec


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("levels: [equal]}, {column: born", "levels: [eqal]}, {column: born"), "unknown level 'eqal'"),
        (("jaro", "jaro"), None),
        (("column: born", "column: birth"), "there is no column 'birth'"),
        (("keys: [name.sound]", "keys: [nama.sound]"), "there is no column 'nama'"),
        (("cap: 10", "cap: 0"), "greater than or equal to 1"),
        (("kind: date", "kind: day"), "Input should be 'name'"),
        (("name: small", "name: small\nidentifier: {column: number, settled_when: {name: [same]}}"), "has no level"),
        (
            ("name: small", "name: small\nidentifier: {column: number, settled_when: {name: [equal]}, unlike: name}"),
            "`unlike` needs `borrowed_within`",
        ),
        (("name: small", "name: small\nhousehold: kk"), "household: there is no column 'kk'"),
        (("name: small", "name: small\ninteractions: [[name, sex]]"), "there is no comparison 'sex'"),
        (("name: small", "name: small\nrelatives: {name: name}"), "name its column as `household`"),
        (("name: small", "name: small\nhousehold: number\nrelatives: {name: nama}"), "relatives: there is no column 'nama'"),
        (("name: small", "name: small\nhousehold: number\nrelatives: {name: born}"), "'born' is of kind date, it must be of kind name"),
        (("name: small", "name: small\nhousehold: number\nrelatives: {name: name, sex: name, men: L}"), "`men` and `women` are needed"),
        (("cap: 10", "cap: 10, of_relative: true"), "of_relative needs the section `relatives`"),
        (
            (
                "blocking: [{keys: [name.sound], cap: 10}]",
                "household: number\nrelatives: {name: name}\nblocking: [{keys: [born], of_relative: true}]",
            ),
            "it needs a key of 'name'",
        ),
        (("name: small", "name: small\nthresholds: {link: 0.2, review: 0.4}"), "above the link threshold"),
        (("name: small", "name: small\nthreshold: 0.4"), "Extra inputs are not permitted"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_in_the_spec_is_named(change, message):
    """A typo in a column or level would otherwise show as a silent loss of links."""
    text = SMALL.replace(*change, 1)
    if message is None:
        assert LinkSpec.from_yaml(text).name == "small"
        return
    with pytest.raises(ValueError, match=message):
        LinkSpec.from_yaml(text)


def test_the_error_names_the_file(tmp_path):
    """Whoever maintains several specs must see which one is wrong."""
    path = tmp_path / "wrong.yaml"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.yaml.*mapping"):
        LinkSpec.load(path)
