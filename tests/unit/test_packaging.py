"""`agents` and `schemas` are names that others use too: ours must be the ones that are loaded."""

from importlib import import_module
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def is_ours(package: str) -> bool:
    """Whether the package comes from this repository, from nowhere else and from one place only."""
    module = import_module(package)
    return [Path(place) for place in module.__path__] == [REPOSITORY / package]


@pytest.mark.parametrize("package", ["schemas", "sla_stream", "agents"])
def test_the_package_that_is_loaded_is_ours(package: str) -> None:
    assert is_ours(package)
    assert (REPOSITORY / package / "py.typed").is_file()


def test_a_package_of_somebody_else_is_told_from_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schemas_of_others").mkdir()
    (tmp_path / "schemas_of_others" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert not is_ours("schemas_of_others")
