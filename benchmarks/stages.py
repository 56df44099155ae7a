"""Where the time of a fact goes, without a broker: the meaning and its codecs, stage by stage, in processor time.

Once as a worker catches up, in chunks as large as fetches are, and once as facts happen, in many small ones.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from zlib import crc32

from agents import state
from agents.allocator import collect_seldom
from agents.codec import decode
from agents.contracts import load_contracts
from agents.pseudonyms import Pseudonyms
from benchmarks import load
from benchmarks.background import SLICE_MS, STEADY_AFTER_S, happening
from benchmarks.figures import Figure
from benchmarks.system import example_contract
from sla_stream.changes import Changes
from sla_stream.counting import Counting
from sla_stream.judging import Judging
from sla_stream.messages import messages_of
from sla_stream.promises import Promises, promises_of

_CONTACTS, _PARTITIONS = 100_000, 8


#: Catching up: facts in a chunk, and between two ticks; how far behind the clock they are.
_CHUNK, _FACTS_A_TICK, _BEHIND_MS = 9_000, 70_000, 7_200_000

#: As they happen: facts a second, how often partitions are counted, the bench judges at once and ticks; for how
#: long until as many calls end as begin, and for how long it is measured.
_PER_S, _COUNT_MS, _JUDGE_MS, _TICK_MS = 20_000, 30, 50, 1_000
_STEADY_MS, _MEASURED_MS = STEADY_AFTER_S * 1_000, 10_000
_BEGIN_MS = 1_790_000_000_000


class Stages:
    """Processor time by stage."""

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Time what is done inside."""
        began = process_time()
        yield
        self.spent_s[stage] += process_time() - began


def run() -> list[Figure]:
    """One run, for the table."""
    collect_seldom()
    with tempfile.TemporaryDirectory() as folder:
        promises = promises_of(load_contracts(example_contract(Path(folder))).values())
    return [
        *_figures("catching up", *_catching_up(_Worker(promises, _BEHIND_MS))),
        *_figures("as they happen", *_as_they_happen(_Worker(promises, 0))),
    ]


def _figures(pace: str, facts: int, stages: Stages) -> Iterator[Figure]:
    each = {stage: spent_s / facts * 1e6 for stage, spent_s in stages.spent_s.items()}
    yield Figure(f"a fact {pace}, all stages", sum(each.values()), "{:.2f} µs")
    for stage, us in each.items():
        yield Figure(f"  {stage}", us, "{:.2f} µs")


def _catching_up(worker: "_Worker") -> tuple[int, Stages]:
    facts = load.calls(_CONTACTS)
    parts: list[list[bytes]] = [[] for _ in range(_PARTITIONS)]
    since_tick = since_told = 0
    for key, value in facts:
        part = crc32(key) % _PARTITIONS
        parts[part].append(value)
        if len(parts[part]) >= _CHUNK:
            worker.count(part, parts[part])
            since_tick += len(parts[part])
            since_told += len(parts[part])
            parts[part] = []
        if since_told >= _CHUNK * _PARTITIONS:
            worker.judge_moved()
            since_told = 0
        if since_tick >= _FACTS_A_TICK:
            worker.tick()
            since_tick = 0
    return len(facts), worker.stages


def _as_they_happen(worker: "_Worker") -> tuple[int, Stages]:
    parts: list[list[bytes]] = [[] for _ in range(_PARTITIONS)]
    facts = 0
    for until_ms, happened in happening(_PER_S, _BEGIN_MS):
        passed_ms = until_ms - _BEGIN_MS
        if passed_ms == _STEADY_MS:
            worker.stages.spent_s.clear()
        if passed_ms > _STEADY_MS:
            facts += len(happened)
        for contact, fact in happened:
            parts[crc32(contact.encode()) % _PARTITIONS].append(fact)
        for part, values in enumerate(parts):
            # In turn, as they rest in turn.
            if values and (passed_ms // SLICE_MS + part) % (_COUNT_MS // SLICE_MS) == 0:
                worker.count(part, values)
                parts[part] = []
        if passed_ms % _JUDGE_MS == 0:
            worker.judge_moved()
        if passed_ms % _TICK_MS == 0:
            worker.tick()
        if passed_ms == _STEADY_MS + _MEASURED_MS:
            break
    return facts, worker.stages


class _Worker:
    """What a worker does, one thing after the other."""

    def __init__(self, promises: Promises, behind_ms: int) -> None:
        self.stages = Stages()
        self._countings = [Counting(promises) for _ in range(_PARTITIONS)]
        self._judging = Judging(promises)
        self._pseudonyms = Pseudonyms({})
        self._now_ms, self._behind_ms = 0, behind_ms

    def count(self, part: int, values: Sequence[bytes]) -> None:
        counting, of, hide = self._countings[part], self.stages.of, self._pseudonyms.hide
        begin = counting.position.offset + 1
        changes = Changes(counting.position)
        for at in range(0, len(values), 1000):
            with of("decode"):
                facts = [
                    (offset, hide(decode(value, 1 << 60, "voice")))
                    for offset, value in enumerate(values[at : at + 1000], begin + at)
                ]
            with of("take in"):
                counting.take(facts, changes)
        with of("count"):
            for _ in counting.count(changes):
                pass
        with of("complete"):
            counting.complete(changes, begin + len(values) - 1)
        self._now_ms = max([self._now_ms, *changes.feeds.values()])
        with of("records of contacts"):
            list(state.contact_records(changes))
        with of("records of tallies"):
            list(state.tally_records(changes))
        with of("tell the bench"):
            told = [
                state.bench_record(message)[1] or b""
                for message in messages_of(changes, f"contact.calls/{part}", self._now_ms)
            ]
        with of("hear at the bench"):
            heard = list(state.bench_messages(told))
        with of("put on the boards"):
            self._judging.observe(heard)

    def judge_moved(self) -> None:
        with self.stages.of("judge at once"):
            self._judging.judge_moved(self._now_ms + self._behind_ms)

    def tick(self) -> None:
        with self.stages.of("tick"):
            self._judging.tick(self._now_ms + self._behind_ms)
