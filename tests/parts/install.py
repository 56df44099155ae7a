"""Install the parts that are missing: Debian packages if we may, and Kafka's jars by Maven.

What cannot be installed from here is said with the command that does it. That is no error: the tests that need
it say so again.
"""

import os
import shutil
import subprocess
import sys

from tests.parts.presence import JARS, JARS_COMPLETE, PARTS, POM, Part

MAVEN = Part("Maven", ("mvn",), ("maven",))


def main() -> None:
    """Leave alone what is there."""
    jars_wanted = not JARS_COMPLETE.exists()
    needed = (*PARTS, MAVEN) if jars_wanted else PARTS
    packages = [package for part in needed if part.missing_programs for package in part.packages]
    if packages:
        _install_packages(packages)
    if jars_wanted and not MAVEN.missing:
        _install_jars()


def _install_packages(packages: list[str]) -> None:
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "--quiet"], check=True, env=environment)
        subprocess.run(install, check=True, env=environment)
    else:
        sys.stderr.write(f"NOT INSTALLED: {', '.join(packages)}. On Debian: sudo {' '.join(install)}\n")


def _install_jars() -> None:
    shutil.rmtree(JARS, ignore_errors=True)
    copy = ["dependency:copy-dependencies", f"-DoutputDirectory={JARS}"]
    subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", str(POM), *copy], check=True)
    JARS_COMPLETE.touch()


if __name__ == "__main__":
    main()
