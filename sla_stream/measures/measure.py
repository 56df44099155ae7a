"""What every measure can do."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

from msgspec import Struct

from schemas.tallies import Counts
from schemas.words import Channel, Said, Unit
from sla_stream.life import Facts, Life


class Settlement(Struct, frozen=True, gc=False):
    """How one contact counts: what it adds, and to the pane of which instant."""

    at_ms: int
    counts: tuple[tuple[str, int], ...]


class Overdue(NamedTuple):
    """Whoever waits for longer than `after_ms` counts already, so long after the offer as `at_ms` says."""

    after_ms: int
    at_ms: int
    counts: tuple[tuple[str, int], ...]


class Deadline(NamedTuple):
    """Something that is still to be done for a contact: after `due_ms` it counts already, as missed.

    `at_ms` is the instant whose pane it counts in; it is due at no instant (None) if it never will be late.
    `since_ms` is when the contact was offered, if this was to be done ever since: what else counts there may
    change on the day when it is done.
    """

    at_ms: int
    due_ms: int | None
    since_ms: int | None = None


class Visit(NamedTuple):
    """One contact of a customer, with all its segments: where it was first answered, or else first offered.

    Instants are epoch ms; `ended_ms` is None while the contact goes on. No outcome: nobody knows it yet. What was
    `said` is of the same segment as the queue, and only what a contract asks for.
    """

    channel: Channel
    queue: str
    offered_ms: int
    outcome: str
    ended_ms: int | None
    said: tuple[Said, ...] = ()


#: In the order in which they were offered.
Visits = Sequence[Visit]


class Reading(NamedTuple):
    """A window's tally as a value: numerator / denominator, exact integers. No denominator, no value.

    `sample` is how many contacts it speaks of.
    """

    numerator: int
    denominator: int
    sample: int


class _Read(Protocol):
    """What is counted under a key is read by a formula."""

    @property
    def key(self) -> str:
        """Kind and counting parameters; tallies are kept under it."""

    @property
    def unit(self) -> Unit:
        """What a value of this measure is."""

    @property
    def overdue(self) -> Overdue | None:
        """How contacts that still wait in a queue count already, if any do."""

    def read(self, counts: Counts, spec: Any) -> Reading:
        """The value of a window by the formula of `spec`. Classes that nobody fell into may be lacking."""


class LifeMeasure(_Read, Protocol):
    """Counts by what became of a contact in its queue: the few things that `Life` says."""

    @property
    def by(self) -> Literal["life"]:
        """What it looks at."""

    @property
    def needs_end(self) -> bool:
        """Whether the end of the conversation decides, not the outcome alone."""

    def settle(self, life: Life) -> Settlement | None:
        """How this contact counts, or None while its fate is open. A function of its facts alone."""


class FactsMeasure(_Read, Protocol):
    """Counts by anything that is known of a contact, as often as there is reason to: each reply, each answer."""

    @property
    def by(self) -> Literal["facts"]:
        """What it looks at."""

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """How a contact counts while its deadline has passed. Empty: it has none."""

    def settle(self, facts: Facts) -> Sequence[Settlement]:
        """How this contact counts so far: a function of its facts, in the order of time, alone."""

    def deadlines(self, facts: Facts) -> Sequence[Deadline]:
        """What is still to be done for it."""


#: Before the name of a class: as far as it is not decided yet.
UNDECIDED = "undecided:"


class CustomerMeasure(_Read, Protocol):
    """Counts contacts by what else their customer did: came back, or had given up before."""

    @property
    def by(self) -> Literal["customer"]:
        """What it looks at."""

    @property
    def within_ms(self) -> int:
        """How far apart two contacts of a customer may be and still have to do with each other."""

    @property
    def decided_after_ms(self) -> int:
        """How old a pane must be for its counts to be decided: 0 if nothing that is still to come matters.

        What is younger is also found under its name after `UNDECIDED` when a window is read.
        """

    @property
    def asks(self) -> frozenset[Said]:
        """What it must know if it was said of a contact; nothing else of it is told."""

    def settle(self, visits: Visits) -> Sequence[tuple[Visit, Settlement]]:
        """How each contact counts, of those that do. A function of all of them together."""

    def parts(self, counts: Counts) -> Counts | None:
        """What a window's contacts came to, for people; None if the value says it all."""


#: Counts contacts into classes (`settle`), and reads windows of such counts by a formula (`read`).
Measure = LifeMeasure | FactsMeasure | CustomerMeasure
