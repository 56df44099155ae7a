"""Contracts change while the worker works: all of them, or none."""

import pytest

from tests.agents.running import SOON_S, Site, calls, objective
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka


def test_contracts_with_mistakes_change_nothing_until_they_are_mended(site: Site, now_ms: int) -> None:
    file = site.promise("renewed")
    with site.worker() as worker:
        site.tell(
            *calls("renewed", "prompt", 17, waited_s=5, now_ms=now_ms),
            *calls("renewed", "late", 3, waited_s=90, now_ms=now_ms),
        )

        def is_(state: str, name: str) -> bool:
            return worker.sample("sla_state", client="renewed", objective=name, state=state) == 1

        wait_until(lambda: is_("met", "picked-up"), SOON_S, "85 % to be enough")
        assert worker.sample("sla_contracts_current") == 1

        mistaken = objective(name="stricter", target={"at_least": "ninety"}, queue="sales")
        site.promise("renewed", versions=[{"effective": "2020-01-01", "objectives": [objective(), mistaken]}])
        wait_until(lambda: worker.sample("sla_contracts_current") == 0, SOON_S, "the mistakes to be noticed")
        assert "The contracts from before stay in force:" in worker.log
        assert f"{file}:1:" in worker.log
        assert "versions.0.objectives.1.target.at_least: " in worker.log
        assert "versions.0.objectives.1.queue: queue is not known here; did you mean queues?" in worker.log
        assert is_("met", "picked-up")
        assert worker.get("/readyz")[0] == 200

        stricter = objective(name="stricter", target={"at_least": "90%"})
        site.promise("renewed", versions=[{"effective": "2020-01-01", "objectives": [objective(), stricter]}])
        wait_until(lambda: is_("breached", "stricter"), SOON_S, "85 % not to be enough")
        assert worker.sample("sla_contracts_current") == 1
        assert is_("met", "picked-up")
