"""`sla-stream token`: make a token for the wallboard and the API."""

import click

from agents.web.tokens import digest_of, new_token


@click.command("token")
@click.argument("name")
@click.argument("clients", nargs=-1)
def token(name: str, clients: tuple[str, ...]) -> None:
    """Make a token that shows these CLIENTS; all of them if none is named.

    The token itself is printed once, for whoever is to use it. Of it only the hash is kept, in the lines that go
    into the file that SLA_TOKENS names.
    """
    made = new_token()
    shown = f"[{', '.join(clients)}]" if clients else "all"
    click.echo(f"token: {made}\n")
    click.echo(f"tokens:\n  - name: {name}\n    sha256: {digest_of(made)}\n    clients: {shown}")
