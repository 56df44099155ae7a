"""`make mutants`: take out one guard at a time, in a copy of the project, and expect its tests to fail."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from tests.mutants.guards import MUTANTS, mutated
from tests.mutants.mutant import Mutant
from tests.parts.presence import ROOT

#: A guard taken out may also leave its test waiting for ever.
_PATIENCE_S = 60

#: pytest's codes for tests that did not run at all: it was interrupted, broke, was called wrongly, found none.
_NOT_RUN = (2, 3, 4, 5)


@click.command()
@click.argument("words", nargs=-1)
def main(words: tuple[str, ...]) -> None:
    """Try every guard, or those whose description has all of WORDS."""
    chosen = [mutant for mutant in MUTANTS if all(word in mutant.guard for word in words)]
    survivors = []
    with tempfile.TemporaryDirectory() as home:
        copy = _copy(Path(home) / "mutant")
        for mutant in chosen:
            outcome = "noticed" if _is_noticed(mutant, copy) else "SURVIVED"
            click.echo(f"{outcome:8}  {mutant.guard}")
            if outcome == "SURVIVED":
                survivors.append(mutant)
    click.echo(f"{len(chosen)} guards taken out, {len(survivors)} not missed")
    sys.exit(bool(survivors))


def _copy(home: Path) -> Path:
    """The project's files, with the programs that were installed for its tests."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, home / name)
    if (ROOT / ".parts").exists():
        (home / ".parts").symlink_to(ROOT / ".parts")
    return home


def _is_noticed(mutant: Mutant, copy: Path) -> bool:
    file = copy / mutant.file
    whole = file.read_text()
    file.write_text(mutated(whole, mutant))
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mutant.tests.split(" ")]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(whole)
    if ended.returncode in _NOT_RUN:
        raise click.ClickException(f"{mutant.guard}: its tests did not run:\n{ended.stdout[-2000:].decode()}")
    return ended.returncode != 0


main()
