"""A customer is recognised by a keyed hash, and by nothing else."""

from pathlib import Path

import pytest

from agents.codec import decode
from agents.pseudonyms import Pseudonyms, PseudonymsError
from schemas.dead_letters import Rejected
from schemas.facts import FACT, Fact
from tests.builders import answered, instant, offered, record

KEYS = Pseudonyms({"acme": b"a" * 32, "globex": b"b" * 32})
PHONE = "+33 6 12 34 56 78"
WRITTEN = instant("12:00:00")


def offered_by(customer: str | None, client: str = "acme") -> Fact:
    fact = FACT.dump_python(offered(client=client)) | {"customer": customer}
    decoded = decode(FACT.dump_json(FACT.validate_python(fact)), WRITTEN)
    assert not isinstance(decoded, Rejected)
    return decoded


def customer_of(fact: Fact | Rejected) -> str | None:
    assert not isinstance(fact, Rejected)
    assert fact.type in ("offered", "record")
    return fact.customer


def test_the_same_customer_is_recognised() -> None:
    first, again = (KEYS.hide(offered_by(PHONE)) for _ in range(2))
    assert customer_of(first) == customer_of(again) == KEYS.of("acme", PHONE)


def test_another_customer_and_another_client_are_told_apart() -> None:
    assert len({KEYS.of("acme", PHONE), KEYS.of("acme", PHONE + "9"), KEYS.of("globex", PHONE)}) == 3


def test_clients_that_share_a_key_do_not_share_customers() -> None:
    same = Pseudonyms({"acme": b"a" * 32, "globex": b"a" * 32})
    assert same.of("acme", PHONE) != same.of("globex", PHONE)


def test_nothing_of_the_reference_is_left() -> None:
    hidden = repr(KEYS.hide(offered_by(PHONE)))
    assert PHONE not in hidden
    assert customer_of(KEYS.hide(offered_by(PHONE)))


def test_a_record_is_hidden_as_well_as_an_offer() -> None:
    raw = FACT.dump_python(record(answered_at="09:00:20")) | {"customer": PHONE}
    assert customer_of(KEYS.hide(FACT.validate_python(raw))) == KEYS.of("acme", PHONE)


def test_of_a_client_without_a_key_nobody_is_kept() -> None:
    assert customer_of(Pseudonyms({}).hide(offered_by(PHONE))) is None


def test_once_the_key_is_gone_nobody_is_recognised() -> None:
    renewed = Pseudonyms({"acme": b"c" * 32})
    assert renewed.of("acme", PHONE) != KEYS.of("acme", PHONE)


@pytest.mark.parametrize("fact", [answered(), offered(), record(answered_at="09:00:20")])
def test_who_names_no_customer_goes_as_it_came(fact: Fact) -> None:
    assert KEYS.hide(fact) is fact


@pytest.mark.parametrize(("length", "is_key"), [(31, False), (32, True), (33, True)])
def test_a_key_has_32_bytes(tmp_path: Path, length: int, is_key: bool) -> None:
    (tmp_path / "acme").write_bytes(b"k" * length + b"\n")
    if is_key:
        assert Pseudonyms.read(tmp_path).of("acme", PHONE)
    else:
        with pytest.raises(PseudonymsError, match=f"acme is no key: it has {length} of 32 bytes$"):
            Pseudonyms.read(tmp_path)


def test_without_a_folder_there_are_no_keys() -> None:
    assert Pseudonyms.read(None).of("acme", PHONE) is None
