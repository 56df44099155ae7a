"""Secrets: the configuration says where one is, never what it is."""

import hmac
import os
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr, WithJsonSchema

_PLACES = "{env: NAME} or {file: PATH}"


def _reveal(place: object) -> str:
    match place:
        case {"env": str(name), **others} if not others:
            secret = os.environ.get(name, "")
            missing = f"the environment variable {name} is not set; set it to the secret"
        case {"file": str(path), **others} if not others:
            secret = _contents(Path(path))
            missing = f"the file {path} is empty; write the secret into it"
        case _:
            raise ValueError(f"a secret is not written here; say where it is, as {_PLACES}")
    if not secret:
        raise ValueError(missing)
    return secret


def _contents(path: Path) -> str:
    try:
        # Editors and `echo` end a file with a newline, which belongs to no secret.
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"the file {path.absolute()} cannot be read; write the secret into it") from None


def is_same(ours: str, theirs: str) -> bool:
    """Compare what was sent with what is secret, in a time that does not say how much of it was right."""
    return hmac.compare_digest(ours.encode(), theirs.encode(errors="replace"))


#: A place outside, what lies there inside; it is read when the configuration is.
Secret = Annotated[
    SecretStr,
    BeforeValidator(_reveal),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"env": {"type": "string"}, "file": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
            "examples": [{"env": "NAME"}, {"file": "PATH"}],
        }
    ),
]
