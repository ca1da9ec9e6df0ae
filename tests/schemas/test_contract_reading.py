"""A contract file that the YAML reader gives up on is told as a contract's mistake, whatever the reader raised."""

import pytest

from schemas.contracts import ContractError, load_contract


@pytest.mark.parametrize("text", ["trust: " + "9" * 5000, "[" * 2000, "trust: !!int '12x'"], ids=["digits", "brackets", "a false number"])
def test_what_yaml_gives_up_on_is_a_mistake_of_the_contract(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(ContractError, match=r"a\.yaml: 1 mistake"):
        load_contract(tmp_path / "a.yaml")
