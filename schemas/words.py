"""The few types that every message is made of."""

from typing import Annotated, Literal

from pydantic import Field

#: The earliest and latest believable instants: 1990-01-01 and 2100-01-01.
EARLIEST_MS = 631_152_000_000
LATEST_MS = 4_102_444_800_000

Instant = Annotated[int, Field(strict=True, ge=EARLIEST_MS, lt=LATEST_MS, description="epoch milliseconds")]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Count = Annotated[int, Field(strict=True, ge=0)]
Segment = Annotated[int, Field(strict=True, ge=0, lt=1000, description="how many transfers came before")]
Channel = Literal["voice", "chat", "email", "ticket"]
#: What is judged together: a channel, or several with a plus between them, like voice+chat.
Channels = Annotated[str, Field(strict=True, pattern=r"^[a-z]+(\+[a-z]+)*$")]
#: What a figure is: a share, milliseconds, points from -100 to 100, or a score of a survey's scale.
Unit = Literal["ratio", "ms", "points", "score"]
#: What may be said of a contact by which an objective chooses whom it is about.
Trait = Literal["priority", "language", "tag"]
Said = tuple[Trait, Name]
