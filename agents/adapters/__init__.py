"""Other people's recordings, turned into facts. Nothing in here reads or writes a file."""
