"""`config/notify.yaml`: who can be told, and who is told of which alert."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from agents import yaml_errors
from agents.notify.inside import Inside
from agents.notify.news import Reader
from agents.sinks import Receiver
from agents.sinks.sink import Url
from agents.words.languages import ENGLISH, LANGUAGES
from schemas.notify import Mute, Route
from sla_stream.hours import parse

T = TypeVar("T")

_CLEAR = "what is sent without TLS can be read on its way"


def _entries(written: object) -> object:
    """A key whose entries are all commented out has no value."""
    return [] if written is None else written


_Entries = Annotated[list[T], BeforeValidator(_entries)]


class Routes(BaseModel):
    """Who is told of what. With nothing written nobody is, and the alerts are on their topic all the same."""

    # An error would quote what was typed, and somebody types a secret where its place belongs.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    board: Url | None = None
    inside: _Entries[str] = []
    receivers: _Entries[Receiver] = []
    routes: _Entries[Route] = []
    mutes: _Entries[Mute] = []

    @model_validator(mode="before")
    @classmethod
    def _empty_file(cls, document: object) -> object:
        return {} if document is None else document


def reader_of(routes: Routes, receiver: str) -> Reader:
    """As the first route says that names the receiver; in English where none does."""
    board = str(routes.board) if routes.board else None
    route = next((one for one in routes.routes if receiver in one.receivers), None)
    if route is None:
        return Reader(language=ENGLISH, board=board)
    return Reader(language=LANGUAGES[route.language], zone=route.time_zone, board=board)


def fingerprint(path: Path) -> str:
    """Tell one content of the file from another. One that is not there has none."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def load(path: Path) -> Routes:
    """Read the routes, or raise `Mistakes` with all that is wrong. Without a file there are none."""
    return yaml_errors.load(path, Routes, _problems) if path.exists() else Routes()


def _problems(document: Mapping[str, object]) -> Iterator[tuple[yaml_errors.Place, str]]:
    yield from _names_that_are_wrong(document)
    inside = Inside(entry for _, entry in _list(document.get("inside")) if isinstance(entry, str))
    for index, receiver in _mappings(document.get("receivers")):
        url, host = receiver.get("url"), receiver.get("host")
        if isinstance(url, str) and url.startswith("http:") and not inside.has(urlsplit(url).hostname or ""):
            yield ("receivers", index, "url"), f"{_CLEAR}; write https, or list its host under inside"
        if receiver.get("tls") == "none" and isinstance(host, str) and not inside.has(host):
            yield ("receivers", index, "tls"), f"{_CLEAR}; write start or implicit, or list its host under inside"


def _names_that_are_wrong(document: Mapping[str, object]) -> Iterator[tuple[yaml_errors.Place, str]]:
    names: list[object] = []
    for index, receiver in _mappings(document.get("receivers")):
        name = receiver.get("name")
        if name in names:
            yield ("receivers", index, "name"), f"{name} is taken; each receiver needs a name of its own"
        else:
            names.append(name)
    for index, route in _mappings(document.get("routes")):
        yield from _unknown(("routes", index, "receivers"), route.get("receivers"), names)
        escalation = route.get("escalate")
        if isinstance(escalation, Mapping):
            yield from _unknown(("routes", index, "escalate", "receivers"), escalation.get("receivers"), names)
        yield from _quiet_hours(("routes", index, "quiet_hours"), route.get("quiet_hours"))


def _unknown(
    place: yaml_errors.Place, written: object, names: list[object]
) -> Iterator[tuple[yaml_errors.Place, str]]:
    for number, name in _list(written):
        if name not in names:
            known = ", ".join(map(str, names)) or "none"
            yield (*place, number), f"{name} is no receiver; known are {known}"


def _quiet_hours(place: yaml_errors.Place, written: object) -> Iterator[tuple[yaml_errors.Place, str]]:
    """Whether they are understood does not depend on the time zone, which may itself be a mistake."""
    if isinstance(written, str):
        try:
            parse(written, "UTC", None)
        except ValueError as problem:
            yield place, str(problem)


def _mappings(written: object) -> Iterable[tuple[int, Mapping[str, object]]]:
    return ((index, entry) for index, entry in _list(written) if isinstance(entry, Mapping))


def _list(written: object) -> Iterable[tuple[int, object]]:
    """A list's entries; that anything else is no list, the model says."""
    return enumerate(written if isinstance(written, list) else [])
