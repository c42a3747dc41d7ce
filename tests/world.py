"""What the tests about access share: two complete schools, and a way to see whether the database changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.clock import frozen, now
from lms.content.models import Library
from lms.database import Base, db, reading
from lms.learning.tables import Attest, Completion
from lms.mail import OutboxMail
from lms.people.rules import Visitor
from lms.people.tables import Person, SignInCode
from lms.permissions import Role
from lms.schools import actions as schools
from lms.schools.actions import contacts, inviting
from lms.schools.tables import InvitedColleague, Membership, SchoolWish
from tests.factories import (
    make_contact_person,
    make_finished,
    make_note,
    make_person,
    make_question,
    make_school,
)
from tests.visitor import Browser as SharedBrowser
from tests.visitor import Page


class Browser(SharedBrowser):
    """A browser whose every request has an application context of its own, as on the real server.

    So several people can visit in one test: flask-login keeps who is asking for as long as that context lives.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        # The token that fits each session this browser had.
        self.tokens: dict[str, str] = {}

    def _open(self, method: str, path: str, follow: bool, **kwargs: Any) -> Page:
        end_transaction()
        with self.app.app_context():
            return super()._open(method, path, follow, **kwargs)

    def raw(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """A request without the check of manners, for answers that may be wrong on purpose."""
        end_transaction()
        with self.app.app_context():
            return self.client.open(path, method=method, **kwargs)


# Any number far from the ids that tests make.
UNKNOWN_ID = 987_654

# Long enough to be accepted as a secret of an authenticator app (128 bits or more).
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

STAFF = Visitor(
    token="", sign_in_id=0, id=0, name="Medewerker O&S", email="os@school.example", role=Role.OS_STAFF,
    has_second_factor=True, gave_second_factor=True, is_contact_person=False, has_open_pack=False,
)  # fmt: skip


def database_state(*, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """A fingerprint of every row of every table: equal exactly when nothing changed."""
    end_transaction()
    names = [table.name for table in Base.metadata.sorted_tables if table.name not in without]
    with reading(), db.engine.connect() as connection:
        # Asked of the driver itself: the matrix of who may do what looks thousands of times, and making values of
        # Python of what is stored would be most of that work.
        cursor = connection.connection.cursor()
        look = _look_at_sqlite if connection.dialect.name == "sqlite" else _look_at_postgresql
        return dict(look(cursor, names))


def _look_at_sqlite(cursor: Any, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        rows = cursor.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:16] if rows else ""
        yield name, f"{len(rows)} rows {digest}"


def _look_at_postgresql(cursor: Any, names: list[str]) -> Iterator[tuple[str, str]]:
    """One statement for all tables; the rows are sorted by what is in them."""
    every = " UNION ALL ".join(
        f"SELECT '{name}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text COLLATE \"C\")) FROM \"{name}\" t"
        for name in names
    )
    for name, count, digest in cursor.execute(every).fetchall():
        yield name, f"{count} rows {digest}"


def everything_stored(*, without: frozenset[str] = frozenset()) -> str:
    """All rows as text, to look for a secret that should not be there."""
    db.session.rollback()
    db.session.remove()
    with reading(), db.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            if table.name not in without
            for row in connection.execute(table.select())
        )


def end_transaction() -> None:
    """Let go of the database, so the next request or thread starts as on the real server."""
    db.session.rollback()
    db.session.remove()


def library_of(app: Flask) -> Library:
    library: Library = app.extensions["shelf"].library
    return library


def form_token(browser: Browser) -> str:
    """A token that fits this browser's session, without opening a page for it."""
    cookie = browser.client.get_cookie("navorming")
    if cookie is not None and browser.tokens.get(cookie.value):
        return browser.tokens[cookie.value]
    raw = "0123456789abcdef0123456789abcdef01234567"
    with browser.client.session_transaction() as session:
        session["csrf_token"] = raw
    key, cookie = browser.app.secret_key, browser.client.get_cookie("navorming")
    assert isinstance(key, str) and cookie is not None
    token = str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))
    browser.tokens[cookie.value] = token
    return token


