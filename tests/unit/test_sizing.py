"""The page about sizing says what its arithmetic gives for the constants that it names."""

import re
from dataclasses import asdict, replace

from benchmarks.sizing import LOADS, Constants, size_of, table
from tests.parts.presence import ROOT

PAGE = (ROOT / "docs" / "sizing.md").read_text()
GIB = 2**30


def test_the_page_has_the_constants_and_the_table_that_follows() -> None:
    named = re.findall(r"^\| `(\w+)`: .*? \| ([\d,.]+) \|", PAGE, re.MULTILINE)
    measured = {name: float(value.replace(",", "")) for name, value in named}
    assert measured == asdict(Constants())
    assert "\n".join(table(Constants())) in PAGE


def test_a_thousand_clients_are_sized_by_hand() -> None:
    """2,740,000 contacts a day of three facts, an eighth of them in the busiest hour, in 10,000 queues."""
    known = Constants(
        facts_per_s=100_000,
        bytes_per_open_contact=1_000,
        bytes_besides=500_000_000,
        board_quarters_per_contact=2,
        bytes_per_board_quarter=100,
        us_per_verdict=20,
        records_read_per_s=100_000,
        start_s=2,
        source_bytes=1_000,
        changelog_bytes=2_000,
        tallies_bytes=100,
    )
    size = size_of(replace(LOADS[-1], busiest_hour=0.125), known)
    assert round(size.peak_facts_per_s) == 285
    assert size.intake_memory == 2_740_000 * 2 * 1_000
    assert size.bench_memory == 2_740_000 * 31 * 2 * 100
    # Of 100,000 verdicts nearly a quarter is looked at each second: 95 contacts come in one, each for 25 s.
    assert 24_700 < size.judging_cores / 20 * 1e6 < 25_100
    # By memory: 23 GB over workers of 8.1.
    assert (size.workers, size.partitions) == (3, 8)
    assert size.restart_s == 2 + 2_740_000 * 5 / 3 / 100_000
    assert size.disk == 2_740_000 * (30_000 + 2_000 + 40_000) * 3


def test_partitions_are_a_power_of_two_and_twice_the_workers_at_least() -> None:
    for gib in (100, 16, 8, 7, 4, 1.5):
        size = size_of(replace(LOADS[-1], memory_per_worker=round(gib * GIB)), Constants())
        assert size.partitions >= max(8, 2 * size.workers)
        assert size.partitions.bit_count() == 1
        assert size.partitions < max(9, 4 * size.workers)
