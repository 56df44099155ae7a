"""The end of the process, watched from inside it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn
from unittest import mock

import pytest

from agents.kafka import Exit


class _Left(SystemExit):
    """In place of the end: like it, it ends the loop from whichever task it comes."""


@contextmanager
def ends_with(code: Exit) -> Iterator[None]:
    """Expect the body to end the process with this code."""

    def leave(actual: int) -> NoReturn:
        raise _Left(Exit(actual).name)

    quiet = mock.patch.object(logging, "shutdown")
    with mock.patch.object(os, "_exit", leave), quiet, pytest.raises(_Left, match=code.name):
        yield
