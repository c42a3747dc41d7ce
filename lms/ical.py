"""Calendar files (RFC 5545). What stands in them is what the timetable of a school says: local time in Brussels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vRecur

ZONE = "Europe/Brussels"
# Names in the domain that never exists: an address of ours may change, the number of an entry may not.
UID_DOMAIN = "navorming.invalid"
# How often a calendar program is asked to look again.
REFRESH = timedelta(hours=1)
MIMETYPE = "text/calendar"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a calendar. ``begins`` and ``ends`` have no zone: they are local times, as a page shows them.

    ``uid`` stays the same for as long as the thing exists and ``sequence`` grows with each change, so that a
    calendar program moves what it has and adds nothing. ``changed_at`` is aware.
    """

    uid: str
    sequence: int
    title: str
    text: str
    begins: datetime
    ends: datetime
    changed_at: datetime
    url: str = ""
    place: str = ""


def make_calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """The calendar file with these entries. The same entries give the same file, letter by letter."""
    calendar = Calendar()
    calendar.add("prodid", "-//Unlocking Potential//Navorming//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add_component(_brussels())
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{UID_DOMAIN}")
    event.add("sequence", entry.sequence)
    for name in ("dtstamp", "last-modified"):
        event.add(name, entry.changed_at.astimezone(UTC).replace(microsecond=0))
    # Without zone in Python and with the name of the zone in the file: an hour that the clock skips stays what the
    # page says, and is not moved by us.
    event.add("dtstart", entry.begins, parameters={"TZID": ZONE})
    event.add("dtend", entry.ends, parameters={"TZID": ZONE})
    event.add("summary", entry.title)
    event.add("description", entry.text)
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    return event


@cache
def _brussels() -> Timezone:
    """The rules of Brussels since 1996: summer time from the last Sunday of March to the last of October."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for kind, name, month, hour, before, after in (
        (TimezoneDaylight, "CEST", 3, 2, 1, 2),
        (TimezoneStandard, "CET", 10, 3, 2, 1),
    ):
        part = kind()
        # The first change of 1996: the last Sundays of its March and October.
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))
        part.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1su"))
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone
