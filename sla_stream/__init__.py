"""The meaning: contacts, tallies, windows, verdicts, episodes. No I/O, no clock and no Faust in here.

Two doors lead in. `observe(batch)` takes what happened and returns what changed: in `counting` for facts, in
`judging` for tallies. `tick(now)` notices what no message announces: that callers still wait, that a feed fell
silent, that a breach has lasted. Agents, backtest, benchmarks and tests all use these two.
"""
