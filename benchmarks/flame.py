"""Flame graphs of a worker catching up, in build/flame: where the time goes that benchmarks measure.

`python -m benchmarks.flame`, or `make flame`. py-spy looks into the worker from outside, which must be allowed to:
as the worker's parent it is, on most machines; where not, it says so.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from benchmarks import load, system

_CONTACTS = 250_000
_WARM_SHARE = 0.1
_FOLDER = Path("build/flame")
_PY_SPY = Path(sys.executable).with_name("py-spy")

#: File name -> what py-spy is asked for besides. What holds the interpreter is what all the rest waits for.
GRAPHS = {
    "interpreter.svg": ["--gil"],
    "processor.svg": [],
}


@click.command()
def main() -> None:
    """Record each graph of a worker of its own that counts 737,000 facts."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    facts = load.calls(_CONTACTS)
    for name, options in GRAPHS.items():
        record(facts, _FOLDER / name, options)
        click.echo(_FOLDER / name)


def record(facts: list[load.Keyed], graph: Path, options: list[str]) -> None:
    """Watch a worker from a tenth of the facts to the last."""
    with system.cluster() as environment:
        system.produce(environment["SLA_KAFKA"], facts)
        with system.worker(environment) as running:
            _wait_for(running, int(len(facts) * _WARM_SHARE))
            watch = [str(_PY_SPY), "record", "--rate", "200", "--nonblocking", "--pid", str(running.pid)]
            spy = subprocess.Popen([*watch, "--output", graph, *options])
            _wait_for(running, len(facts))
            spy.send_signal(signal.SIGINT)  # it writes down what it has seen
            if spy.wait(60):
                raise click.ClickException("py-spy could not look into the worker")


def _wait_for(running: system.System, facts: int) -> None:
    while running.counted() < facts:
        time.sleep(0.05)


main()
