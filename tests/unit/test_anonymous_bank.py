"""The Anonymous Bank's calls as facts: the counts, the worked examples and the quirks of tests/data/README.md."""

import csv
import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agents.adapters.anonymous_bank import CLIENT, facts, facts_of
from agents.cli.bank import import_
from schemas.facts import FACT, Moment

FILE = Path("tests/data/anonymous_bank_1999_08.csv.gz")
REFERENCE = json.loads(Path("tests/data/reference.json").read_bytes())

Row = dict[str, str]


@cache
def rows() -> tuple[Row, ...]:
    with gzip.open(FILE, "rt", encoding="ascii", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def month() -> tuple[Moment, ...]:
    found, unreadable = facts(rows())
    assert unreadable == []
    return tuple(found)


def line(number: int) -> Row:
    """A row by its line in the file, where the header is line 1."""
    return rows()[number - 2]


def told(row: Row) -> dict[str, int]:
    return {fact.type: fact.at for fact in facts_of(row)}


def test_the_month_has_as_many_facts_as_the_reference_says() -> None:
    counts = Counter(fact.type for fact in month())
    assert counts == {"offered": 38_711, "answered": 31_402, "abandoned": 7_309, "ended": 31_402}
    assert counts.total() == 108_824


def test_facts_come_in_the_order_in_which_they_happened() -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(month()))


def test_a_contact_that_is_answered_at_once_is_offered_first_all_the_same() -> None:
    offered: set[str] = set()
    for fact in month():
        if fact.type == "offered":
            offered.add(fact.contact)
        assert fact.contact in offered


def test_every_contact_is_offered_once() -> None:
    assert set(Counter(fact.contact for fact in month() if fact.type == "offered").values()) == {1}


def test_the_queues_hold_as_many_contacts_as_the_reference_says() -> None:
    counts = Counter(fact.queue for fact in month() if fact.type == "offered")
    queues = {queue: figures["offered"] for queue, figures in REFERENCE["month"].items() if queue != "ALL"}
    assert counts == queues


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (2, {}),
        (20, {"offered": 933490831000, "answered": 933490831000, "ended": 933490930000}),
        (21, {"offered": 933490837000, "abandoned": 933490911000}),
        (22, {"offered": 933490851000, "answered": 933490893000, "ended": 933490989000}),
        (149, {}),
        (15446, {"offered": 934231608000, "abandoned": 934234013000}),
    ],
)
def test_the_worked_examples(number: int, expected: dict[str, int]) -> None:
    assert told(line(number)) == expected


def test_a_call_that_hung_up_in_the_voice_menu_was_never_offered() -> None:
    quirk = [row for row in rows() if row["outcome"] == "HANG" and row["q_start"] == row["q_exit"] == "0:00:00"]
    assert len(quirk) == 3_057
    assert not any(facts_of(row) for row in quirk)


def test_a_phantom_is_no_contact() -> None:
    quirk = [row for row in rows() if row["outcome"] == "PHANTOM"]
    assert len(quirk) == 310
    assert not any(facts_of(row) for row in quirk)


def test_the_file_itself_is_not_in_order() -> None:
    offered = [fact.at for row in rows() for fact in facts_of(row) if fact.type == "offered"]
    newest, behind = 0, []
    for at in offered:
        newest = max(newest, at)
        if at < newest:
            behind.append(newest - at)
    assert (len(behind), max(behind)) == (7_574, 73_686_000)


def test_the_agents_clock_is_not_believed() -> None:
    recorded = [row for row in answered() if queued(row) and row["ser_start"] != "0:00:00"]
    quirk = [row for row in recorded if seconds(row["ser_start"]) < seconds(row["q_exit"])]
    assert len(quirk) == 14_393
    assert all(told(row)["answered"] - told(row)["offered"] == int(row["q_time"]) * 1000 for row in quirk)


def test_an_answer_without_recorded_service_is_an_answer_that_ended_at_once() -> None:
    quirk = [row for row in answered() if row["ser_time"] == "0"]
    assert len(quirk) == 125
    assert all(told(row)["ended"] == told(row)["answered"] for row in quirk)


def test_a_talk_of_hours_is_kept_as_it_is() -> None:
    quirk = [row for row in answered() if int(row["ser_time"]) > 3600]
    longest = max(told(row)["ended"] - told(row)["answered"] for row in quirk)
    assert (len(quirk), longest) == (33, 36_291_000)


def test_an_answer_by_nobody_is_an_answer() -> None:
    quirk = [row for row in answered() if row["server"] == "NO_SERVER"]
    assert len(quirk) == 391
    assert all("answered" in told(row) for row in quirk)


def test_who_hung_up_abandoned_though_a_service_is_recorded() -> None:
    quirk = [row for row in rows() if row["outcome"] == "HANG" and int(row["ser_time"]) > 0 and queued(row)]
    assert len(quirk) == 126
    assert all(set(told(row)) == {"offered", "abandoned"} for row in quirk)


def test_who_hung_up_at_once_is_offered_and_abandoned_at_one_instant() -> None:
    quirk = [row for row in rows() if row["outcome"] == "HANG" and queued(row) and row["q_time"] == "0"]
    assert len(quirk) == 49
    assert all(told(row)["abandoned"] == told(row)["offered"] for row in quirk)


def test_an_entry_after_the_exit_does_not_matter() -> None:
    quirk = [row for row in rows() if seconds(row["vru_exit"]) < seconds(row["vru_entry"])]
    assert len(quirk) == 19
    assert all(told(row) == told(row | {"vru_entry": "0:00:00"}) for row in quirk)