def session_of(browser: Browser) -> dict[str, object]:
    """What the cookie of this browser holds."""
    with browser.client.session_transaction() as session:
        return dict(session)


def mails_to(address: str) -> list[OutboxMail]:
    """The mails of the outbox to one address, oldest first."""
    end_transaction()
    mails = list(db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == address).order_by(OutboxMail.id)))
    db.session.expunge_all()
    end_transaction()
    return mails


def code_mailed_to(address: str) -> str:
    """The six digits of the newest mail to this address."""
    found = re.search(r"\b\d{6}\b", mails_to(address)[-1].body)
    assert found is not None
    return found.group()


def link_mailed_to(address: str) -> str:
    """The token of the invitation link in the newest mail to this address."""
    found = re.search(r"/uitnodiging/(\S+)", mails_to(address)[-1].body)
    assert found is not None
    return found.group(1)


def path_mailed_to(address: str) -> str:
    """The path of the link in the newest mail to this address."""
    found = re.search(r"^\S*?(/[a-z]\S*)$", mails_to(address)[-1].body, re.MULTILINE)
    assert found is not None
    return urlsplit(found.group()).path


def visitor_of(person: Person, sign_in_id: int = 0) -> Visitor:
    """This person as a visitor who gave every factor."""
    return Visitor(
        token="", sign_in_id=sign_in_id, id=person.id, name=person.name, email=person.email, role=person.role,
        has_second_factor=True, gave_second_factor=True, is_contact_person=False, has_open_pack=False,
    )  # fmt: skip


