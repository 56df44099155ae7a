"""What crosses a wire: facts in, tallies between the workers, verdicts and alerts out, and the contract."""
