"""Pages with which O&S follows schools: the work list, a school with a story, contacts, schools that are set aside."""

from __future__ import annotations

from datetime import timedelta

from lms.clock import now
from lms.database import db
from lms.dev.demo import STAFF
from lms.permissions import Role
from lms.schools.rules.following import Interest
from lms.schools.tables import Contact
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_contact_person, make_log, make_note, make_person, make_question, make_school
from tests.world import ask_successor

FOLLOWING = States()
EMPTY = "empty_server"


def staff(visit: Visit) -> Visit:
    return visit.sign_in(visit.site.demo_id(STAFF))


def followed_school() -> tuple[int, int]:
    """A school with a story and an open action that is late; gives its id and that of the contact."""
    school = make_school()
    els = make_contact_person(school, name="Els Gevolgd")
    make_log(els, school)
    done = now() - timedelta(days=3)
    make_note(school, text="Op bezoek geweest.\nTwee klassen doen mee.", next_action="Mail sturen", next_on=done.date(),
              done_at=done)  # fmt: skip
    note = make_note(
        school, next_action="Een datum voorstellen voor de uitleg aan het hele team", next_on=done.date(),
        owner_id=make_person(role=Role.OS_STAFF, name="Tom Collega").id,
    )  # fmt: skip
    return school.id, note.id


@FOLLOWING.add("monitoring.today", "work list")
def _(visit: Visit) -> None:
    def fill() -> None:
        school, _ = followed_school()
        asker = make_person(name="Vera Vraagt")
        make_question(asker, school_id=school, sent_at=now())
        db.session.add(
            Contact(
                school_id=make_school().id,
                name="Guy Gevraagd",
                email="guy@demo.example",
                appointed_at=now() - timedelta(days=9),
            )  # fmt: skip
        )
        db.session.commit()

    visit.site.inside(fill)
    staff(visit).open("/vandaag")


@FOLLOWING.add("monitoring.today", "one group of the work list")
def _(visit: Visit) -> None:
    def fill() -> None:
        for number in range(60):
            make_school(municipality=f"Gehucht {number}")

    visit.site.inside(fill)
    staff(visit).open("/vandaag?groep=zonder-aanspreekpunt")


@FOLLOWING.add("monitoring.today", "nothing waits", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    visit.sign_in(person.id).open("/vandaag?wie=mij")


@FOLLOWING.add("monitoring.school", "school with a story and an action that is late")
def _(visit: Visit) -> None:
    school, _ = visit.site.inside(followed_school)
    staff(visit).open(f"/scholen/{school}")


@FOLLOWING.add("monitoring.school", "putting an action off")
def _(visit: Visit) -> None:
    school, _ = visit.site.inside(followed_school)
    page = staff(visit).open(f"/scholen/{school}")
    page.get_by_role("button", name="Uitstellen").first.click()


@FOLLOWING.add("monitoring.school", "noting a contact in a dialog")
def _(visit: Visit) -> None:
    school, _ = visit.site.inside(followed_school)
    page = staff(visit).open(f"/scholen/{school}")
    page.get_by_role("link", name="Contact noteren").click()
    page.get_by_role("dialog").wait_for()


@FOLLOWING.add("monitoring.school", "school that wants later")
def _(visit: Visit) -> None:
    def fill() -> int:
        until = (now() + timedelta(days=40)).date()
        return make_school(interest=Interest.LATER, interest_reason="Eerst verhuizen.", interest_until=until).id

    staff(visit).open(f"/scholen/{visit.site.inside(fill)}")


@FOLLOWING.add("schools.note_contact", "note a contact")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/contact")


@FOLLOWING.add("schools.note_contact", "note a contact with errors")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/contact").locator("#next_action").fill("Bellen")
    visit.refused("Bewaar")


@FOLLOWING.add("schools.change_note", "mend a contact")
def _(visit: Visit) -> None:
    school, note = visit.site.inside(followed_school)
    staff(visit).open(f"/scholen/{school}/contact/{note}")


@FOLLOWING.add("schools.change_note", "a colleague mended the same contact")
def _(visit: Visit) -> None:
    school, note = visit.site.inside(followed_school)
    page = staff(visit).open(f"/scholen/{school}/contact/{note}")
    page.locator("input[name=version]").evaluate("input => { input.value = '7'; }")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("heading", name="Een collega veranderde dit contact").wait_for()


@FOLLOWING.add("schools.set_aside", "later or no interest")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/opzij")


@FOLLOWING.add("schools.set_aside", "later or no interest, with errors")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/opzij")
    visit.refused("Bewaar")


# ── handing over ───────────────────────────────────────────────────────────


def handed(asked: bool = False, accepted_days: int = 1) -> tuple[int, int, str]:
    """A school with an aanspreekpunt, and perhaps somebody who is asked to take over; ids and the token."""
    school = make_school()
    els = make_contact_person(school, name="Els Geeft Door")
    contact = db.session.query(Contact).filter_by(person_id=els.id).one()
    contact.appointed_at = contact.accepted_at = now() - timedelta(days=accepted_days)
    db.session.commit()
    make_note(school, next_action="Infoavond vastleggen", next_on=now().date(), is_shared=True)
    message = "De directie beslist in mei.\nHou het bij korte mails."
    token = ask_successor(school.id, f"opvolger{school.id}@demo.example", "Olga Opvolger", message) if asked else ""
    return school.id, els.id, token


@FOLLOWING.add("schools.hand_over", "hand over")
def _(visit: Visit) -> None:
    school, els, _ = visit.site.inside(handed)
    visit.sign_in(els).open(f"/scholen/{school}/overdracht")


@FOLLOWING.add("schools.hand_over", "hand over with errors")
def _(visit: Visit) -> None:
    school, els, _ = visit.site.inside(handed)
    visit.sign_in(els).open(f"/scholen/{school}/overdracht")
    visit.refused("Verstuur de vraag")


@FOLLOWING.add("monitoring.own_school", "own school that asks to go on, with something agreed")
def _(visit: Visit) -> None:
    school, els, _ = visit.site.inside(lambda: handed(accepted_days=500))
    page = visit.sign_in(els).open(f"/mijn-school?school={school}")
    assert page.get_by_role("button", name="Ja, ik blijf").is_visible()


@FOLLOWING.add("monitoring.own_school", "own school whose next aanspreekpunt was asked")
def _(visit: Visit) -> None:
    school, els, _ = visit.site.inside(lambda: handed(asked=True))
    visit.sign_in(els).open(f"/mijn-school?school={school}")


@FOLLOWING.add("schools.stop_being_contact", "stop as aanspreekpunt")
def _(visit: Visit) -> None:
    school, els, _ = visit.site.inside(handed)
    visit.sign_in(els).open(f"/mijn-school/{school}/stoppen")


@FOLLOWING.add("schools.take_over", "asked to take over")
def _(visit: Visit) -> None:
    _, _, token = visit.site.inside(lambda: handed(asked=True))
    visit.open(f"/overnemen/{token}")


@FOLLOWING.add("schools.take_over", "a link to take over that no longer counts")
def _(visit: Visit) -> None:
    visit.open("/overnemen/bestaat-niet")


@FOLLOWING.add("monitoring.handed_over", "everything for the next aanspreekpunt")
def _(visit: Visit) -> None:
    _, _, token = visit.site.inside(lambda: handed(asked=True))
    page = visit.open(f"/overnemen/{token}")
    page.get_by_role("button", name="Ja, ik neem het over").click()
    page.get_by_role("heading", name="Alles over").wait_for()
