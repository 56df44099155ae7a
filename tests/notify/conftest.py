"""Secrets in the environment, that a test can look for elsewhere."""

import base64

import pytest


@pytest.fixture
def signing_secret(monkeypatch: pytest.MonkeyPatch) -> str:
    secret = "whsec_" + base64.b64encode(b"known to us and to the receiver").decode()
    monkeypatch.setenv("SIGNING_SECRET", secret)
    return secret


@pytest.fixture
def routing_key(monkeypatch: pytest.MonkeyPatch) -> str:
    key = "R0123456789abcdefghijklmnopqrstu"
    monkeypatch.setenv("ROUTING_KEY", key)
    return key
