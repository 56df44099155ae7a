"""Bytes to facts: every kind of bad input has its reason, and nothing raises."""

import dataclasses
import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from agents import codec
from agents.codec import LARGEST_BYTES, decode
from agents.derive import Underivable, decoder_of
from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import FACT, Answered, Fact, Heartbeat, Offered, Record
from schemas.words import Channel
from tests.builders import HOUR, instant, offered

WRITTEN = instant("09:00:00")


def raw(**more: object) -> bytes:
    """An offered call, with something else in it."""
    known = {"type": "offered", "client": "acme", "contact": "anna", "at": WRITTEN, "queue": "sales"}
    return json.dumps(known | more).encode()


def raw_record(**more: object) -> bytes:
    known = {"type": "record", "client": "acme", "contact": "anna", "queue": "sales", "offered_at": WRITTEN}
    return json.dumps(known | more).encode()


def without(field: str) -> bytes:
    return json.dumps({k: v for k, v in json.loads(raw()).items() if k != field}).encode()


def like_pydantic(fact: Fact | Rejected) -> Fact:
    """The fact as an object of the class that it is derived from."""
    assert not isinstance(fact, Rejected)
    (definition,) = (kind for kind in get_args(Fact) if kind.__name__ == type(fact).__name__)
    made: Fact = definition(**{field: getattr(fact, field) for field in definition.__dataclass_fields__})
    return made


YEAR_1, YEAR_1989, YEAR_2100, YEAR_3000 = (
    -62_135_596_800_000,
    631_151_999_999,
    4_102_444_800_000,
    32_503_680_000_000,
)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(None, RejectReason.EMPTY, id="tombstone"),
        pytest.param(b"", RejectReason.EMPTY, id="empty value"),
        pytest.param(b" ", RejectReason.NOT_JSON, id="blank"),
        pytest.param(raw()[:-1], RejectReason.NOT_JSON, id="truncated"),
        pytest.param(b"hello", RejectReason.NOT_JSON, id="plain text"),
        pytest.param(b"[" * 100_000, RejectReason.NOT_JSON, id="endless nesting"),
        pytest.param(b'{"type": "\\ud800"}', RejectReason.NOT_JSON, id="half a character"),
        pytest.param(b"\xff" + raw(), RejectReason.NOT_UTF8, id="invalid UTF-8 before"),
        pytest.param(raw().replace(b"anna", b"ann\xe9"), RejectReason.NOT_UTF8, id="Latin-1 within"),
        pytest.param(raw().decode().encode("utf-16"), RejectReason.NOT_UTF8, id="UTF-16"),
        pytest.param(b"null", RejectReason.WRONG_SHAPE, id="JSON null"),
        pytest.param(b"[]", RejectReason.WRONG_SHAPE, id="JSON list"),
        pytest.param(b"42", RejectReason.WRONG_SHAPE, id="JSON number"),
        pytest.param(b'"offered"', RejectReason.WRONG_SHAPE, id="JSON string"),
        pytest.param(b"{}", RejectReason.UNKNOWN_TYPE, id="no type"),
        pytest.param(raw(type="escalated"), RejectReason.UNKNOWN_TYPE, id="unknown type"),
        pytest.param(raw(type=None), RejectReason.UNKNOWN_TYPE, id="null type"),
        pytest.param(raw(type=["offered"]), RejectReason.UNKNOWN_TYPE, id="list of types"),
        pytest.param(without("queue"), RejectReason.WRONG_SHAPE, id="no queue"),
        pytest.param(without("contact"), RejectReason.WRONG_SHAPE, id="no contact"),
        pytest.param(without("at"), RejectReason.WRONG_SHAPE, id="no instant"),
        pytest.param(raw(contact=""), RejectReason.WRONG_SHAPE, id="empty contact"),
        pytest.param(raw(contact=7), RejectReason.WRONG_SHAPE, id="number for a contact"),
        pytest.param(raw(contact="a" * 201), RejectReason.WRONG_SHAPE, id="endless contact"),
        pytest.param(raw(client=None), RejectReason.WRONG_SHAPE, id="null client"),
        pytest.param(raw(at=str(WRITTEN)), RejectReason.WRONG_SHAPE, id="instant as text"),
        pytest.param(raw(at=WRITTEN + 0.5), RejectReason.WRONG_SHAPE, id="instant with a fraction"),
        pytest.param(raw(at=True), RejectReason.WRONG_SHAPE, id="instant as truth"),
        pytest.param(raw(at=float("nan")), RejectReason.WRONG_SHAPE, id="instant not a number"),
        pytest.param(raw(channel="fax"), RejectReason.WRONG_SHAPE, id="unknown channel"),
        pytest.param(raw(segment=-1), RejectReason.WRONG_SHAPE, id="negative segment"),
        pytest.param(raw(segment=1000), RejectReason.WRONG_SHAPE, id="thousandth segment"),
        pytest.param(raw(type="flowed_out", reason="lunch"), RejectReason.WRONG_SHAPE, id="unknown flow-out"),
        pytest.param(raw(at=YEAR_1), RejectReason.ABSURD_TIME, id="year 1"),
        pytest.param(raw(at=0), RejectReason.ABSURD_TIME, id="1970"),
        pytest.param(raw(at=YEAR_1989), RejectReason.ABSURD_TIME, id="the last millisecond of 1989"),
        pytest.param(raw(at=YEAR_2100), RejectReason.ABSURD_TIME, id="2100"),
        pytest.param(raw(at=YEAR_3000), RejectReason.ABSURD_TIME, id="year 3000"),
        pytest.param(raw_record(ended_at=YEAR_3000), RejectReason.ABSURD_TIME, id="record that ends in 3000"),
        pytest.param(raw_record(ended_at=WRITTEN - 1), RejectReason.BEFORE_OFFERED, id="ended before offered"),
        pytest.param(
            raw_record(answered_at=WRITTEN - 1), RejectReason.BEFORE_OFFERED, id="answered before offered"
        ),
        pytest.param(raw(note="x" * (2 << 20)), RejectReason.TOO_LARGE, id="two megabytes"),
    ],
)
def test_bad_input_is_refused_with_its_reason(value: bytes | None, reason: RejectReason) -> None:
    refused = decode(value, WRITTEN)
    assert isinstance(refused, Rejected)
    assert refused.reason is reason
    assert refused.detail


