"""What crosses a wire: each type has an example, each example decodes, and the exported schemas are ours."""

import json
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from agents.contracts import load_contracts
from agents.notify import routes
from agents.schema_export import EXPORTED, FOLDER, schema
from schemas.adjustments import Adjustment
from schemas.alerts import Acknowledgement, Alert, UndeliveredAlert
from schemas.dead_letters import DeadLetter
from schemas.facts import Fact
from schemas.history import Sample
from schemas.pulses import Pulse
from schemas.resolutions import ContactTouch
from schemas.tallies import BenchMessage
from schemas.verdicts import Verdict

EXAMPLES = Path("schemas/examples")

#: Schema -> the types that it describes.
DESCRIBED: dict[str, tuple[type, ...]] = {
    "fact": get_args(Fact),
    "bench_message": get_args(BenchMessage),
    "contact_touch": (ContactTouch,),
    "dead_letter": (DeadLetter,),
    "verdict": (Verdict,),
    "alert": (Alert,),
    "undelivered": (UndeliveredAlert,),
    "acknowledgement": (Acknowledgement,),
    "adjustment": (Adjustment,),
    "pulse": (Pulse,),
    "sample": (Sample,),
}


def tag(described: type) -> str:
    """The value of its `type`."""
    hint = get_type_hints(described)["type"]
    assert get_origin(hint) is Literal
    return str(get_args(hint)[0])


MESSAGES = [(name, described) for name, types in DESCRIBED.items() for described in types]
WRITTEN = ["contract", "notify"]


@pytest.mark.parametrize("name", EXPORTED)
def test_the_exported_schema_is_the_one_in_the_code(name: str) -> None:
    exported = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert exported == schema(name), "run python -m agents.schema_export"


def test_nothing_else_lies_beside_the_exported_schemas() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.schema.json" for name in EXPORTED}


def test_every_type_has_an_example_and_every_example_a_type() -> None:
    examples = {f"{tag(described)}.json" for _, described in MESSAGES} | {f"{name}.yaml" for name in WRITTEN}
    assert {file.name for file in EXAMPLES.iterdir()} == examples
    assert {*DESCRIBED, *WRITTEN} == set(EXPORTED)


@pytest.mark.parametrize(("name", "described"), MESSAGES, ids=lambda part: getattr(part, "__name__", part))
def test_the_example_decodes_and_comes_out_as_it_went_in(name: str, described: type) -> None:
    example = (EXAMPLES / f"{tag(described)}.json").read_bytes()
    message = EXPORTED[name].validate_json(example)
    assert type(message) is described
    written = TypeAdapter[Any](described).dump_python(message, mode="json", exclude_none=True)
    assert written == json.loads(example)


@pytest.mark.parametrize(("name", "described"), MESSAGES, ids=lambda part: getattr(part, "__name__", part))
def test_the_example_keeps_to_the_exported_schema(name: str, described: type) -> None:
    validator(name).validate(json.loads((EXAMPLES / f"{tag(described)}.json").read_bytes()))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("contract", EXAMPLES / "contract.yaml"),
        *(("contract", file) for file in sorted(Path("config/contracts").iterdir())),
        ("contract", Path("tests/data/anonymous_bank_contract.yaml")),
        ("notify", EXAMPLES / "notify.yaml"),
    ],
    ids=str,
)
def test_what_people_write_keeps_to_the_exported_schema(name: str, file: Path) -> None:
    # An editor reads dates as text, as JSON has none.
    written = json.loads(json.dumps(YAML(typ="safe").load(file), default=str))
    validator(name).validate(written)


def test_what_people_write_is_read() -> None:
    assert list(load_contracts(EXAMPLES / "contract.yaml")) == ["smallest"]
    assert [receiver.name for receiver in routes.load(EXAMPLES / "notify.yaml").receivers] == ["prometheus"]


@pytest.mark.parametrize("name", ["contract", "notify", "verdict", "alert", "tally"])
def test_an_exported_schema_refuses_what_nobody_knows(name: str) -> None:
    schema_name = "bench_message" if name == "tally" else name
    file = EXAMPLES / (f"{name}.yaml" if name in WRITTEN else f"{name}.json")
    written = json.loads(json.dumps(YAML(typ="safe").load(file), default=str))
    assert not validator(schema_name).is_valid(written | {"treshold": 1})


def test_the_exported_contract_shows_defaults_as_an_author_writes_them() -> None:
    properties = json.loads(schema("contract"))["properties"]
    assert (properties["lateness"]["default"], properties["silence"]["default"]) == ("2d", "10m")


def validator(name: str) -> Draft202012Validator:
    exported = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(exported)
    return Draft202012Validator(exported)
