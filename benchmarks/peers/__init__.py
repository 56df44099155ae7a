"""Ours beside Kafka Streams, Flink, Quix Streams and plain Faust: the same work, in the same run."""
