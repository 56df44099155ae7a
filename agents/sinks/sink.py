"""What every kind of receiver is: a name, settings of its own, and the request that tells it the news."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, NamedTuple

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl, SecretStr, TypeAdapter, ValidationError

from agents.notify.news import News
from agents.sinks.secret import Secret
from schemas.alerts import AlertEvent
from schemas.written import Label

_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. It may carry a secret in any part, so its repr shows none."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message to a mail server. `user` is None where the server asks for none."""

    host: str
    port: int
    tls: Literal["implicit", "start", "none"]
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    message: bytes = field(repr=False)


def post(url: str, body: object, headers: Mapping[str, str] | None = None) -> Request:
    """A request with a body in JSON."""
    return Request("POST", url, {**_JSON, **(headers or {})}, orjson.dumps(body))


def _without_credentials(url: HttpUrl) -> HttpUrl:
    if url.username is not None or url.password is not None:
        raise ValueError("a user or password does not belong in a URL, which is no secret")
    return url


Url = Annotated[HttpUrl, AfterValidator(_without_credentials)]

_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def _is_address(secret: SecretStr) -> SecretStr:
    try:
        _URL.validate_python(secret.get_secret_value())
    except ValidationError:
        raise ValueError("an address like https://example.com/sla belongs where the secret is") from None
    return secret


#: Whoever knows the address of a chat's webhook can write there, so it is a secret itself.
SecretUrl = Annotated[Secret, AfterValidator(_is_address)]


class NotOurs(Exception):  # noqa: N818 - it says whose it is not
    """Whoever sent it does not share the secret."""


class Seen(NamedTuple):
    """Somebody has said at the receiver that they see to an episode."""

    episode: str
    by: str


class Sink(BaseModel, ABC):
    """One receiver as `config/notify.yaml` has it. A kind adds `sink`, its word, and settings of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Whether what it is told is read by people, who would rather have one message of many alerts.
    is_for_people: ClassVar[bool] = True
    #: How often it must be told that an alert is still open; None: it remembers.
    repeat_ms: ClassVar[int | None] = None

    name: Label

    def takes(self, event: AlertEvent) -> bool:  # noqa: ARG002 - most take all
        """Whether it wants to hear of it."""
        return True

    def seen(self, headers: Mapping[str, str], body: bytes) -> list[Seen]:  # noqa: ARG002 - most say nothing
        """What a request of the receiver's acknowledges. Raises NotOurs unless it is signed as agreed."""
        raise NotOurs

    @abstractmethod
    def request(self, news: News, now_ms: int) -> Request | Mail:
        """How the receiver is told. `now_ms` is the wall clock at this try."""
