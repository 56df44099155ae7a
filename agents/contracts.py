"""The contracts in force, read from a folder: all of them or none.

There is no clock in here: who wants changes to take effect at once polls `fingerprint` and calls `reload`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from agents.yaml_errors import Mistake, Mistakes, Place, load, remarks
from schemas.calendar import longest_ms
from schemas.contract import Contract, Objective
from schemas.measures import FirstContactResolution, Promoters, ResponseRate, Satisfaction, by_customer
from sla_stream.hours import UnknownCountry
from sla_stream.hours import parse as parse_hours

#: Most who answer a survey at all have done so by then.
_ANSWERS_WITHIN_MS = 2 * 86_400_000

_NEVER_FINAL = (
    "is over before any contact in it is decided, so no final value is ever live; make it value: so_far, or the"
    " window longer than within"
)
_NOT_WAITED_FOR = (
    "customers answer a day or two later, and what comes later than the contract's lateness is not counted; make"
    " that longer, like lateness: 5d"
)

#: Contracts by name.
Contracts = Mapping[str, Contract]


def load_contracts(where: Path | Sequence[Path]) -> Contracts:
    """Read folders and files, or raise `Mistakes`: all those of all files."""
    contracts: dict[str, Contract] = {}
    mistakes: list[Mistake] = []
    files_by_name: dict[str, Path] = {}
    for file in _files(where):
        try:
            contract = load(file, Contract, check=partial(_problems, file, files_by_name))
        except Mistakes as refusal:
            mistakes += refusal.mistakes
        else:
            contracts[contract.name] = contract
    if mistakes:
        raise Mistakes(mistakes)
    return MappingProxyType(contracts)


def warnings_of(where: Path | Sequence[Path]) -> list[Mistake]:
    """What is no mistake in contracts that were read, but can hardly be meant."""
    return [warning for file in _files(where) for warning in remarks(file, dict(_doubts(load(file, Contract))))]


def reload(previous: Contracts, folder: Path) -> tuple[Contracts, Mistakes | None]:
    """Read the folder again. With any mistake in it the previous contracts stay in force, whole."""
    try:
        return load_contracts(folder), None
    except Mistakes as mistakes:
        return previous, mistakes


def fingerprint(folder: Path) -> str:
    """Tell one content of the folder from another: names and bytes count, dates do not."""
    digest = sha256()
    for file in _files(folder):
        digest.update(f"{file.name}\0".encode() + sha256(_content(file)).digest())
    return digest.hexdigest()


def _content(file: Path) -> bytes:
    """Read the file, or nothing: one that vanishes under our eyes is for `load_contracts` to report."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _files(where: Path | Sequence[Path]) -> list[Path]:
    if not isinstance(where, Path):
        return [file for one in where for file in _files(one)]
    if not where.is_dir():
        return [where]
    return sorted(file for file in where.iterdir() if file.suffix in (".yaml", ".yml"))


def _doubts(contract: Contract) -> Iterator[tuple[Place, str]]:
    """What would never come: an alert, a value, or answers in time to be counted."""
    for number, version in enumerate(contract.versions):
        for place, objective in enumerate(version.objectives):
            found = (*_burns_never(objective), *_never_final(objective), *_answered_too_late(objective, contract))
            for key, message in found:
                yield ("versions", number, "objectives", place, *key), message


def _burns_never(objective: Objective) -> Iterator[tuple[Place, str]]:
    """Burn rates that no value reaches: their alert would never come."""
    burn, highest = objective.alert and objective.alert.burn_rate, objective.target.highest_burn
    if burn and (highest is None or burn.factor >= highest):
        most = "the target leaves nothing to use up" if highest is None else f"at most it is {float(highest):g}"
        yield ("alert", "burn_rate", "factor"), f"this can never be exceeded: {most}"


def _never_final(objective: Objective) -> Iterator[tuple[Place, str]]:
    """Windows that are over before it is known of any of their contacts whether the customer came back."""
    measure = objective.measure
    if isinstance(measure, FirstContactResolution) and by_customer(measure) and measure.value == "final":
        for number, name in enumerate(objective.windows):
            if longest_ms(name) <= measure.within:
                yield ("windows", number), f"{name} {_NEVER_FINAL}"


def _answered_too_late(objective: Objective, contract: Contract) -> Iterator[tuple[Place, str]]:
    """Surveys of contracts that do not wait for their answers."""
    measure = objective.measure
    is_asked = isinstance(measure, Satisfaction | Promoters | ResponseRate) or (
        isinstance(measure, FirstContactResolution) and measure.by == "survey"
    )
    if is_asked and contract.lateness < _ANSWERS_WITHIN_MS:
        yield ("measure", "kind"), _NOT_WAITED_FOR


def _problems(
    file: Path, files_by_name: dict[str, Path], written: Mapping[str, object]
) -> Iterator[tuple[Place, str]]:
    """Find what one contract alone, or the schema alone, cannot know."""
    name = written.get("name")
    if isinstance(name, str) and files_by_name.setdefault(name, file) != file:
        yield ("name",), f"{name} is the name of {files_by_name[name]} too; each contract needs its own"
    yield from _hours_problems(written.get("hours", "24/7"), written.get("holidays"))


def _hours_problems(hours: object, holidays: object) -> Iterable[tuple[Place, str]]:
    if not isinstance(hours, str) or not isinstance(holidays, str | None):
        return []
    try:
        # Whether hours are understood does not depend on the time zone, which may itself be a mistake.
        parse_hours(hours, "UTC", holidays)
    except UnknownCountry as problem:
        return [(("holidays",), str(problem))]
    except ValueError as problem:
        return [(("hours",), str(problem))]
    return []
