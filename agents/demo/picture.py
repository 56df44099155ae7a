"""The floor as one picture for a terminal."""

from zoneinfo import ZoneInfo

from rich.console import Group
from rich.table import Table
from rich.text import Text

from agents.demo.floor import Floor
from agents.demo.looks import KINDS, STATES, clock, day, waiting
from sla_stream.wording import figure, stands

_LOG_LINES = 8


def picture(floor: Floor, zone: ZoneInfo, elapsed_s: float) -> Group:
    """Everything on one screen; the newest happening first, as a small terminal cuts off the end."""
    header = Text(f"{day(floor.at_ms, zone)}  {clock(floor.at_ms, zone)}", style="bold")
    header.append(f"   running for {elapsed_s:.0f} s, {floor.facts:,} facts", style="dim")
    return Group(header, _staffing(floor), _promises(floor), _log(floor, zone))


def _staffing(floor: Floor) -> Text:
    line = Text("agents on duty: ")
    for team in floor.staffing:
        shape, style = ("▼", "bold yellow") if team.on_duty < team.agents else ("", "")
        line.append(f"{team.queue} {shape}{team.on_duty}/{team.agents}  ", style)
    return line


def _promises(floor: Floor) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("queue", "objective", "window"):
        table.add_column(heading, no_wrap=True)
    # As wide as they will ever be, so that nothing moves but the figures.
    table.add_column("now", justify="right", no_wrap=True, min_width=6)
    table.add_column("of", justify="right", no_wrap=True, min_width=4)
    table.add_column("promised", no_wrap=True)
    table.add_column("state", no_wrap=True, min_width=10)
    table.add_column("waiting", justify="right", no_wrap=True, min_width=11)
    for verdict in floor.verdicts:
        look = STATES[verdict.state]
        table.add_row(
            verdict.queue or "all",
            verdict.objective,
            verdict.window,
            Text(stands(verdict), style=look.style),
            str(verdict.sample),
            f"{'≤' if verdict.at_most else '≥'} {figure(verdict.target, verdict.unit)}",
            Text(f"{look.shape} {look.word}", style=look.style),
            waiting(verdict),
        )
    return table


def _log(floor: Floor, zone: ZoneInfo) -> Text:
    """One line for each: what does not fit is cut off."""
    lines = []
    for happening in reversed(floor.log[-_LOG_LINES:]):
        look = KINDS[happening.kind]
        text = happening.text.removeprefix(f"{floor.client}: ")
        lines.append(
            Text.assemble(clock(happening.at_ms, zone), (f"  {look.shape} {look.word:17}", look.style), text)
        )
    return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)
