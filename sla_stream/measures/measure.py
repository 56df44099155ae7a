"""What every measure can do."""

from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from schemas.tallies import Counts
from schemas.verdicts import Unit
from sla_stream.life import Life


class Settlement(Struct, frozen=True, gc=False):
    """How one contact counts: what it adds, and to the pane of which instant."""

    at_ms: int
    counts: tuple[tuple[str, int], ...]


class Overdue(NamedTuple):
    """Whoever waits for longer than `after_ms` counts already, so long after the offer as `at_ms` says."""

    after_ms: int
    at_ms: int
    counts: tuple[tuple[str, int], ...]


class Reading(NamedTuple):
    """A window's tally as a value: numerator / denominator, exact integers. No denominator, no value.

    `sample` is how many contacts it speaks of.
    """

    numerator: int
    denominator: int
    sample: int


class Measure(Protocol):
    """Counts contacts into classes (`settle`), and reads windows of such counts by a formula (`read`)."""

    @property
    def key(self) -> str:
        """Kind and counting parameters; tallies are kept under it."""

    @property
    def unit(self) -> Unit:
        """What a value of this measure is."""

    @property
    def needs_end(self) -> bool:
        """Whether the end of the conversation decides, not the outcome alone."""

    def settle(self, life: Life) -> Settlement | None:
        """How this contact counts, or None while its fate is open. A function of its facts alone."""

    @property
    def overdue(self) -> Overdue | None:
        """How contacts that still wait count already, if any do."""

    def read(self, counts: Counts, spec: Any) -> Reading:
        """The value of a window by the formula of `spec`. Classes that nobody fell into may be lacking."""
