"""Contracts in force: read whole, swapped whole, and said in sentences."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from agents.cli.contract import contract as contract_commands
from agents.contracts import Contracts, fingerprint, load_contracts, reload
from agents.explain import explain
from agents.words.languages import ENGLISH, FRENCH, LANGUAGES, Language
from schemas.contract import Contract
from schemas.measures import ServiceLevelFormula
from sla_stream.promises import promises_of

FOLDER = Path("config/contracts")
HOTLINE = FOLDER / "hotline-fr.yaml"
BANK = Path("tests/data/anonymous_bank_contract.yaml")
MISTAKEN = Path("tests/unit/bad_contracts/key_unknown.yaml")
EXPLAINED = Path("tests/unit/explained")
EXAMPLES = sorted(FOLDER.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / HOTLINE.name).write_text(HOTLINE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_the_example_says_what_was_promised() -> None:
    hotline = load_contracts(FOLDER)["hotline-fr"]
    picked_up = hotline.versions[0].objectives[0]
    assert (hotline.client, hotline.time_zone, hotline.lateness) == ("acme", "Europe/Paris", 172_800_000)
    assert picked_up.target.at_least == Fraction(9, 10)
    assert picked_up.queues == ["sales", "support"]
    assert picked_up.windows == ["rolling 15m", "interval 15m", "month"]


def test_contracts_in_force_cannot_be_changed_in_passing() -> None:
    contracts = load_contracts(FOLDER)
    with pytest.raises(TypeError):
        contracts["hotline-fr"] = contracts["hotline-fr"]  # type: ignore[index]


def test_both_spellings_of_the_ending_are_read_and_other_files_are_not(folder: Path) -> None:
    (folder / "bank.yml").write_text(BANK.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "notes.txt").write_text("not a contract", encoding="utf-8")
    assert sorted(load_contracts(folder)) == ["anonymous-bank", "hotline-fr"]


def test_a_change_is_swapped_in_whole(folder: Path) -> None:
    before = load_contracts(folder)
    edit(folder, "90%", "91%")
    after, mistakes = reload(before, folder)
    assert mistakes is None
    assert target(before) == Fraction(90, 100)
    assert target(after) == Fraction(91, 100)


def test_with_a_mistake_the_old_contracts_stay_in_force_and_the_mistake_is_told(folder: Path) -> None:
    before = load_contracts(folder)
    edit(folder, "threshold:", "threshhold:")
    after, mistakes = reload(before, folder)
    assert after is before
    assert mistakes is not None
    assert "did you mean threshold?" in str(mistakes)


def test_a_mistake_in_one_file_keeps_the_change_in_another_out_as_well(folder: Path) -> None:
    before = load_contracts(folder)
    edit(folder, "90%", "91%")
    (folder / "new.yaml").write_text("name: new\n", encoding="utf-8")
    assert reload(before, folder)[0] is before


def test_the_fingerprint_changes_with_content_and_names_only(folder: Path) -> None:
    first = fingerprint(folder)
    (folder / HOTLINE.name).touch()
    (folder / "notes.txt").write_text("not a contract", encoding="utf-8")
    assert fingerprint(folder) == first
    edit(folder, "90%", "91%")
    second = fingerprint(folder)
    (folder / HOTLINE.name).rename(folder / "renamed.yaml")
    assert len({first, second, fingerprint(folder)}) == 3


def test_a_file_that_vanishes_does_not_stop_the_fingerprint(folder: Path) -> None:
    (folder / "dangling.yaml").symlink_to(folder / "gone")
    assert fingerprint(folder) != fingerprint(FOLDER)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_in_sentences(file: Path, language: str) -> None:
    golden = (EXPLAINED / f"{file.stem}.{language}.txt").read_text(encoding="utf-8")
    assert explain(load_contracts(file)[file.stem], LANGUAGES[language]) == golden


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_sentences_fit_the_narrowest_terminal(file: Path) -> None:
    for language in LANGUAGES.values():
        lines = explain(load_contracts(file)[file.stem], language).splitlines()
        assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_can_be_counted(file: Path) -> None:
    contracts = load_contracts(file)
    assert promises_of(contracts.values()).clients == {contracts[file.stem].client}


def test_each_example_is_of_another_client() -> None:
    clients = [contract.client for contract in load_contracts(FOLDER).values()]
    assert sorted(clients) == ["acme", "meridian-bank", "northlight"]


def test_every_formula_and_clock_has_its_own_sentence() -> None:
    contract = load_contracts(BANK)["anonymous-bank"]
    sections = re.split(r"\n\n(?=\d+\. )", explain(contract))[1:]
    told = [section.partition("\n")[2] for section in sections]
    assert len(told) == len(contract.versions[0].objectives)
    assert len(set(told)) == len(told)
    assert not any("{" in section for section in told)


@pytest.mark.parametrize(
    ("formula", "over", "sentence"),
    [
        ("flowouts_missed", "answered_only", "To all of these are added those that left the queue otherwise."),
        ("flowouts_missed", "abandons_met", "calls answered or abandoned within 30 seconds, out of all that"),
        ("flowouts_missed", "answered_only", "Those that were abandoned do not count"),
        ("answered_only", "abandons_missed", "Those that were abandoned do not count"),
        ("removed_in_time", "abandons_missed", "Those that left the queue otherwise within that time count as"),
    ],
)
def test_what_a_formula_leaves_out_is_said(formula: ServiceLevelFormula, over: str, sentence: str) -> None:
    written = load_contracts(BANK)["anonymous-bank"].model_dump(mode="json")
    del written["versions"][0]["objectives"][1:]
    objective = written["versions"][0]["objectives"][0]
    objective["measure"] |= {"formula": formula, "flowouts_over": over}
    objective["target"] = {"at_least": "80%"}
    told = explain(Contract.model_validate(written))
    assert sentence in " ".join(told.split())


def test_check_finds_nothing_wrong_with_ours() -> None:
    result = CliRunner().invoke(contract_commands, ["check", str(HOTLINE), str(BANK)])
    assert result.exit_code == 0
    bank = len(load_contracts(BANK)["anonymous-bank"].versions[0].objectives)
    lines = ["hotline-fr: 5 objectives for acme", f"anonymous-bank: {bank} objectives for anonymous-bank"]
    assert result.stdout.splitlines() == lines


def test_check_names_each_mistake_on_a_line_and_fails() -> None:
    result = CliRunner().invoke(contract_commands, ["check", str(MISTAKEN)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == [*places(MISTAKEN), "Error:"]


@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "nowhere.yaml"], ["explain"], ["explain", "nowhere.yaml"]]
)
def test_a_command_without_its_file_is_a_mistake_of_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(contract_commands, arguments).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "locale", "language"),
    [
        ([], {"LANG": "en_GB.UTF-8"}, ENGLISH),
        ([], {"LANG": "fr_CA.UTF-8"}, FRENCH),
        ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "fr_FR"}, FRENCH),
        ([], {"LANG": "fr_FR", "LC_ALL": "", "LC_MESSAGES": "C"}, ENGLISH),
        ([], {"LANG": "de_DE.UTF-8"}, ENGLISH),
        ([], {}, ENGLISH),
        (["--lang", "fr"], {"LANG": "en_GB.UTF-8"}, FRENCH),
        (["--lang", "en"], {"LANG": "fr_FR.UTF-8"}, ENGLISH),
    ],
)
def test_explain_speaks_the_language_asked_for_or_else_the_locales(
    arguments: list[str], locale: dict[str, str], language: Language
) -> None:
    unset = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"))
    result = CliRunner().invoke(contract_commands, ["explain", str(HOTLINE), *arguments], env=unset | locale)
    assert result.exit_code == 0
    assert result.stdout == explain(load_contracts(HOTLINE)["hotline-fr"], language)


def test_explain_does_not_explain_what_is_wrong() -> None:
    assert CliRunner().invoke(contract_commands, ["explain", str(MISTAKEN)]).exit_code == 1


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / HOTLINE.name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def target(contracts: Contracts) -> Fraction:
    return contracts["hotline-fr"].versions[0].objectives[0].target.bound


def places(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# expect: "):
            yield f"{file}:{line.removeprefix('# expect: ').partition(' ')[0]}"
