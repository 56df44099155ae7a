"""The guards of what people are told, how to take each out, and the tests that must notice."""

from tests.mutants.mutant import Mutant

_BOOK = "tests/notify/test_book.py"
_DELIVERY = "tests/notify/test_delivery.py"
_DOOR = "tests/notify/test_door.py"
_LINE = "tests/notify/test_line.py"
_HOUR = "tests/notify/test_an_hour_of_dead_receivers.py"
_ACKNOWLEDGED = "tests/notify/test_acknowledgements.py"

MUTANTS = (
    Mutant(
        "a message is given up after a day",
        "agents/notify/retry.py",
        " or age >= policy.give_up_after",
        "",
        "tests/notify/test_retry.py",
    ),
    Mutant(
        "a receiver that seems dead is asked by one message at a time",
        "agents/notify/retry.py",
        "if failures < policy.trips_after:",
        "if True:",
        _DELIVERY,
    ),
    Mutant(
        "messages that fail together are one failure",
        "agents/notify/line.py",
        "if answer.refusal is not Undelivered.EXHAUSTED or self._breaker.failures == failures:",
        "if True:",
        _LINE,
    ),
    Mutant(
        "who fails gets one message at a time",
        "agents/notify/line.py",
        "1 if self._breaker.failures else ",
        "",
        _LINE,
    ),
    Mutant(
        "a message that is handed over again is not sent again",
        "agents/notify/line.py",
        "if all(one.message.id != message.id for one in chain.messages):",
        "if True:",
        _HOUR,
    ),
    Mutant(
        "what follows a message that was given up is not sent",
        "agents/notify/line.py",
        "(answer.refusal is not None or not chain.messages)",
        "not chain.messages",
        _DELIVERY,
    ),
    Mutant(
        "a message is done with only once that is stored",
        "agents/notify/line.py",
        "        message, handed_over_ms = chain.messages[0]\n        await self._report(",
        "        message, handed_over_ms = chain.messages.popleft()\n"
        "        chain.messages.appendleft(chain.messages[0]) if chain.messages else self._chains.pop(key)\n"
        "        await self._report(",
        _HOUR,
    ),
    Mutant(
        "nothing goes without TLS to who is not listed",
        "agents/notify/door.py",
        'if url.scheme != "https" and not self._inside.has(host):',
        "if False:",
        _DOOR,
    ),
    Mutant(
        "a private address in place of a name is not asked",
        "agents/notify/door.py",
        "if (address := address_of(host)) and not self._inside.may_be_at(host, str(address)):",
        "if False:",
        _DOOR,
    ),
    Mutant(
        "a name that comes to a private address is not asked",
        "agents/notify/door.py",
        "if not self._inside.may_be_at(host, str(place[0])):",
        "if False:",
        _DOOR,
    ),
    Mutant(
        "a redirect is not followed",
        "agents/notify/door.py",
        "allow_redirects=False",
        "allow_redirects=True",
        _DOOR,
    ),
    Mutant(
        "who is slow is not waited for",
        "agents/notify/door.py",
        "asyncio.timeout(self._timeout_s)",
        "asyncio.timeout(None)",
        _DOOR,
    ),
    Mutant(
        "an old address wrapped in a new one is known",
        "agents/notify/inside.py",
        "address.ipv4_mapped or address.sixtofour or address",
        "address",
        _DOOR,
    ),
    Mutant(
        "no mail goes without TLS to who is not listed",
        "agents/notify/door.py",
        'if mail.tls == "none" and not self._inside.has(mail.host):',
        "if False:",
        "tests/notify/test_email.py",
    ),
    Mutant(
        "an alert that comes again is known after its end",
        "agents/notify/book.py",
        "notice.over_ms + _REMEMBERED_MS <= now_ms",
        "True",
        _BOOK,
    ),
    Mutant(
        "an alert that comes again is no news",
        "agents/notify/book.py",
        "alert.id not in (key.alert, *notice.heard)",
        "True",
        _BOOK,
    ),
    Mutant(
        "an escalation is not told once somebody sees to it",
        "agents/notify/notice.py",
        "if notice.unless_acknowledged and notice.is_acknowledged:",
        "if False:",
        _BOOK,
    ),
    Mutant(
        "who was not told of a beginning is not told of its end",
        "agents/notify/notice.py",
        "    if notice.is_waiting:\n        return replace(notice, over_ms=now_ms)",
        "",
        _BOOK,
    ),
    Mutant(
        "an end is told once all of a storm are over",
        "agents/notify/notice.py",
        "    if notice.open:\n        return notice\n",
        "",
        _BOOK,
    ),
    Mutant(
        "a storm has an end of what people can read",
        "agents/notify/book.py",
        " and len(others.began) < _MOST_TOGETHER",
        "",
        _BOOK,
    ),
    Mutant(
        "quiet hours are quiet",
        "agents/notify/planning.py",
        ".is_open(at_ms):",
        ".is_open(0) and False:",
        "tests/notify/test_planning.py",
    ),
    Mutant(
        "only who shares the secret with PagerDuty acknowledges",
        "agents/sinks/pagerduty.py",
        "if not any(is_same(ours, theirs.strip()) for theirs in signatures):",
        "if False:",
        _ACKNOWLEDGED,
    ),
    Mutant(
        "only who shares the secret with Jira acknowledges",
        "agents/sinks/jsm.py",
        "if not expected or not is_same(",
        "if not expected or False and is_same(",
        _ACKNOWLEDGED,
    ),
    Mutant(
        "while secrets change both sign",
        "agents/sinks/webhook.py",
        "for secret in (self.secret, self.old_secret) if secret",
        "for secret in (self.secret,)",
        "tests/notify/test_webhook.py",
    ),
    Mutant(
        "a name is no markup in Slack",
        "agents/sinks/slack.py",
        '.replace("<", "&lt;")',
        "",
        "tests/notify/test_chats.py",
    ),
    Mutant(
        "no figure looks better than it is",
        "agents/notify/news.py",
        "rounded(alert.value, alert.unit, at_most=bool(alert.at_most))",
        "rounded(alert.value, alert.unit, at_most=not alert.at_most)",
        "tests/notify/test_news.py",
    ),
)
