"""Who may see what: bearer tokens, each for some clients, of which only a hash is kept.

A token is 256 random bits, so its plain SHA-256 tells nobody what it is.
"""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agents.yaml_errors import load as load_yaml
from schemas.words import Name
from schemas.written import Label

_BYTES = 32


class Token(BaseModel):
    """One token, by its hash. `clients` are those whose figures it shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Label
    sha256: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="as `sla-stream token` prints it",
            examples=["64 hexadecimal digits"],
        ),
    ]
    clients: Annotated[list[Name], Field(min_length=1)] | Literal["all"]


class Tokens(BaseModel):
    """The file that `SLA_TOKENS` names."""

    # Who writes a token where its hash belongs must not find it in the log.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    tokens: Annotated[list[Token], Field(min_length=1)]

    @model_validator(mode="after")
    def _differ(self) -> Self:
        for key in ("name", "sha256"):
            found = [getattr(token, key) for token in self.tokens]
            if len(set(found)) < len(found):
                raise ValueError(f"two tokens have the same {key}; each needs its own")
        return self

    def find(self, presented: str) -> Token | None:
        """The token that was presented. It takes as long whichever it is, and if it is none of them."""
        digest, found = digest_of(presented), None
        for token in self.tokens:
            if hmac.compare_digest(token.sha256, digest):
                found = token
        return found


def load(file: Path) -> Tokens:
    """Read the file, or raise `Mistakes`."""
    return load_yaml(file, Tokens)


def new_token() -> str:
    """A token that nobody can guess."""
    return f"sla_{secrets.token_urlsafe(_BYTES)}"


def digest_of(token: str) -> str:
    """What is kept of it."""
    return sha256(token.encode(errors="surrogateescape")).hexdigest()
