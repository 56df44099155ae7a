"""The rules for what is counted by customer: order-free, replay-safe, and undecided until it is decided."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.resolutions import ContactTouch
from schemas.tallies import BenchMessage
from sla_stream.boards import Boards
from sla_stream.changes import Changes, CustomerKey, Position
from sla_stream.contact import Result
from sla_stream.customer import trimmed
from sla_stream.figures import Figure
from sla_stream.messages import messages_of
from sla_stream.promises import Promises
from sla_stream.resolutions import Resolutions, TouchBatch
from sla_stream.tally import Tally, TallyKey
from sla_stream.touch import Touches, unpacked
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    figures_of,
    instant,
    objective,
    promised,
    resolved,
    totals,
    touch,
    touch_batch,
)
from tests.rules.canon import contents
from tests.rules.customers import (
    CUSTOMERS,
    Tallied,
    counted_out,
    late_touches,
    promises_of_customers,
    tallied,
    touches,
)

WITHIN_REACH = promises_of_customers()

#: Contacts are told later than this on purpose, so that they are forgotten while they are still talked of.
SHORT_MEMORY = promises_of_customers(lateness="20m")

RESOLVED = {"kind": "first_contact_resolution", "by": "repeat_contact", "within": "1h"}

cuts = st.lists(st.integers(0, 100), max_size=6)


def in_batches(told: Sequence[ContactTouch], where: Sequence[int], first_offset: int = 0) -> list[TouchBatch]:
    """Cut before each of the given indices (modulo their number)."""
    if not told:
        return []
    places = sorted({0, *(cut % len(told) for cut in where)})
    ends = [*places[1:], len(told)]
    return [touch_batch(told[start:end], first_offset + start) for start, end in zip(places, ends, strict=True)]


@given(touches())
def test_what_is_counted_is_what_the_definitions_say(told: list[ContactTouch]) -> None:
    assert tallied([resolved(told, WITHIN_REACH)]) == counted_out(told, WITHIN_REACH)


@given(touches(), st.data())
def test_any_order_and_any_repetition_gives_the_same_tallies(
    told: list[ContactTouch], data: st.DataObject
) -> None:
    repeated = told + data.draw(st.lists(st.sampled_from(told), max_size=5))
    arrived = data.draw(st.permutations(repeated))
    assert tallied([resolved(arrived, WITHIN_REACH)]) == tallied([resolved(told, WITHIN_REACH)])


@given(touches(), cuts)
def test_any_cut_into_batches_gives_the_same_tallies(told: list[ContactTouch], where: list[int]) -> None:
    resolutions = Resolutions(WITHIN_REACH)
    for batch in in_batches(told, where):
        resolutions.observe(batch)
    assert tallied([resolutions]) == tallied([resolved(told, WITHIN_REACH)])


@given(touches(), st.lists(st.integers(0, 2), min_size=len(CUSTOMERS), max_size=len(CUSTOMERS)))
def test_any_spread_of_customers_over_partitions_gives_the_same_tallies(
    told: list[ContactTouch], homes: list[int]
) -> None:
    by_home = [[one for one in told if homes[CUSTOMERS.index(one.customer)] == home] for home in range(3)]
    spread = [resolved(some, WITHIN_REACH) for some in by_home]
    assert tallied(spread) == tallied([resolved(told, WITHIN_REACH)])


@given(touches(), st.integers(0, 9 * HOUR))
def test_resolved_repeated_and_undecided_are_the_base_at_any_instant(
    told: list[ContactTouch], after_ms: int
) -> None:
    """And nobody is both: what is shown is never less than nothing."""
    told = [*told, touch("carla-1", instant("09:00:00") + after_ms, customer="carla")]
    bases = Counter[tuple[str, ...]]()
    for (measure, channel, queue, _), counts in counted_out(told, WITHIN_REACH).items():
        bases[measure, channel, queue] += counts["base"]
    promises = {one.objective.name: one for one in WITHIN_REACH.agreements[0].every_promise()}
    journal, seen = run(Resolutions(WITHIN_REACH), in_batches(told, [])), 0
    for figure in _shown(journal.told, WITHIN_REACH)[0]:
        promise = promises[figure.objective]
        if figure.parts and figure.window == "day" and figure.queue:
            parts, seen = figure.parts, seen + 1
            assert sum(parts.values()) == bases[promise.measure.key, promise.channels[0], figure.queue]
            assert min(parts.values()) >= 0
            assert figure.numerator == parts["resolved"] <= figure.denominator
    assert seen


@given(touches())
def test_the_number_only_falls_as_the_period_passes(told: list[ContactTouch]) -> None:
    """Contacts are told in the order in which they are offered, once, whole."""
    whole = {(one.source, one.contact): one for one in told if one.outcome and one.theirs}
    resolutions, before = Resolutions(WITHIN_REACH), Tallied()
    for offset, one in enumerate(sorted(whole.values(), key=lambda one: one.offered)):
        resolutions.observe(TouchBatch([(offset, one)], offset))
        now = tallied([resolutions])
        for place, counts in before.items():
            came = now[place]["base"] - counts["base"]
            so_far, was = (each["base"] - each["repeated"] for each in (now[place], counts))
            assert so_far - came <= was
            assert now[place]["repeated"] >= counts["repeated"]
        before = now


@dataclass
class Journal:
    """Every write of a partition until it crashed, in order, and what it told the bench."""

    positions: list[Position] = field(default_factory=list)
    writes: list[dict[Any, Any]] = field(default_factory=list)
    told: list[list[BenchMessage]] = field(default_factory=list)

    def note(self, changes: Changes) -> None:
        self.positions.append(changes.position)
        tallies = {
            TallyKey(pane.key.client, pane.key.channel, pane.key.queue, pane.key.start_ms + n * MINUTE): Tally(
                pane.offset, measures
            )
            for pane in changes.panes
            for n, measures in enumerate(pane.minutes)
        }
        self.writes.append({**changes.customers, **tallies, **dict.fromkeys(changes.forgotten)})
        self.told.append(list(messages_of(changes, "sla.resolutions/0", instant("09:00:00"))))

    def recovered(self, safe: int, crashed: int, promises: Promises, data: st.DataObject) -> Resolutions:
        """As a partition comes back when all calls up to `safe` are durable, and any that were under way."""
        resolutions = Resolutions(promises)
        for key in {key: None for write in self.writes[: crashed + 1] for key in write}:
            certain = [write[key] for write in self.writes[: safe + 1] if key in write]
            under_way = [write[key] for write in self.writes[safe + 1 : crashed + 1] if key in write]
            survived = data.draw(st.sampled_from([*(certain[-1:] or [_NEVER]), *under_way]))
            if survived is _NEVER:
                continue
            if isinstance(key, CustomerKey):
                resolutions.restore_customer(key, survived)
            else:
                resolutions.restore_tally(key, survived)
        resolutions.restore_position(self.positions[safe])
        return resolutions


_NEVER = object()


def run(resolutions: Resolutions, batches: Sequence[TouchBatch], lag: int | None = None) -> Journal:
    """Count the batches. With a lag, forget after each what the batch so many before it makes forgettable."""
    journal, offsets = Journal(), [resolutions.position.offset]
    for batch in batches:
        journal.note(resolutions.observe(batch))
        offsets.append(batch.last_offset)
        if lag is not None:
            journal.note(resolutions.forget(offsets[max(0, len(offsets) - 1 - lag)]))
    return journal


@given(touches(), cuts, cuts, st.data())
def test_any_mixture_of_surviving_writes_leads_to_the_undisturbed_tallies(
    told: list[ContactTouch], cuts_before: list[int], cuts_after: list[int], data: st.DataObject
) -> None:
    undisturbed = Resolutions(WITHIN_REACH)
    run(undisturbed, in_batches(told, []))
    recovered, _ = _crash_and_go_on(told, cuts_before, cuts_after, data, WITHIN_REACH, lag=None)
    assert tallied([recovered]) == tallied([undisturbed])
    assert _known(recovered) == _known(undisturbed)
    assert recovered.position == undisturbed.position


@given(late_touches(), cuts, cuts, st.integers(0, 3), st.data())
def test_a_crash_changes_no_figure_though_much_is_forgotten(
    told: list[ContactTouch], cuts_before: list[int], cuts_after: list[int], lag: int, data: st.DataObject
) -> None:
    undisturbed = Resolutions(SHORT_MEMORY)
    shown = _shown(run(undisturbed, in_batches(told, [])).told, SHORT_MEMORY)
    recovered, heard = _crash_and_go_on(told, cuts_before, cuts_after, data, SHORT_MEMORY, lag)
    assert recovered.position == undisturbed.position
    assert _shown(heard, SHORT_MEMORY) == shown


def _crash_and_go_on(
    told: list[ContactTouch],
    cuts_before: list[int],
    cuts_after: list[int],
    data: st.DataObject,
    promises: Promises,
    lag: int | None,
) -> tuple[Resolutions, list[list[BenchMessage]]]:
    journal = run(Resolutions(promises), in_batches(told, cuts_before), lag)
    crashed = data.draw(st.integers(0, len(journal.writes) - 1), "the last call before the crash")
    # What was forgotten on the strength of a durable position cannot outlive that position.
    earliest = 0 if lag is None else max(0, crashed - 2 * lag)
    safe = data.draw(st.integers(earliest, crashed), "the call whose position survives")
    resolutions = journal.recovered(safe, crashed, promises, data)
    begin = resolutions.position.offset + 1
    again = run(resolutions, in_batches(told[begin:], cuts_after, begin), lag)
    delivered = data.draw(st.integers(safe, crashed), "the last call that the bench heard of")
    return resolutions, journal.told[: delivered + 1] + again.told


def _known(resolutions: Resolutions) -> dict[CustomerKey, Touches]:
    """What holds of each customer."""
    return {key: trimmed(unpacked(stored), 1 << 62) for key, stored in resolutions.customers()}


def _shown(told: list[list[BenchMessage]], promises: Promises) -> tuple[list[Figure], Any]:
    boards = Boards(promises)
    for messages in told:
        for message in messages:
            boards.observe(message)
    return figures_of(boards, promises), contents(boards)


@given(touches(), cuts)
def test_a_batch_that_comes_again_is_passed_over(told: list[ContactTouch], where: list[int]) -> None:
    resolutions, batches = Resolutions(WITHIN_REACH), in_batches(told, where)
    run(resolutions, batches)
    before = tallied([resolutions]), resolutions.position
    for again in (*batches, touch_batch(told)):
        changes = resolutions.observe(again)
        assert not changes.panes
        assert not changes.customers
    assert (tallied([resolutions]), resolutions.position) == before


@given(late_touches(), st.lists(st.tuples(st.integers(0, 100), st.integers(-1, 100)), max_size=8))
def test_forgetting_changes_no_figure_whenever_and_however_often(
    told: list[ContactTouch], calls: list[tuple[int, int]]
) -> None:
    """`calls` says after which message we forget, and up to which offset the position is durable."""
    forgetful, journal = Resolutions(SHORT_MEMORY), Journal()
    for number, batch in enumerate(in_batches(told, range(len(told)))):
        journal.note(forgetful.observe(batch))
        for after, offset in calls:
            if after % len(told) == number:
                journal.note(forgetful.forget(offset))
    kept = run(Resolutions(SHORT_MEMORY), in_batches(told, range(len(told))))
    assert forgetful.position == kept.positions[-1]
    assert _shown(journal.told, SHORT_MEMORY) == _shown(kept.told, SHORT_MEMORY)


def test_every_message_has_one_result() -> None:
    resolutions = Resolutions(promises_of_customers(lateness="1h"))
    messages = [
        touch(offset=1),
        touch(offset=1),
        touch(offset=0),
        touch(client="nobody"),
        touch("boris-1", instant("09:00:00") + DAY, customer="boris"),
        touch("anna-2"),
    ]
    changes = resolutions.observe(touch_batch(messages))
    assert resolutions.position.results == {
        Result.APPLIED: 2,
        Result.DUPLICATE: 2,
        Result.REJECTED: 1,
        Result.TOO_LATE: 1,
    }
    assert [refused.detail for _, refused in changes.refused] == ["nobody"]


def test_memory_is_flat_over_thirty_days_of_customers() -> None:
    """A new customer each hour, and one who calls each hour and is never forgotten."""
    resolutions, sizes = Resolutions(promises_of_customers(lateness="1h")), []
    for hour in range(24 * 30):
        at = instant("09:00:00") + hour * HOUR
        calls = [touch(f"{hour}", at, customer=f"{hour}"), touch(f"again-{hour}", at, customer="regular")]
        offset = resolutions.position.offset + 1
        changes = resolutions.observe(touch_batch(calls, offset))
        resolutions.forget(changes.position.offset)
        stored = dict(resolutions.customers())
        sizes.append((len(stored), len(dict(resolutions.tallies())), sum(map(len, stored.values())) // 100))
    assert len(set(sizes[48:])) <= 2
    assert max(sizes)[0] < 8


def test_what_is_forgotten_leaves_nothing_in_the_changelogs() -> None:
    resolutions = Resolutions(promises_of_customers(lateness="1h"))
    evening = touch("boris-1", instant("20:00:00"), customer="boris", queue="support")
    journal, written = run(resolutions, [touch_batch([touch()]), touch_batch([evening], 1)], 0), dict[Any, Any]()
    for write in journal.writes:
        written |= write
    assert {key: None for key in written if CustomerKey("acme", "anna") == key or "sales" in str(key)}
    left = [key for key, value in written.items() if value is not None]
    assert all(key == CustomerKey("acme", "boris") or key.queue == "support" for key in left)


NARROW = promised(objective(name="resolved", measure=RESOLVED, target={"at_least": "50%"}))


def _restarted(before: Resolutions) -> Resolutions:
    """Another worker, with the wider contract, takes over what was stored."""
    after = Resolutions(WITHIN_REACH)
    for key, stored in before.customers():
        after.restore_customer(key, stored)
    for tally_key, tally in before.tallies():
        after.restore_tally(tally_key, tally)
    after.restore_position(before.position)
    return after


def _reloaded(before: Resolutions) -> Resolutions:
    before.adopt(WITHIN_REACH)
    return before


@pytest.mark.parametrize("widen", [_reloaded, _restarted])
def test_a_new_measure_counts_contacts_that_begin_after_it_and_nothing_else(
    widen: Callable[[Resolutions], Resolutions],
) -> None:
    resolutions = widen(resolved([touch("anna-1")], NARROW))
    ten, eleven = instant("10:00:00"), instant("11:00:00")
    later = [touch("anna-1", queue="support", offset=1), touch("anna-2", ten), touch("anna-3", eleven)]
    resolutions.observe(touch_batch(later, 1))
    old, new = (f"repeat_contact:{HOUR}:{clock}:any_queue:answered" for clock in ("offered", "ended"))
    assert totals(resolutions, old) == {"base": 3, "repeated": 2}
    assert totals(resolutions, new) == {"base": 2, "repeated": 1}
