"""`sla-stream demo` as a whole: it shows a breach from its beginning to its end, and leaves nothing behind."""

import os
import re
import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from agents.cli import main
from tests.demo.playing import is_running, playing
from tests.parts.kafka.broker import Kafka
from tests.parts.ports import free_port

FOUR_TIMES_AS_FAST = ("--speed", "480")


@pytest.fixture(scope="module")
def fifteen_seconds(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is printed in so long."""
    with playing(tmp_path_factory.mktemp("demo"), "--seconds", "15") as demo:
        demo.prints("facts produced")
        assert demo.ends() == 0
        return demo.printed


def test_a_breach_is_raised_and_resolved_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    port = free_port()
    with playing(tmp_path, *FOUR_TIMES_AS_FAST, "--port", str(port)) as demo:
        demo.prints("✖ breach opened: northwind: picked-up-in-30s in ")
        demo.prints("✓ breach resolved: northwind: picked-up-in-30s in ")
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            metrics = page.read().decode()
        assert 'sla_facts_total{result="applied"}' in metrics
        assert 'sla_facts_total{result="rejected"} 0.0' in metrics
        workers = demo.workers
        demo.signal(signal.SIGINT)
        assert demo.ends() == 0
    assert f"The wallboard: http://127.0.0.1:{port}/ " in demo.printed
    assert "Traceback" not in demo.printed
    assert len(workers) == 1
    assert not is_running(workers[0])


@pytest.mark.parametrize(
    "promise",
    [
        r"chat +reply-in-60s +rolling 5m +\d",
        r"tickets +resolved-in-time +rolling 15m +\d",
        r"all queues +solved-at-once +day +\d",
        r"all queues +satisfaction +day +\d",
    ],
)
def test_chats_tickets_and_what_customers_say_have_their_figures(fifteen_seconds: str, promise: str) -> None:
    assert re.search(promise, fifteen_seconds)


def test_it_ends_by_itself(tmp_path: Path) -> None:
    with playing(tmp_path, "--seconds", "1") as demo:
        demo.prints("facts produced, 0 breaches raised, 0 resolved")
        assert demo.ends() == 0
    assert "northwind: no voice facts" not in demo.printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_or_a_closed_terminal_ends_it_while_the_worker_starts(
    tmp_path: Path, number: signal.Signals
) -> None:
    with playing(tmp_path) as demo:
        demo.prints("a worker starts")
        demo.signal(number)
        assert demo.ends() == 0
    assert "The worker is ready" not in demo.printed


def test_a_worker_that_dies_is_the_end_and_its_last_words_are_told(tmp_path: Path) -> None:
    with playing(tmp_path) as demo:
        demo.prints("The worker is ready")
        os.kill(demo.workers[0], signal.SIGKILL)
        assert demo.ends() == 1
    assert "Error: the worker ended with code -9; its last words:" in demo.printed
    assert "Traceback" not in demo.printed


@pytest.mark.kafka
def test_on_a_kafka_that_lasts_a_second_play_is_not_the_first_ones_continuation(
    own_kafka: Kafka, tmp_path: Path
) -> None:
    for happens in ("▼ agents gone", "✖ breach opened: northwind-"):
        with playing(tmp_path, "--kafka", own_kafka.address, *FOUR_TIMES_AS_FAST) as demo:
            demo.prints(happens)
            demo.signal(signal.SIGTERM)
            assert demo.ends() == 0


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--kafka", "127.0.0.1:1"], 1, "Error: no Kafka answers at 127.0.0.1:1\n"),
        (["--speed", "0"], 2, "Error: Invalid value for '--speed'"),
        (["--seconds", "-1"], 2, "Error: Invalid value for '--seconds'"),
    ],
)
def test_what_cannot_be_played_is_said_in_one_line(arguments: list[str], code: int, sentence: str) -> None:
    result = CliRunner().invoke(main, ["demo", *arguments])
    assert result.exit_code == code
    assert sentence in result.output


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["demo", "--port", str(port)])
    assert result.exit_code == 1
    assert result.output == f"Error: port {port}: Address already in use; choose another with --port\n"
