"""From a fact to a webhook and the wall: calls answered late, each in a queue of its own, beside a steady load."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson
from confluent_kafka import Producer

from benchmarks import system
from benchmarks.background import facts_beside
from benchmarks.figures import Figure
from tests.parts.ports import free_port
from tests.parts.waiting import wait_until

#: Facts a second beside, and workers.
_LOADS = ((1_000, 1), (5_000, 1), (20_000, 1), (20_000, 2))

_SAMPLES = 200
_PAUSE_S = 0.1
_PATIENCE_S = 30

_CONTRACT = """\
name: latency
client: probe
time_zone: UTC
versions:
  - effective: 2020-01-01
    objectives:
      - name: at-once
        measure: {kind: service_level, formula: abandons_missed, threshold: 1s}
        target: {at_least: "90%"}
        judge: each_queue
        windows: [rolling 15m]
        alert: {window: rolling 15m}
"""
_NOTIFY = """\
inside: [127.0.0.1]
receivers:
  - {name: probe, sink: webhook, url: "http://127.0.0.1:%d/", secret: {env: LATENCY_SECRET}}
routes:
  - {receivers: [probe], clients: [probe]}
"""


class Latency(NamedTuple):
    """Seconds from the broker's acknowledgement of a probe to its webhook, and to a viewer of the wall.

    `sending` is how long the acknowledgement took (median), from the hand-over to the Kafka client on.
    """

    p50: float
    p99: float
    wall_p50: float
    wall_p99: float
    sending: float


#: What the first fields of `Latency` are called in the table.
_WAYS = ("fact to webhook, p50", "fact to webhook, p99", "fact to wallboard, p50", "fact to wallboard, p99")


class _Sent(NamedTuple):
    """When a late answer was given to the Kafka client, and when the broker acknowledged it (epoch s)."""

    handed_over: dict[str, float]
    appended: dict[str, float]


def run() -> list[Figure]:
    """One run of every load."""
    return [figure for load in _LOADS for figure in _figures(*load)]


def _figures(load_per_s: int, workers: int) -> Iterator[Figure]:
    waits = measure(load_per_s, workers)
    for way, wait_s in zip(_WAYS, waits, strict=False):
        yield Figure(f"{way}, {load_per_s:,} facts/s, {workers} at work", wait_s * 1000, "{:,.0f} ms")


def measure(load_per_s: int, workers: int) -> Latency:
    """Median and 99th percentile over the samples."""
    with TemporaryDirectory() as home, _receiver() as (port, arrived):
        contracts, notify = Path(home) / "contracts", Path(home) / "notify.yaml"
        contracts.mkdir()
        (contracts / "probe.yaml").write_text(_CONTRACT)
        system.example_contract(contracts)
        notify.write_text(_NOTIFY % port)
        settings = {"SLA_NOTIFY": str(notify), "LATENCY_SECRET": "whsec_c2xhLXN0cmVhbS1iZW5jaG1hcmstc2VjcmV0"}
        with system.cluster(contracts, settings) as environment, ExitStack() as stack:
            ports = [free_port() for _ in range(workers)]
            for own in ports:
                stack.enter_context(system.worker(environment | {"SLA_HTTP_PORT": str(own)}))
            stack.enter_context(facts_beside(environment["SLA_KAFKA"], load_per_s))
            shown = stack.enter_context(_viewer(ports[0]))
            sent = _send(environment["SLA_KAFKA"])
            wait_until(lambda: sent.appended.keys() <= arrived.keys(), _PATIENCE_S, "every probe to arrive")
            wait_until(lambda: sent.appended.keys() <= shown.keys(), _PATIENCE_S, "every probe to be shown")
    sending = median(at - sent.handed_over[queue] for queue, at in sent.appended.items())
    return Latency(*_waits(sent, arrived), *_waits(sent, shown), sending)


def _waits(sent: _Sent, told: dict[str, float]) -> tuple[float, float]:
    """Median and 99th percentile."""
    waits = sorted(told[queue] - at for queue, at in sent.appended.items())
    return waits[len(waits) // 2], waits[len(waits) * 99 // 100]


def _send(address: str) -> _Sent:
    """One call after the other; the client has nothing else to send."""
    producer = Producer({"bootstrap.servers": address, "linger.ms": 0})
    sent, begun = _Sent({}, {}), time.time()
    for number in range(_SAMPLES):
        _probe(producer, f"probe-{number}", sent)
        while (left_s := begun + (number + 1) * _PAUSE_S - time.time()) > 0:
            producer.poll(left_s)
    producer.flush()
    return sent


def _probe(producer: Producer, queue: str, sent: _Sent) -> None:
    now_ms = time.time_ns() // 1_000_000
    about = {"client": "probe", "contact": queue}
    offered = about | {"type": "offered", "at": now_ms - 5_000, "queue": queue}
    answered = about | {"type": "answered", "at": now_ms}

    def note(*_: object) -> None:
        sent.appended[queue] = time.time()

    producer.produce("contact.calls", orjson.dumps(offered), queue)
    producer.produce("contact.calls", orjson.dumps(answered), queue, on_delivery=note)
    sent.handed_over[queue] = time.time()


@contextmanager
def _viewer(port: int) -> Iterator[dict[str, float]]:
    """Somebody who looks at the probe's client, and notes when each queue is first shown as missed."""
    shown: dict[str, float] = {}
    events = wait_until(lambda: _events(port), _PATIENCE_S, "the wall to be shown")

    def look() -> None:
        for line in events or ():
            if line.startswith(b"data: "):
                for tile in orjson.loads(line.removeprefix(b"data: "))["tiles"]:
                    if tile["figures"][0]["state"] == "breached":
                        shown.setdefault(tile["queue"], time.time())

    threading.Thread(target=look, daemon=True).start()
    yield shown


def _events(port: int) -> HTTPResponse | None:
    """None while the worker still reads."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    connection.request("GET", "/events?client=probe")
    response = connection.getresponse()
    return response if response.status == HTTPStatus.OK else None


@contextmanager
def _receiver() -> Iterator[tuple[int, dict[str, float]]]:
    """A webhook endpoint that notes when each queue's alert came."""
    arrived: dict[str, float] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.setdefault(body["data"]["queue"], time.time())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, arrived
    server.shutdown()
