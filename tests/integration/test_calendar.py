"""Plans in a calendar: a secret link that shows what stands in the planner now, and shuts with the pack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select, true

import lms.pack.queries.calendar
from lms.clock import frozen, now
from lms.content.models import Library
from lms.database import db
from lms.ical import Entry, make_calendar
from lms.learning.forms import new_key
from lms.learning.tables import Completion
from lms.pack.actions import plans
from lms.pack.rules.planning import Asked, read_day
from lms.pack.tables import CalendarLink, Group, Plan
from lms.people.actions.accounts import disable_account
from lms.people.tables import Person
from lms.permissions import Role
from lms.privacy.actions import ask_deletion, erase
from lms.schools.rules import SchoolKind
from tests.factories import make_finished, make_person, make_school
from tests.server import together
from tests.world import UNKNOWN_ID, Browser, end_transaction, library_of, revoke_pack, visitor_of

AT = "/pakket/planner/agenda"
HERE = ZoneInfo("Europe/Brussels")


def finished(app: Flask) -> tuple[int, Browser]:
    person = make_finished(library_of(app)).id
    return person, Browser(app).sign_in(person)


def make_plan(live: Library, person: int, day: date | None, start: str | None = "10.25", **fields: Any) -> int:
    """A plan of session 1 in two lesson hours of 50 minutes."""
    hour = datetime.strptime(start, "%H.%M").time() if start else None
    asked = Asked(hours=fields.pop("hours", (50, 50)), day=day, start=hour)
    values = {"label": "", "group_id": None, "key": new_key(), "by": person} | fields
    return plans.save_plan(asked, live.sessions[0], **values)


def token_of(person: int) -> str:
    end_transaction()
    token = db.session.scalars(select(CalendarLink.token).where(CalendarLink.person_id == person)).one()
    end_transaction()
    return token


def make_link(browser: Browser, person: int) -> str:
    """Ask for the link on the page; gives the path of the calendar."""
    assert browser.post(AT).status == 303
    return f"/agenda/{token_of(person)}.ics"


def lessons_at(app: Flask, path: str) -> list[Event]:
    """What a calendar program that knows this address reads."""
    answer = Browser(app).raw("GET", path)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    return [part for part in Calendar.from_ical(answer.get_data()).walk("VEVENT") if isinstance(part, Event)]


# ── what is in it ──────────────────────────────────────────────────────────


@pytest.mark.both
def test_the_link_shows_every_plan_with_a_day_and_an_hour(app: Flask) -> None:
    live = library_of(app)
    person, browser = finished(app)
    school = make_school(name="Demoschool Peer", municipality="Peer")
    group = Group(
        person_id=person, label="6 TSO, maandag", school_id=school.id, school_year=2026, kind=SchoolKind.SECONDARY,
        created_at=now(),
    )  # fmt: skip
    db.session.add(group)
    db.session.commit()
    with frozen(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        plan = make_plan(live, person, date(2026, 11, 16), group_id=group.id, label="Eerste keer; met <b> & co")
        make_plan(live, person, date(2026, 11, 17), None)
        make_plan(live, person, None)
    other = make_finished(live).id
    make_plan(live, other, date(2026, 11, 16))
    [event] = lessons_at(app, make_link(browser, person))
    assert str(event["SUMMARY"]) == f"Sessie 1: {live.sessions[0].short_title} · 6 TSO, maandag"
    assert event["DTSTART"].dt == datetime(2026, 11, 16, 10, 25, tzinfo=HERE)
    assert event["DTEND"].dt == datetime(2026, 11, 16, 12, 5, tzinfo=HERE)
    assert event["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert str(event["UID"]) == f"plan-{plan}@navorming.invalid" and int(event["SEQUENCE"]) == 1
    assert event["DTSTAMP"].dt == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert str(event["LOCATION"]) == "Demoschool Peer"
    text = str(event["DESCRIPTION"])
    assert text.splitlines()[0] == "Eerste keer; met <b> & co"
    assert "2 × 50 minuten, van 10.25 tot 12.05" in text
    base = app.config["LMS"].base_url
    assert f"{base}/pakket/planner/plan/{plan}" in text and f"{base}/pakket/wie-ben-jij" in text


@pytest.mark.both
def test_a_plan_that_moved_keeps_its_number_and_one_that_is_gone_is_gone(app: Flask) -> None:
    live = library_of(app)
    person, browser = finished(app)
    moving, going = make_plan(live, person, date(2026, 11, 16)), make_plan(live, person, date(2026, 11, 17))
    path = make_link(browser, person)
    first = {str(event["UID"]): event for event in lessons_at(app, path)}
    asked = Asked(hours=(50,), day=date(2026, 11, 20), start=datetime(2026, 1, 1, 8, 30).time())
    plans.change_plan(moving, asked, live.sessions[0], label="", group_id=None, version=1, by=person)
    plans.remove_plan(going, by=person)
    [after] = lessons_at(app, path)
    assert str(after["UID"]) in first and int(after["SEQUENCE"]) == 2
    assert after["DTSTART"].dt == datetime(2026, 11, 20, 8, 30, tzinfo=HERE)
    assert after["DTEND"].dt == datetime(2026, 11, 20, 9, 20, tzinfo=HERE)


def test_one_plan_can_be_added_by_hand_and_only_by_its_owner(app: Flask) -> None:
    live = library_of(app)
    person, browser = finished(app)
    plan, dayless = make_plan(live, person, date(2026, 11, 16)), make_plan(live, person, None)
    path = f"/pakket/planner/plan/{plan}/agenda.ics"
    page = browser.get(f"/pakket/planner/plan/{plan}")
    assert page.soup is not None and page.soup.find("a", href=path)
    answer = browser.raw("GET", path)
    assert (
        answer.status_code == 200 and answer.headers["Content-Disposition"] == f"attachment; filename=plan-{plan}.ics"
    )
    assert len(Calendar.from_ical(answer.get_data()).walk("VEVENT")) == 1
    assert browser.get(f"/pakket/planner/plan/{dayless}/agenda.ics").status == 404
    page = browser.get(f"/pakket/planner/plan/{dayless}")
    assert page.soup is not None and not page.soup.find("a", href=f"/pakket/planner/plan/{dayless}/agenda.ics")
    other = finished(app)[1]
    assert other.get(path).status == other.get(f"/pakket/planner/plan/{UNKNOWN_ID}/agenda.ics").status == 404


DAYS = [
    # The last lesson before and the first after each change of the clock, and the nights themselves.
    ("2026-03-27", "10.25"), ("2026-03-30", "10.25"), ("2026-10-23", "10.25"), ("2026-10-26", "10.25"),
    ("2026-03-29", "1.30"), ("2026-10-25", "1.30"), ("2027-03-29", "8.30"), ("2027-03-28", "1.15"),
    ("2028-02-29", "8.30"), ("2026-12-31", "23.30"), ("2027-01-01", "0.05"), ("2026-02-28", "23.59"),
]  # fmt: skip


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(("day", "start"), DAYS)
def test_page_and_calendar_agree_around_clock_changes_leap_days_and_new_year(app: Flask, day: str, start: str) -> None:
    live = library_of(app)
    person, browser = finished(app)
    with frozen(datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=40)):
        assert read_day(day, now().date()) == date.fromisoformat(day)
        plan = make_plan(live, person, date.fromisoformat(day), start)
        page = browser.sign_in(person).get(f"/pakket/planner/plan/{plan}").text
    browser.sign_in(person)
    raw = browser.raw("GET", f"/pakket/planner/plan/{plan}/agenda.ics").get_data(as_text=True)
    lines = dict(line.split(":", 1) for line in raw.splitlines() if line.startswith(("DTSTART;", "DTEND;")))
    begins, ends = (
        datetime.strptime(lines[f"{name};TZID=Europe/Brussels"], "%Y%m%dT%H%M%S") for name in ("DTSTART", "DTEND")
    )
    assert f"{begins:%Y-%m-%d}" == day and f"{begins.hour}.{begins.minute:02d}" == start
    assert ends - begins == timedelta(minutes=100)
    # The page says at which time the session starts and its last block ends.
    last = f"{ends.hour}.{ends.minute:02d}"
    assert f"{start}–" in page and last in page
    # An hour that exists means the same moment to a program that only follows the rules in the file.
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert event["DTSTART"].dt == begins.replace(tzinfo=HERE)


def test_the_rules_of_the_zone_in_the_file_are_those_of_brussels() -> None:
    """A program that knows no zones by name gets every change of the clock right from the file alone."""
    entry = Entry(
        uid="x", sequence=1, title="x", text="", begins=datetime(2026, 1, 1), ends=datetime(2026, 1, 1, 1),
        changed_at=now(),
    )  # fmt: skip
    [zone] = Calendar.from_ical(make_calendar("x", [entry])).walk("VTIMEZONE")
    rules = zone.to_tz()
    for year in range(1996, 2060):
        for month, hour in ((1, 12), (3, 12), (6, 3), (10, 12), (12, 23)):
            for day in (1, 24, 25, 26, 27, 28, 29, 30, 31):
                try:
                    naive = datetime(year, month, day, hour)
                except ValueError:
                    continue
                assert naive.replace(tzinfo=rules).utcoffset() == naive.replace(tzinfo=HERE).utcoffset(), naive


# ── the link ───────────────────────────────────────────────────────────────


@pytest.mark.both
def test_a_renewed_or_stopped_link_no_longer_works(app: Flask) -> None:
    live = library_of(app)
    person, browser = finished(app)
    make_plan(live, person, date(2026, 11, 16))
    first = make_link(browser, person)
    assert make_link(browser, person) == first, "asking twice gives one link"
    token = token_of(person)
    assert len(token) >= 43, "256 bits"
    assert browser.get(AT).text.count(first) == 1
    for _ in range(2):
        # A double click renews once: the second one replaces a link that is gone already.
        assert browser.post(f"{AT}/nieuw", {"link": token}).status == 303
        second = f"/agenda/{token_of(person)}.ics"
        lessons_at(app, second)
    assert second != first
    assert Browser(app).get(first).status == 404
    assert browser.post(f"{AT}/stop").status == 303
    gone, unknown = Browser(app).get(second), Browser(app).get("/agenda/bestaat-niet.ics")
    assert gone.status == unknown.status == 404 and gone.text == unknown.text
    assert browser.post(f"{AT}/stop").status == browser.post(f"{AT}/nieuw", {"link": token}).status == 303
    assert browser.get(AT).text.count("/agenda/") == 0


@pytest.mark.both
def test_eight_clicks_at_once_give_one_link(app: Flask) -> None:
    person, browser = finished(app)
    end_transaction()
    from lms.pack.actions.calendar import open_calendar

    def click(_number: int) -> None:
        with app.app_context():
            open_calendar(by=person)

    together(8, click)
    assert token_of(person)


def close_pack(person: int) -> None:
    revoke_pack(person)


def disable(person: int) -> None:
    disable_account(person, by=visitor_of(make_person(role=Role.ADMIN)))


def leave(person: int) -> None:
    ask_deletion(person, link_base="")


def erased(person: int) -> None:
    leave(person)
    with frozen(now() + timedelta(days=31)):
        assert erase(person)


ENDS = [close_pack, disable, leave, erased]


def still_served(app: Flask, end: Callable[[int], None]) -> bool:
    """Whether the calendar answers after ``end`` happened to its owner, and says anything about a lesson."""
    live = library_of(app)
    person, browser = finished(app)
    make_plan(live, person, date(2026, 11, 16))
    path = make_link(browser, person)
    assert len(lessons_at(app, path)) == 1
    end_transaction()
    end(person)
    end_transaction()
    answers = [
        Browser(app).raw(method, path, headers=headers)
        for method in ("GET", "HEAD")
        for headers in ({}, {"If-None-Match": "*"}, {"Range": "bytes=0-"})
    ]
    assert browser.raw("GET", path).status_code == answers[0].status_code
    return any(answer.status_code != 404 or b"VEVENT" in answer.get_data() for answer in answers)


@pytest.mark.both
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_the_calendar_shuts_with_the_pack_and_with_the_account(app: Flask, end: Callable[[int], None]) -> None:
    assert not still_served(app, end)


@pytest.mark.both
def test_when_nobody_asks_for_the_pack_the_calendar_stays_open(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin."""
    monkeypatch.setattr(lms.pack.queries.calendar, "may_use_pack", true)
    assert still_served(app, close_pack)


