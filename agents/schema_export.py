"""`python -m agents.schema_export` writes schemas/json/: what crosses a wire, and the files that people write.

For their editors, and for those who read and write our messages in another language.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from agents.notify.routes import Routes
from schemas.adjustments import ADJUSTMENT
from schemas.alerts import ACKNOWLEDGEMENT, ALERT, UNDELIVERED
from schemas.contract import Contract
from schemas.dead_letters import DeadLetter
from schemas.facts import FACT
from schemas.history import SAMPLE
from schemas.pulses import PULSE
from schemas.resolutions import CONTACT_TOUCH
from schemas.tallies import BENCH_MESSAGE
from schemas.verdicts import VERDICT
from schemas.written import Duration

FOLDER = Path("schemas/json")

#: File -> what it describes.
EXPORTED: dict[str, TypeAdapter[Any]] = {
    "acknowledgement": ACKNOWLEDGEMENT,
    "adjustment": ADJUSTMENT,
    "alert": ALERT,
    "bench_message": BENCH_MESSAGE,
    "contact_touch": CONTACT_TOUCH,
    "contract": TypeAdapter(Contract),
    "dead_letter": TypeAdapter(DeadLetter),
    "fact": FACT,
    "notify": TypeAdapter(Routes),
    "pulse": PULSE,
    "sample": SAMPLE,
    "undelivered": UNDELIVERED,
    "verdict": VERDICT,
}

_DURATION: TypeAdapter[int] = TypeAdapter(Duration)


def schema(name: str) -> str:
    """Describe one of them, as the text of its file."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | EXPORTED[name].json_schema()
    _write_defaults(described)
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _write_defaults(described: dict[str, Any]) -> None:
    """Show a default as an author would write it, 2d, where pydantic shows the milliseconds behind it."""
    for part in _parts(described):
        if part.get("type") == "string" and isinstance(part.get("default"), int):
            part["default"] = _DURATION.dump_python(part["default"])


def _parts(described: object) -> Iterator[dict[str, Any]]:
    if isinstance(described, dict):
        yield described
        described = list(described.values())
    if isinstance(described, list):
        for part in described:
            yield from _parts(part)


def main() -> None:
    """Write all of them."""
    for name in EXPORTED:
        (FOLDER / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")


if __name__ == "__main__":
    main()
