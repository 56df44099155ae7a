"""Who runs: how each is installed, started, and what its windows look like where it leaves them."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.peers.contacts import MINUTE_MS, Tally, Window

_PROGRAMS = Path(__file__).parent / "programs"
_BUILD = Path(__file__).parents[2] / "build" / "peers"
LOGS = _BUILD / "logs"

#: The quick ones run for three to six seconds, in which a JVM gets warm.
_ALL = 2_000_000

#: With the collector that is best here: with Java's usual one Kafka Streams takes half as much time again.
_JAVA = ("java", "-XX:+UseParallelGC", "-Xms2g", "-Xmx2g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
#: What Flink's own scripts open to it.
_OPENED = ("java.base/java.util", "java.base/java.lang", "java.base/java.nio", "java.base/java.time")


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that is given ADDRESS TOPIC RECORDS GROUP RESULTS, and what can be said of it."""

    name: str
    records: int
    install: Callable[[], None]
    command: tuple[str, ...]
    window: Callable[[bytes, bytes], tuple[Window, Tally]]
    ends_by_itself: bool = False


def _of_text(key: bytes, value: bytes) -> tuple[Window, Tally]:
    queue, start_ms = key.decode().split()
    return (queue, int(start_ms)), Tally(*map(int, value.split()))


def _of_ours(key: bytes, value: bytes) -> tuple[Window, Tally]:
    """Queue and minute; the source offset, and figures."""
    queue, minute = json.loads(key)
    return (queue, minute * MINUTE_MS), Tally(*json.loads(value)[1:])


def _of_faust(key: bytes, value: bytes) -> tuple[Window, Tally]:
    queue, start_ms = json.loads(key).split()
    return (queue, int(start_ms)), Tally(*json.loads(value))


def _of_kafka_streams(key: bytes, value: bytes) -> tuple[Window, Tally]:
    """The key is followed by the window's start and a sequence number, as a window store has it."""
    longs = [int.from_bytes(value[at : at + 8]) for at in range(0, len(value), 8)]
    return (key[:-12].decode(), int.from_bytes(key[-12:-4])), Tally(*longs)


def _installed(name: str, wanted: list[Path], install: Callable[[Path], None]) -> None:
    """Install below `build/`, unless exactly this has been; what says so is written last."""
    home = _BUILD / name
    done = home / f"complete-{sha256(b''.join(file.read_bytes() for file in wanted)).hexdigest()[:12]}"
    if not done.exists():
        subprocess.run(["rm", "-rf", str(home)], check=True)
        home.mkdir(parents=True)
        install(home)
        done.touch()


def _java(name: str) -> Callable[[], None]:
    """The jars by Maven, the program by the compiler."""
    pom = _PROGRAMS / "java" / name / "pom.xml"
    sources = [*sorted((_PROGRAMS / "java").glob("*.java")), *sorted(pom.parent.glob("*.java"))]

    def install(home: Path) -> None:
        copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={home}/jars"]
        maven = ["mvn", "--quiet", "--batch-mode", "-Dstyle.color=never", f"--file={pom}"]
        subprocess.run([*maven, *copy], check=True)
        compile_ = ["javac", "-proc:none", "-cp", f"{home}/jars/*", "-d", f"{home}/classes"]
        subprocess.run([*compile_, *map(str, sources)], check=True)

    return lambda: _installed(name, [pom, *sources], install)


def _python(name: str) -> Callable[[], None]:
    """A virtual environment of its own, with the versions of its list."""
    versions = _PROGRAMS / f"{name}.txt"

    def install(home: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([f"{home}/bin/pip", "install", "--quiet", "--requirement", str(versions)], check=True)

    return lambda: _installed(name, [versions], install)


def _class_path(name: str) -> tuple[str, str]:
    return "-cp", f"{_BUILD / name}/classes:{_BUILD / name}/jars/*"


def _interpreted(name: str) -> tuple[str, ...]:
    return f"{_BUILD / name}/bin/python", str(_PROGRAMS / f"{name}.py")


_FLINK = (*_JAVA, *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED), *_class_path("flink"))

OURS = Contender(
    name="sla_stream",
    records=_ALL,
    install=lambda: None,
    command=(sys.executable, "-m", "benchmarks.peers.programs.ours"),
    window=_of_ours,
)
PEERS = (
    Contender(
        name="Kafka Streams",
        records=_ALL,
        install=_java("kafka_streams"),
        command=(*_JAVA, *_class_path("kafka_streams"), "KafkaStreamsWindows"),
        window=_of_kafka_streams,
    ),
    Contender(
        name="Flink",
        records=_ALL,
        install=_java("flink"),
        command=(*_FLINK, "FlinkWindows"),
        window=_of_text,
        ends_by_itself=True,
    ),
    Contender(
        name="Flink, chained",
        records=_ALL,
        install=_java("flink"),
        command=(*_FLINK, "-Dchained=true", "FlinkWindows"),
        window=_of_text,
        ends_by_itself=True,
    ),
    Contender(
        name="Quix Streams",
        records=150_000,
        install=_python("quix"),
        command=_interpreted("quix"),
        window=_of_text,
        ends_by_itself=True,
    ),
    Contender(
        name="plain Faust",
        records=15_000,
        install=_python("plain_faust"),
        command=_interpreted("plain_faust"),
        window=_of_faust,
    ),
)
