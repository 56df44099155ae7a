"""`sla-stream`: one table of commands, each in a module that is loaded when it is called.

Exit codes: 0 done, 1 something failed or was found, 2 wrongly called, or nothing there to look at. An error is one
line, not a traceback.
"""

from importlib import import_module
from typing import Any

import click

from agents.pseudonyms import PseudonymsError
from agents.settings import SettingsError
from agents.yaml_errors import Mistakes

COMMANDS = {
    "backtest": "agents.cli.backtest:backtest",
    "contract": "agents.cli.contract:contract",
    "demo": "agents.cli.demo:demo",
    "dlq": "agents.cli.dlq:dlq",
    "doctor": "agents.cli.doctor:doctor",
    "figures": "agents.cli.figures:figures",
    "import": "agents.cli.bank:import_",
    "notify": "agents.cli.notify:notify",
    "produce": "agents.cli.produce:produce",
    "simulate": "agents.cli.simulate:simulate",
    "token": "agents.cli.token:token",
    "topics": "agents.cli.topics:topics",
    "undelivered": "agents.cli.undelivered:undelivered",
    "webhook": "agents.cli.webhook:webhook",
    "worker": "agents.cli.worker:worker",
}


class _Commands(click.Group):
    """Finds commands in the table, and turns what an operator can mend into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever reads has seen enough, which click knows
        except (ConnectionError, Mistakes, PseudonymsError, SettingsError) as error:
            raise click.ClickException(str(error)) from None


@click.command(cls=_Commands)
@click.version_option(package_name="sla-stream")
def main() -> None:
    """Service levels of contact centres: live from Kafka, exact, and with proof."""
