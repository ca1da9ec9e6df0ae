import pytest
from families_regency import Regency


@pytest.fixture
def regency() -> Regency:
    return Regency()
