"""Pages for everybody, and the way in."""

from __future__ import annotations

from sqlalchemy import delete, select

from lms.clock import now
from lms.database import db
from lms.dev.demo import ADMIN, CONTACT, FACILITATOR, FINISHED
from lms.learning.tables import Attest, Completion
from lms.people.tables import Person
from lms.permissions import Role
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_finished, make_person, make_school
from tests.world import invite

PUBLIC = States()

for endpoint, name, path in [
    ("public.home", "home", "/"),
    ("people.sign_in", "sign in", "/aanmelden"),
    ("schools.register", "registration", "/registreren"),
    ("public.privacy", "privacy", "/privacy"),
    ("public.accessibility", "accessibility", "/toegankelijkheid"),
    ("pack.sample", "sample", "/voorbeeld"),
    ("learning.attest", "unknown attest", "/attest/bestaat-niet"),
    ("schools.invitation", "expired invitation", "/uitnodiging/bestaat-niet"),
    ("dev.style_guide", "style guide", "/huisstijl"),
    ("public.home", "nothing here", "/bestaat-niet"),
]:
    PUBLIC.put(endpoint, name, lambda visit, path=path: visit.open(path))


@PUBLIC.add("public.home", "home, signed in")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open("/")


@PUBLIC.add("public.home", "menu of a phone")
def _(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 800})
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open("/")
    visit.page.get_by_role("button", name="Menu").click()
    visit.page.locator("#menu a").first.wait_for()


@PUBLIC.add("pack.sample", "sample, signed in")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open("/voorbeeld")


@PUBLIC.add("people.sign_in", "sign in with an error")
def _(visit: Visit) -> None:
    page = visit.open("/aanmelden")
    page.get_by_label("E-mailadres").fill("geen adres")
    visit.refused("Stuur mij een code")


@PUBLIC.add("people.sign_in_code", "code")
def _(visit: Visit) -> None:
    page = visit.open("/aanmelden")
    page.get_by_label("E-mailadres").fill(FACILITATOR.email)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.wait_for_url("**/aanmelden/code")


@PUBLIC.add("people.sign_in_code", "code with an error")
def _(visit: Visit) -> None:
    page = visit.open("/aanmelden")
    page.get_by_label("E-mailadres").fill("niemand@demo.example")
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code uit je mail").fill("000000")
    visit.refused("Meld je aan")


@PUBLIC.add("schools.register", "registration with errors")
def _(visit: Visit) -> None:
    visit.open("/registreren")
    visit.refused("Maak mijn account")


@PUBLIC.add("schools.register", "registration, school not listed")
def _(visit: Visit) -> None:
    page = visit.open("/registreren")
    page.locator("#school").select_option("anders")
    page.locator("#wish").wait_for()


@PUBLIC.add("schools.register", "registration, school not listed and not named")
def _(visit: Visit) -> None:
    page = visit.open("/registreren")
    page.locator("#school").select_option("anders")
    page.get_by_role("button", name="Maak mijn account").click()
    page.locator("#wish-fout").wait_for()


@PUBLIC.add("schools.register_code", "code of a registration")
def _(visit: Visit) -> None:
    page = visit.open("/registreren")
    page.locator("#name").fill("An Nieuw")
    page.locator("#email").fill("an.nieuw@demo.example")
    page.locator("#school").select_option(index=1)
    page.get_by_role("button", name="Maak mijn account").click()
    page.wait_for_url("**/registreren/code")


@PUBLIC.add("schools.invitation", "invitation")
def _(visit: Visit) -> None:
    def ask() -> str:
        school = make_school()
        return invite(school.id, f"gevraagd{school.id}@demo.example")

    visit.open(f"/uitnodiging/{visit.site.inside(ask)}")


@PUBLIC.add("learning.attest", "valid attest")
def _(visit: Visit) -> None:
    person_id = visit.site.demo_id(FINISHED)
    visit.open(f"/attest/{visit.site.inside(lambda: attest_code(person_id))}")


