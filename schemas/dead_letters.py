"""A message that could not be counted, kept whole on `sla.dead-letters` with the reason and where it came from."""

from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import Base64Bytes, BaseModel, ConfigDict

from schemas.words import Count


class RejectReason(StrEnum):
    """Why a message was not counted. Also the label of the metric."""

    EMPTY = "empty"  # no value at all
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"  # truncated, or something else
    UNKNOWN_TYPE = "unknown_type"  # JSON, but no fact that we know
    NOT_A_SURVEY = "not_a_survey"  # another fact, on the topic of surveys
    WRONG_CHANNEL = "wrong_channel"  # a fact of another channel than the topic's
    WRONG_SHAPE = "wrong_shape"  # a known fact with a field missing or of the wrong type
    ABSURD_TIME = "absurd_time"  # before 1990, after 2100, or ahead of the moment it was written
    TOO_LARGE = "too_large"
    UNKNOWN_CLIENT = "unknown_client"  # no contract is loaded for this client
    BEFORE_OFFERED = "before_offered"  # the outcome lies before the contact was offered
    TOO_MANY_FACTS = "too_many_facts"  # one contact with more facts than any contact has


class Rejected(NamedTuple):
    """A message that is not counted: bad input is a value, not an exception."""

    reason: RejectReason
    detail: str


class DeadLetter(BaseModel):
    """One refused message. (topic, partition, offset) name it: a receiver may see it twice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["dead_letter"] = "dead_letter"
    reason: RejectReason
    detail: str
    topic: str
    partition: Count
    offset: Count
    key: Base64Bytes | None
    raw: Base64Bytes | None
