"""What goes wrong, one at a time: drawn from the seed, done to the campaign, and set right again."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.agents.running import ALERTS, CALLS, TALLIES
from tests.faults.crew import Crew
from tests.faults.worker import AHEAD
from tests.kafka.running import committed, reset
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.gate import Gate
from tests.parts.kafka.records import read_all
from tests.parts.waiting import wait_until

#: Of a worker. The group gives up a worker that is silent for longer.
SESSION_S = 4.0
APP_ID = "campaign"
PARTITIONS = 4

_EPISODES = f"{APP_ID}-episodes-changelog"
_CHANGELOGS = tuple(f"{APP_ID}-{name}-changelog" for name in ("contacts", "tallies", "positions"))
_WRITTEN = (*_CHANGELOGS, _EPISODES, TALLIES, ALERTS)

#: Event time runs fast: a queue is short of agents every quarter of a minute or so.
_TOLD_WITHIN_S = 120

#: How far a clock jumps. The longer ones look like a silent feed, until it is heard again.
_JUMPS_MS = (-7_200_000, -180_000, 180_000, 7_200_000)


class Scene:
    """Where faults happen."""

    def __init__(self, broker: Kafka, gate: Gate, crew: Crew, folder: Path, random: Random) -> None:
        self.broker, self.gate, self.crew, self.random = broker, gate, crew, random
        self.clock = folder / AHEAD
        self.clock_jumped = False


def kill(scene: Scene) -> None:
    """SIGKILL."""
    scene.crew.send(signal.SIGKILL, scene.random.randrange(9))


def terminate(scene: Scene) -> None:
    """SIGTERM, as every deployment does."""
    scene.crew.send(signal.SIGTERM, scene.random.randrange(9))


def freeze(scene: Scene) -> None:
    """SIGSTOP for longer than the session, then SIGCONT: a zombie."""
    worker = scene.crew.send(signal.SIGSTOP, scene.random.randrange(9))
    time.sleep(SESSION_S * scene.random.uniform(1.2, 1.8))
    worker.signal(signal.SIGCONT)


def join(scene: Scene) -> None:
    """One worker more, up to as many as there are partitions."""
    scene.crew.resize(min(PARTITIONS, scene.crew.wanted + 1))


def leave(scene: Scene) -> None:
    """One worker less, down to one."""
    scene.crew.resize(max(1, scene.crew.wanted - 1))


def kill_broker(scene: Scene) -> None:
    """SIGKILL, and a start on the same disk."""
    scene.broker.kill()
    time.sleep(scene.random.uniform(0.2, 3))
    scene.broker.start()


def hold_up_writes(scene: Scene) -> None:
    """A topic takes no writes for a while, and then takes what waited."""
    topic = scene.random.choice(_WRITTEN)
    scene.gate.close(topic)
    time.sleep(scene.random.uniform(0.5, 4))
    scene.gate.open(topic)


def refuse_writes(scene: Scene) -> None:
    """The broker refuses what is written to a topic, for good."""
    topic = scene.random.choice(_WRITTEN)
    size = scene.broker.config(topic)["max.message.bytes"]
    scene.broker.configure(topic, {"max.message.bytes": "10"})
    time.sleep(scene.random.uniform(0.5, 3))
    scene.broker.configure(topic, {"max.message.bytes": size})


def kill_while_telling(scene: Scene) -> None:
    """The power goes when an alert has been sent and that it was sent has not been stored: it is told again."""
    scene.gate.close(ALERTS)
    wait_until(lambda: scene.gate.holds(ALERTS), _TOLD_WITHIN_S, "an alert to be sent")
    told = len(read_all(scene.gate.address, ALERTS))
    scene.gate.close(_EPISODES)
    scene.gate.open(ALERTS)
    wait_until(lambda: len(read_all(scene.gate.address, ALERTS)) > told, _TOLD_WITHIN_S, "an alert to be told")
    scene.crew.kill_all()
    scene.gate.open(_EPISODES)


def set_offsets_back(scene: Scene) -> None:
    """An operator stops the workers and has the group read again from somewhere before."""
    wanted = scene.crew.wanted
    scene.crew.resize(0)
    reached = committed(scene.broker, APP_ID, CALLS, PARTITIONS)
    reset(
        scene.broker,
        APP_ID,
        CALLS,
        {number: scene.random.randrange(max(0, at) + 1) for number, at in enumerate(reached)},
    )
    scene.crew.resize(wanted)


def jump_clock(scene: Scene) -> None:
    """The clock of the workers' machine is set forward or back."""
    ahead_ms = int(scene.clock.read_text()) + scene.random.choice(_JUMPS_MS)
    set_ahead(scene.clock, ahead_ms)
    scene.clock_jumped = True


def set_ahead(clock: Path, ahead_ms: int) -> None:
    """Set by how much the clock is ahead; whoever reads it sees the old or the new."""
    new = clock.with_suffix(".new")
    new.write_text(str(ahead_ms))
    new.replace(clock)


#: The more often a fault is named, the more often it is drawn.
FAULTS: tuple[Callable[[Scene], None], ...] = (
    kill,
    kill,
    kill,
    terminate,
    terminate,
    freeze,
    freeze,
    join,
    leave,
    kill_broker,
    kill_broker,
    hold_up_writes,
    refuse_writes,
    kill_while_telling,
    set_offsets_back,
    jump_clock,
    jump_clock,
)
