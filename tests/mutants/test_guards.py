"""The list of guards is that of the code; `make mutants` takes them out one by one."""

import ast

import pytest

from tests.mutants.guards import MUTANTS, GuardNotFoundError, mutated
from tests.mutants.mutant import Mutant
from tests.parts.presence import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.guard)
def test_every_guard_is_where_the_list_says(mutant: Mutant) -> None:
    whole = (ROOT / mutant.file).read_text()
    assert ast.dump(ast.parse(mutated(whole, mutant))) != ast.dump(ast.parse(whole))


@pytest.mark.parametrize("text", ["", "if x: if x:"])
def test_a_guard_that_is_missing_or_ambiguous_is_named(text: str) -> None:
    with pytest.raises(GuardNotFoundError, match="the guard"):
        mutated(text, Mutant("the guard", "file.py", "if x:", "if y:", ""))
