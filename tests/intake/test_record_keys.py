"""Record keys: people's decisions bind to them, so they must be the same in every version."""

import hmac

import pyarrow as pa
import pytest

from intake.record_keys import KEY_LENGTH, record_keys

TEXT = pa.large_string()


@pytest.mark.parametrize("key", [b"k", b"benchmark" * 4, b"x" * 64, b"x" * 65], ids=len)
def test_a_key_is_the_hmac_of_the_key_columns(key):
    """HMAC is worked out by hand for speed; a fault there would cut every decision from its record."""
    names, days = pa.array(["SITI", "BUDI \u00e9"], TEXT), pa.array(["1980-01-02", None], TEXT)
    given = record_keys(key, [names], [names, days], part="pkh").to_pylist()
    assert given == [hmac.digest(key, text.encode(), "sha256").hex()[:KEY_LENGTH] for text in ("keypkh\x1fSITI", "keypkh\x1fBUDI \u00e9")]
    whole = record_keys(key, [days], [names, days]).to_pylist()
    assert whole[1] == record_keys(key, [], [names, days]).to_pylist()[1], "a row without its key column has the key of the whole row"
