"""A file counted in shares of its contacts comes to what one pass over it comes to, or says that it cannot."""

from collections import Counter
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Fact
from sla_stream.backtest import Backtest, Counted, Share
from sla_stream.contact import Result
from sla_stream.figures import Figure
from tests.builders import answered, figures_of, instant, offered
from tests.rules.stories import late_stories, promises_of_everything

#: Some of what the stories tell is later than that.
PROMISES = promises_of_everything(lateness="20m")

Messages = list[Fact | Rejected]


class Outcome(NamedTuple):
    results: Counter[Result]
    figures: list[Figure]


def count(messages: Messages, parts: int, batch: int) -> Outcome:
    """Shares tell one after the other, the last one first."""
    test, results = Backtest(PROMISES), Counter[Result]()
    for part in reversed(range(parts)):
        counted = Counted(PROMISES, Share(part, parts))
        for begin in range(0, len(messages), batch):
            for told in counted.feed(list(enumerate(messages[begin : begin + batch], begin))):
                test.observe(told)
        test.observe(counted.done())
        results += counted.position.results
    return Outcome(results, figures_of(test.boards, PROMISES))


@st.composite
def files(draw: st.DrawFn) -> Messages:
    """What a file may hold: also lines twice, junk, and a stranger's facts."""
    messages: Messages = [*draw(late_stories())]
    twice: st.SearchStrategy[Fact | Rejected] = st.sampled_from(messages)
    junk = st.just(Rejected(RejectReason.NOT_JSON, "junk"))
    stranger = st.builds(offered, st.just("zoe"), client=st.just("stranger"))
    for one in draw(st.lists(twice | junk | stranger, max_size=4)):
        messages.insert(draw(st.integers(0, len(messages))), one)
    return messages


@given(files(), st.integers(2, 4), st.integers(1, 20))
def test_shares_add_up_to_the_whole_unless_anything_is_too_late(
    messages: Messages, parts: int, batch: int
) -> None:
    whole, divided = count(messages, 1, batch), count(messages, parts, batch)
    assert divided.results.total() == len(messages)
    if whole.results[Result.TOO_LATE]:
        assert divided.results[Result.TOO_LATE]
    else:
        assert divided == whole


def test_a_share_goes_by_the_clock_of_the_whole() -> None:
    """Of 99 shares one has the late call, another that of the newest fact."""
    before: Messages = [offered("late", "09:00:00"), offered("newest", "09:20:01")]
    for at, too_late in (("09:00:01", 0), (instant("09:00:01") - 1, 1)):
        assert count([*before, answered("late", at)], 99, 3).results[Result.TOO_LATE] == too_late
