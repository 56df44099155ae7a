"""Every question of every board, asked of a real Prometheus that scrapes a running worker: each has an answer."""

import base64
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from tests.agents.receivers import Receiver
from tests.agents.running import ALERTS, SOON_S, VERDICTS, Site, Worker, calls, objective
from tests.boards.written import ALL, Question, all_questions
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import PROMETHEUS, require
from tests.parts.prometheus import Prometheus
from tests.parts.waiting import wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.prometheus]

CLIENT, SILENT = "boarded", "hushed"
SECRET = "whsec_" + base64.b64encode(b"known to us and to the receiver").decode()
TELL = {"window": "rolling 1h", "severity": "critical"}
EACH = {"queues": ["sales"], "judge": "both"}
QUARTER = timedelta(minutes=15)

#: One of each kind that a board shows: shares, durations, points, deadlines, confidence, and one without data.
OBJECTIVES = [
    objective(
        name="picked-up",
        windows=["rolling 1h", "interval 15m", "year"],
        **EACH,
        confidence="95%",
        alert=TELL | {"crossing_soon": "1h"},
    ),
    objective(
        name="speed",
        measure={"kind": "speed_of_answer", "formula": "mean"},
        target={"at_most": "20s"},
        windows=["rolling 1h", "year"],
        alert=None,
        **EACH,
    ),
    objective(name="liked", measure={"kind": "nps"}, target={"at_least": 20}, alert=None, **EACH),
    objective(name="content", measure={"kind": "csat"}, alert=None, **EACH),
    objective(
        name="resolved",
        channel="ticket",
        measure={"kind": "resolution", "within": "30m", "clock": "always", "attribute_to": "arrival"},
        alert=TELL | {"due_soon": "1h"},
        **EACH,
    ),
]


@pytest.fixture(scope="module")
def told() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


@pytest.fixture(scope="module")
def site(kafka: Kafka, told: Receiver, now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Site:
    home = tmp_path_factory.mktemp("site")
    notify = home / "notify.yaml"
    hook = {"name": "desk", "sink": "webhook", "url": told.url, "secret": {"env": "SECRET"}}
    _write(notify, {"inside": ["127.0.0.1"], "receivers": [hook], "routes": [{"receivers": ["desk"]}]})
    site = Site(kafka.address, home, SLA_NOTIFY=str(notify), SECRET=SECRET)
    versions = [{"effective": "2020-01-01", "objectives": OBJECTIVES}]
    site.promise(CLIENT, time_zone="UTC", versions=versions, exclusions=[_excluded(now)])
    site.promise(SILENT, silence="1s")
    return site


def _write(file: Path, document: object) -> None:
    # JSON is YAML.
    file.write_bytes(orjson.dumps(document))


def _quarter(of: datetime) -> datetime:
    return of.replace(minute=of.minute // 15 * 15, second=0, microsecond=0)


def _excluded(now: datetime) -> dict[str, object]:
    """The quarter-hour before this one."""
    begin = _quarter(now) - QUARTER
    form = "%Y-%m-%dT%H:%M"
    return {
        "from": begin.strftime(form),
        "to": (begin + QUARTER).strftime(form),
        "reason": "works on the line",
        "approved_by": "both",
        "queues": ["sales"],
    }


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _tell(site: Site, now: datetime) -> None:
    """Calls picked up and not, one that waits, tickets open and late, an opinion, forecasts, nonsense."""
    about, excluded = {"client": CLIENT, "queue": "sales"}, _quarter(now) - QUARTER / 2
    # Of a year so much is expected as was forecast of each of its days; it is looked up once in a quarter-hour.
    days = [_ms(_quarter(now) + timedelta(days=n)) for n in range(366)]
    site.tell(*(about | {"type": "forecast", "start": day, "contacts": 40, "at": _ms(now)} for day in days))
    site.wait_counted()
    ages = [(timedelta(minutes=minutes), waited) for minutes in (2, 31, 32) for waited in (5, 50)]
    offered = [(now - age, waited) for age, waited in ages] + [(excluded, 5)]
    for number, (at, waited) in enumerate(offered):
        answered = at + timedelta(seconds=waited)
        call = {"type": "record", "contact": f"c-{number}", "offered_at": _ms(at), "answered_at": _ms(answered)}
        site.tell(about | call)
    site.tell(about | {"type": "offered", "contact": "waits", "at": _ms(now)}, {"type": "teleported"})
    ticket = about | {"channel": "ticket"}
    site.tell(
        ticket | {"type": "offered", "contact": "late", "at": _ms(now - timedelta(minutes=40))},
        ticket | {"type": "offered", "contact": "open", "at": _ms(now - timedelta(minutes=4))},
        topic="contact.tickets",
    )
    opinion = {"type": "surveyed", "client": CLIENT, "contact": "c-0", "question": "nps", "score": 9}
    site.tell(opinion | {"at": _ms(now)}, topic="contact.surveys")


@pytest.fixture(scope="module")
def worker(site: Site, told: Receiver, now: datetime) -> Iterator[Worker]:
    """A worker that has judged all of it, and told of a breach."""
    with site.worker() as worker:
        _tell(site, now)
        site.wait_for(VERDICTS, 1, client=CLIENT, objective="liked", sample=1)
        site.tell(*calls(SILENT, "last", 3, waited_s=5, now_ms=_ms(now)))
        site.wait_for(ALERTS, 1, client=SILENT, event="sla.feed.silent")
        site.wait_for(ALERTS, 1, client=CLIENT, event="sla.breach.opened")
        told.wait_for(2)
        yield worker


@pytest.fixture(scope="module")
def server(worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus that scrapes it."""
    require(PROMETHEUS)
    targets = [{"targets": [worker.address]}]
    job = {"job_name": "sla-stream", "scrape_interval": "1s", "static_configs": targets}
    with Prometheus(tmp_path_factory.mktemp("prometheus"), {"scrape_configs": [job]}) as server:
        wait_until(lambda: server.query("count_over_time(sla_state_code[1m]) > 2"), SOON_S, "some scrapes")
        yield server


@pytest.mark.parametrize("question", all_questions(), ids=lambda one: f"{one.board}-{one.panel}-{one.ref}")
def test_every_question_has_an_answer(question: Question, server: Prometheus) -> None:
    # A subquery looks at whole minutes, of which there has perhaps been none.
    asked = question.plain(ALL | {":1m]": ":1s]"})
    answer = wait_until(lambda: server.query(asked), SOON_S, f"an answer to {asked}")
    named = set(re.findall(r"{{(\w+)}}", question.legend))
    assert named <= {label for series in answer for label in series["metric"]}


def test_what_nobody_exports_has_none(server: Prometheus) -> None:
    assert server.query('sla_stat{client=~".*"}') == []
