"""What O&S publishes: the history of the project, the yearly report, and the counts it stands on."""

from __future__ import annotations

from lms.config import ROOT
from lms.content.history import read_history
from lms.monitoring.actions.history import load_history
from lms.permissions import Role
from tests.browser.site import Visit
from tests.browser.states import States
from tests.browser.states_staff import EMPTY, staff
from tests.factories import make_person

REPORTING_PAGES = States()


@REPORTING_PAGES.add("reporting.history", "history that was not loaded", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    page = visit.sign_in(person.id).open("/overzicht/geschiedenis")
    assert page.get_by_role("heading", name="Nog geen geschiedenis").is_visible()


@REPORTING_PAGES.add("reporting.history", "history with footnotes")
def _(visit: Visit) -> None:
    visit.site.inside(lambda: load_history(read_history(ROOT / "courses")))
    page = staff(visit).open("/overzicht/geschiedenis")
    assert page.get_by_role("heading", name="Voetnoten").is_visible()
