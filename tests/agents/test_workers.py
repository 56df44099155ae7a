"""Workers come, go and die; the figures stay."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.agents.running import ALERTS, SOON_S, Site, Worker, calls
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka


def test_an_episode_outlives_the_worker_that_opened_it(site: Site, now_ms: int) -> None:
    site.promise("survivor")
    with site.worker() as first:
        site.tell(*calls("survivor", "late", 5, waited_s=90, now_ms=now_ms))
        (opened,) = site.wait_for(ALERTS, 1, client="survivor")
        first.kill()
    with site.worker():
        site.tell(*calls("survivor", "prompt", 45, waited_s=5, now_ms=now_ms))
        site.wait_for(ALERTS, 1, client="survivor", event="sla.breach.resolved")
    alerts = site.read(ALERTS, client="survivor")
    # Told at least once: after a crash perhaps again, under the same id.
    assert list(dict.fromkeys(alert["event"] for alert in alerts)) == ["sla.breach.opened", "sla.breach.resolved"]
    assert {alert["episode"] for alert in alerts} == {opened["episode"]}
    (row,) = site.rows("survivor")
    assert (row["numerator"], row["denominator"]) == (45, 50)


def test_a_second_worker_takes_its_share_and_the_figures_stay(site: Site, now_ms: int, tmp_path: Path) -> None:
    site.promise("spread")
    told: list[dict[str, object]] = []

    def tell(prefix: str, waited_s: float) -> None:
        facts = calls("spread", prefix, 100, waited_s=waited_s, now_ms=now_ms)
        told.extend(facts)
        site.tell(*facts)
        site.wait_counted()

    with site.worker() as first:
        tell("alone", 10)
        wait_until(lambda: _owned(first) == set("0123"), SOON_S, "a look at the lag")
        with site.worker() as second:
            assert site.rows("spread") == _backtest(site, told, tmp_path)
            tell("together", 30)
            assert first.sample("sla_facts_total") + second.sample("sla_facts_total") == 200
            assert second.sample("sla_facts_total") > 0
            assert site.rows("spread") == _backtest(site, told, tmp_path)
            (mine,) = wait_until(lambda: [_owned(second)] if _owned(second) else [], SOON_S, "a look at the lag")
            wait_until(lambda: _owned(first) == set("0123") - mine, SOON_S, "each to tell of its own")
            assert first.stop() == 0
            tell("left behind", 15)
            assert site.rows("spread") == _backtest(site, told, tmp_path)
    (row,) = site.rows("spread")
    assert (row["numerator"], row["denominator"]) == (200, 300)


def _owned(worker: Worker) -> set[str]:
    """The source partitions of which it tells the lag."""
    return {one.labels["partition"] for one in worker.metrics()["sla_lag_messages"].samples}


def _backtest(site: Site, facts: list[dict[str, object]], folder: Path) -> list[dict[str, Any]]:
    """What the same facts come to without Kafka."""
    file = folder / "facts.jsonl"
    file.write_bytes(b"\n".join(map(orjson.dumps, facts)))
    result = site.command("backtest", str(file), "--contract", str(site.contracts), "--json")
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = orjson.loads(result.stdout)["results"]
    return rows
