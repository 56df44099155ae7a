"""`python -m agents.cli`, for where the script is not on the path."""

from agents.cli import main

main()
