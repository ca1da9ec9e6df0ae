import pytest
from eligibility_frames import Village


@pytest.fixture
def village() -> Village:
    return Village()
