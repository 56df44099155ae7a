"""Compiled decoders, derived from the definitions that pydantic checks: so there is one definition of a message.

pydantic takes 2.7 µs over a fact and says what is wrong with a bad one; msgspec takes 0.5 and says little. So
msgspec reads what is good, and whatever it will not take goes to pydantic, whose word is final.
"""

import dataclasses
from collections.abc import Callable
from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from annotated_types import Ge, Lt, MaxLen, MinLen
from msgspec import Meta, Struct
from pydantic import Strict
from pydantic.fields import FieldInfo

_TAG = "type"


class Underivable(TypeError):  # noqa: N818 - it says what the definition is
    """A constraint that msgspec has no word for: leaving it out would let through what pydantic refuses."""


def decoder_of(union: Any) -> Callable[[bytes], Any]:
    """A decoder for a dataclass, or for several told apart by their `type`; its results look just like them.

    Raises msgspec.MsgspecError, UnicodeDecodeError or RecursionError for all that is none of them.
    """
    structs = [_struct_of(definition) for definition in get_args(union) or (union,)]
    return msgspec.json.Decoder(reduce(or_, structs)).decode


def _struct_of(definition: type) -> type[Struct]:
    hints = get_type_hints(definition, include_extras=True)
    config = getattr(definition, "__pydantic_config__", {})
    fields: list[Any] = []
    for field in dataclasses.fields(definition):
        if field.name == _TAG:
            continue
        described = (field.name, _plain(hints[field.name]))
        fields.append(described if field.default is dataclasses.MISSING else (*described, field.default))
    (tag,) = get_args(hints[_TAG])
    namespace = {_TAG: tag}
    if hasattr(definition, "__post_init__"):
        namespace["__post_init__"] = definition.__post_init__
    return msgspec.defstruct(
        definition.__name__,
        fields,
        namespace=namespace,
        tag_field=_TAG,
        tag=tag,
        frozen=True,
        gc=False,
        kw_only=True,
        forbid_unknown_fields=config.get("extra") == "forbid",
    )


def _plain(hint: Any) -> Any:
    """The same type in msgspec's words. Its types are strict where pydantic's are asked to be."""
    if get_origin(hint) is Annotated:
        base, *constraints = get_args(hint)
        return Annotated[_plain(base), _meta(constraints)]
    if get_origin(hint) in (UnionType, Union):
        return reduce(or_, map(_plain, get_args(hint)))
    if get_origin(hint) in (dict, list, tuple):
        return get_origin(hint)[tuple(map(_plain, get_args(hint)))]
    if get_origin(hint) is Literal or hint in (int, str, bool, type(None), ...):
        return hint
    raise Underivable(f"{hint} has no counterpart")


def _meta(constraints: list[Any]) -> Meta:
    words: dict[str, Any] = {}
    for constraint in (part for one in constraints for part in _parts(one)):
        match constraint:
            case Ge(ge=int(bound)):
                words["ge"] = bound
            case Lt(lt=int(bound)):
                words["lt"] = bound
            case MinLen(min_length=bound):
                words["min_length"] = bound
            case MaxLen(max_length=bound):
                words["max_length"] = bound
            case Strict(strict=True):
                pass  # msgspec never takes a string for a number
            case _:
                raise Underivable(f"{constraint} has no counterpart")
    return Meta(**words)


def _parts(constraint: Any) -> list[Any]:
    return constraint.metadata if isinstance(constraint, FieldInfo) else [constraint]
