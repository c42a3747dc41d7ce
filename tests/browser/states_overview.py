"""The overview of O&S and the rows behind its figures: empty, full, narrowed."""

from __future__ import annotations

from sqlalchemy import select

from lms.database import db
from lms.monitoring.actions.figures import gather_figures
from lms.permissions import Role
from lms.schools.tables import School
from tests.browser.site import Visit
from tests.browser.states import States
from tests.browser.states_staff import EMPTY, staff
from tests.factories import make_person
from tests.figures import random_world

OVERVIEW = States()


def counted(visit: Visit) -> Visit:
    """A site with schools in every state, counted; signed in as O&S."""

    def fill() -> None:
        if db.session.scalar(select(School.id).where(School.name == "School 11-0")) is None:
            random_world(visit.site.library, 11, schools=60, people=70)
            gather_figures(visit.site.library.course)

    visit.site.inside(fill)
    return staff(visit)


@OVERVIEW.add("monitoring.overview", "nothing counted yet", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    visit.sign_in(person.id).open("/overzicht")


@OVERVIEW.add("monitoring.overview", "counted, and there is no school", server=EMPTY)
def _(visit: Visit) -> None:
    def fill() -> int:
        gather_figures(visit.site.library.course)
        return make_person(role=Role.OS_STAFF).id

    visit.sign_in(visit.site.inside(fill)).open("/overzicht")


@OVERVIEW.add("monitoring.overview", "overview")
def _(visit: Visit) -> None:
    page = counted(visit).open("/overzicht")
    page.get_by_text("Toon als tabel").first.click()
    assert page.get_by_text("Elke stap telt apart").is_visible()


@OVERVIEW.add("monitoring.overview", "overview of one municipality")
def _(visit: Visit) -> None:
    page = counted(visit).open("/overzicht?gemeente=Genk&soort=scholen&jaar=2025")
    assert page.get_by_role("link", name="Wis filters").is_visible()


def put_rows(endpoint: str, name: str, path: str) -> None:
    OVERVIEW.put(endpoint, name, lambda visit: counted(visit).open(f"/overzicht/{path}"))


put_rows("monitoring.overview_schools", "schools behind a figure", "scholen")
put_rows("monitoring.overview_schools", "no schools behind a figure", "scholen?gemeente=Voeren")
put_rows("monitoring.overview_learners", "begeleiders behind a figure", "begeleiders")
put_rows("monitoring.overview_learners", "begeleiders who finished this year", "begeleiders?stand=klaar-in-jaar")
put_rows("monitoring.overview_sessions", "sessions behind a figure", "sessies")
put_rows("monitoring.overview_contacts", "aanspreekpunten behind a figure", "aanspreekpunten")
