"""Bytes to facts: every kind of bad input has its reason, and nothing raises."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.codec import LARGEST_BYTES, decode
from schemas.dead_letters import Rejected, RejectReason
from schemas.facts import Answered, Fact, Heartbeat, Offered, Record
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
    assert isinstance(decode(value, WRITTEN), Offered) is is_read


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
    assert decode(raw(at=631_152_000_000), WRITTEN) == offered(at=631_152_000_000)


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
    assert type(decode(value, WRITTEN)) is kind


def test_fields_that_nobody_named_are_ignored() -> None:
    assert decode(raw(phone="+33 6 12 34 56 78", customer={"name": "Jeanne"}), WRITTEN) == offered()


def test_a_refusal_says_where_the_mistake_is() -> None:
    assert decode(raw(contact=""), WRITTEN) == Rejected(
        RejectReason.WRONG_SHAPE, "offered.contact: String should have at least 1 character"
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
kinds = st.sampled_from(("offered", "answered", "flowed_out", "record", "heartbeat", "nonsense"))
almost = st.fixed_dictionaries(
    {"type": kinds | json_values},
    optional={
        name: json_values | st.just("acme") | st.just(WRITTEN)
        for name in ("client", "contact", "at", "queue", "reason", "segment", "channel", "offered_at", "ended_at")
    },
)


@given(st.binary())
def test_no_bytes_whatever_can_raise(value: bytes) -> None:
    assert isinstance(decode(value, WRITTEN), Rejected)


@given(json_values | almost)
def test_no_json_whatever_can_raise(value: object) -> None:
    assert isinstance(decode(json.dumps(value).encode(), WRITTEN), Fact | Rejected)
