"""Pages with which colleagues come in: school link, poster, invitations, the schools somebody works at."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.clock import now
from lms.database import db
from lms.dev.demo import CONTACT, FACILITATOR, STAFF
from lms.schools.tables import EndedLink, InvitedColleague, Membership
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.world import link_mailed_to, make_invitee

JOINING = States()


def new_link() -> str:
    return make_school().link_code


def demo_school(visit: Visit) -> int:
    """The id of the school of the demo aanspreekpunt."""
    person_id = visit.site.demo_id(CONTACT)
    return visit.site.inside(
        lambda: db.session.scalars(select(Membership.school_id).where(Membership.person_id == person_id)).one()
    )


@JOINING.add("schools.school_link", "school link")
def _(visit: Visit) -> None:
    visit.open(f"/s/{visit.site.inside(new_link)}")


@JOINING.add("schools.school_link", "school link, signed in")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open(f"/s/{visit.site.inside(new_link)}")


@JOINING.add("schools.school_link", "school link of the own school")
def _(visit: Visit) -> None:
    def fill() -> tuple[int, str]:
        school = make_school()
        return make_person(school=school).id, school.link_code

    person_id, code = visit.site.inside(fill)
    visit.sign_in(person_id).open(f"/s/{code}")


@JOINING.add("schools.school_link", "school link that nobody knows")
def _(visit: Visit) -> None:
    visit.open("/s/bestaat-niet")


@JOINING.add("schools.school_link", "school link that was replaced")
def _(visit: Visit) -> None:
    def fill() -> str:
        school = make_school()
        code = f"oud{school.id}"
        db.session.add(EndedLink(school_id=school.id, code=code, ended_at=now()))
        db.session.commit()
        return code

    visit.open(f"/s/{visit.site.inside(fill)}")


@JOINING.add("schools.register", "registration by a school link")
def _(visit: Visit) -> None:
    page = visit.open(f"/s/{visit.site.inside(new_link)}")
    page.get_by_role("link", name="Registreer je").click()
    page.wait_for_url("**/registreren?via=*")
    visit.refused("Maak mijn account")


@JOINING.add("schools.poster", "poster")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(CONTACT)).open(f"/scholen/{demo_school(visit)}/affiche")


@JOINING.add("schools.invite", "invite colleagues")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(CONTACT)).open(f"/scholen/{demo_school(visit)}/uitnodigen")


@JOINING.add("schools.invite", "invite colleagues with errors")
def _(visit: Visit) -> None:
    page = visit.sign_in(visit.site.demo_id(STAFF)).open(f"/scholen/{demo_school(visit)}/uitnodigen")
    page.locator("#addresses").fill("An Voorbeeld <an@demo.example>\ngeen adres\nnog.een@kapot\n")
    visit.refused("Verstuur")


@JOINING.add("schools.invitation", "invitation of a colleague")
def _(visit: Visit) -> None:
    def ask() -> str:
        school = make_school()
        make_invitee(school.id, f"collega{school.id}@demo.example", "Demo Collega")
        return link_mailed_to(f"collega{school.id}@demo.example")

    visit.open(f"/uitnodiging/{visit.site.inside(ask)}")


@JOINING.add("schools.invitation", "invitation of a colleague, without a name")
def _(visit: Visit) -> None:
    def ask() -> str:
        school = make_school()
        make_invitee(school.id, f"collega{school.id}@demo.example")
        return link_mailed_to(f"collega{school.id}@demo.example")

    visit.open(f"/uitnodiging/{visit.site.inside(ask)}")
    visit.refused("Doe mee")


def busy_school(visit: Visit) -> int:
    """A school with somebody in every state; gives the id of its aanspreekpunt."""
    school = make_school()
    contact = make_contact_person(school, name="Demo Aanspreekpunt Twee")
    make_person(school=school, name="Demo Nog Niet", email="demo.nog.niet.met.een.lang.adres@een-lange-school.example")
    make_finished(visit.site.library, school=school, name="Demo Helemaal Klaar")
    left = make_person(school=school, name="Demo Vertrokken")
    row = db.session.scalars(select(Membership).where(Membership.person_id == left.id)).one()
    row.ended_at, row.ended_by_self = now(), False
    for number, days in enumerate((0, 2, 40)):
        invitee = make_invitee(
            school.id, f"uitgenodigd{number}.{school.id}@demo.example", "Demo Gevraagd" * (number % 2)
        )
        colleague = db.session.get_one(InvitedColleague, invitee)
        colleague.sent_at = now() - timedelta(days=days)
    db.session.commit()
    return contact.id


@JOINING.add("monitoring.own_school", "own school with everybody in every state")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.inside(lambda: busy_school(visit))).open("/mijn-school")


@JOINING.add("monitoring.own_school", "own school without colleagues")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.inside(lambda: make_contact_person(make_school())).id).open("/mijn-school")


@JOINING.add("monitoring.own_school", "own school, a new link?")
def _(visit: Visit) -> None:
    page = visit.sign_in(visit.site.inside(lambda: make_contact_person(make_school())).id).open("/mijn-school")
    page.get_by_role("button", name="Maak een nieuwe link").first.click()
    page.locator("#nieuwe-link").wait_for()


@JOINING.add("schools.add_workplace", "another school")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open("/account/scholen")


@JOINING.add("schools.add_workplace", "another school with an error")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open("/account/scholen")
    visit.refused("Voeg toe")


@JOINING.add("people.account", "account of somebody who left a school")
def _(visit: Visit) -> None:
    def fill() -> int:
        person = make_person(school=make_school())
        row = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        row.ended_at, row.ended_by_self = now(), True
        db.session.commit()
        return person.id

    visit.sign_in(visit.site.inside(fill)).open("/account")
