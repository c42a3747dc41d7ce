"""The register of O&S: changing a school, two who do so at once, removing one."""

from __future__ import annotations

from tests.browser.site import Visit
from tests.browser.states import States
from tests.browser.states_staff import staff
from tests.factories import make_contact_person, make_note, make_person, make_school

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
    with other.expect_navigation():
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


def choose(visit: Visit, text: str) -> None:
    """Send a file with schools."""
    page = staff(visit).open("/scholen/invoeren")
    page.locator("#file").set_input_files({"name": "scholen.csv", "mimeType": "text/csv", "buffer": text.encode()})


@REGISTER.add("schools.choose_file", "choose a file with schools")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen/invoeren")


@REGISTER.add("schools.choose_file", "a file with mistakes")
def _(visit: Visit) -> None:
    choose(visit, "Naam;Soort;Gemeente;Postcode\n;kleuter;Genk;36\nDemoschool;so;;36\n")
    visit.refused("Bekijk wat er verandert")


@REGISTER.add("schools.file_preview", "what a file would add")
def _(visit: Visit) -> None:
    choose(visit, "Naam;Soort;Gemeente;Postcode\nDemoschool Nieuw;so;Genk;3600\nDemo-CVO Nieuw;cvo;As;\n")
    visit.page.get_by_role("button", name="Bekijk wat er verandert").click()


@REGISTER.add("schools.file_preview", "what a file would change")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    choose(visit, f"Naam;Soort;Gemeente;Postcode;Straat\n{school.name};cvo;Genk;3600;Nieuwe straat 5\n")
    visit.page.get_by_role("button", name="Bekijk wat er verandert").click()
    visit.page.get_by_role("button", name="Voer in").wait_for()


@REGISTER.add("schools.file_preview", "a file that was carried out")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    choose(visit, f"Naam;Soort;Gemeente;Postcode\n{school.name};cvo;Genk;3600\n")
    visit.page.get_by_role("button", name="Bekijk wat er verandert").click()
    address = visit.page.url
    visit.page.get_by_role("button", name="Voer in").click()
    visit.page.goto(address)


@REGISTER.add("monitoring.doubles", "schools that look alike")
def _(visit: Visit) -> None:
    def fill() -> None:
        make_school(name="Demo Tweelingschool", municipality="Peer")
        make_school(name="Tweelingschool Demo", municipality="Peer")

    visit.site.inside(fill)
    staff(visit).open("/scholen/dubbels")


@REGISTER.add("monitoring.merge", "with which other school")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/samenvoegen?zoek=demo")


def two_with_contact() -> tuple[int, int]:
    schools = make_school(), make_school()
    for school in schools:
        make_contact_person(school)
        make_note(school)
    return schools[0].id, schools[1].id


@REGISTER.add("monitoring.merge_with", "two schools beside each other")
def _(visit: Visit) -> None:
    one, other = visit.site.inside(two_with_contact)
    staff(visit).open(f"/scholen/{one}/samenvoegen/{other}")


@REGISTER.add("monitoring.merge_with", "two schools, nothing chosen")
def _(visit: Visit) -> None:
    one, other = visit.site.inside(two_with_contact)
    page = staff(visit).open(f"/scholen/{one}/samenvoegen/{other}")
    page.locator("main form").evaluate("form => { form.noValidate = true; }")
    visit.refused("Voeg samen")


@REGISTER.add("monitoring.schools", "the list with every filter in use")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen?soort=so&gemeente=Genk&wie=niemand&mijngemeente=ja&op=stap&richting=af&toon=nieuw")


@REGISTER.add("monitoring.add_workplace", "another school for somebody")
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(school=make_school()))
    staff(visit).open(f"/begeleiders/{person.id}/scholen")


@REGISTER.add("monitoring.add_workplace", "another school, nothing chosen")
def _(visit: Visit) -> None:
    person = visit.site.inside(make_person)
    staff(visit).open(f"/begeleiders/{person.id}/scholen")
    visit.refused("Voeg toe")


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
