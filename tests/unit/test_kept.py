"""What may be kept: 200 bytes of a customer with two contacts, 1,000 of a ticket on its way."""

from benchmarks import kept


def test_a_customer_and_an_open_ticket_take_no_more_than_was_promised() -> None:
    of_each = kept.measure(1_000)
    assert of_each.customer <= 200
    assert of_each.ticket <= 1000
