"""Which real parts the tests need, and what to say when one is not installed."""

import os
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = "make parts"
NOT_TESTED = "NOT TESTED: "


@dataclass(frozen=True, slots=True)
class Part:
    """A program from outside: what must be on the path, what must be on the disk, which packages bring it."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    files: tuple[Path, ...] = ()

    @property
    def missing_programs(self) -> list[str]:
        """Say which programs are not on the path."""
        return [program for program in self.programs if shutil.which(program) is None]

    @property
    def missing(self) -> list[str]:
        """Say everything that is not there."""
        files = [str(file.relative_to(ROOT)) for file in self.files if not file.exists()]
        return self.missing_programs + files


POM = Path(__file__).parent / "kafka" / "pom.xml"
JARS = ROOT / ".parts" / "kafka"
# Written last, and named after what was asked for: half a download is no Kafka, nor is yesterday's version.
JARS_COMPLETE = JARS / f"complete-{sha256(POM.read_bytes()).hexdigest()[:12]}"

KAFKA = Part("Apache Kafka", ("java",), ("default-jre-headless",), (JARS_COMPLETE,))
PROMETHEUS = Part("Prometheus", ("prometheus", "promtool"), ("prometheus",))
ALERTMANAGER = Part("Alertmanager", ("prometheus-alertmanager", "amtool"), ("prometheus-alertmanager",))
CHROMIUM = Part("Chromium", ("chromium",), ("chromium", "fonts-dejavu-core"))
PARTS = (KAFKA, PROMETHEUS, ALERTMANAGER, CHROMIUM)


def require(part: Part) -> None:
    """Go on if the part is there. If not, skip loudly; where nobody reads skips (CI), fail."""
    if part.missing:
        lacking = ", ".join(part.missing)
        _refuse(f"{NOT_TESTED}{part.name} is not installed ({lacking}). To install it: {INSTALL}")


def _refuse(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
