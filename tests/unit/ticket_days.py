"""Tickets' days, worked out by hand: what happened when by the clock on the wall, and what it comes to.

The figures were made with a calendar and a pencil, never with this program. Weeks begin on Monday; an office
day has ten hours. Where a sum is not obvious, it stands beside its case.
"""

from typing import Any, NamedTuple

OFFICE = "Mo-Fr 08:00-18:00; PH off"
SHIFTS = "Mo-Fr 08:00-12:00,14:00-18:00; PH off"
NIGHTS = "Mo-Su 22:00-06:00"
ALL_DAY = "24/7"

EIGHT_HOURS: dict[str, Any] = {"within": "8h"}
FOUR_HOURS: dict[str, Any] = {"within": "4h"}
#: An urgent ticket is worked on day and night, the others in opening hours.
BY_PRIORITY: dict[str, Any] = {
    "within": "8h",
    "priorities": {"urgent": {"within": "4h", "clock": "always"}, "low": {"within": "20h"}},
}


class Day(NamedTuple):
    """What happened to a ticket, and what comes out.

    `used` is the time used when it was resolved for good, or when it was looked at last ("seen"). `due` is when
    the promised time was or will be used up, as it looked before it was resolved; None if it stands still. Until
    `latest` it is in time: until `due`, except where time stands still from there on. `result` is "in time" or
    "late" once it is resolved, "open" or "missed" while it is not.
    """

    says: str
    happened: str
    used: str
    due: str | None
    result: str
    latest: str | None = "due"
    hours: str = OFFICE
    promise: dict[str, Any] = EIGHT_HOURS
    zone: str = "Europe/Paris"


