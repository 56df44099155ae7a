"""What a worker exports, as a real Prometheus scrapes it and as probes ask for it."""

import subprocess
import time
from collections.abc import Iterator

import pytest

from agents.metric_page import described
from tests.agents.running import CALLS, SOON_S, VERDICTS, Site, Worker, calls
from tests.parts.presence import PROMETHEUS, require
from tests.parts.prometheus import Prometheus
from tests.parts.waiting import wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.prometheus]

GOOD, BAD = "metered-well", "metered-badly"


@pytest.fixture(scope="module")
def before(site: Site) -> int:
    """How many messages there were before this module's."""
    assert site.command("topics", "apply").exit_code == 0
    return len(site.records(CALLS))


@pytest.fixture(scope="module")
def worker(site: Site, before: int) -> Iterator[Worker]:
    """A worker that has judged one client well and one badly, and refused a message."""
    site.promise(GOOD)
    site.promise(BAD)
    now_ms = time.time_ns() // 1_000_000
    with site.worker() as worker:
        site.tell(
            *calls(GOOD, "good", 9, waited_s=5, now_ms=now_ms),
            *calls(GOOD, "bad", 1, waited_s=50, now_ms=now_ms),
            *calls(BAD, "good", 1, waited_s=5, now_ms=now_ms),
            *calls(BAD, "bad", 3, waited_s=50, now_ms=now_ms),
            {"type": "teleported"},
        )
        site.wait_counted()
        wait_until(lambda: worker.sample("sla_denominator") == 14, SOON_S, "both to be judged")
        yield worker


@pytest.fixture(scope="module")
def server(worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus that has scraped it."""
    require(PROMETHEUS)
    job = {"job_name": "sla", "scrape_interval": "1s", "static_configs": [{"targets": [worker.address]}]}
    with Prometheus(tmp_path_factory.mktemp("prometheus"), {"scrape_configs": [job]}) as server:
        wait_until(lambda: server.query("sla_state"), SOON_S, "a first scrape")
        yield server


@pytest.mark.parametrize(("client", "state"), [(GOOD, "met"), (BAD, "breached")])
def test_the_state_of_an_objective_is_the_one_that_is_1(client: str, state: str, server: Prometheus) -> None:
    (series,) = server.query(f'sla_state{{client="{client}"}} == 1')
    assert series["metric"]["state"] == state
    assert series["metric"]["objective"] == "picked-up"
    assert series["metric"]["contract"] == client


@pytest.mark.parametrize("client", [GOOD, BAD])
@pytest.mark.parametrize(
    ("metric", "field"),
    [
        ("sla_value", "value"),
        ("sla_target", "target"),
        ("sla_numerator", "numerator"),
        ("sla_denominator", "denominator"),
        ("sla_sample_contacts", "sample"),
        ("sla_waiting_contacts", "waiting"),
    ],
)
def test_a_figure_is_that_of_the_newest_verdict(
    client: str, metric: str, field: str, site: Site, server: Prometheus
) -> None:
    (series,) = server.query(f'{metric}{{client="{client}"}}')
    verdict = site.read(VERDICTS, client=client)[-1]
    assert float(series["value"][1]) == verdict[field]


def test_the_results_add_up_to_what_the_topic_holds(site: Site, before: int, server: Prometheus) -> None:
    results = {one["metric"]["result"]: float(one["value"][1]) for one in server.query("sla_facts_total")}
    assert results == {"applied": 14, "duplicate": 0, "rejected": 1, "too_late": 0}
    assert sum(results.values()) == len(site.records(CALLS)) - before


def test_outcomes_are_counted_by_class(server: Prometheus) -> None:
    series = server.query(f'sla_outcome_contacts{{client="{BAD}", outcome!~".*:.*"}}')
    counts = {one["metric"]["outcome"]: float(one["value"][1]) for one in series}
    assert sum(counts.values()) == 4, counts


def test_no_message_is_left_behind(worker: Worker) -> None:
    wait_until(lambda: "sla_lag_messages{" in worker.get("/metrics")[1], SOON_S, "a look at the lag")
    assert worker.sample("sla_lag_messages") == 0


def test_every_metric_is_exported_with_its_meaning(worker: Worker) -> None:
    exported = {name: family.documentation for name, family in worker.metrics().items()}
    assert {one.name.removesuffix("_total"): one.meaning for one in described()}.items() <= exported.items()


def test_one_metric_can_be_asked_for_alone(worker: Worker) -> None:
    _, text = worker.get("/metrics?name[]=sla_state_code")
    assert {line.split("{")[0] for line in text.splitlines() if not line.startswith("#")} == {"sla_state_code"}


def test_the_first_recovery_is_counted(worker: Worker) -> None:
    assert worker.sample("sla_recovery_seconds_count") >= 1


def test_promtool_finds_nothing_to_mend(worker: Worker) -> None:
    require(PROMETHEUS)
    _, text = worker.get("/metrics")
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
def test_a_worker_that_works_is_alive_and_ready(probe: str, worker: Worker) -> None:
    assert worker.get(probe) == (200, "fetching\n")


def test_what_is_not_behind_the_door_is_not_found(worker: Worker) -> None:
    assert worker.get("/nothing")[0] == 404


def test_the_slower_way_of_fetching_shows_as_soon_as_a_worker_answers(site: Site) -> None:
    with site.worker(SLA_DIRECT_FETCH="false") as slower:
        assert slower.sample("sla_fetch_fallback") == 1
