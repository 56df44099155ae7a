"""Mistakes in contracts: one file for each, whose first lines say the exact message."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import yaml_errors
from agents.contracts import load_contracts, warnings_of
from agents.yaml_errors import Mistakes
from schemas.contract import Contract

BAD = sorted(Path("tests/unit/bad_contracts").iterdir())
GOOD = Path("config/contracts/hotline-fr.yaml")


def mistakes_of(*files: Path) -> list[str]:
    with pytest.raises(Mistakes) as refusal:
        load_contracts(files)
    return [str(mistake) for mistake in refusal.value.mistakes]


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_the_mistake_is_named_by_its_line_and_by_what_would_be_right(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    assert expected
    assert mistakes_of(file) == [f"{file}:{mistake}" for mistake in expected]


def test_all_mistakes_of_all_files_are_found_in_one_pass() -> None:
    alone = [mistake for file in BAD for mistake in mistakes_of(file)]
    together = mistakes_of(*BAD)
    # Nearly all of them are called hotline, which is one more mistake of each but the first.
    assert set(alone) <= set(together)


def test_two_contracts_of_one_name_are_a_mistake_that_names_both_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for file in (first, second):
        file.write_text(GOOD.read_text(encoding="utf-8"), encoding="utf-8")
    assert mistakes_of(tmp_path) == [
        f"{second}:4:1: name: hotline-fr is the name of {first} too; each contract needs its own"
    ]


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    assert mistakes_of(file) == [f"{file}:1:1: cannot be read: No such file or directory"]


def test_a_file_that_is_not_text_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("name: café".encode("latin-1"))
    assert mistakes_of(file)[0].startswith(f"{file}:1:1: not YAML that can be read: ")


@pytest.mark.parametrize(
    "text", ["a: !!int x", "a: " + "9" * 5000, "[" * 1000, "a: \0", "a: *b", "a: 1\n---\nb: 2"]
)
def test_yaml_that_trips_the_loader_is_a_mistake(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(text, encoding="utf-8")
    assert mistakes_of(file)[0].startswith(f"{file}:")


@given(st.data())
def test_whatever_is_cut_or_inserted_nothing_but_mistakes_is_raised(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = GOOD.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    odd = data.draw(st.text("{}[]:-#&*!|>%@`'\", \n\tabx019é", max_size=6))
    file = tmp_path_factory.mktemp("odd") / "odd.yaml"
    file.write_text(text[:start] + odd + text[end:], encoding="utf-8")
    with suppress(Mistakes):
        load_contracts([file])


def test_a_key_merged_in_from_elsewhere_is_named_where_it_is_merged(tmp_path: Path) -> None:
    file = tmp_path / "merged.yaml"
    file.write_text("common: &common {clinet: acme}\n\n<<: *common\nname: hotline\n", encoding="utf-8")
    with pytest.raises(Mistakes) as refusal:
        yaml_errors.load(file, Contract)
    assert f"{file}:1:1: clinet: clinet is not known here; did you mean client?" in map(
        str, refusal.value.mistakes
    )


BURNING = """\
name: hotline
client: acme
time_zone: Europe/Paris
versions:
  - effective: 2026-01-01
    objectives:
      - name: picked-up
        measure: {kind: abandonment}
        target: {TARGET}
        windows: [rolling 5m, rolling 1h]
        alert:
          window: rolling 5m
          burn_rate: {over: rolling 1h, factor: FACTOR}
"""


@pytest.mark.parametrize(
    ("target", "factor", "most"),
    [
        ("at_least: 90%", "9.99", None),
        ("at_least: 90%", "10", "at most it is 10"),
        ("at_least: 90%", "14.4", "at most it is 10"),
        ("at_most: 5%", "14.4", None),
        ("at_most: 5%", "20", "at most it is 20"),
        ("at_least: 100%", "2", "the target leaves nothing to use up"),
    ],
)
def test_a_burn_rate_that_no_value_reaches_is_warned_of(
    tmp_path: Path, target: str, factor: str, most: str | None
) -> None:
    file = tmp_path / "burning.yaml"
    file.write_text(BURNING.replace("TARGET", target).replace("FACTOR", factor), encoding="utf-8")
    load_contracts(file)
    place = f"{file}:13:41: versions.0.objectives.0.alert.burn_rate.factor"
    expected = [f"{place}: this can never be exceeded: {most}"] if most else []
    assert [str(warning) for warning in warnings_of(file)] == expected


ASKED = """\
name: hotline
client: acme
time_zone: Europe/Paris
lateness: LATENESS
versions:
  - effective: 2026-01-01
    objectives:
      - name: content
        measure: MEASURE
        target: TARGET
        windows: [WINDOW]
"""


def remarks_on(file: Path, **written: str) -> list[str]:
    text = ASKED
    for name, value in {"lateness": "5d", "target": "{at_least: 80%}", "window": "month", **written}.items():
        text = text.replace(name.upper(), value)
    file.write_text(text, encoding="utf-8")
    load_contracts(file)
    return [str(warning).removeprefix(f"{file}:") for warning in warnings_of(file)]


@pytest.mark.parametrize(
    ("window", "within", "warned"),
    [
        ("rolling 6d", "7d", True),
        ("rolling 7d", "7d", True),
        ("rolling 8d", "7d", False),
        ("interval 1h", "1h", True),
        ("day", "23h", False),
        ("day", "24h", True),
        ("week", "7d", True),
        ("month", "30d", False),
        ("month", "31d", True),
        ("quarter", "31d", False),
    ],
)
def test_a_window_that_is_over_before_anything_is_decided_is_warned_of(
    tmp_path: Path, window: str, within: str, warned: bool
) -> None:
    fcr = f"{{kind: first_contact_resolution, by: repeat_contact, within: {within}}}"
    remarks = remarks_on(tmp_path / "a.yaml", measure=fcr, window=window)
    place = "11:19: versions.0.objectives.0.windows.0"
    expected = (
        f"{place}: {window} is over before any contact in it is decided, so no final value is ever live;"
        " make it value: so_far, or the window longer than within"
    )
    assert remarks == ([expected] if warned else [])
    so_far = fcr.replace("within", "value: so_far, within")
    assert remarks_on(tmp_path / "b.yaml", measure=so_far, window=window) == []


@pytest.mark.parametrize(("lateness", "warned"), [("47h", True), ("48h", False), ("3d", False)])
@pytest.mark.parametrize(
    ("measure", "target"),
    [
        ("{kind: csat}", "{at_least: 80%}"),
        ("{kind: ces}", "{at_least: 80%}"),
        ("{kind: nps}", "{at_least: 30}"),
        ("{kind: response_rate}", "{at_least: 20%}"),
        ("{kind: first_contact_resolution, by: survey}", "{at_least: 80%}"),
    ],
)
def test_a_contract_that_does_not_wait_for_answers_is_warned_of(
    tmp_path: Path, measure: str, target: str, lateness: str, warned: bool
) -> None:
    remarks = remarks_on(tmp_path / "a.yaml", measure=measure, target=target, lateness=lateness)
    expected = (
        "9:19: versions.0.objectives.0.measure.kind: customers answer a day or two later, and what comes later"
        " than the contract's lateness is not counted; make that longer, like lateness: 5d"
    )
    assert remarks == ([expected] if warned else [])


def test_measures_that_wait_for_no_answer_are_not_warned_of(tmp_path: Path) -> None:
    by_agent = "{kind: first_contact_resolution, by: agent}"
    assert remarks_on(tmp_path / "a.yaml", measure=by_agent, lateness="1h") == []
