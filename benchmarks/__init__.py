"""How fast it is, measured on a real Kafka. `make bench` prints one table."""
