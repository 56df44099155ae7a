"""Loopback ports for the parts.

They lie below the range from which the kernel takes the client ends of connections: otherwise a client that
keeps trying a stopped broker's port is one day given that port as its own end, and talks to itself.
"""

import itertools
import os
import socket

_FIRST, _LAST = 12_000, 32_000
# Runs side by side begin at different places. Their process ids are next to each other, so each step goes far.
_candidates = itertools.cycle(range(_FIRST, _LAST))
_skipped = itertools.islice(_candidates, os.getpid() * 12_361 % (_LAST - _FIRST))


def free_port() -> int:
    """Return a port that nobody listens on, and not the same twice in a while."""
    for _ in _skipped:
        pass
    return next(port for port in _candidates if _is_free(port))


def is_listening(address: str) -> bool:
    """Say whether anybody takes connections at host:port."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As a server would ask: the remains of closed connections do not occupy a port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
