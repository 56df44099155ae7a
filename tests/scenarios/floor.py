"""What a scenario can do and see, wherever it runs: in memory here, through a real Kafka elsewhere."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from schemas.alerts import Alert, AlertEvent
from schemas.contract import Contract
from schemas.facts import Fact
from schemas.verdicts import State, Verdict


class Floor(ABC):
    """A centre under one contract, judged all the time. Its clock goes on with the facts, or by `advance`."""

    @abstractmethod
    def promise(self, contract: Contract) -> None:
        """The contract comes into force before anything happens."""

    @abstractmethod
    def given(self, facts: Sequence[Fact]) -> None:
        """Facts arrive one by one, each when it happens; what lies in the past arrives at once."""

    @abstractmethod
    def advance(self, to: str) -> None:
        """The clock goes on, and nothing arrives."""

    @abstractmethod
    def verdict(self, queue: str | None, window: str | None) -> Verdict | None:
        """How the objective stands, in one queue or all together; None: it was never judged."""

    @abstractmethod
    def alerts(self) -> Sequence[Alert]:
        """Everything that people were told, each once, in order."""

    def expect(
        self,
        state: State,
        counts: tuple[int, int] | None = None,
        queue: str | None = None,
        window: str | None = None,
    ) -> None:
        """The objective stands so, with these counts above and below the line."""
        verdict = self.verdict(queue, window)
        assert verdict is not None
        assert verdict.state is state, verdict
        assert counts in (None, (verdict.numerator, verdict.denominator)), verdict

    def expect_waiting(self, waiting: int, past_threshold: int) -> None:
        """So many wait, and so many of them wait too long."""
        verdict = self.verdict(None, None)
        assert verdict is not None
        assert (verdict.waiting, verdict.waiting_past_threshold) == (waiting, past_threshold)

    def expect_told(self, *events: AlertEvent) -> None:
        """People were told this, in this order, and nothing else."""
        assert tuple(alert.event for alert in self.alerts()) == events