def wrong_code(code: str) -> str:
    """Six digits that are certainly not ``code``."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def ask_code(browser: Browser, address: str, **fields: str) -> str:
    """Ask for a sign-in code by the page and read it from the mail."""
    page = browser.post("/aanmelden", {"email": address, **fields}, token=form_token(browser))
    assert page.status == 303, page.text
    return code_mailed_to(address)


def invite(school_id: int, address: str, name: str = "Gevraagde Collega") -> str:
    """Ask somebody to be the aanspreekpunt, as O&S does; gives the token of the link."""
    schools.appoint(school_id, name=name, email=address, by=STAFF, link_base="http://127.0.0.1:8000")
    return link_mailed_to(address)


def ask_successor(school_id: int, address: str, name: str = "Volgende Collega", message: str = "") -> str:
    """Ask somebody to take over as aanspreekpunt, as O&S did two days ago; gives the token of the link."""
    with frozen(now() - timedelta(days=2)):
        contacts.ask_successor(
            school_id, name=name, email=address, message=message, by=STAFF, link_base="http://127.0.0.1:8000"
        )
    return path_mailed_to(address).rsplit("/", 1)[1]


def make_invitee(school_id: int, address: str, name: str = "") -> int:
    """Somebody who was invited as a colleague two days ago, so a new mail may be sent; gives the id."""
    with frozen(now() - timedelta(days=2)):
        inviting.invite_colleagues(school_id, {address: name}, by=STAFF, link_base="http://127.0.0.1:8000")
    return db.session.scalars(select(InvitedColleague.id).where(InvitedColleague.email == address)).one()


def revoke_pack(person_id: int) -> None:
    """Take the completion of this person back."""
    end_transaction()
    completion = db.session.scalars(select(Completion).where(Completion.person_id == person_id)).one()
    completion.revoked_at = now()
    db.session.commit()
    end_transaction()


@dataclass(frozen=True, kw_only=True)
class Side:
    """One complete school, as plain ids, so that nothing here depends on an open session."""

    name: str
    school: int
    asked_school: int
    facilitator: int
    finished: int
    contact: int
    invitation: str
    attest: str
    wish: int
    link: str
    # Two who were invited as colleagues two days ago; one who works there, and one who was taken off the list.
    invitees: tuple[int, int]
    leaver: int
    left: int
    # Of somebody who finished: a question that waits, and one that O&S is asked.
    question: int
    sent_question: int
    # A contact of O&S with an action that is open.
    note: int
    # The link to take over from the aanspreekpunt, mailed two days ago.
    succession: str
    canaries: tuple[str, ...]


def make_side(name: str, library: Library) -> Side:
    """A school with a begeleider, an aanspreekpunt, somebody who finished, a wish and an open invitation.

    A school has one open appointment at most, so the open invitation is for a second school of the same side.
    """
    mark = f"Kanarie{name}"
    school = make_school(name=f"School {mark}", municipality=f"Gemeente{mark}")
    asked = make_school(name=f"Gevraagd {mark}", municipality=f"Gehucht{mark}")
    school_id, asked_id = school.id, asked.id
    facilitator = make_person(school=school, name=f"Bram {mark}", email=f"bram@{name.lower()}.example").id
    contact = make_contact_person(school, name=f"Ann {mark}", email=f"ann@{name.lower()}.example").id
    finished = make_finished(library, school=school, name=f"Fien {mark}", email=f"fien@{name.lower()}.example").id
    wisher = make_person(name=f"Wout {mark}", email=f"wout@{name.lower()}.example")
    wish = SchoolWish(person_id=wisher.id, wish=f"Wens {mark}", created_at=now())
    db.session.add(wish)
    db.session.commit()
    wish_id = wish.id
    attest = db.session.scalars(select(Attest.code).join(Completion).where(Completion.person_id == finished)).one()
    invitees = (
        make_invitee(school_id, f"ilse@{name.lower()}.example", f"Ilse {mark}"),
        make_invitee(school_id, f"imke@{name.lower()}.example", f"Imke {mark}"),
    )
    leaver = make_person(school=school, name=f"Lies {mark}", email=f"lies@{name.lower()}.example").id
    gone = make_person(school=school, name=f"Wim {mark}", email=f"wim@{name.lower()}.example").id
    leaving, left = (
        db.session.scalars(select(Membership).where(Membership.person_id == person)).one() for person in (leaver, gone)
    )
    left.ended_at, left.ended_by_self = now(), False
    link = school.link_code
    leaving_id, left_id = leaving.id, left.id
    db.session.commit()
    note = make_note(
        school, text=f"Gesprek over {mark}", next_action=f"Mail sturen naar {mark}", next_on=now().date()
    ).id
    succession = ask_successor(school_id, f"opvolger@{name.lower()}.example", f"Olga {mark}")
    token = invite(asked_id, f"gevraagd@{name.lower()}.example", f"Guy {mark}")
    asked_by = db.session.get_one(Person, finished)
    question = make_question(asked_by, text=f"Vraag {mark}?", school_id=school_id).id
    sent_question = make_question(asked_by, text=f"Doorgestuurd {mark}?", school_id=school_id, sent_at=now()).id
    end_transaction()
    return Side(
        name=name,
        school=school_id,
        asked_school=asked_id,
        facilitator=facilitator,
        finished=finished,
        contact=contact,
        invitation=token,
        attest=attest,
        wish=wish_id,
        link=link,
        invitees=invitees,
        leaver=leaving_id,
        left=left_id,
        question=question,
        sent_question=sent_question,
        note=note,
        succession=succession,
        canaries=(mark, f"@{name.lower()}.example"),
    )


def without_changing_parts(html: str, *words: str) -> str:
    """A page without its tokens and without ``words``, to compare two answers letter by letter."""
    html = re.sub(r'(name="(?:csrf_token|key)"[^>]*value=")[^"]*', r"\1", html)
    for word in words:
        html = html.replace(word, "…")
    return html


def copy_cookies(source: Browser) -> Browser:
    """A second browser with the same cookies, for requests that happen at the same time or are replayed."""
    other = Browser(source.app)
    other.client._cookies = dict(source.client._cookies or {})
    return other


def codes_of(address: str) -> list[SignInCode]:
    """The code rows of an address, oldest first."""
    end_transaction()
    rows = list(db.session.scalars(select(SignInCode).where(SignInCode.email == address).order_by(SignInCode.id)))
    db.session.expunge_all()
    end_transaction()
    return rows
