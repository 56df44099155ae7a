"""Nothing crosses between clients, whatever they and their queues are called."""

import time
from collections.abc import Iterator

import orjson
import pytest

from tests.agents.running import ALERTS, SOON_S, TALLIES, VERDICTS, Site, Worker, calls, objective
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka

#: Two clients with the same contacts in the same queues at the same instants; only how long they wait differs.
SLOW, PROMPT = 'Söhne & Co. "Süd" / Nord', "O'Neil, {a=1} \\ 電話"
WAITS_S = {SLOW: 90, PROMPT: 5}
QUEUES = ['billing / "VIP" \\n', "二番 → a=b, {c}\n", " \u0000\u2028😀"]
CALLS_EACH = 3

clients = pytest.mark.parametrize("client", [SLOW, PROMPT], ids=["slow", "prompt"])


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[Worker]:
    """A worker that has counted and judged the calls of both."""
    versions = [{"effective": "2020-01-01", "objectives": [objective(judge="both")]}]
    site.promise(SLOW, "slow", versions=versions)
    site.promise(PROMPT, "prompt", versions=versions)
    now_ms = time.time_ns() // 1_000_000
    with site.worker() as worker:
        site.tell(
            *(
                fact
                for client, waited_s in WAITS_S.items()
                for queue in QUEUES
                for fact in calls(client, queue, CALLS_EACH, waited_s=waited_s, now_ms=now_ms, queue=queue)
            )
        )
        site.wait_counted()
        site.wait_for(ALERTS, 1 + len(QUEUES), client=SLOW)
        judged = 2 * (1 + len(QUEUES))
        wait_until(lambda: worker.sample("sla_denominator") == judged * CALLS_EACH * 1.5, SOON_S, "all verdicts")
        yield worker


@clients
def test_the_figures_of_a_client_hold_its_own_contacts_only(client: str, site: Site, worker: Worker) -> None:
    rows = {row["queue"]: (row["numerator"], row["denominator"]) for row in site.rows(client)}
    in_time = CALLS_EACH if client == PROMPT else 0
    wanted: dict[str | None, tuple[int, int]] = dict.fromkeys(QUEUES, (in_time, CALLS_EACH))
    wanted[None] = (in_time * len(QUEUES), CALLS_EACH * len(QUEUES))
    assert rows == wanted
    assert {row["contract"] for row in site.rows(client)} == {"prompt" if client == PROMPT else "slow"}


@clients
def test_the_metrics_of_a_client_bear_its_name_and_its_queues(client: str, worker: Worker) -> None:
    samples = [one for one in worker.metrics()["sla_value"].samples if one.labels["client"] == client]
    assert {one.labels["queue"]: one.value for one in samples} == dict.fromkeys(
        ["", *QUEUES], 1.0 if client == PROMPT else 0.0
    )


def test_only_the_slow_client_s_people_are_told(site: Site, worker: Worker) -> None:
    assert {alert["queue"] for alert in site.read(ALERTS, client=SLOW)} == {None, *QUEUES}
    assert site.read(ALERTS, client=PROMPT) == []


@pytest.mark.parametrize("topic", [TALLIES, VERDICTS])
def test_a_record_s_key_and_its_value_are_of_one_client(topic: str, site: Site, worker: Worker) -> None:
    found = set()
    for record in site.records(topic):
        key, value = orjson.loads(record.key() or b""), orjson.loads(record.value() or b"")
        if value["client"] in WAITS_S:
            assert value["client"] in key
            assert not WAITS_S.keys() - {value["client"]} & set(key)
            found.add(value["client"])
    assert found == set(WAITS_S)


def test_a_contact_is_stored_under_its_client(site: Site, worker: Worker) -> None:
    stored = [orjson.loads(record.key() or b"") for record in site.records("sla-stream-contacts-changelog")]
    for client in WAITS_S:
        contacts = [contact for owner, _, contact, _ in stored if owner == client]
        assert sorted(contacts) == sorted(f"{queue}-{n}" for queue in QUEUES for n in range(CALLS_EACH))
