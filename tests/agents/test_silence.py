"""A silent feed is not a good service (design rule 6)."""

import pytest

from tests.agents.running import ALERTS, SOON_S, VERDICTS, Site, calls
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka


def test_a_feed_that_falls_silent_is_told_once_and_nothing_is_judged_until_it_is_heard(
    site: Site, now_ms: int
) -> None:
    site.promise("quiet", silence="5s")
    with site.worker() as worker:
        site.tell(*calls("quiet", "late", 5, waited_s=90, now_ms=now_ms))
        site.wait_for(ALERTS, 1, client="quiet", event="sla.breach.opened")
        (silent,) = site.wait_for(ALERTS, 1, client="quiet", event="sla.feed.silent")
        assert (silent["objective"], silent["severity"], silent["reason"]) == (None, "critical", "feed_silent")
        wait_until(
            lambda: worker.sample("sla_state", client="quiet", state="unmeasurable") == 1, SOON_S, "the state"
        )
        assert site.read(VERDICTS, client="quiet")[-1]["reason"] == "feed_silent"

        site.tell({"type": "heartbeat", "client": "quiet", "at": now_ms})
        (resumed,) = site.wait_for(ALERTS, 1, client="quiet", event="sla.feed.resumed")
        wait_until(lambda: worker.sample("sla_state", client="quiet", state="breached") == 1, SOON_S, "the state")
        assert resumed["episode"] == silent["episode"]
    # The breach is neither over nor new because nobody could measure it for a while.
    assert [alert["event"] for alert in site.read(ALERTS, client="quiet")] == [
        "sla.breach.opened",
        "sla.feed.silent",
        "sla.feed.resumed",
    ]
