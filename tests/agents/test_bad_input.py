"""Whatever comes in, the worker goes on, and nothing is lost in silence (design rule 8)."""

import base64
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from schemas.dead_letters import RejectReason
from tests.agents.running import CALLS, DEAD_LETTERS, SOON_S, Site, Worker, calls
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import KAFKA, require
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka

NOW_MS = time.time_ns() // 1_000_000
GOOD_BEFORE_EACH = 2


def told(**fact: object) -> bytes:
    """An offer as it should be, with changes."""
    offer = {"type": "offered", "client": "acme", "contact": "anna", "at": NOW_MS - 60_000, "queue": "sales"}
    return orjson.dumps(offer | fact)


def recorded(**fact: object) -> bytes:
    """A record as it should be, with changes."""
    return told(type="record", offered_at=NOW_MS - 60_000, answered_at=NOW_MS - 50_000, **fact)


#: By name: the message, and why it is refused.
BAD: dict[str, tuple[bytes | None, RejectReason]] = {
    "truncated JSON": (told()[:-7], RejectReason.NOT_JSON),
    "half a surrogate pair": (b'{"type": "offered", "queue": "\\ud800"}', RejectReason.NOT_JSON),
    "a bottomless list": (b"[" * 100_000, RejectReason.NOT_JSON),
    "JSON null": (b"null", RejectReason.WRONG_SHAPE),
    "a number": (b"4", RejectReason.WRONG_SHAPE),
    "a time in words": (told(at="yesterday"), RejectReason.WRONG_SHAPE),
    "a time in floating point": (told(at=NOW_MS + 0.5), RejectReason.WRONG_SHAPE),
    "a queue that is a number": (told(queue=7), RejectReason.WRONG_SHAPE),
    "no queue": (told(queue=None), RejectReason.WRONG_SHAPE),
    "an empty contact": (told(contact=""), RejectReason.WRONG_SHAPE),
    "an unknown fact": (told(type="teleported"), RejectReason.UNKNOWN_TYPE),
    "no type": (told(type=None), RejectReason.UNKNOWN_TYPE),
    "the year 1": (told(at=-62_135_596_800_000), RejectReason.ABSURD_TIME),
    "the year 3000": (told(at=32_503_680_000_000), RejectReason.ABSURD_TIME),
    "tomorrow": (told(at=NOW_MS + 86_400_000), RejectReason.ABSURD_TIME),
    "a record that ends tomorrow": (recorded(ended_at=NOW_MS + 86_400_000), RejectReason.ABSURD_TIME),
    "a record that ends before it began": (recorded(ended_at=NOW_MS - 90_000), RejectReason.BEFORE_OFFERED),
    "two megabytes": (told(note="x" * (2 << 20)), RejectReason.TOO_LARGE),
    "no value": (None, RejectReason.EMPTY),
    "an empty value": (b"", RejectReason.EMPTY),
    "Latin-1": (told().replace(b"sales", "Verkäufe".encode("latin-1")), RejectReason.NOT_UTF8),
    "an unknown client": (told(client="nobody"), RejectReason.UNKNOWN_CLIENT),
}


