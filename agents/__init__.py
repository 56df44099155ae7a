"""The running system at the edge: Kafka and Faust, files, HTTP, the command line, and the clock."""