@pytest.mark.parametrize(
    ("size", "is_read"), [(LARGEST_BYTES - 1, True), (LARGEST_BYTES, True), (LARGEST_BYTES + 1, False)]
)
def test_a_message_may_be_a_megabyte_long(size: int, is_read: bool) -> None:
    value = raw() + b" " * (size - len(raw()))
    assert isinstance(decode(value, WRITTEN), Rejected) is not is_read


@pytest.mark.parametrize(("ahead_ms", "is_believed"), [(HOUR - 1, True), (HOUR, True), (HOUR + 1, False)])
@pytest.mark.parametrize("value", [raw, raw_record], ids=["fact", "record"])
def test_a_clock_may_run_an_hour_ahead_of_the_broker(
    value: Callable[..., bytes], ahead_ms: int, is_believed: bool
) -> None:
    field = "at" if value is raw else "ended_at"
    decoded = decode(value(**{field: WRITTEN + ahead_ms}), WRITTEN)
    if is_believed:
        assert not isinstance(decoded, Rejected)
    else:
        assert isinstance(decoded, Rejected)
        assert decoded.reason is RejectReason.ABSURD_TIME


def test_a_fact_of_long_ago_is_still_a_fact() -> None:
    assert like_pydantic(decode(raw(at=631_152_000_000), WRITTEN)) == offered(at=631_152_000_000)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (raw(), Offered),
        (raw(type="answered"), Answered),
        (raw(type="heartbeat"), Heartbeat),
        (raw_record(answered_at=WRITTEN), Record),
    ],
)
def test_good_input_is_a_fact(value: bytes, kind: type) -> None:
    assert type(like_pydantic(decode(value, WRITTEN))) is kind


@pytest.mark.parametrize(
    ("channel", "is_taken"), [(None, True), ("voice", True), ("chat", False), ("email", False), ("ticket", False)]
)
def test_each_channel_has_a_topic_of_its_own(channel: Channel | None, is_taken: bool) -> None:
    decoded = decode(raw(), WRITTEN, channel)
    if is_taken:
        assert like_pydantic(decoded) == offered()
    else:
        assert decoded == Rejected(RejectReason.WRONG_CHANNEL, f"voice, on the topic of {channel}")


