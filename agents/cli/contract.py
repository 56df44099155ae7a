"""`sla-stream contract`: is it right, and what does it say?"""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from agents.contracts import Contracts, load_contracts, warnings_of
from agents.explain import explain
from agents.words.languages import LANGUAGES, language_of
from agents.yaml_errors import Mistakes

_FILE = click.Path(exists=True, path_type=Path)


@click.group("contract")
def contract() -> None:
    """Check contracts, and say them in sentences."""


@contract.command("check")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
def check(files: tuple[Path, ...]) -> None:
    """Find every mistake in the files (or folders of files), taken together, and what can hardly be meant."""
    for name, found in _load(files).items():
        promises = sum(len(version.objectives) for version in found.versions)
        noun = "objective" if promises == 1 else "objectives"
        click.echo(f"{name}: {promises} {noun} for {found.client}")
    for warning in warnings_of(files):
        click.echo(f"warning: {warning}", err=True)


@contract.command("explain")
@click.argument("file", type=_FILE)
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="[default: the locale's, else en]")
def explain_(file: Path, lang: str | None) -> None:
    """Say in words what is counted, by which formula, and when somebody is told."""
    language = LANGUAGES[lang] if lang else language_of(os.environ)
    click.echo("\n".join(explain(contract, language) for contract in _load([file]).values()), nl=False)


def _load(files: Sequence[Path]) -> Contracts:
    """Read folders and files as one set, so that two of one name are noticed across them."""
    try:
        return load_contracts(files)
    except Mistakes as mistakes:
        click.echo(mistakes, err=True)
        count = len(mistakes.mistakes)
        raise click.ClickException(f"{count} {'mistake' if count == 1 else 'mistakes'}") from None