@PUBLIC.add("learning.attest", "attest that was taken back")
def _(visit: Visit) -> None:
    def finish_and_revoke() -> str:
        person = make_finished(visit.site.library)
        revoke(person.id)
        return attest_code(person.id)

    visit.open(f"/attest/{visit.site.inside(finish_and_revoke)}")


@PUBLIC.add("learning.attest", "attest of somebody who was erased")
def _(visit: Visit) -> None:
    def finish_and_erase() -> str:
        person = make_finished(visit.site.library)
        code = attest_code(person.id)
        db.session.execute(delete(Person).where(Person.id == person.id))
        db.session.commit()
        return code

    visit.open(f"/attest/{visit.site.inside(finish_and_erase)}")


def attest_code(person_id: int) -> str:
    return db.session.scalars(select(Attest.code).join(Completion).where(Completion.person_id == person_id)).one()


def revoke(person_id: int) -> None:
    """Take a completion back, and the pack with it."""
    completion = db.session.scalars(select(Completion).where(Completion.person_id == person_id)).one()
    completion.revoked_at = now()
    db.session.commit()


@PUBLIC.add("people.sign_in", "a form that stood open too long")
def _(visit: Visit) -> None:
    page = visit.open("/aanmelden")
    page.get_by_label("E-mailadres").fill("een.heel.lang.adres.dat.blijft.staan@demo.example")
    visit.context.clear_cookies()
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_role("heading", name="Verstuur nog eens").wait_for()


@PUBLIC.add("dev.postbox", "mailbox")
def _(visit: Visit) -> None:
    visit.open("/_postvak")


@PUBLIC.add("dev.postbox", "mailbox without mail", server="empty_server")
def _(visit: Visit) -> None:
    visit.open("/_postvak")


@PUBLIC.add("people.account", "account of somebody who leaves")
def _(visit: Visit) -> None:
    leaving(visit).open("/account")


@PUBLIC.add("privacy.undo_deletion", "the way back")
def _(visit: Visit) -> None:
    leaving(visit).open("/account/terug")


@PUBLIC.add("privacy.export", "everything about me")
def _(visit: Visit) -> None:
    page = visit.sign_in(visit.site.demo_id(FINISHED)).open("/account/export")
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    # Of each kind three rows: what follows looks the same, and axe would read two hundred of them for six seconds.
    page.evaluate("() => document.querySelectorAll('.records > :nth-child(n + 4)').forEach((row) => row.remove())")


@PUBLIC.add("privacy.delete_account", "delete an account")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(CONTACT)).open("/account/verwijderen")


@PUBLIC.add("privacy.delete_account", "the last administrator stays")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(ADMIN)).open("/account/verwijderen")


@PUBLIC.add("public.privacy", "privacy with everything open")
def _(visit: Visit) -> None:
    page = visit.open("/privacy")
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")


def leaving(visit: Visit) -> Visit:
    """Somebody who asked to delete the account."""
    person = visit.site.inside(lambda: make_person(deletion_asked_at=now()))
    return visit.sign_in(person.id)


@PUBLIC.add("people.second_factor", "second factor, first time")
def _(visit: Visit) -> None:
    fresh_staff(visit)
    visit.open("/aanmelden/tweede-stap")


@PUBLIC.add("people.second_factor", "second factor with an error")
def _(visit: Visit) -> None:
    fresh_staff(visit)
    visit.open("/aanmelden/tweede-stap")
    visit.refused("Bevestig")


@PUBLIC.add("people.second_factor", "second factor, asked again")
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    visit.sign_in(person.id, second_factor=False).open("/aanmelden/tweede-stap")


def fresh_staff(visit: Visit) -> None:
    """Somebody of O&S who never set up a second factor."""
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF, totp_secret=None, totp_confirmed_at=None))
    visit.sign_in(person.id, second_factor=False)
