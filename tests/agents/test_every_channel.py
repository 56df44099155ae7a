"""Calls, tickets, answers and customers, from their topics to verdicts."""

from collections.abc import Iterator

import orjson
import pytest

from tests.agents.running import CALLS, DEAD_LETTERS, SOON_S, VERDICTS, Site, Worker, objective
from tests.faults.faults import set_ahead
from tests.faults.worker import AHEAD
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka

HOUR_MS = 3_600_000
SHARE = {"target": {"at_least": "80%"}, "windows": ["day"], "alert": None}
FIRST_CONTACT = {"kind": "first_contact_resolution", "by": "repeat_contact", "within": "1d", "value": "so_far"}
OBJECTIVES = [
    objective(name="solved-at-once", measure=FIRST_CONTACT, **SHARE),
    objective(name="content", measure={"kind": "csat"}, **SHARE),
    objective(
        name="resolved",
        channel="ticket",
        measure={"kind": "resolution", "within": "30m", "clock": "always", "attribute_to": "arrival"},
        **SHARE,
    ),
]


FINAL = objective(name="final", windows=["interval 15m"], alert=None, finalise_after="1m")
ASKED = objective(name="content", measure={"kind": "csat"}, **SHARE)


@pytest.fixture(scope="module")
def worker(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One for all of these clients, that forgets every three seconds."""
    site.promise("every", versions=[{"effective": "2020-01-01", "objectives": OBJECTIVES}])
    site.promise("audited", versions=[{"effective": "2020-01-01", "objectives": [FINAL]}])
    site.promise("asked", lateness="10m", versions=[{"effective": "2020-01-01", "objectives": [ASKED]}])
    keys, clock = tmp_path_factory.mktemp("keys"), tmp_path_factory.mktemp("clock")
    (keys / "every").write_bytes(b"k" * 32)
    set_ahead(clock / AHEAD, 0)
    command = ("-m", "tests.faults.worker", str(clock), str(2 * SOON_S))
    with site.worker(command=command, SLA_CUSTOMER_KEYS=str(keys)) as worker:
        yield worker


@pytest.mark.usefixtures("worker")
def test_each_is_counted_by_its_own_measure(site: Site, now_ms: int) -> None:
    about = {"client": "every", "queue": "billing"}
    caller = about | {"type": "record", "customer": "+33 6 12 34 56 78"}
    ago = {minutes: now_ms - minutes * 60_000 for minutes in (1, 2, 20, 40)}
    site.tell(
        caller | {"contact": "first", "offered_at": ago[40], "answered_at": ago[40], "ended_at": ago[40]},
        caller | {"contact": "again", "offered_at": ago[20], "answered_at": ago[20], "ended_at": ago[20]},
    )
    ticket = about | {"channel": "ticket"}
    site.tell(
        ticket | {"type": "offered", "contact": "T-1", "at": ago[40]},
        ticket | {"type": "offered", "contact": "T-2", "at": ago[20]},
        ticket | {"type": "resolved", "contact": "T-2", "at": ago[2]},
        topic="contact.tickets",
    )
    answer = {"type": "surveyed", "client": "every", "question": "csat"}
    site.tell(
        answer | {"contact": "first", "score": 5, "at": ago[2]},
        answer | {"contact": "again", "score": 2, "at": ago[1]},
        {"type": "answered", "client": "every", "contact": "first", "at": ago[1]},
        topic="contact.surveys",
    )
    came_back = {"numerator": 1, "denominator": 2, "parts": {"resolved": 0, "repeated": 1, "undecided": 1}}
    site.wait_for(VERDICTS, 1, client="every", objective="solved-at-once", **came_back)
    site.wait_for(VERDICTS, 1, client="every", objective="content", numerator=1, denominator=2)
    site.wait_for(
        VERDICTS, 1, client="every", objective="resolved", numerator=1, denominator=2, open=1, past_due=1
    )
    (letter,) = site.wait_for(DEAD_LETTERS, 1, topic="contact.surveys")
    assert letter["reason"] == "not_a_survey"
    kept = (record.value() or b"" for topic in KEPT for record in site.records(topic))
    assert not any(b"6 12 34" in value for value in kept)


#: Whatever is kept of a customer.
KEPT = ("sla-stream-contacts-changelog", "sla-stream-customers-changelog", "sla.resolutions", "sla.tallies")


@pytest.mark.usefixtures("worker")
def test_what_changes_after_it_was_final_is_told_and_shown(site: Site, now_ms: int) -> None:
    for contact, minutes in (("prompt", 60), ("newest", 0), ("late", 60)):
        at_ms = now_ms - minutes * 60_000
        call = {"type": "record", "client": "audited", "contact": contact, "queue": "billing"}
        # One key for all of them: partitions have clocks of their own.
        site.write([(b"one", orjson.dumps(call | {"offered_at": at_ms, "answered_at": at_ms}))])
    (told,) = site.wait_for("sla.adjustments", 1, client="audited")
    assert (told["contact"], told["cause"], told["before"]) == ("late", "counted_late", {})
    rows = wait_until(lambda: site.rows("audited"), SOON_S, "figures")
    shown = {row["from"]: row["finality"] for row in rows or () if row["queue"] is None}
    assert sorted(shown.values()) == ["open", "restated"]


def test_an_answer_whose_contact_never_came_is_counted_as_an_orphan(
    site: Site, worker: Worker, now_ms: int
) -> None:
    """It waits for it twice as long as lateness, by the clock of its partition: a call of now brings that on."""
    nobody, hours_ago = "nobody", now_ms - 4 * HOUR_MS
    answer = {"type": "surveyed", "client": "asked", "contact": nobody, "question": "csat", "score": 5}
    site.tell(answer | {"at": hours_ago}, topic="contact.surveys")
    wait_until(lambda: _is_passed_on(site, nobody), SOON_S, "the answer to come to the calls")
    assert worker.sample("sla_orphans_total", client="asked") == 0
    call = {"type": "record", "client": "asked", "contact": "somebody", "queue": "billing"}
    site.write([(nobody.encode(), orjson.dumps(call | {"offered_at": now_ms, "answered_at": now_ms}))])
    wait_until(lambda: worker.sample("sla_orphans_total", client="asked"), SOON_S, "the answer to be forgotten")
    assert worker.sample("sla_orphans_total", client="asked", channel="voice") == 1
    assert worker.sample("sla_orphans_total") == 1


def _is_passed_on(site: Site, contact: str) -> bool:
    return any(record.key() == contact.encode() for record in site.records(CALLS))
