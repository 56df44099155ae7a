"""What pydantic says of a value, in words for the file's author: what is wrong, and what would be right.

What would be right is read from the model's JSON Schema, the same that completes the file in an editor.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

Schema = dict[str, Any]

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}

_FORMATS = {"date": "a day like 2026-01-31", "uri": "an address like https://example.com/sla"}

#: Ends of pydantic's names for a value of another kind than expected.
_STANDS_WRONG = ("_type", "_parsing", "_mismatch", "too_short", "literal_error")


class Expected:
    """What a model expects at each place of a document."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._root = model.model_json_schema()
        self._quotes = not model.model_config.get("hide_input_in_errors", False)

    def words(self, error: ErrorDetails) -> str:  # noqa: PLR0911 - one answer for each kind of mistake
        """Say what is wrong and what would be right."""
        at, value = self._at(error["loc"]), error["input"]
        match error["type"]:
            case "value_error":
                return str(error["ctx"]["error"])
            case "extra_forbidden":
                return _unknown(str(error["loc"][-1]), self._keys(self._at(error["loc"][:-1])))
            case "missing":
                return f"is missing; it is {self._right(at)}"
            case "union_tag_not_found":
                return f"is missing; it is {_either([*_tags(at)])}"
            case "union_tag_invalid":
                return _unknown(error["ctx"]["tag"], _tags(at))
            case "literal_error" if isinstance(value, str):
                return _unknown(value, self._possible(at))
            case kind if kind.endswith(_STANDS_WRONG):
                return f"{self._shown(value)} stands where {self._right(at)} belongs"
            case _:
                return f"{self._shown(value)} is not possible: {error['msg'].replace('Input', 'it')}"

    def _at(self, loc: Iterable[str | int]) -> Schema:
        """Find what is expected at a place. Names of union branches, which lead nowhere, are passed over."""
        node = self._root
        for part in loc:
            node = self._below(node, part) or node
        return self._resolved(node)

    def _below(self, node: Schema, part: str | int) -> Schema | None:
        node = self._resolved(node)
        if part in (tags := _tags(node)):
            return tags[str(part)]
        if isinstance(part, int):
            steps = [node.get("items")]
        else:
            steps = [node.get("properties", {}).get(part), node.get("additionalProperties")]
        steps += [self._below(branch, part) for branch in node.get("anyOf", ())]
        return next((step for step in steps if step), None)

    def _resolved(self, node: Schema) -> Schema:
        while "$ref" in node:
            node = self._root["$defs"][node["$ref"].rpartition("/")[2]]
        return node

    def _branches(self, node: Schema) -> list[Schema]:
        """Take a union apart; null only says that it may be left out."""
        branches = [self._resolved(branch) for branch in node.get("anyOf", [node])]
        return [branch for branch in branches if branch.get("type") != "null"]

    def _keys(self, node: Schema) -> list[str]:
        return [key for branch in self._branches(node) for key in branch.get("properties", ())]

    def _possible(self, node: Schema) -> list[str]:
        return [str(value) for branch in self._branches(node) for value in _constants(branch)]

    def _right(self, node: Schema) -> str:
        return " or ".join(_description(branch) for branch in self._branches(node))

    def _shown(self, value: object) -> str:
        """Show a value as its author knows it, unless it may be a secret."""
        if isinstance(value, list):
            return "a list" if value else "an empty list"
        if isinstance(value, dict):
            return "a mapping"
        if value in (None, ""):
            return "nothing"
        if not self._quotes:
            return "what is written"
        return str(value).lower() if isinstance(value, bool) else str(value)


def _tag_name(node: Schema) -> str:
    return str(node["discriminator"]["propertyName"])


def _tags(node: Schema) -> dict[str, Schema]:
    mapping = node.get("discriminator", {}).get("mapping", {})
    return {tag: {"$ref": ref} for tag, ref in mapping.items()}


def _constants(node: Schema) -> list[object]:
    return [node["const"]] if "const" in node else list(node.get("enum", ()))


def _description(node: Schema) -> str:
    if constants := _constants(node):
        return _either(constants)
    if _tags(node):
        return f"a mapping with the key {_tag_name(node)}"
    if node.get("format") in _FORMATS:
        return _FORMATS[node["format"]]
    kind = _KINDS.get(node.get("type", ""), "something else")
    if required := node.get("required"):
        return f"{kind} with the keys {', '.join(required)}"
    if node.get("minItems"):
        return f"{kind} that is not empty"
    return f"{kind} like {_either(examples)}" if (examples := node.get("examples")) else kind


def _either(values: Sequence[object]) -> str:
    # A mapping looks as it does in YAML: {env: NAME}.
    *first, last = (str(value).replace("'", "") for value in values)
    return f"{', '.join(first)} or {last}" if first else last


def _unknown(word: str, known: Iterable[str]) -> str:
    names = list(known)
    if close := get_close_matches(word, names, n=1):
        return f"{word} is not known here; did you mean {close[0]}?"
    return f"{word} is not known here; known are {', '.join(names)}"
