"""What is promised to the clients of a campaign: one promise with an alert, and measures of every kind beside."""

from tests.agents.running import Site
from tests.faults.floor import LATENESS_MS, MINUTE_MS
from tests.faults.fold import SHORT_MS, THRESHOLD_MS

_LEVEL = {
    "kind": "service_level",
    "formula": "abandons_missed",
    "threshold": f"{THRESHOLD_MS}ms",
    "short_abandons": f"{SHORT_MS}ms",
}

#: Far apart, so that no late fact ends a breach or begins it again.
_OBJECTIVES = [
    {
        "name": "picked-up",
        "measure": _LEVEL,
        "target": {"at_least": "70%"},
        "judge": "each_queue",
        "windows": ["rolling 10m", "day"],
        "minimum_sample": 40,
        "alert": {"window": "rolling 10m", "clear_at": "85%", "clear_after": "2m"},
    },
    {
        "name": "settled",
        "measure": {**_LEVEL, "attribute_to": "settled"},
        "target": {"at_least": "70%"},
        "windows": ["interval 15m", "day"],
    },
    {
        "name": "given-up",
        "measure": {"kind": "abandonment", "attribute_to": "outcome"},
        "target": {"at_most": "10%"},
        "windows": ["day"],
    },
    {
        "name": "answer",
        "measure": {"kind": "speed_of_answer"},
        "target": {"at_most": "20s"},
        "windows": ["interval 1h", "week"],
    },
    {
        "name": "talk",
        "measure": {"kind": "talk_time", "attribute_to": "outcome"},
        "target": {"at_most": "5m"},
        "windows": ["month"],
    },
]


def promise_all(site: Site) -> None:
    """Put a contract with each client into the site's folder."""
    for client, lateness_ms in LATENESS_MS.items():
        version = {"effective": "2020-01-01", "objectives": _OBJECTIVES}
        site.promise(
            client,
            silence="10m",
            alert_horizon="365d",  # the story begins long ago, and workers' clocks are set forward
            lateness=f"{lateness_ms // MINUTE_MS}m",
            versions=[version],
            time_zone="Asia/Kolkata",
        )
