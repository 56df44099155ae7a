"""What every kind of receiver is: a name, settings of its own, and the request that tells it of an alert."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl

from schemas.alerts import Alert
from schemas.written import Label


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. It may carry a secret in any part, so its repr shows none."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def _without_credentials(url: HttpUrl) -> HttpUrl:
    if url.username is not None or url.password is not None:
        raise ValueError("a user or password does not belong in a URL, which is no secret")
    return url


Url = Annotated[HttpUrl, AfterValidator(_without_credentials)]


class Sink(BaseModel, ABC):
    """One receiver as `config/notify.yaml` has it. A kind adds `sink`, its word, and settings of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Label

    @abstractmethod
    def request(self, alert: Alert, now_ms: int) -> Request:
        """How the receiver is told. `now_ms` is the wall clock at this try."""