def test_a_wait_over_midnight_ends_on_the_next_day() -> None:
    quirk = [row for row in rows() if queued(row) and seconds(row["q_exit"]) < seconds(row["q_start"])]
    assert len(quirk) == 13
    contacts = [told(row) for row in quirk if row["outcome"] != "PHANTOM"]
    assert all(min(times.values()) == times["offered"] for times in contacts)


def test_a_talk_over_midnight_ends_on_the_next_day() -> None:
    quirk = [row for row in answered() if seconds(row["ser_exit"]) < seconds(row["ser_start"])]
    assert len(quirk) == 26
    assert all(told(row)["ended"] > told(row)["answered"] for row in quirk)


def test_a_spoilt_call_number_is_still_a_contact_of_its_own() -> None:
    assert line(31_843)["call_id"].startswith("2010-08-")
    assert len({fact.contact for fact in facts_of(line(31_843))}) <= 1


def test_a_caller_is_known_or_nobody() -> None:
    customers = [fact.customer for fact in month() if fact.type == "offered"]
    known = [customer for customer in customers if customer is not None]
    reference = REFERENCE["first_contact_resolution"]
    assert (len(known), len(customers) - len(known)) == (
        reference["contacts_known"],
        reference["contacts_unknown"],
    )
    assert len(set(known)) == reference["customers"]
    assert "0" not in known


def test_no_agent_leaves_the_door() -> None:
    servers = {row["server"] for row in rows()} - {"NO_SERVER"}
    written = b"\n".join(FACT.dump_json(fact, exclude_none=True) for fact in month()).decode()
    assert len(servers) > 1
    assert not any(server in written for server in servers)
    fields = {name for fact in month()[:1000] for name in FACT.dump_python(fact, exclude_none=True)}
    assert fields == {"type", "client", "contact", "at", "channel", "segment", "queue", "customer"}
    assert {fact.client for fact in month()} == {CLIENT}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"outcome": "LOST"}, "outcome is LOST; it is AGENT, HANG or PHANTOM"),
        ({"date": "990832"}, "990832 10:00:51 is no instant; it looks like 990801 9:59:30"),
        ({"q_time": "-3"}, "q_time is -3; it is a whole number of seconds"),
        ({"type": ""}, "type is empty"),
        ({"date": "700801"}, "no fact: Input should be greater than or equal to 631152000000"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_kept(changed: Row, reason: str) -> None:
    found, unreadable = facts([line(21), line(22) | changed, line(22)])
    assert [(row.line, row.reason) for row in unreadable] == [(3, reason)]
    assert len(found) == 5


def test_the_command_writes_each_fact_on_a_line(tmp_path: Path) -> None:
    output = tmp_path / "facts.jsonl"
    result = imported(str(FILE), "-o", str(output))
    assert (result.exit_code, result.output) == (0, "")
    with output.open("rb") as lines:
        assert tuple(map(FACT.validate_json, lines)) == month()


def test_the_command_reads_plain_text_and_writes_to_standard_output(tmp_path: Path) -> None:
    result = imported(str(excerpt(tmp_path, 2, 20, 21)))
    assert result.exit_code == 0
    assert [json.loads(fact)["type"] for fact in result.stdout.splitlines()] == [
        "offered",
        "answered",
        "offered",
        "abandoned",
        "ended",
    ]


def test_the_command_names_a_row_that_it_cannot_read_and_fails(tmp_path: Path) -> None:
    file = excerpt(tmp_path, 20, 21)
    file.write_text(file.read_text(encoding="ascii").replace("HANG", "LOST"), encoding="ascii")
    result = imported(str(file))
    assert result.exit_code == 1
    assert result.stderr == (
        f"{file}:3: outcome is LOST; it is AGENT, HANG or PHANTOM\nError: 1 of 2 rows could not be read\n"
    )
    assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("other.csv", b"a,b\n1,2\n", "not of the Anonymous Bank: no column call_id"),
        ("empty.csv", b"", "not of the Anonymous Bank: no column call_id"),
        ("torn.csv.gz", FILE.read_bytes()[:5000], "cannot be read: Compressed file ended"),
        ("plain.csv.gz", b"a,b\n", "cannot be read: Not a gzipped file"),
        ("latin.csv", b"\xe9", "cannot be read: 'ascii' codec"),
    ],
)
def test_a_file_of_something_else_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    result = imported(str(file))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {file}: {reason}")
    assert result.stderr.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_error_to_speak_of() -> None:
    command = [sys.executable, "-c", "from agents.cli.bank import import_; import_()", "anonymous-bank", str(FILE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert FACT.validate_json(process.stdout.readline()) == month()[0]
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_file_that_is_not_there_is_a_mistake_of_usage() -> None:
    assert imported("nowhere.csv").exit_code == 2


def imported(*arguments: str) -> Result:
    return CliRunner().invoke(import_, ["anonymous-bank", *arguments])


def excerpt(folder: Path, *numbers: int) -> Path:
    file = folder / "excerpt.csv"
    with file.open("w", encoding="ascii", newline="") as lines:
        writer = csv.DictWriter(lines, rows()[0].keys())
        writer.writeheader()
        writer.writerows(map(line, numbers))
    return file


def answered() -> Iterator[Row]:
    return (row for row in rows() if row["outcome"] == "AGENT")


def queued(row: Row) -> bool:
    return (row["q_start"], row["q_exit"]) != ("0:00:00", "0:00:00")


def seconds(clock: str) -> int:
    hours, minutes, rest = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + rest
