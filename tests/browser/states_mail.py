"""Mail that somebody may do without: the page behind the link to stop it, and the reminders of O&S."""

from __future__ import annotations

from datetime import timedelta

from lms.clock import now
from lms.database import db
from lms.monitoring.actions.reminders import switch_rule
from lms.monitoring.rules.reminders import ReminderState, RuleName
from lms.monitoring.tables.reminders import Reminder
from lms.people.actions.mails import choose_mails
from lms.people.rules.mails import MailChoice, Stops, stop_token
from lms.permissions import Role
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_person
from tests.world import STAFF as OFFICE

MAIL = States()


def stop_link(visit: Visit, choice: MailChoice) -> str:
    def make() -> int:
        person = make_person().id
        choose_mails(choice, person_id=person)
        return int(person)

    return f"/stop/{stop_token(visit.site.config.secret_key, Stops.PERSON, visit.site.inside(make))}"


@MAIL.add("monitoring.stop", "stop link")
def _(visit: Visit) -> None:
    visit.open(stop_link(visit, MailChoice(reminders=True, evening=True)))


@MAIL.add("monitoring.stop", "stop link, stopped already")
def _(visit: Visit) -> None:
    visit.open(stop_link(visit, MailChoice(reminders=False, evening=False)))


# ── the reminders of O&S ───────────────────────────────────────────────────


def office(visit: Visit) -> Visit:
    return visit.sign_in(visit.site.inside(lambda: make_person(role=Role.OS_STAFF).id))


@MAIL.add("monitoring.reminders", "reminders, nobody and nothing yet", server="empty_server")
def _(visit: Visit) -> None:
    office(visit).open("/herinneringen")


def with_history() -> None:
    """Three people who never began, and a reminder in each state."""
    moment = now()
    for number, state in enumerate(ReminderState):
        person = make_person(created_at=moment - timedelta(days=20), name=f"Demo Nieuw {number}")
        db.session.add(
            Reminder(
                rule=RuleName.STUCK, person_id=person.id, name=person.name, email=person.email,
                why="Begon aan de navorming en kwam sinds 17/10/2026 niet verder.", week=f"1999-W{number:02}",
                state=state, composed_at=moment - timedelta(days=10),
            )
        )  # fmt: skip
    db.session.commit()
    switch_rule(RuleName.NOT_BEGUN, on=True, by=OFFICE)
    switch_rule(RuleName.STUCK, on=False, by=OFFICE)


@MAIL.add("monitoring.reminders", "reminders, one rule on and a log")
def _(visit: Visit) -> None:
    visit.site.inside(with_history)
    office(visit).open("/herinneringen")


@MAIL.add("monitoring.reminder_rule", "reminder that is on, with people")
def _(visit: Visit) -> None:
    visit.site.inside(with_history)
    office(visit).open("/herinneringen/niet-begonnen")


@MAIL.add("monitoring.reminder_rule", "reminder that is off, about to be turned on")
def _(visit: Visit) -> None:
    visit.site.inside(with_history)
    page = office(visit).open("/herinneringen/blijven-steken")
    page.get_by_role("button", name="Zet aan").first.click()
    page.get_by_role("heading", name="Deze herinnering aanzetten?").wait_for()


@MAIL.add("monitoring.reminder_rule", "reminder for nobody, with an example", server="empty_server")
def _(visit: Visit) -> None:
    office(visit).open("/herinneringen/gevraagd")
