"""Customers by a keyed hash, so that one is recognised who comes again, and nobody can say who it is.

Each client has a key of its own, a secret. Whoever destroys it has erased its customers: what is kept can no
longer be told from noise, and nobody is recognised any more.
"""

import dataclasses
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from schemas.dead_letters import Rejected
from schemas.facts import Fact

#: Of bits there are enough to tell a billion customers apart, and of characters few, as they are kept for each.
_HASH_BYTES = 12
_SHORTEST_KEY_BYTES = 32


class PseudonymsError(Exception):
    """A key that cannot be used; the message names its file, and never shows it."""


class Pseudonyms:
    """The keys by client. Of a client without one, no customer is kept."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = MappingProxyType(dict(keys))

    @classmethod
    def read(cls, folder: Path | None) -> "Pseudonyms":
        """From a folder with one file per client. Raises PseudonymsError for a key that is too short to be one."""
        if folder is None:
            return cls({})
        try:
            keys = {file.name: file.read_bytes().strip() for file in sorted(folder.iterdir()) if file.is_file()}
        except OSError as error:
            raise PseudonymsError(f"the keys in {folder} cannot be read: {error.strerror}") from None
        for client, key in keys.items():
            if len(key) < _SHORTEST_KEY_BYTES:
                raise PseudonymsError(
                    f"{folder / client} is no key: it has {len(key)} of {_SHORTEST_KEY_BYTES} bytes"
                )
        return cls(keys)

    def of(self, client: str, customer: str) -> str | None:
        """What stands for the customer."""
        key = self._keys.get(client)
        if key is None:
            return None
        digest = hmac.digest(key, f"{client}\0{customer}".encode(), "sha256")
        return urlsafe_b64encode(digest[:_HASH_BYTES]).decode()

    def hide(self, fact: Fact | Rejected) -> Fact | Rejected:
        """The fact without the source's reference to the customer."""
        if isinstance(fact, Rejected) or fact.type not in ("offered", "record") or fact.customer is None:
            return fact
        hidden = self.of(fact.client, fact.customer)
        # Facts come as compiled values nearly always, and as pydantic's where those have doubts.
        if isinstance(fact, Struct):
            return msgspec.structs.replace(fact, customer=hidden)
        return dataclasses.replace(fact, customer=hidden)