@pytest.mark.both
def test_a_pack_that_opens_again_opens_the_calendar_again(app: Flask) -> None:
    live = library_of(app)
    person, browser = finished(app)
    make_plan(live, person, date(2026, 11, 16))
    path = make_link(browser, person)
    revoke_pack(person)
    assert Browser(app).get(path).status == 404
    db.session.scalars(select(Completion).where(Completion.person_id == person)).one().revoked_at = None
    db.session.commit()
    assert len(lessons_at(app, path)) == 1


def test_staff_have_a_calendar_without_completion(app: Flask) -> None:
    person = make_person(role=Role.OS_STAFF).id
    browser = Browser(app).sign_in(person)
    make_plan(library_of(app), person, date(2026, 11, 16))
    path = make_link(browser, person)
    assert len(lessons_at(app, path)) == 1
    row = db.session.get_one(Person, person)
    row.role = Role.FACILITATOR
    db.session.commit()
    assert Browser(app).get(path).status == 404


def test_nothing_keeps_a_copy_of_the_calendar(app: Flask) -> None:
    person, browser = finished(app)
    answer = Browser(app).raw("GET", make_link(browser, person))
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_of_another_shows_nothing_of_mine(app: Flask) -> None:
    person, browser = finished(app)
    path = make_link(browser, person)
    make_plan(library_of(app), person, date(2026, 11, 16))
    other = finished(app)[1].get(AT)
    assert path not in other.text and "Nog niets" in other.text


def test_the_calendar_costs_the_same_with_more_plans(app: Flask) -> None:
    from tests.integration.test_pages_scale import statements

    live = library_of(app)
    person, browser = finished(app)
    make_plan(live, person, date(2026, 11, 16))
    path = make_link(browser, person)

    def costs() -> list[int]:
        found = []
        for address in (path, AT):
            with statements() as seen:
                browser.raw("GET", address)
            found.append(len(seen))
        return found

    before = costs()
    assert max(before) <= 6, before
    for number in range(8):
        make_plan(live, person, date(2026, 11, 17 + number))
    assert costs() == before
    assert visitor_of(db.session.get_one(Person, person)).id == person
    assert db.session.scalars(select(Plan.id).where(Plan.person_id == person)).all()
