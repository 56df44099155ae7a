"""Memory per open contact: calls that are answered and go on, after the worker has counted them all."""

import time

from benchmarks import load, system

_CONTACTS = 200_000


def measure() -> float:
    """Bytes of resident memory per open contact, all in."""
    facts = load.calls(_CONTACTS, ended=False)
    with system.cluster() as environment, system.worker(environment) as running:
        before = running.memory_bytes()
        system.produce(environment["SLA_KAFKA"], facts)
        while running.counted() < len(facts):
            time.sleep(0.1)
        return (running.memory_bytes() - before) / _CONTACTS
