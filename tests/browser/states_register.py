"""The register of O&S: changing a school, two who do so at once, removing one."""

from __future__ import annotations

from tests.browser.site import Visit
from tests.browser.states import States
from tests.browser.states_staff import staff
from tests.factories import make_note, make_school

REGISTER = States()


@REGISTER.add("schools.edit", "change a school")
def _(visit: Visit) -> None:
    school = visit.site.inside(lambda: make_school(street="Kerkstraat 1", postcode="3600"))
    staff(visit).open(f"/scholen/{school.id}/wijzigen")


@REGISTER.add("schools.edit", "change a school, with errors")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    page = staff(visit).open(f"/scholen/{school.id}/wijzigen")
    page.locator("#name").fill("")
    page.locator("#postcode").fill("36")
    visit.refused("Bewaar")


def changed_meanwhile(visit: Visit, button: str, sql: str) -> None:
    """Change a school in one page while another one still shows how it was."""
    school = visit.site.inside(make_school)
    page = staff(visit).open(f"/scholen/{school.id}/wijzigen")
    other = page.context.new_page()
    other.goto(page.url.replace("/wijzigen", sql))
    if sql == "/wijzigen":
        other.locator("#street").fill("Andere straat 5")
    other.get_by_role("button", name=button).click()
    other.close()
    page.locator("#name").fill("Naam die ik typte")
    visit.refused("Bewaar")


@REGISTER.add("schools.edit", "somebody else changed the school meanwhile")
def _(visit: Visit) -> None:
    changed_meanwhile(visit, "Bewaar", "/wijzigen")


@REGISTER.add("schools.edit", "somebody else removed the school meanwhile")
def _(visit: Visit) -> None:
    changed_meanwhile(visit, "Verwijder", "/verwijderen")


@REGISTER.add("schools.remove", "remove a school without anything")
def _(visit: Visit) -> None:
    staff(visit).open(f"/scholen/{visit.site.inside(make_school).id}/verwijderen")


@REGISTER.add("schools.remove", "a school that cannot be removed")
def _(visit: Visit) -> None:
    def fill() -> int:
        school = make_school()
        make_note(school)
        return school.id

    staff(visit).open(f"/scholen/{visit.site.inside(fill)}/verwijderen")