def test_fields_that_nobody_named_are_ignored() -> None:
    decoded = decode(raw(phone="+33 6 12 34 56 78", caller={"name": "Jeanne"}), WRITTEN)
    assert like_pydantic(decoded) == offered()


def test_a_refusal_says_where_the_mistake_is() -> None:
    assert decode(raw(contact=""), WRITTEN) == Rejected(
        RejectReason.WRONG_SHAPE, "offered.contact: String should have at least 1 character"
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
kinds = st.sampled_from((*(str(kind.__dataclass_fields__["type"].default) for kind in get_args(Fact)), "nonsense"))
almost = st.fixed_dictionaries(
    {"type": kinds | json_values},
    optional={
        name: json_values | st.just("acme") | st.just(WRITTEN)
        for name in sorted({field for kind in get_args(Fact) for field in kind.__dataclass_fields__} - {"type"})
    },
)


@given(st.binary())
def test_no_bytes_whatever_can_raise(value: bytes) -> None:
    assert isinstance(decode(value, WRITTEN), Rejected)


@given(json_values | almost)
def test_no_json_whatever_can_raise(value: object) -> None:
    decoded = decode(json.dumps(value).encode(), WRITTEN)
    assert isinstance(decoded, Rejected) or like_pydantic(decoded)


GOOD = [
    raw(),
    raw(queue="Réclamations"),
    raw(type="answered", segment=3, note={"a": [1, 2.5e3, None, True, "x"]}),
    raw(type="flowed_out", reason="callback"),
    raw(type="heartbeat"),
    raw_record(answered_at=WRITTEN, ended_at=WRITTEN + 1, flow_out=None),
    raw(note="[" * 300),
    raw(note="x").replace(b'"x"', b"[" * 100 + b"]" * 100),
    raw(note="x").replace(b'"x"', b"[" * 300 + b"]" * 300),
    raw(note="x").replace(b'"x"', b'{"\xff": 1}'),
    raw(note="x").replace(b'"x"', b'"\xc3"'),
    json.dumps({"note": "é"}, ensure_ascii=False).encode()[:-1] + b", " + raw()[1:],
]
PIECES = (
    *(
        b'"type":"answered",',
        b'"at":1,',
        b'"at":1.0,',
        b'""',
        b"-0",
        b"1e3",
        b"01",
        b"NaN",
        b"1e999",
        b"true",
        b"null",
    ),
    *(
        b"\\",
        b"\\ud800",
        b"\\u0000",
        b"\x00",
        b"\x1f",
        b"\x7f",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
    ),
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b" ", b"/**/", b"%d" % 2**63, b"%d" % 2**64, b"9" * 5000),
)
edits = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 3), st.sampled_from(PIECES) | st.binary(max_size=3)), max_size=3
)


@settings(max_examples=2_000)
@given(st.sampled_from(GOOD), edits)
def test_the_compiled_decoder_takes_and_refuses_what_pydantic_does(
    value: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for at, length, piece in changes:
        value = value[: at % len(value)] + piece + value[at % len(value) + length :]
    decoded = decode(value, YEAR_3000)
    try:
        expected = FACT.validate_json(value)
    except ValidationError:
        assert isinstance(decoded, Rejected)
    else:
        assert like_pydantic(decoded) == expected


@pytest.mark.parametrize("value", GOOD[:6])
def test_good_input_is_read_by_the_compiled_decoder(value: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "FACT", None)
    assert not isinstance(decode(value, WRITTEN), Rejected)


@pytest.mark.parametrize("constraint", [Field(multiple_of=2), Field(pattern="x"), Field(gt=1)])
def test_a_constraint_that_cannot_be_derived_is_not_left_out(constraint: Any) -> None:
    odd = dataclasses.make_dataclass("Odd", [("type", Literal["odd"]), ("at", Annotated[int, constraint])])
    even = dataclasses.make_dataclass("Even", [("type", Literal["even"])])
    with pytest.raises(Underivable, match="has no counterpart"):
        decoder_of(odd | even)
