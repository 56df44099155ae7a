"""Every worker shows the whole picture, with others, alone, after a restart, and while it stops."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
import pytest

from agents.routing import judge_partition
from tests.agents.running import ALERTS, SOON_S, STOPS_WITHIN_S, VERDICTS, Site, Worker, calls, objective
from tests.parts.kafka.broker import Kafka
from tests.parts.waiting import wait_until
from tests.web.browsing import chromium, looking

pytestmark = pytest.mark.kafka

#: Two clients who are judged by different partitions. Modules share a Kafka: no other tells of them.
FIRST, SECOND = "wall-one", "wall-two"


def health(worker: Worker) -> Any:
    return json.loads(worker.get("/api/v1/health")[1])


def shown(worker: Worker) -> dict[str, str]:
    """Client -> state, of what the worker shows now and is not stale."""
    status, body = worker.get("/api/v1/objectives")
    if status != 200 or health(worker)["status"] != "ok":
        return {}
    return {tile["client"]: tile["figures"][0]["state"] for tile in json.loads(body)["objectives"]}


def shows(worker: Worker, wanted: dict[str, str]) -> Callable[[], bool]:
    return lambda: wanted.items() <= shown(worker).items()


def test_each_of_two_workers_shows_what_either_judges(site: Site, now_ms: int) -> None:
    assert judge_partition(FIRST, 2) != judge_partition(SECOND, 2)
    site.promise(FIRST)
    site.promise(SECOND)
    wanted = {FIRST: "breached", SECOND: "met"}
    with site.worker() as one, site.worker() as other:
        site.tell(*calls(FIRST, "late", 5, waited_s=90, now_ms=now_ms))
        site.tell(*calls(SECOND, "prompt", 5, waited_s=5, now_ms=now_ms))
        for worker in (one, other):
            wait_until(shows(worker, wanted), SOON_S, "the whole picture")
        (episode,) = json.loads(other.get(f"/api/v1/episodes?client={FIRST}")[1])["episodes"]
        assert episode["until"] is None
        path = f"/api/v1/objectives/{episode['tile']}/history"
        assert json.loads(one.get(path)[1])["points"][-1]["value"] == 0
        assert other.stop() == 0
        wait_until(shows(one, wanted), SOON_S, "the whole picture by one alone")


def test_after_a_restart_the_picture_and_the_line_of_the_day_are_there_again(site: Site, now_ms: int) -> None:
    site.promise("wall-returns")
    with site.worker() as before:
        site.tell(*calls("wall-returns", "late", 5, waited_s=90, now_ms=now_ms))
        wait_until(shows(before, {"wall-returns": "breached"}), SOON_S, "the breach")
        before.kill()
    with site.worker() as after:
        wait_until(shows(after, {"wall-returns": "breached"}), SOON_S, "the breach after the restart")
        points = json.loads(after.get("/api/v1/objectives/wall-returns:picked-up/history")[1])["points"]
        assert 0 in [point["value"] for point in points]


def test_a_contract_that_is_taken_into_force_changes_what_is_shown(site: Site, now_ms: int) -> None:
    site.promise("wall-changing")
    with site.worker() as worker:
        site.tell(*calls("wall-changing", "prompt", 5, waited_s=5, now_ms=now_ms))
        wait_until(shows(worker, {"wall-changing": "met"}), SOON_S, "the first")
        other = objective(name="another")
        site.promise("wall-changing", versions=[{"effective": "2020-01-01", "objectives": [other]}])

        def only_the_other() -> bool:
            found = json.loads(worker.get("/api/v1/objectives?client=wall-changing")[1])["objectives"]
            return [tile["objective"] for tile in found] == ["another"]

        wait_until(only_the_other, SOON_S, "only what is promised now")


def test_a_worker_stops_though_somebody_looks(site: Site) -> None:
    site.promise("wall-watched")
    with site.worker() as worker:
        wait_until(lambda: worker.get("/api/v1/objectives")[0] == 200, SOON_S, "the topics to be read")
        viewer = HTTPConnection(worker.address, timeout=STOPS_WITHIN_S)
        viewer.request("GET", "/events")
        response = viewer.getresponse()
        assert response.status == 200
        assert worker.stop() == 0
        while response.readline():
            pass
        viewer.close()


def test_a_wall_that_cannot_read_shows_nothing_and_everything_else_goes_on(
    own_kafka: Kafka, tmp_path: Path, now_ms: int
) -> None:
    site = Site(own_kafka.address, tmp_path)
    site.promise("wall-blind")
    with site.worker() as worker:
        wait_until(lambda: worker.get("/api/v1/objectives")[0] == 200, SOON_S, "the topics to be read")
        site.write([(b"[]", b"not ours")], VERDICTS)
        wait_until(lambda: worker.get("/api/v1/objectives")[0] == 503, SOON_S, "the wall to be blind")
        site.tell(*calls("wall-blind", "late", 5, waited_s=90, now_ms=now_ms))
        site.wait_for(ALERTS, 1, client="wall-blind")
        assert "cannot be read" in health(worker)["detail"]
        assert "The wallboard has stopped; everything else goes on" in worker.log


@pytest.mark.browser
def test_a_breach_is_on_the_wall_within_a_second_of_its_verdict(site: Site, now_ms: int) -> None:
    """From the facts on, through Kafka, into a browser that says when it was shown."""
    site.promise("wall-seen", silence="12h")
    with site.worker() as worker, chromium() as browser:
        site.tell(*calls("wall-seen", "prompt", 40, waited_s=5, now_ms=now_ms))
        wait_until(shows(worker, {"wall-seen": "met"}), SOON_S, "the picture before")
        with looking(browser, f"http://{worker.address}/?client=wall-seen") as page:
            page.wait_for_selector('.tile[data-state="met"]')
            page.evaluate(_WATCH)
            site.tell(*calls("wall-seen", "late", 40, waited_s=90, now_ms=now_ms))
            page.wait_for_selector('.tile[data-state="breached"]', timeout=SOON_S * 1000)
            shown_ms = page.evaluate("window.breachedAt")
    records = (record for record in site.records(VERDICTS) if record.value())
    told_ms = next(
        record.timestamp()[1]
        for record in sorted(records, key=lambda record: record.timestamp()[1])
        if {"client": "wall-seen", "state": "breached"}.items() <= orjson.loads(record.value() or b"").items()
    )
    assert 0 <= shown_ms - told_ms <= 1_000


#: Notes when the page first shows the breach (epoch ms).
_WATCH = """() => new MutationObserver(() => {
    if (document.querySelector('.tile[data-state="breached"]')) window.breachedAt ??= Date.now();
}).observe(document.body, {subtree: true, attributes: true})"""
