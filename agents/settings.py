"""What an operator sets, read once from the environment: SLA_KAFKA, SLA_CONTRACTS, SLA_HTTP_PORT, …"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class SettingsError(Exception):
    """A setting that cannot be used; the message names it."""


class Settings(BaseModel):
    """One worker. Everything has a default that suits one machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kafka: Annotated[str, Field(pattern=r"^[^,\s]+:\d+(,[^,\s]+:\d+)*$")] = "localhost:9092"
    app_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")] = "sla-stream"
    contracts: Path = Path("config/contracts")
    notify: Path | None = Path("config/notify.yaml")
    customer_keys: Path | None = Field(
        default=None, description="a folder with a key for each client, by its name"
    )
    tokens: Path | None = Field(
        default=None, description="who may see what on the wallboard; without it, only this machine"
    )
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    source_partitions: Annotated[int, Field(ge=1)] = 8
    judge_partitions: Annotated[int, Field(ge=1)] = 4
    replication: Annotated[int, Field(ge=1)] = 1
    session_timeout_s: Annotated[float, Field(gt=0)] = 10.0
    tick_s: Annotated[float, Field(gt=0)] = 1.0
    embedded: bool = Field(default=False, description="the broker is the demo's own: topics are there already")
    direct_fetch: bool = Field(default=True, description="False: the slower way that touches less of aiokafka")
    log_level: Annotated[str, Field(pattern=r"^(debug|info|warning|error)$")] = "info"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read SLA_<NAME> for every setting; an empty SLA_NOTIFY means no receivers."""
    names = {f"SLA_{name.upper()}": name for name in Settings.model_fields}
    values: dict[str, str | None] = {names[key]: value for key, value in environment.items() if key in names}
    if values.get("notify") == "":
        values["notify"] = None
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        raise SettingsError(f"SLA_{name.upper()}: {first['msg']} (got {first['input']!r})") from None
