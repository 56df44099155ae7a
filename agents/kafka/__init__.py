"""Kafka by the chunk: a Faust transport whose agents get one message per fetch and partition.

It promises:
- every record reaches the agent at least once and in order per partition, or is counted as missing because
  the broker no longer has it;
- nothing is committed that has not been acknowledged, and `chunk_agent` acknowledges only what is durable,
  so a worker may die at any instant; before partitions move it finishes and commits what it has begun;
- a worker that the group may have given up writes nothing;
- nobody is assigned by the few topics that a broker knows when it has just started (`Assignor`, named in the app);
- a kept partition is neither re-read from its changelog nor from the start of a replayed topic;
- whatever it cannot do right ends the process, with an exit code (`exits`) and a sentence in the log.

It does not promise that a record comes only once: state must keep the source offset it reflects, and skip
what it has seen. Nor does it fence the instant between asking for the lease and the broker's append.
It has no standby replicas, and its topics can only be read by `chunk_agent`, not by a plain Faust agent.
"""

from agents.kafka.agent import Abandoned, chunk_agent
from agents.kafka.assignor import Assignor
from agents.kafka.chunk import Chunk
from agents.kafka.exits import Exit, leave
from agents.kafka.schema import ChunkSchema, chunk_topic
from agents.kafka.table import ChunkTable, PartitionedStore
from agents.kafka.transport import consumer_of, register, settled, transport_of
from agents.kafka.writes import Durable, Record, RecordTooLarge, send

__all__ = [
    "Abandoned",
    "Assignor",
    "Chunk",
    "ChunkSchema",
    "ChunkTable",
    "Durable",
    "Exit",
    "PartitionedStore",
    "Record",
    "RecordTooLarge",
    "chunk_agent",
    "chunk_topic",
    "consumer_of",
    "leave",
    "register",
    "send",
    "settled",
    "transport_of",
]
