"""A secret is found where the configuration says it is, and shown nowhere."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from agents.sinks.pagerduty import PagerDuty
from tests.notify.examples import NOW_MS, OPENED, told

KEY = "0123456789abcdef0123456789abcdef"


def test_a_secret_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER_KEY", KEY)
    assert _key({"env": "PAGER_KEY"}) == KEY


def test_a_secret_is_read_from_a_file_without_the_newline_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    assert _key({"file": str(file)}) == KEY


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGER_KEY", raising=False)
    with pytest.raises(ValidationError, match="environment variable PAGER_KEY is not set"):
        _key({"env": "PAGER_KEY"})


def test_a_variable_that_is_empty_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER_KEY", "")
    with pytest.raises(ValidationError, match="environment variable PAGER_KEY is not set"):
        _key({"env": "PAGER_KEY"})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=f"{tmp_path}/key cannot be read"):
        _key({"file": str(tmp_path / "key")})


def test_a_file_that_is_empty_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    with pytest.raises(ValidationError, match=f"{tmp_path}/key is empty"):
        _key({"file": str(tmp_path / "key")})


@pytest.mark.parametrize("place", [KEY, {}, {"env": "A", "file": "B"}, {"env": 1}, {"vault": "A"}, None])
def test_anything_but_a_place_is_refused(place: object) -> None:
    with pytest.raises(ValidationError, match=r"as \{env: NAME\} or \{file: PATH\}"):
        _key(place)


def test_neither_a_receiver_nor_a_request_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER_KEY", KEY)
    receiver = _receiver({"env": "PAGER_KEY"})
    shown = (
        repr(receiver) + str(receiver) + receiver.model_dump_json() + repr(receiver.request(told(OPENED), NOW_MS))
    )
    assert KEY not in shown


def _receiver(place: object) -> PagerDuty:
    return PagerDuty.model_validate({"name": "on-call", "sink": "pagerduty", "routing_key": place})


def _key(place: object) -> str:
    return _receiver(place).routing_key.get_secret_value()
