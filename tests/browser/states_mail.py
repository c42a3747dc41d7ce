"""Mail that somebody may do without: the page behind the link to stop it, and the reminders of O&S."""

from __future__ import annotations

from lms.people.actions.mails import choose_mails
from lms.people.rules.mails import MailChoice, Stops, stop_token
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_person

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
