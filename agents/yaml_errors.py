"""YAML files read into models.

All mistakes of a file are found in one pass. Each is named by its line, its path and what would be right.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from agents.yaml_words import Expected

M = TypeVar("M", bound=BaseModel)

#: The way from the top of a document to one of its parts.
Place = tuple[str | int, ...]

#: Looks at a document as it was written, and finds what its model cannot know.
Check = Callable[[Mapping[str, object]], Iterable[tuple[Place, str]]]


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong at one place of a file, and what would be right there. Lines and columns begin at 1."""

    file: Path
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.line}:{self.column}", self.path, self.message)))


class Mistakes(Exception):  # noqa: N818 - it holds mistakes, and is itself none
    """Why a file was refused: everything that is wrong in it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__(*self.mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.mistakes))


def load(path: Path, model: type[M], check: Check | None = None) -> M:
    """Read the file into `model`, or raise `Mistakes`."""
    document = _read(path)
    found = {} if check is None or not isinstance(document, CommentedMap) else dict(check(document))
    try:
        read = model.model_validate(document)
    except ValidationError as error:
        found |= _in_words(document, model, error)
    else:
        if not found:
            return read
    raise Mistakes(_mistake(path, document, place, message) for place, message in found.items())


def remarks(path: Path, found: Mapping[Place, str]) -> list[Mistake]:
    """What is to be said of places of a file that was read, though none of it is wrong."""
    document = _read(path)
    return sorted(_mistake(path, document, place, message) for place, message in found.items())


class _Constructor(RoundTripConstructor):
    """Leaves dates as text: the model reads them, and says what is wrong with 31 February."""


def _text(_: RoundTripConstructor, node: ScalarNode) -> str:
    return str(node.value)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _text)


def _read(path: Path) -> object:
    yaml = YAML()
    yaml.Constructor = _Constructor
    try:
        return yaml.load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Mistakes([Mistake(path, 1, 1, "", f"cannot be read: {error.strerror}")]) from None
    except MarkedYAMLError as error:
        raise Mistakes([_syntax_mistake(path, error)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise Mistakes([Mistake(path, 1, 1, "", f"not YAML that can be read: {reason}")]) from None


def _syntax_mistake(path: Path, error: MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if isinstance(error, DuplicateKeyError):
        key = str(error.problem).split('"')[1]
        return Mistake(path, line, column, "", f"{key} is written twice; keep one of them")
    context = f" {error.context}" if error.context else ""
    return Mistake(path, line, column, "", f"not YAML: {error.problem}{context}")


def _in_words(document: object, model: type[BaseModel], error: ValidationError) -> dict[Place, str]:
    expected = Expected(model)
    found: dict[Place, str] = {}
    for one in error.errors(include_url=False):
        # A union is refused once for each of its branches; the first has said what would be right.
        found.setdefault(_place(document, one), expected.words(one))
    return {place: words for place, words in found.items() if not _has_deeper(place, found)}


def _has_deeper(place: Place, places: Iterable[Place]) -> bool:
    """Whether a branch of a union got further than this one: its author meant that branch."""
    return any(len(other) > len(place) and other[: len(place)] == place for other in places)


def _place(document: object, error: ErrorDetails) -> Place:
    """Name the place as its author sees it, without the union branches that pydantic puts in between."""
    place: Place = ()
    node = document
    for part in error["loc"]:
        if _leads_on(node, part):
            node, place = node[part], (*place, part)
    if error["type"] == "missing":
        return (*place, error["loc"][-1])
    if error["type"].startswith("union_tag"):
        return (*place, error["ctx"]["discriminator"].strip("'"))
    return place


def _leads_on(node: object, part: str | int) -> TypeGuard[CommentedMap | CommentedSeq]:
    if isinstance(node, CommentedSeq):
        return isinstance(part, int)
    return isinstance(node, CommentedMap) and part in node


def _mistake(path: Path, document: object, place: Place, message: str) -> Mistake:
    line, column = _position(document, place)
    return Mistake(path, line + 1, column + 1, ".".join(map(str, place)), message)


def _position(document: object, place: Place) -> tuple[int, int]:
    """Where its key stands, or its list entry; or, for a missing key, the mapping that misses it."""
    position, node = (0, 0), document
    for part in place:
        if isinstance(node, CommentedSeq):
            position, node = node.lc.item(part), node[part]
        elif isinstance(node, CommentedMap):
            # A key that is merged in with << has no position of its own here.
            written = part in (node.lc.data or {})
            position = node.lc.key(part) if written else (node.lc.line, node.lc.col)
            node = node.get(part)
    return position
