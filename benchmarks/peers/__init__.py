"""Ours beside Kafka Streams, Flink, Quix Streams and plain Faust: the same work on the same topic in the same run."""
