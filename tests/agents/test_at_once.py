"""When people are told: at once, whatever the tick does, but not of history."""

import pytest

from tests.agents.running import ALERTS, VERDICTS, Site, calls, objective

pytestmark = pytest.mark.kafka

_HOUR_MS = 3_600_000


def test_a_breach_is_told_though_the_tick_comes_once_in_an_hour(site: Site, now_ms: int) -> None:
    site.promise("prompt")
    with site.worker(SLA_TICK_S="3600"):
        site.tell(*calls("prompt", "late", 5, waited_s=90, now_ms=now_ms))
        (alert,) = site.wait_for(ALERTS, 1, client="prompt")
    assert (alert["event"], alert["numerator"]) == ("sla.breach.opened", 0)


def test_history_is_judged_but_wakes_nobody(site: Site, now_ms: int) -> None:
    site.promise("replayed")
    with site.worker():
        site.tell(*calls("replayed", "old", 5, waited_s=90, now_ms=now_ms - 3 * _HOUR_MS))
        (verdict, *_) = site.wait_for(VERDICTS, 1, client="replayed", denominator=5)
        site.tell(*calls("replayed", "new", 4, waited_s=90, now_ms=now_ms))
        (alert, *_) = site.wait_for(ALERTS, 1, client="replayed")
    assert (verdict["state"], verdict["catching_up"]) == ("breached", True)
    assert alert["at"] > now_ms - _HOUR_MS
    assert len(site.read(ALERTS, client="replayed")) == 1


def test_a_risk_is_told_before_the_breach_and_over_with_it(site: Site, now_ms: int) -> None:
    alert = {"window": "rolling 1h", "severity": "critical", "at_risk_after": "0s"}
    site.promise("watched", versions=[{"effective": "2020-01-01", "objectives": [objective(alert=alert)]}])
    with site.worker():
        site.tell(
            *calls("watched", "before", 20, waited_s=5, now_ms=now_ms - 48 * 60_000),
            *calls("watched", "prompt", 6, waited_s=5, now_ms=now_ms),
        )
        site.wait_for(VERDICTS, 1, client="watched", denominator=26)
        # Of the newest third six were in time; with four that were not there are enough to see where it goes.
        site.tell(*calls("watched", "late", 4, waited_s=90, now_ms=now_ms))
        (opened,) = site.wait_for(ALERTS, 1, client="watched")
        site.tell(*calls("watched", "later", 20, waited_s=90, now_ms=now_ms))
        told = site.wait_for(ALERTS, 3, client="watched")
    assert (opened["event"], opened["severity"], opened["numerator"]) == ("sla.risk.opened", "warning", 26)
    ends = {alert["event"]: alert["episode"] for alert in told[1:]}
    assert ends.keys() == {"sla.breach.opened", "sla.risk.resolved"}
    assert ends["sla.risk.resolved"] == opened["episode"] != ends["sla.breach.opened"]