@dataclass(frozen=True)
class Outcome:
    """What became of the messages: by name each bad one's place and letter; and the numbers by result."""

    worker: Worker
    places: dict[str, str]
    letters: dict[str, dict[str, Any]]
    counters: dict[str, int]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A Kafka of their own, since all that is on it is counted here."""
    require(KAFKA)
    with Kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield Site(broker.address, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def outcome(site: Site) -> Iterator[Outcome]:
    """Good and bad messages in turn, to a worker that has all of its partitions."""
    site.promise("acme")
    messages: list[tuple[bytes | None, bytes | None]] = []
    for name, (value, _) in BAD.items():
        good = calls("acme", name, GOOD_BEFORE_EACH, waited_s=10, now_ms=NOW_MS)
        messages += [(orjson.dumps(fact["contact"]), orjson.dumps(fact)) for fact in good]
        messages.append((name.encode(), value))
    with site.worker() as worker:
        site.write(messages)
        counters = site.wait_counted()
        places = {
            (record.key() or b"").decode(): f"{CALLS}/{record.partition()}/{record.offset()}"
            for record in site.records(CALLS)
        }
        letters = {base64.b64decode(letter["key"]).decode(): letter for letter in site.read(DEAD_LETTERS)}
        yield Outcome(worker, places, letters, counters)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_fact_is_kept_whole_with_its_reason_and_its_origin(name: str, outcome: Outcome) -> None:
    value, reason = BAD[name]
    letter = outcome.letters[name]
    assert letter["reason"] == reason
    assert letter["detail"]
    assert (letter["raw"] if value is None else base64.b64decode(letter["raw"])) == value
    assert _place(letter) == outcome.places[name]


def test_nothing_else_is_refused(outcome: Outcome) -> None:
    assert set(outcome.letters) == set(BAD)


def test_good_facts_between_bad_ones_are_counted(site: Site, outcome: Outcome) -> None:
    (row,) = site.figures()["results"]
    assert (row["numerator"], row["denominator"]) == (len(BAD) * GOOD_BEFORE_EACH,) * 2


def test_every_message_on_the_topic_has_exactly_one_result(site: Site, outcome: Outcome) -> None:
    good = len(BAD) * GOOD_BEFORE_EACH
    assert outcome.counters == {
        "received": len(site.records(CALLS)),
        "applied": good,
        "duplicate": 0,
        "rejected": len(BAD),
        "too_late": 0,
    }


def test_the_metrics_count_refusals_by_reason(outcome: Outcome) -> None:
    wanted = Counter(reason for _, reason in BAD.values())
    for reason in RejectReason:
        assert outcome.worker.sample("sla_dead_letters_total", reason=reason) == wanted[reason], reason
    assert outcome.worker.sample("sla_facts_total", result="rejected") == len(BAD)


def test_the_list_of_letters_has_a_line_for_each(site: Site, outcome: Outcome) -> None:
    lines = site.command("dlq", "list").stdout.splitlines()
    assert len(lines) == len(BAD)
    place = _place(outcome.letters["two megabytes"])
    size = len(BAD["two megabytes"][0] or b"")
    assert f"{place}  too_large  {size} bytes  {size} bytes, at most 1048576 are read" in lines


def test_the_list_can_be_of_one_reason(site: Site, outcome: Outcome) -> None:
    (line,) = site.command("dlq", "list", "--reason", "not_utf8", "--json").stdout.splitlines()
    assert orjson.loads(line) == outcome.letters["Latin-1"]


@pytest.mark.parametrize("name", ["Latin-1", "two megabytes", "no value"])
def test_a_letter_is_shown_byte_for_byte(name: str, site: Site, outcome: Outcome) -> None:
    shown = site.command("dlq", "show", _place(outcome.letters[name]))
    assert shown.stdout_bytes == (BAD[name][0] or b"")


def test_a_letter_that_is_not_there_is_said_to_be_missing(site: Site, outcome: Outcome) -> None:
    shown = site.command("dlq", "show", "contact.calls/0/4711")
    assert (shown.exit_code, shown.stderr) == (1, "Error: no letter from contact.calls/0/4711\n")


def test_a_replay_says_first_what_it_would_do(site: Site, outcome: Outcome) -> None:
    before = len(site.records(CALLS))
    said = site.command("dlq", "replay").stdout
    with_a_value = sum(1 for value, _ in BAD.values() if value)
    assert said == f"{with_a_value} messages would be sent again; --yes does it\n"
    assert len(site.records(CALLS)) == before


def test_once_its_contract_is_there_a_replayed_fact_counts(site: Site, outcome: Outcome) -> None:
    before = site.figures()["counters"]
    site.promise("nobody")
    wait_until(lambda: "2 contracts taken into force" in outcome.worker.log, SOON_S, "the contract")
    assert site.command("dlq", "replay", "--reason", "unknown_client", "--yes").stdout == "1 messages sent again\n"
    counters = site.wait_counted()
    assert counters["applied"] == before["applied"] + 1
    wait_until(lambda: outcome.worker.sample("sla_waiting_contacts", client="nobody") == 1, SOON_S, "the caller")


def test_a_replay_takes_large_messages_along(site: Site, outcome: Outcome) -> None:
    before = site.figures()["counters"]
    assert site.command("dlq", "replay", "--reason", "too_large", "--yes").exit_code == 0
    counters = site.wait_counted()
    assert counters["rejected"] == before["rejected"] + 1


def _place(letter: dict[str, Any]) -> str:
    return "{topic}/{partition}/{offset}".format(**letter)
