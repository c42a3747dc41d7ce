"""The own account and the administration of accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from lms.clock import now
from lms.database import db
from lms.dev.demo import ADMIN, FACILITATOR
from lms.people.actions import accounts, own_account
from lms.people.queries import get_person
from lms.people.rules.passwords import hash_password
from lms.people.tables import Password, SignIn
from lms.permissions import Role
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_person
from tests.world import path_mailed_to, visitor_of

ACCOUNTS = States()
BASE = "http://127.0.0.1:8000"


def own(visit: Visit, **fields: object) -> Visit:
    """Somebody new, signed in just now."""
    return visit.sign_in(visit.site.inside(lambda: make_person(**fields)).id)


def own_staff(visit: Visit) -> Visit:
    return own(visit, role=Role.OS_STAFF)


def long_ago(visit: Visit) -> Visit:
    """Make every sign-in so old that it is no longer fresh."""

    def age() -> None:
        for row in db.session.query(SignIn):
            row.created_at = now() - timedelta(hours=2)
        db.session.commit()

    visit.site.inside(age)
    return visit


def with_password(visit: Visit) -> Visit:
    def make() -> int:
        person = make_person(name="Pia Paswoord")
        db.session.add(Password(person_id=person.id, hash=hash_password("paard nietje batterij"), set_at=now()))
        db.session.commit()
        return person.id

    return visit.sign_in(visit.site.inside(make))


def admin(visit: Visit) -> Visit:
    return visit.sign_in(visit.site.demo_id(ADMIN))


def with_old_password(visit: Visit) -> Visit:
    with_password(visit)
    return long_ago(visit)


def before_second_step(visit: Visit) -> Visit:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    return visit.sign_in(person.id, second_factor=False)


def put(endpoint: str, name: str, path: str, who: Callable[[Visit], Visit] = lambda visit: visit) -> None:
    """A page that only has to be opened, by ``who``."""
    ACCOUNTS.put(endpoint, name, lambda visit: who(visit).open(path))


put("people.account", "account", "/account", lambda visit: visit.sign_in(visit.site.demo_id(FACILITATOR)))


@ACCOUNTS.add("people.account", "account with everything in it")
def _(visit: Visit) -> None:
    def make() -> int:
        person = make_person(
            role=Role.OS_STAFF, name="Wilhelmina van Nieuwenhuysen-Vandenbroucke",
            email=f"een.heel.lang.mailadres{now().timestamp()}@een-lange-schoolnaam.example",
        )  # fmt: skip
        db.session.add(Password(person_id=person.id, hash="x", set_at=now()))
        for device in ("Firefox op Windows", "Samsung Internet op Android", None):
            row, _ = SignIn.open_for(get_person(person.id), own_device=True, device=device)
            db.session.add(row)
        db.session.commit()
        own_account.ask_email_change("elders@demo.example", by=visitor_of(get_person(person.id)), link_base=BASE)
        return person.id

    visit.sign_in(visit.site.inside(make)).open("/account")


@ACCOUNTS.add("people.account", "all other sign-ins, asked once more")
def _(visit: Visit) -> None:
    person = visit.site.inside(make_person)
    visit.sign_in(person.id)
    page = visit.sign_in(person.id).open("/account")
    page.get_by_role("button", name="Meld alle andere af").first.click()
    page.get_by_role("heading", name="Alle andere toestellen").wait_for()


put("people.account", "account before the second step", "/account", before_second_step)
put("people.sign_in_password", "sign in with a password", "/aanmelden/wachtwoord")


@ACCOUNTS.add("people.sign_in_password", "sign in with a wrong password, shown")
def _(visit: Visit) -> None:
    page = visit.open("/aanmelden/wachtwoord")
    page.get_by_label("E-mailadres").fill("iemand@demo.example")
    page.locator("#password").fill("dit is niet het goede")
    page.get_by_role("button", name="Toon wachtwoord").click()
    assert page.locator("#password").get_attribute("type") == "text"
    visit.refused("Meld je aan")
    assert page.locator("#password").input_value() == ""


@ACCOUNTS.add("people.name", "change your name, with an error")
def _(visit: Visit) -> None:
    page = own(visit).open("/account/naam")
    page.locator("#name").fill("")
    visit.refused("Bewaar")


put("people.email", "change your address", "/account/mail", own)


@ACCOUNTS.add("people.confirm_email", "confirm another address")
def _(visit: Visit) -> None:
    def make() -> str:
        person = make_person()
        own_account.ask_email_change("elders@demo.example", by=visitor_of(get_person(person.id)), link_base=BASE)
        return path_mailed_to(person.email)

    visit.open(visit.site.inside(make))


put("people.password", "set a password", "/account/wachtwoord", own)


@ACCOUNTS.add("people.password", "a password that is easy to guess")
def _(visit: Visit) -> None:
    page = own(visit).open("/account/wachtwoord")
    page.locator("#new").fill("wachtwoordwachtwoord")
    visit.refused("Bewaar")


put("people.password", "change a password, long after signing in", "/account/wachtwoord", with_old_password)
put(
    "people.password",
    "sign in again before setting a password",
    "/account/wachtwoord",
    lambda visit: long_ago(own(visit)),
)
put("people.remove_password", "remove a password", "/account/wachtwoord/verwijderen", with_old_password)


@ACCOUNTS.add("people.recovery", "a recovery code that is wrong")
def _(visit: Visit) -> None:
    page = before_second_step(visit).open("/aanmelden/herstelcode")
    page.locator("#code").fill("AAAA-BBBB-CCCC-DDDD")
    visit.refused("Ga verder")


put("people.recovery_codes", "no recovery codes yet", "/account/herstelcodes", own_staff)


@ACCOUNTS.add("people.recovery_codes", "recovery codes, shown once")
def _(visit: Visit) -> None:
    page = own_staff(visit).open("/account/herstelcodes")
    page.get_by_role("button", name="Maak nieuwe codes").click()
    page.locator(".code-list").wait_for()


put("people.new_second_factor", "another app", "/account/tweede-stap", own_staff)
put("people.accounts", "accounts, nobody found", "/beheer?zoek=bestaat+niet", admin)


@ACCOUNTS.add("people.accounts", "accounts with invitations and begeleiders that were found")
def _(visit: Visit) -> None:
    def fill() -> None:
        make_person(role=Role.OS_STAFF, name="Dries Dicht", disabled_at=now())
        make_person(role=Role.ADMIN, name="Nora Nog-Niet", totp_secret=None, totp_confirmed_at=None)
        by = visitor_of(make_person(role=Role.ADMIN))
        accounts.invite_staff(
            name="Guy Gevraagd", email="guy.gevraagd.met.een.lang.adres@demo.example", role=Role.OS_STAFF, by=by,
            link_base=BASE,
        )  # fmt: skip

    visit.site.inside(fill)
    admin(visit).open("/beheer?zoek=demo")


@ACCOUNTS.add("people.invite_staff", "invite staff, with errors")
def _(visit: Visit) -> None:
    admin(visit).open("/beheer/nieuw")
    visit.refused("Verstuur de uitnodiging")


@ACCOUNTS.add("people.person", "an account of staff, closing it asked once more")
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    page = admin(visit).open(f"/beheer/{person.id}")
    page.get_by_role("button", name="Sluit het account").first.click()
    page.get_by_role("heading", name="sluiten?").wait_for()


@ACCOUNTS.add("people.person", "a closed account")
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(disabled_at=now()))
    admin(visit).open(f"/beheer/{person.id}")


@ACCOUNTS.add("people.person", "the own account of an administrator")
def _(visit: Visit) -> None:
    admin(visit).open(f"/beheer/{visit.site.demo_id(ADMIN)}")


@ACCOUNTS.add("people.become_staff", "become staff")
def _(visit: Visit) -> None:
    def make() -> str:
        link = accounts.create_admin_link(name="Ann Eerst", email="ann.eerst@demo.example", link_base="")
        db.session.commit()
        return link

    visit.open(visit.site.inside(make))
