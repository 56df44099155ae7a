"""`config/notify.yaml`: who can be told, and who is told of which alert."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from agents import yaml_errors
from agents.notify.news import Reader
from agents.sinks import Receiver
from agents.sinks.sink import Url
from agents.words.languages import LANGUAGES
from schemas.alerts import Alert
from schemas.notify import Route

T = TypeVar("T")


def _entries(written: object) -> object:
    """A key whose entries are all commented out has no value."""
    return [] if written is None else written


_Entries = Annotated[list[T], BeforeValidator(_entries)]


class Addressee(NamedTuple):
    """A receiver, and how it reads."""

    receiver: Receiver
    reader: Reader


class Routes(BaseModel):
    """Who is told of what. With nothing written nobody is, and the alerts are on their topic all the same."""

    # An error would quote what was typed, and somebody types a secret where its place belongs.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    board: Url | None = None
    receivers: _Entries[Receiver] = []
    routes: _Entries[Route] = []

    @model_validator(mode="before")
    @classmethod
    def _empty_file(cls, document: object) -> object:
        return {} if document is None else document

    def addressees_of(self, alert: Alert) -> list[Addressee]:
        """Those that a matching route names, each once, in the order in which they are declared.

        Each reads as the first of these routes says.
        """
        by_name: dict[str, Route] = {}
        for route in self.routes:
            if route.matches(alert):
                for name in route.receivers:
                    by_name.setdefault(name, route)
        return [
            Addressee(receiver, self._reader(by_name[receiver.name]))
            for receiver in self.receivers
            if receiver.name in by_name
        ]

    def _reader(self, route: Route) -> Reader:
        board = str(self.board) if self.board else None
        return Reader(language=LANGUAGES[route.language], zone=route.time_zone, board=board)


def load(path: Path) -> Routes:
    """Read the routes, or raise `Mistakes` with all that is wrong. Without a file there are none."""
    return yaml_errors.load(path, Routes, _names_that_are_wrong) if path.exists() else Routes()


def _names_that_are_wrong(document: Mapping[str, object]) -> Iterator[tuple[yaml_errors.Place, str]]:
    names: list[object] = []
    for index, receiver in _mappings(document.get("receivers")):
        name = receiver.get("name")
        if name in names:
            yield ("receivers", index, "name"), f"{name} is taken; each receiver needs a name of its own"
        else:
            names.append(name)
    for index, route in _mappings(document.get("routes")):
        for place, name in _list(route.get("receivers")):
            if name not in names:
                known = ", ".join(map(str, names)) or "none"
                yield ("routes", index, "receivers", place), f"{name} is no receiver; known are {known}"


def _mappings(written: object) -> Iterable[tuple[int, Mapping[str, object]]]:
    return ((index, entry) for index, entry in _list(written) if isinstance(entry, Mapping))


def _list(written: object) -> Iterable[tuple[int, object]]:
    """A list's entries; that anything else is no list, the model says."""
    return enumerate(written if isinstance(written, list) else [])
