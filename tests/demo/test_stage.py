"""What the play needs is there while it lasts, and gone afterwards."""

from datetime import UTC, datetime

import pytest

from agents.demo.stage import built
from agents.pseudonyms import Pseudonyms
from agents.settings import settings_from

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@pytest.fixture
def keys() -> Pseudonyms:
    """As a worker reads them."""
    with built(None, 0, NOW) as stage:
        return Pseudonyms.read(settings_from(stage.environment).customer_keys)


def test_customers_are_known_by_a_hash(keys: Pseudonyms) -> None:
    hashed = keys.of("northwind", "customer-7")
    assert hashed
    assert hashed != keys.of("northwind", "customer-8")
    assert "customer" not in hashed


def test_the_key_is_gone_with_the_play() -> None:
    with built(None, 0, NOW) as stage:
        key = stage.settings.customer_keys
        assert key
        assert key.exists()
    assert not key.exists()
