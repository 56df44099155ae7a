"""Dead letters: what was refused, written down whole."""

from collections.abc import Iterable, Iterator

from agents.kafka.chunk import Chunk
from schemas.dead_letters import DeadLetter, Rejected


def letter_records(chunk: Chunk, refused: Iterable[tuple[int, Rejected]]) -> Iterator[tuple[bytes, bytes]]:
    """One record each, under the place where it came from: refused twice after a crash, it is one letter."""
    places = {offset: index for index, offset in enumerate(chunk.offset_range())}
    for offset, rejected in refused:
        index = places[offset]
        letter = DeadLetter.model_construct(
            reason=rejected.reason,
            detail=rejected.detail,
            topic=chunk.tp.topic,
            partition=chunk.tp.partition,
            offset=offset,
            key=chunk.keys[index],
            raw=chunk.values[index],
        )
        yield f"{chunk.tp.topic}/{chunk.tp.partition}/{offset}".encode(), letter.model_dump_json().encode()