DAYS = (
    # --- Within opening hours.
    Day(
        "resolved on the same day",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 11:30 resolved",
        used="2h30m",
        due="Mon 2026-03-02 17:00",
        result="in time",
    ),
    Day(
        "resolved at the instant at which it is due",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 17:00 resolved",
        used="8h",
        due="Mon 2026-03-02 17:00",
        result="in time",
    ),
    Day(
        "resolved a millisecond later",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 17:00:00.001 resolved",
        used="8h1ms",
        due="Mon 2026-03-02 17:00",
        result="late",
    ),
    Day(
        "still open a moment before it is due",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 16:59:59 seen",
        used="7h59m59s",
        due="Mon 2026-03-02 17:00",
        result="open",
    ),
    Day(
        "still open when it is due, which is in time",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 17:00 seen",
        used="8h",
        due="Mon 2026-03-02 17:00",
        result="open",
    ),
    Day(
        "still open past due, which is missed though nobody closes it",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 17:00:00.001 seen",
        used="8h1ms",
        due="Mon 2026-03-02 17:00",
        result="missed",
    ),
    # --- Nights, weekends, holidays.
    Day(
        "over night: two hours on Monday, six on Tuesday",
        "Mon 2026-03-02 16:00 offered, Tue 2026-03-03 09:00 resolved",
        used="3h",
        due="Tue 2026-03-03 14:00",
        result="in time",
    ),
    Day(
        "over a weekend: two hours on Friday, six on Monday",
        "Fri 2026-03-06 16:00 offered, Mon 2026-03-09 10:00 resolved",
        used="4h",
        due="Mon 2026-03-09 14:00",
        result="in time",
    ),
    Day(
        "over a weekend, a second too late",
        "Fri 2026-03-06 16:00 offered, Mon 2026-03-09 14:00:01 resolved",
        used="8h1s",
        due="Mon 2026-03-09 14:00",
        result="late",
    ),
    Day(
        "over a weekend by a promise that never sleeps",
        "Fri 2026-03-06 16:00 offered, Sat 2026-03-07 16:30 resolved",
        used="24h30m",
        due="Sat 2026-03-07 16:00",
        result="late",
        promise={"within": "24h", "clock": "always"},
    ),
    Day(
        "over Easter Monday in France: three hours on Friday, five on Tuesday",
        "Fri 2026-04-03 15:00 offered, Tue 2026-04-07 12:00 resolved",
        used="7h",
        due="Tue 2026-04-07 13:00",
        result="in time",
    ),
    Day(
        # 3 h on Friday, 10 h on Monday, 4 h on Tuesday.
        "over Easter Monday, where hours do not name holidays",
        "Fri 2026-04-03 15:00 offered, Tue 2026-04-07 12:00 resolved",
        used="17h",
        due="Mon 2026-04-06 13:00",
        result="late",
        hours="Mo-Fr 08:00-18:00",
    ),
    Day(
        "over Good Friday, on which France works",
        "Thu 2026-04-02 17:00 offered, Fri 2026-04-03 14:59 resolved",
        used="7h59m",
        due="Fri 2026-04-03 15:00",
        result="in time",
    ),
    Day(
        "created on the first of May: the time begins on Monday",
        "Fri 2026-05-01 10:00 offered, Mon 2026-05-04 17:00 resolved",
        used="9h",
        due="Mon 2026-05-04 16:00",
        result="late",
    ),
    Day(
        # Friday is 8 May: half an hour on Thursday, four hours on Monday.
        "created half an hour before a long weekend",
        "Thu 2026-05-07 17:30 offered, Mon 2026-05-11 12:00 resolved",
        used="4h30m",
        due="Mon 2026-05-11 15:30",
        result="in time",
    ),
    Day(
        # 2 h on New Year's Eve, nothing on Friday 1 January, 5 h on Monday.
        "over New Year",
        "Thu 2026-12-31 16:00 offered, Mon 2027-01-04 13:00 resolved",
        used="7h",
        due="Mon 2027-01-04 14:00",
        result="in time",
    ),
    Day(
        # An hour on the 24th, nothing on Christmas and the weekend, two hours on Monday.
        "over Christmas Eve, when the centre closes at noon",
        "Thu 2026-12-24 11:00 offered, Mon 2026-12-28 10:00 resolved",
        used="3h",
        due="Mon 2026-12-28 15:00",
        result="in time",
        hours="Mo-Fr 08:00-18:00; Dec 24 08:00-12:00; PH off",
    ),
    Day(
        # 2 h on the 28th, 10 h on the 29th, 2 of 3 h on 1 March.
        "over the 29th of February",
        "Mon 2028-02-28 16:00 offered, Wed 2028-03-01 10:00 resolved",
        used="14h",
        due="Wed 2028-03-01 11:00",
        result="in time",
        promise={"within": "15h"},
    ),
    Day(
        # The weekend of 28 February; then 10 h on Monday, 3 h on Tuesday.
        "over the end of a February of 28 days",
        "Fri 2026-02-27 16:00 offered, Tue 2026-03-03 12:00 resolved",
        used="16h",
        due="Tue 2026-03-03 11:00",
        result="late",
        promise={"within": "15h"},
    ),
    Day(
        "over a short Friday",
        "Fri 2026-03-06 14:00 offered, Mon 2026-03-09 14:00 resolved",
        used="7h",
        due="Mon 2026-03-09 15:00",
        result="in time",
        hours="Mo-Th 08:00-18:00; Fr 08:00-15:00",
    ),
    # --- Outside of opening hours.
    Day(
        "created in the evening",
        "Mon 2026-03-02 21:00 offered, Tue 2026-03-03 09:00 resolved",
        used="1h",
        due="Tue 2026-03-03 16:00",
        result="in time",
    ),
    Day(
        "created in the early morning, resolved at opening time",
        "Mon 2026-03-02 06:00 offered, Mon 2026-03-02 08:00 resolved",
        used="0s",
        due="Mon 2026-03-02 16:00",
        result="in time",
    ),
    Day(
        "created and resolved on a weekend: no time at all",
        "Sat 2026-03-07 10:00 offered, Sun 2026-03-08 12:00 resolved",
        used="0s",
        due="Mon 2026-03-09 16:00",
        result="in time",
    ),
    Day(
        "reply outside of hours: the evening costs nothing",
        "Mon 2026-03-02 16:00 offered, Mon 2026-03-02 22:00 resolved",
        used="2h",
        due="Tue 2026-03-03 14:00",
        result="in time",
    ),
    Day(
        "half a minute before closing, a quarter after opening",
        "Mon 2026-03-02 17:59:30 offered, Tue 2026-03-03 08:00:15 resolved",
        used="45s",
        due="Tue 2026-03-03 15:59:30",
        result="in time",
    ),
    # --- Due exactly at closing: nothing passes until the centre opens again.
    Day(
        "due exactly at closing, resolved at closing",
        "Mon 2026-03-02 10:00 offered, Mon 2026-03-02 18:00 resolved",
        used="8h",
        due="Mon 2026-03-02 18:00",
        latest="Tue 2026-03-03 08:00",
        result="in time",
    ),
    Day(
        "due exactly at closing, resolved in the evening: no more is used",
        "Mon 2026-03-02 10:00 offered, Mon 2026-03-02 19:30 resolved",
        used="8h",
        due="Mon 2026-03-02 18:00",
        latest="Tue 2026-03-03 08:00",
        result="in time",
    ),
    Day(
        "due exactly at closing, still open in the night",
        "Mon 2026-03-02 10:00 offered, Tue 2026-03-03 08:00 seen",
        used="8h",
        due="Mon 2026-03-02 18:00",
        latest="Tue 2026-03-03 08:00",
        result="open",
    ),
    Day(
        "due exactly at closing, still open when the next day has begun",
        "Mon 2026-03-02 10:00 offered, Tue 2026-03-03 08:00:01 seen",
        used="8h1s",
        due="Mon 2026-03-02 18:00",
        latest="Tue 2026-03-03 08:00",
        result="missed",
    ),
    Day(
        "a whole day promised at night is due at closing, and late by the morning after",
        "Sun 2026-03-01 20:00 offered, Tue 2026-03-03 08:30 resolved",
        used="10h30m",
        due="Mon 2026-03-02 18:00",
        latest="Tue 2026-03-03 08:00",
        result="late",
        promise={"within": "10h"},
    ),
    # --- Split shifts.
    Day(
        "split shifts: an hour before lunch, three after",
        "Mon 2026-03-02 11:00 offered, Mon 2026-03-02 15:30 resolved",
        used="2h30m",
        due="Mon 2026-03-02 17:00",
        result="in time",
        hours=SHIFTS,
        promise=FOUR_HOURS,
    ),
    Day(
        "split shifts, created at lunch",
        "Mon 2026-03-02 13:00 offered, Mon 2026-03-02 17:59 resolved",
        used="3h59m",
        due="Mon 2026-03-02 18:00",
        latest="Tue 2026-03-03 08:00",
        result="in time",
        hours=SHIFTS,
        promise=FOUR_HOURS,
    ),
    Day(
        "split shifts, due when lunch begins and resolved at lunch",
        "Mon 2026-03-02 08:00 offered, Mon 2026-03-02 13:30 resolved",
        used="4h",
        due="Mon 2026-03-02 12:00",
        latest="Mon 2026-03-02 14:00",
        result="in time",
        hours=SHIFTS,
        promise=FOUR_HOURS,
    ),
    # --- Night shifts.
    Day(
        "night shift over midnight",
        "Mon 2026-03-02 23:00 offered, Tue 2026-03-03 04:00 resolved",
        used="5h",
        due="Tue 2026-03-03 05:00",
        result="in time",
        hours=NIGHTS,
        promise={"within": "6h"},
    ),
    Day(
        # 2 h until 06:00, then from 22:00 on: 6 of 8 h at 04:00, a ninth at 05:00.
        "night shift over the day",
        "Tue 2026-03-03 04:00 offered, Wed 2026-03-04 05:00 resolved",
        used="9h",
        due="Wed 2026-03-04 04:00",
        result="late",
        hours=NIGHTS,
    ),
    # --- The clocks are changed.
    Day(
        # 4 h until midnight, 2 h until 02:00, which is 03:00: 8 h at 05:00.
        "spring: the night has an hour less",
        "Sat 2026-03-28 20:00 offered, Sun 2026-03-29 05:00 resolved",
        used="8h",
        due="Sun 2026-03-29 05:00",
        result="in time",
        hours=ALL_DAY,
    ),
    Day(
        "spring: a minute too late",
        "Sat 2026-03-28 20:00 offered, Sun 2026-03-29 05:01 resolved",
        used="8h1m",
        due="Sun 2026-03-29 05:00",
        result="late",
        hours=ALL_DAY,
    ),
    Day(
        "spring: the night shift is an hour short, which the next one makes up for",
        "Sat 2026-03-28 22:00 offered, Sun 2026-03-29 06:00 resolved",
        used="7h",
        due="Sun 2026-03-29 23:00",
        result="in time",
        hours=NIGHTS,
    ),
    Day(
        "spring: the office does not notice",
        "Fri 2026-03-27 17:00 offered, Mon 2026-03-30 15:00 resolved",
        used="8h",
        due="Mon 2026-03-30 15:00",
        result="in time",
    ),
    Day(
        # 2 h until midnight, 3 h until 03:00, which is 02:00 again: 8 h at 05:00.
        "autumn: the night has an hour more",
        "Sat 2026-10-24 22:00 offered, Sun 2026-10-25 05:30 resolved",
        used="8h30m",
        due="Sun 2026-10-25 05:00",
        result="late",
        hours=ALL_DAY,
    ),
    Day(
        # 02:30 is half past midnight in UTC; so 8 h later it is 08:30 in UTC, 09:30 in Paris.
        "autumn: from half past two until half past two again is an hour",
        "Sun 2026-10-25 02:30 offered, Sun 2026-10-25 02:30 again resolved",
        used="1h",
        due="Sun 2026-10-25 09:30",
        result="in time",
        hours=ALL_DAY,
    ),
    Day(
        "autumn: the night shift has nine hours",
        "Sat 2026-10-24 22:00 offered, Sun 2026-10-25 06:00 resolved",
        used="9h",
        due="Sun 2026-10-25 05:00",
        result="late",
        hours=NIGHTS,
    ),
    Day(
        "autumn: the office does not notice",
        "Fri 2026-10-23 17:00 offered, Mon 2026-10-26 16:00 resolved",
        used="9h",
        due="Mon 2026-10-26 15:00",
        result="late",
    ),
    Day(
        # At 02:00 it is 01:30 again, by half an hour.
        "autumn on Lord Howe Island: half an hour more",
        "Sun 2026-04-05 00:00 offered, Sun 2026-04-05 07:30 resolved",
        used="8h",
        due="Sun 2026-04-05 07:30",
        result="in time",
        hours=ALL_DAY,
        zone="Australia/Lord_Howe",
    ),
    Day(
        # An hour on Monday; 7 h on Tuesday are a whole day.
        "in Kathmandu, a quarter of an hour off from everybody",
        "Mon 2026-03-02 16:00 offered, Tue 2026-03-03 16:30 resolved",
        used="7h30m",
        due="Tue 2026-03-03 17:00",
        latest="Wed 2026-03-04 10:00",
        result="in time",
        hours="Su-Fr 10:00-17:00",
        zone="Asia/Kathmandu",
    ),
    # --- Paused.
    Day(
        # One hour used, seven left at 15:00: three on Monday, four on Tuesday.
        "paused once",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 10:00 paused, Mon 2026-03-02 15:00 resumed, "
        "Mon 2026-03-02 16:00 resolved",
        used="2h",
        due="Tue 2026-03-03 12:00",
        result="in time",
    ),
    Day(
        # 1 + 1 h used on Monday, six left on Tuesday at 09:00.
        "paused twice",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 10:00 paused, Mon 2026-03-02 11:00 resumed, "
        "Mon 2026-03-02 12:00 paused, Tue 2026-03-03 09:00 resumed, Tue 2026-03-03 14:00 resolved",
        used="7h",
        due="Tue 2026-03-03 15:00",
        result="in time",
    ),
    Day(
        # Half an hour on Monday, 7:30 on Tuesday from 10:30 on.
        "paused over night, in opening hours at both ends",
        "Mon 2026-03-02 17:00 offered, Mon 2026-03-02 17:30 paused, Tue 2026-03-03 10:30 resumed, "
        "Tue 2026-03-03 18:00 resolved",
        used="8h",
        due="Tue 2026-03-03 18:00",
        latest="Wed 2026-03-04 08:00",
        result="in time",
    ),
    Day(
        "paused over night, out of hours at both ends: as if it had not been",
        "Mon 2026-03-02 17:00 offered, Mon 2026-03-02 20:00 paused, Tue 2026-03-03 07:00 resumed, "
        "Tue 2026-03-03 10:00 resolved",
        used="3h",
        due="Tue 2026-03-03 15:00",
        result="in time",
    ),
    Day(
        "resolved while paused",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 12:00 paused, Wed 2026-03-04 12:00 resolved",
        used="3h",
        due=None,
        result="in time",
    ),
    Day(
        "pending at the instant at which it would have been due",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 16:59 paused, Wed 2026-03-04 12:00 seen",
        used="7h59m",
        due=None,
        result="open",
    ),
    Day(
        "pending a minute before it was due, resumed two days later",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 16:59 paused, Wed 2026-03-04 09:00 resumed, "
        "Wed 2026-03-04 09:02 seen",
        used="8h1m",
        due="Wed 2026-03-04 09:01",
        result="missed",
    ),
    Day(
        "paused at the very instant at which it is due",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 17:00 paused, Wed 2026-03-04 12:00 seen",
        used="8h",
        due="Mon 2026-03-02 17:00",
        latest=None,
        result="open",
    ),
    Day(
        # No more is used before Wednesday at 08:00.
        "paused when it is due, resumed in the evening",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 17:00 paused, Tue 2026-03-03 19:00 resumed, "
        "Wed 2026-03-04 08:00:01 seen",
        used="8h1s",
        due="Mon 2026-03-02 17:00",
        latest="Wed 2026-03-04 08:00",
        result="missed",
    ),
    Day(
        # 9 h on Monday, 1 h on Tuesday.
        "paused when it was past due already: it stays missed",
        "Mon 2026-03-02 09:00 offered, Tue 2026-03-03 09:00 paused, Fri 2026-03-06 12:00 seen",
        used="10h",
        due="Mon 2026-03-02 17:00",
        result="missed",
    ),
    # --- The priority changes.
    Day(
        "created urgent: day and night",
        "Mon 2026-03-02 17:00 offered urgent, Mon 2026-03-02 20:30 resolved",
        used="3h30m",
        due="Mon 2026-03-02 21:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        "of a priority that the contract does not name",
        "Mon 2026-03-02 09:00 offered vip, Mon 2026-03-02 17:00 resolved",
        used="8h",
        due="Mon 2026-03-02 17:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority raised: one hour used, three are left",
        "Mon 2026-03-02 09:00 offered normal, Mon 2026-03-02 10:00 prioritised urgent, "
        "Mon 2026-03-02 12:30 resolved",
        used="3h30m",
        due="Mon 2026-03-02 13:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        # Half an hour used; three and a half from 17:30 on, through the evening.
        "priority raised before closing: from now on the evening counts",
        "Mon 2026-03-02 17:00 offered normal, Mon 2026-03-02 17:30 prioritised urgent, "
        "Mon 2026-03-02 22:00 resolved",
        used="5h",
        due="Mon 2026-03-02 21:00",
        result="late",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority raised when more is used than is now promised: late from that instant, not before",
        "Mon 2026-03-02 08:00 offered normal, Mon 2026-03-02 14:00 prioritised urgent, "
        "Mon 2026-03-02 14:00:01 seen",
        used="6h1s",
        due="Mon 2026-03-02 14:00",
        result="missed",
        promise=BY_PRIORITY,
    ),
    Day(
        # Past due by eight hours since 16:00; the new target of four is passed as well.
        "priority raised when it is past due: missed since it was first due",
        "Mon 2026-03-02 08:00 offered normal, Mon 2026-03-02 17:00 prioritised urgent, "
        "Mon 2026-03-02 17:30 resolved",
        used="9h30m",
        due="Mon 2026-03-02 16:00",
        result="late",
        promise=BY_PRIORITY,
    ),
    Day(
        # 3 h used by 20:00, five are left on Tuesday.
        "priority lowered: the evening counted until then",
        "Mon 2026-03-02 17:00 offered urgent, Mon 2026-03-02 20:00 prioritised normal, "
        "Tue 2026-03-03 12:00 resolved",
        used="7h",
        due="Tue 2026-03-03 13:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority lowered when it was past due: in time again",
        "Mon 2026-03-02 08:00 offered urgent, Mon 2026-03-02 14:00 prioritised normal, "
        "Mon 2026-03-02 15:00 resolved",
        used="7h",
        due="Mon 2026-03-02 16:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        # 2 h on Monday, 10 h on Tuesday, 8 h on Wednesday.
        "priority lowered twice",
        "Mon 2026-03-02 16:00 offered urgent, Mon 2026-03-02 17:00 prioritised normal, "
        "Mon 2026-03-02 18:00 prioritised low, Wed 2026-03-04 17:00 resolved",
        used="21h",
        due="Wed 2026-03-04 16:00",
        result="late",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority raised and lowered again",
        "Mon 2026-03-02 09:00 offered normal, Mon 2026-03-02 10:00 prioritised urgent, "
        "Mon 2026-03-02 11:00 prioritised normal, Mon 2026-03-02 16:00 resolved",
        used="7h",
        due="Mon 2026-03-02 17:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        # 2 h used before the pause; two are left when it is resumed in the evening.
        "priority raised while paused",
        "Mon 2026-03-02 09:00 offered normal, Mon 2026-03-02 11:00 paused, "
        "Mon 2026-03-02 12:00 prioritised urgent, Mon 2026-03-02 20:00 resumed, Mon 2026-03-02 21:00 resolved",
        used="3h",
        due="Mon 2026-03-02 22:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority raised while paused, when more is used than is now promised",
        "Mon 2026-03-02 08:00 offered normal, Mon 2026-03-02 14:00 paused, "
        "Mon 2026-03-02 15:00 prioritised urgent, Mon 2026-03-02 15:00:01 seen",
        used="6h",
        due="Mon 2026-03-02 15:00",
        result="missed",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority raised when it was resolved already: too late to count",
        "Mon 2026-03-02 09:00 offered normal, Mon 2026-03-02 15:00 resolved, "
        "Mon 2026-03-02 16:00 prioritised urgent",
        used="6h",
        due="Mon 2026-03-02 17:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    Day(
        "priority raised between resolved and closed: too late to count",
        "Mon 2026-03-02 09:00 offered normal, Mon 2026-03-02 15:00 resolved, "
        "Mon 2026-03-02 16:00 prioritised urgent, Mon 2026-03-02 17:00 closed",
        used="6h",
        due="Mon 2026-03-02 17:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    # --- Opened again.
    Day(
        "reopened: three hours used, five are left",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 12:00 resolved, Tue 2026-03-03 09:00 reopened, "
        "Tue 2026-03-03 11:00 resolved",
        used="5h",
        due="Tue 2026-03-03 14:00",
        result="in time",
    ),
    Day(
        "reopened after close",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 12:00 resolved, Mon 2026-03-02 13:00 closed, "
        "Thu 2026-03-05 08:00 reopened, Thu 2026-03-05 14:00 resolved",
        used="9h",
        due="Thu 2026-03-05 13:00",
        result="late",
    ),
    Day(
        "reopened and still open: no longer resolved",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 12:00 resolved, Tue 2026-03-03 09:00 reopened, "
        "Tue 2026-03-03 10:00 seen",
        used="4h",
        due="Tue 2026-03-03 14:00",
        result="open",
    ),
    Day(
        "resolved late and reopened: missed since it was first due",
        "Mon 2026-03-02 08:00 offered, Mon 2026-03-02 17:00 resolved, Wed 2026-03-04 10:00 reopened, "
        "Wed 2026-03-04 11:00 seen",
        used="10h",
        due="Mon 2026-03-02 16:00",
        result="missed",
    ),
    Day(
        "reopened and paused again",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 12:00 resolved, Tue 2026-03-03 09:00 reopened, "
        "Tue 2026-03-03 10:00 paused, Fri 2026-03-06 17:00 seen",
        used="4h",
        due=None,
        result="open",
    ),
    Day(
        # Three hours used; when it is opened again it is urgent, and one is left.
        "reopened with a priority raised meanwhile",
        "Mon 2026-03-02 09:00 offered normal, Mon 2026-03-02 12:00 resolved, "
        "Mon 2026-03-02 13:00 prioritised urgent, Mon 2026-03-02 20:00 reopened, Mon 2026-03-02 20:30 resolved",
        used="3h30m",
        due="Mon 2026-03-02 21:00",
        result="in time",
        promise=BY_PRIORITY,
    ),
    # --- Closed, and what has no place.
    Day(
        "closed without being resolved: that ends it too",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 10:00 closed",
        used="1h",
        due="Mon 2026-03-02 17:00",
        result="in time",
    ),
    Day(
        "closed days after it was resolved: the clock stood still",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 16:00 resolved, Fri 2026-03-06 10:00 closed",
        used="7h",
        due="Mon 2026-03-02 17:00",
        result="in time",
    ),
    Day(
        "resolved twice: the first time counts",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 10:00 resolved, Mon 2026-03-02 19:00 resolved",
        used="1h",
        due="Mon 2026-03-02 17:00",
        result="in time",
    ),
    Day(
        "resumed without a pause: nothing changes",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 10:00 resumed, Mon 2026-03-02 11:00 resolved",
        used="2h",
        due="Mon 2026-03-02 17:00",
        result="in time",
    ),
    Day(
        "paused while paused: nothing changes",
        "Mon 2026-03-02 09:00 offered, Mon 2026-03-02 10:00 paused, Mon 2026-03-02 12:00 paused, "
        "Mon 2026-03-02 14:00 resumed, Mon 2026-03-02 15:00 resolved",
        used="2h",
        due="Tue 2026-03-03 11:00",
        result="in time",
    ),
)
