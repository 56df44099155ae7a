"""A file counted in shares of its contacts comes to what one pass over it comes to, or says that it cannot."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Fact
from sla_stream.backtest import Backtest, Outcome, Share, together
from sla_stream.contact import Result
from tests.builders import answered, instant, offered
from tests.rules.stories import late_stories, promises_of_everything

#: Some of what the stories tell is later than that.
PROMISES = promises_of_everything(lateness="20m")

Messages = list[Fact | Rejected]


def count(messages: Messages, share: Share, batch: int) -> Outcome:
    test = Backtest(PROMISES, share)
    for begin in range(0, len(messages), batch):
        test.feed(list(enumerate(messages[begin : begin + batch], begin)))
    test.done()
    return test.outcome()


def divided(messages: Messages, parts: int, batch: int = 3) -> Outcome | None:
    return together([count(messages, Share(part, parts), batch) for part in range(parts)])


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
    whole = count(messages, Share(), batch)
    added = divided(messages, parts, batch)
    if whole.position.results[Result.TOO_LATE]:
        assert added is None
    else:
        assert added is not None
        assert added.position.results == whole.position.results
        assert added.counts == whole.counts
        assert added.position.received == len(messages)


def test_a_share_goes_by_the_clock_of_the_whole() -> None:
    """Of 99 shares one has the late call, another that of the newest fact."""
    before: Messages = [offered("late", "09:00:00"), offered("newest", "09:20:01")]
    for at, is_counted in (("09:00:01", True), (instant("09:00:01") - 1, False)):
        assert (divided([*before, answered("late", at)], 99) is not None) is is_counted
