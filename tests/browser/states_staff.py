"""Pages of O&S and of the aanspreekpunt."""

from __future__ import annotations

import time

from lms.clock import now
from lms.database import db
from lms.dev.demo import CONTACT, STAFF
from lms.permissions import Role
from lms.schools.tables import Contact, Membership, SchoolWish
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.world import invite

STAFF_PAGES = States()
EMPTY = "empty_server"


def staff(visit: Visit) -> Visit:
    return visit.sign_in(visit.site.demo_id(STAFF))


@STAFF_PAGES.add("monitoring.schools", "schools")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen")


@STAFF_PAGES.add("monitoring.schools", "schools, nothing found")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen?zoek=bestaat+niet&toon=open")


@STAFF_PAGES.add("monitoring.schools", "no schools yet", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    visit.sign_in(person.id).open("/scholen")


@STAFF_PAGES.add("monitoring.schools", "several pages of schools, a wish, long names")
def _(visit: Visit) -> None:
    def fill() -> None:
        for number in range(60):
            make_school(name=f"Bladerschool {number:02}", municipality="Hechtel-Eksel")
        make_school(
            name="Bladerschool voor Gezondheidswetenschappen-en-Studiekeuzebegeleiding", municipality="Sint-Truiden"
        )
        wisher = make_person(name="Wout Wens")
        db.session.add(
            SchoolWish(person_id=wisher.id, wish="Een school die er niet bij staat, in Zutendaal", created_at=now())
        )
        db.session.commit()

    visit.site.inside(fill)
    staff(visit).open("/scholen?zoek=bladerschool&pagina=2")


@STAFF_PAGES.add("monitoring.schools", "course files that are not live")
def _(visit: Visit) -> None:
    file = visit.site.config.courses / "navorming" / "test.yaml"
    good = file.read_text()
    file.write_text("id: [toets\n")
    try:
        page = staff(visit).open("/scholen")
        problem = page.get_by_role("heading", name="staan niet live")
        until = time.monotonic() + 20
        # Every worker of the site looks at the files by itself, every two seconds.
        while not problem.count() and time.monotonic() < until:
            time.sleep(0.3)
            page.reload()
        assert problem.is_visible()
    finally:
        file.write_text(good)


@STAFF_PAGES.add("monitoring.school", "school without anybody")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}")


@STAFF_PAGES.add("monitoring.school", "school with an aanspreekpunt, begeleiders and a history")
def _(visit: Visit) -> None:
    def fill() -> int:
        school = make_school(name="School Volzet")
        db.session.add(
            Contact(
                school_id=school.id,
                name="Vroeger Iemand",
                email="vroeger@demo.example",
                appointed_at=now(),
                ended_at=now(),
            )
        )
        db.session.commit()
        make_contact_person(school, name="Ann Aanspreekpunt")
        make_person(
            school=school, name="Bo Begint", email="bo.met.een.heel.lang.mailadres@een-lange-schoolnaam.example"
        )
        make_finished(visit.site.library, school=school, name="Kim Klaar")
        return school.id

    staff(visit).open(f"/scholen/{visit.site.inside(fill)}")


def asked_school() -> int:
    school = make_school()
    invite(school.id, f"vraag{school.id}@demo.example")
    return school.id


@STAFF_PAGES.add("monitoring.school", "school whose aanspreekpunt was asked")
def _(visit: Visit) -> None:
    staff(visit).open(f"/scholen/{visit.site.inside(asked_school)}")


@STAFF_PAGES.add("schools.add", "add a school")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen/nieuw")


@STAFF_PAGES.add("schools.add", "add a school with errors")
def _(visit: Visit) -> None:
    page = staff(visit).open("/scholen/nieuw")
    page.get_by_role("button", name="Voeg toe").click()
    page.locator("#foutmelding").wait_for()


@STAFF_PAGES.add("schools.add", "add a school that is there")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    page = staff(visit).open("/scholen/nieuw")
    page.locator("#name").fill(school.name)
    page.get_by_label("Secundair", exact=False).first.check()
    page.locator("#municipality").fill(school.municipality)
    page.get_by_role("button", name="Voeg toe").click()
    page.locator("#foutmelding").wait_for()


@STAFF_PAGES.add("schools.appoint", "appoint")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/aanspreekpunt")


@STAFF_PAGES.add("schools.appoint", "appoint with errors")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    page = staff(visit).open(f"/scholen/{school.id}/aanspreekpunt")
    page.get_by_role("button", name="Verstuur de vraag").click()
    page.locator("#foutmelding").wait_for()


@STAFF_PAGES.add("schools.appoint", "appoint where somebody was asked")
def _(visit: Visit) -> None:
    page = staff(visit).open(f"/scholen/{visit.site.inside(asked_school)}/aanspreekpunt")
    page.locator("#name").fill("Nog Iemand")
    page.locator("#email").fill("nog.iemand@demo.example")
    page.get_by_role("button", name="Verstuur de vraag").click()
    page.locator("#foutmelding").wait_for()


@STAFF_PAGES.add("schools.end_contact", "end the task of an aanspreekpunt")
def _(visit: Visit) -> None:
    def fill() -> int:
        school = make_school()
        make_contact_person(school)
        return school.id

    staff(visit).open(f"/scholen/{visit.site.inside(fill)}/aanspreekpunt/beeindigen")


@STAFF_PAGES.add("schools.end_contact", "withdraw a question")
def _(visit: Visit) -> None:
    staff(visit).open(f"/scholen/{visit.site.inside(asked_school)}/aanspreekpunt/beeindigen")


@STAFF_PAGES.add("monitoring.own_school", "own school")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(CONTACT)).open("/mijn-school")


@STAFF_PAGES.add("monitoring.own_school", "two own schools")
def _(visit: Visit) -> None:
    def fill() -> int:
        first, second = make_school(), make_school()
        person = make_contact_person(first)
        db.session.add_all(
            [
                Membership(person_id=person.id, school_id=second.id, started_at=now()),
                Contact(
                    school_id=second.id, name=person.name, email=person.email, person_id=person.id,
                    appointed_at=now(), accepted_at=now(),
                ),
            ]
        )  # fmt: skip
        db.session.commit()
        return person.id

    visit.sign_in(visit.site.inside(fill)).open("/mijn-school")
