"""Rule 9: a customer's number or name in a fact reaches neither state nor messages nor alerts."""

import json

from agents import state
from agents.codec import decode
from schemas.alerts import Alert
from schemas.dead_letters import Rejected
from sla_stream.changes import Changes
from sla_stream.counting import Batch, Counting
from sla_stream.judged import Judged
from sla_stream.judging import Judging
from tests.builders import bench_messages, instant, objective, promised

SECRETS = ("+33 6 12 34 56 78", "Jeanne Moreau", "jeanne@example.org")
PROMISES = promised(objective(windows=["day"], alert={"window": "day"}, judge="both"))


def _raw(kind: str, clock: str, **more: object) -> bytes:
    known = {"type": kind, "client": "acme", "contact": "c-1", "at": instant(clock)}
    phone, name, mail = SECRETS
    personal = {"phone": phone, "customer_name": name, "customer_mail": mail, "caller": phone, "agent": name}
    return json.dumps(known | personal | more).encode()


def _everything_kept() -> tuple[Changes, Judging, Judged]:
    raws = [_raw("offered", "09:00:00", queue="sales"), _raw("answered", "09:00:45"), _raw("ended", "09:05:00")]
    facts = [decode(raw, instant("09:05:00")) for raw in raws]
    assert not any(isinstance(fact, Rejected) for fact in facts)
    changes = Counting(PROMISES).observe(Batch(list(enumerate(facts)), 2))
    judging = Judging(PROMISES)
    judging.observe(bench_messages(changes, heard="09:05:00"))
    return changes, judging, judging.tick(instant("09:05:00"))


def _tells(kept: str) -> list[str]:
    return [secret for secret in SECRETS if secret in kept]


def test_state_and_messages_hold_nothing_personal() -> None:
    changes, _, _ = _everything_kept()
    records = [*state.contact_records(changes), *state.tally_records(changes)]
    messages = [state.bench_record(message) for message in bench_messages(changes)]
    assert len(records) == 2
    assert messages
    assert _tells(repr((records, messages, changes))) == []


def test_verdicts_and_alerts_hold_nothing_personal() -> None:
    _, judging, judged = _everything_kept()
    alerts: list[Alert] = [alert for _, alert in judging.unannounced()]
    assert judged.verdicts
    assert len(alerts) == 2
    assert _tells(repr((judged, alerts))) == []


def test_a_refusal_says_what_is_wrong_without_repeating_what_was_sent() -> None:
    phone = SECRETS[0]
    spoilt = [
        _raw(phone, "09:00:00"),
        _raw("offered", "09:00:00", queue=[phone]),
        _raw("offered", "09:00:00", queue="q", channel=phone),
        _raw("flowed_out", "09:00:00", reason=phone),
        _raw("answered", "09:00:00", at=phone),
        _raw("offered", "09:00:00", queue="q")[:-1],
        json.dumps({"type": {"phone": phone}}).encode(),
    ]
    refusals = [decode(raw, instant("09:00:00")) for raw in spoilt]
    assert all(isinstance(refusal, Rejected) for refusal in refusals)
    assert _tells(repr(refusals)) == []
