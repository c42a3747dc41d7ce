"""What O&S publishes: the history of the project, the yearly report, and the counts it stands on."""

from __future__ import annotations

from lms.clock import BRUSSELS, now
from lms.config import ROOT
from lms.content.history import read_history
from lms.monitoring.actions.figures import gather_figures
from lms.monitoring.actions.history import load_history
from lms.monitoring.actions.progression import keep_progression
from lms.monitoring.rules.progression import Counts, Reason, open_years
from lms.permissions import Role
from tests.browser.site import Visit
from tests.browser.states import States
from tests.browser.states_staff import EMPTY, staff
from tests.factories import make_contact_person, make_person, make_school
from tests.world import STAFF as OFFICE

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


COUNTS = Counts(
    started=24, finished=20, visited=12, enrolled=9, working=8, elsewhere=2, not_known=1, reasons={Reason.WORK: 8}
)


def last_year() -> int:
    """The school year that schools count now."""
    return open_years(now().astimezone(BRUSSELS).date())[0]


def of_school(visit: Visit, *, counted: bool) -> tuple[int, int]:
    """The ids of a school and of its aanspreekpunt; ``counted``: O&S filled in the numbers."""

    def fill() -> tuple[int, int]:
        school = make_school()
        person = make_contact_person(school)
        year = open_years(now().astimezone(BRUSSELS).date())[0]
        if counted:
            keep_progression(school.id, year, COUNTS, version=0, by=OFFICE)
        return school.id, person.id

    return visit.site.inside(fill)


@REPORTING_PAGES.add("reporting.own_september", "until September, nothing counted yet")
def _(visit: Visit) -> None:
    visit.sign_in(of_school(visit, counted=False)[1]).open("/mijn-school/september")


@REPORTING_PAGES.add("reporting.own_september", "until September, counted")
def _(visit: Visit) -> None:
    page = visit.sign_in(of_school(visit, counted=True)[1]).open("/mijn-school/september")
    assert page.get_by_label("Ingeschreven in hoger onderwijs").input_value() == "9"


@REPORTING_PAGES.add("reporting.own_september", "until September, does not add up")
def _(visit: Visit) -> None:
    page = visit.sign_in(of_school(visit, counted=True)[1]).open("/mijn-school/september")
    page.get_by_label("Ingeschreven in hoger onderwijs").fill("90")
    page.get_by_label("Te duur").fill("duur")
    visit.refused("Bewaar")


@REPORTING_PAGES.add("reporting.september", "until September, somebody else was first")
def _(visit: Visit) -> None:
    school_id, person_id = of_school(visit, counted=False)
    page = visit.sign_in(person_id).open("/mijn-school/september")
    for label, count in (("Begonnen met", "30"), ("De toolbox afgerond", "20"), ("Naar een infodag", "3"),
                         ("Ingeschreven in", "20"), ("Koos om", "0"), ("Iets anders", "0"), ("Niet bekend", "0")):  # fmt: skip
        page.get_by_label(label).first.fill(count)
    year = open_years(now().astimezone(BRUSSELS).date())[0]
    visit.site.inside(lambda: keep_progression(school_id, year, COUNTS, version=0, by=OFFICE))
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_role("heading", name="Iemand bewaarde intussen").wait_for()


@REPORTING_PAGES.add("reporting.september", "until September, for O&S")
def _(visit: Visit) -> None:
    school_id, _ = of_school(visit, counted=True)
    staff(visit).open(f"/scholen/{school_id}/september")


@REPORTING_PAGES.add("reporting.report", "yearly report with nothing to tell", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    page = visit.sign_in(person.id).open(f"/overzicht/jaarverslag?jaar={last_year()}")
    assert page.get_by_role("heading", level=1).is_visible()


@REPORTING_PAGES.add("reporting.report", "yearly report")
def _(visit: Visit) -> None:
    of_school(visit, counted=True)
    visit.site.inside(lambda: gather_figures(visit.site.library.course))
    page = staff(visit).open(f"/overzicht/jaarverslag?jaar={last_year()}")
    assert page.get_by_role("heading", name="Doorstroom per school").is_visible()
