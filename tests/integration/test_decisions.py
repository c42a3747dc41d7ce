"""What O&S decides about a completion: live, opened, taken back, given back; and what is left when a person is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import delete, func, select, update

import lms.monitoring.actions
from lms.clock import BRUSSELS, frozen, now
from lms.database import db
from lms.dev.demo import complete
from lms.learning.rules.completion import Basis, ChangeKind, possible_decisions
from lms.learning.tables import Attempt, Attest, Completion, CompletionChange
from lms.mail import OutboxMail
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from tests.factories import make_finished, make_person, make_school
from tests.server import Visit, together
from tests.world import Browser, database_state, end_transaction, form_token, library_of, mails_to

REASON = "Deze account wordt door twee mensen gebruikt, dat spraken we zo niet af."


def office(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF, name="Olga Steun").id)


def decide(staff: Browser, person_id: int, word: str, **fields: str) -> int:
    data = {"reason": REASON, "followed_on": "2025-10-06"} | fields
    return staff.post(f"/begeleiders/{person_id}/{word}", data, token=form_token(staff)).status


def check_page(app: Flask, code: str) -> str:
    return Browser(app).get(f"/attest/{code}").text


def code_of(person_id: int) -> str:
    end_transaction()
    return db.session.scalars(select(Attest.code).join(Completion).where(Completion.person_id == person_id)).one()


def changes_of(person_id: int) -> list[CompletionChange]:
    end_transaction()
    return list(
        db.session.scalars(
            select(CompletionChange)
            .join(Completion)
            .where(Completion.person_id == person_id)
            .order_by(CompletionChange.id)
        )
    )


@pytest.mark.both
def test_attest_and_pack_close_together_and_open_together(app: Flask) -> None:
    live = library_of(app)
    person = make_finished(live, name="Fien Klaar", email="fien@school.example").id
    code, staff, own = code_of(person), office(app), Browser(app).sign_in(person)
    fiche = f"/pakket/{live.sessions[0].slug}"
    assert own.get(fiche).status == 200 and "Niet meer geldig" not in check_page(app, code)

    assert decide(staff, person, "intrekken") == 303
    assert own.get(fiche).status == 403
    shown = check_page(app, code)
    assert "Niet meer geldig" in shown and "F. K." in shown
    assert REASON not in shown and "Olga" not in shown
    assert own.get("/navorming/attest.pdf", follow=True).status == 200
    assert own.raw("GET", "/navorming/attest.pdf").status_code == 302
    assert "Niet meer geldig" in check_page(app, code)

    assert decide(staff, person, "heropenen", reason="Het was een vergissing.") == 303
    assert own.get(fiche).status == 200
    assert own.raw("GET", "/navorming/attest.pdf").mimetype == "application/pdf"
    assert "Niet meer geldig" not in check_page(app, code) and code_of(person) == code
    kinds = [(row.kind, row.reason) for row in changes_of(person)]
    assert kinds == [(ChangeKind.REVOKED, REASON), (ChangeKind.REOPENED, "Het was een vergissing.")]
    acts = list(db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)))
    assert acts[-2:] == [Act.COMPLETION_REVOKED, Act.COMPLETION_REOPENED]
    closed, opened = mails_to("fien@school.example")[-2:]
    assert REASON in closed.body and "trok je attest in" in closed.body and "Olga Steun" in closed.body
    assert "weer geldig" in opened.body


def test_who_lost_the_pack_reads_what_happened_and_whom_to_ask(app: Flask) -> None:
    person = make_finished(library_of(app)).id
    assert decide(office(app), person, "intrekken") == 303
    own = Browser(app).sign_in(person)
    page = own.get("/pakket")
    for words in ("Je pakket is gesloten", "trok je attest in", REASON, "Olga Steun van O&S"):
        assert words in page.text
    assert page.soup is not None and page.soup.find("a", href="mailto:navorming@school.example") is not None
    assert "Je attest blijft geldig" not in own.get("/navorming").text
    assert own.get("/navorming/klaar").location == "/pakket"


@pytest.mark.both
def test_the_live_navorming_gives_attest_and_pack(app: Flask) -> None:
    live, person = library_of(app), make_person(email="live@school.example").id
    staff = office(app)
    assert decide(staff, person, "live", followed_on="6/10/2025", reason="") == 303
    completion = db.session.scalars(select(Completion).where(Completion.person_id == person)).one()
    assert completion.basis is Basis.LIVE and f"{completion.followed_on}" == "2025-10-06"
    assert (completion.course_version, completion.content_digest) == (live.course.version, live.digest)
    own = Browser(app).sign_in(person)
    assert own.get(f"/pakket/{live.sessions[0].slug}").status == 200
    assert "live navorming op 6 oktober 2025" in own.get("/navorming/klaar").text
    assert "06/10/2025" in mails_to("live@school.example")[-1].body
    assert "na de live navorming van 6 oktober 2025" in staff.get(f"/begeleiders/{person}").text
    # Whoever does the course after that keeps the one completion and the one attest.
    complete(live, person)
    assert db.session.scalar(select(func.count()).select_from(Attest)) == 1


@pytest.mark.both
def test_a_pack_that_was_opened_has_no_attest_until_the_course_is_done(app: Flask) -> None:
    live, person = library_of(app), make_person(email="open@school.example").id
    staff = office(app)
    assert decide(staff, person, "openen") == 303
    own = Browser(app).sign_in(person)
    assert own.get(f"/pakket/{live.sessions[0].slug}").status == 200
    assert own.get("/navorming/klaar").location == "/navorming"
    assert db.session.scalar(select(func.count()).select_from(Attest)) == 0
    assert "Attest" not in mails_to("open@school.example")[-1].subject
    complete(live, person)
    end_transaction()
    assert own.get("/navorming/klaar").status == 200 and code_of(person)
    completion = db.session.scalars(select(Completion).where(Completion.person_id == person)).one()
    assert completion.basis is Basis.COURSE
    assert [row.kind for row in changes_of(person)] == [ChangeKind.OPENED, ChangeKind.FINISHED]


def test_an_opened_pack_that_was_closed_opens_when_the_course_is_done(app: Flask) -> None:
    """The decision is taken back, not what somebody shows afterwards."""
    live, person = library_of(app), make_person().id
    staff = office(app)
    assert [decide(staff, person, word) for word in ("openen", "intrekken")] == [303, 303]
    own = Browser(app).sign_in(person)
    shut = own.get(f"/pakket/{live.sessions[0].slug}")
    assert shut.status == 403 and REASON in shut.text and "attest in" not in shut.text
    complete(live, person)
    end_transaction()
    assert own.get(f"/pakket/{live.sessions[0].slug}").status == 200


def test_an_opened_pack_may_become_that_of_the_live_navorming(app: Flask) -> None:
    person, staff = make_person().id, office(app)
    assert [decide(staff, person, word) for word in ("openen", "live")] == [303, 303]
    assert code_of(person)
    assert decide(staff, person, "openen") == 409


def test_what_can_be_decided_follows_from_what_is() -> None:
    live, opened, closed, again = ChangeKind.LIVE, ChangeKind.OPENED, ChangeKind.REVOKED, ChangeKind.REOPENED
    assert possible_decisions(None, is_revoked=False) == (live, opened)
    assert possible_decisions(Basis.GRANTED, is_revoked=False) == (live, closed)
    for basis in (Basis.COURSE, Basis.LIVE):
        assert possible_decisions(basis, is_revoked=False) == (closed,)
    for basis in Basis:
        assert possible_decisions(basis, is_revoked=True) == (again,)


def test_two_of_the_staff_who_decide_otherwise_do_not_undo_each_other_unseen(app: Flask) -> None:
    person, first, second = make_finished(library_of(app)).id, office(app), office(app)
    assert decide(first, person, "intrekken") == 303
    before = database_state()
    for word in ("live", "openen"):
        assert decide(second, person, word) == 409
    assert database_state() == before
    # Later than a double click it is said that somebody was first.
    with frozen(now() + timedelta(minutes=1)):
        assert decide(second, person, "intrekken") == 409
    assert len(changes_of(person)) == 1


@pytest.mark.parametrize("word", ["live", "intrekken", "heropenen", "openen"])
def test_a_reason_that_misses_keeps_the_page_and_says_so(app: Flask, word: str) -> None:
    live = library_of(app)
    person = make_finished(live).id if word in {"intrekken", "heropenen"} else make_person().id
    staff = office(app)
    if word == "heropenen":
        decide(staff, person, "intrekken")
    before = database_state()
    page = staff.post(
        f"/begeleiders/{person}/{word}", {"reason": "x" * 501, "followed_on": ""}, token=form_token(staff)
    )
    assert page.status == 422 and "te lang" in page.text and "x" * 501 in page.text
    assert ("Dat is geen dag" in page.text) == (word == "live")
    assert database_state() == before


@pytest.mark.parametrize("typed", ["31/02/2026", "0202-10-05", "morgen", "2026-13-01", "５/10/2026", "1/9/2021"])
def test_a_day_that_cannot_be_is_named(app: Flask, typed: str) -> None:
    person, staff = make_person().id, office(app)
    page = staff.post(f"/begeleiders/{person}/live", {"followed_on": typed}, token=form_token(staff))
    assert page.status == 422 and ("geen dag" in page.text or "tussen 1 september" in page.text)
    assert page.soup is not None and page.soup.find(id="followed_on")["value"] == typed  # type: ignore[index]


def test_tomorrow_was_not_followed_yet(app: Flask) -> None:
    person, staff = make_person().id, office(app)
    today = now().astimezone(BRUSSELS).date()
    assert decide(staff, person, "live", followed_on=f"{today + timedelta(days=1)}") == 422
    assert decide(staff, person, "live", followed_on=f"{today}") == 303


def test_the_page_of_a_person_shows_how_far_and_never_an_answer(app: Flask) -> None:
    live = library_of(app)
    person = make_finished(live, school=make_school(name="School van Fien")).id
    db.session.execute(update(Attempt).values(answer={"text": "KANARIE in een notitie"}))
    db.session.commit()
    staff = office(app)
    page = staff.get(f"/begeleiders/{person}")
    core = sum(lesson.is_core for lesson in live.course.lessons)
    assert f"van {core} kernlessen, toets geslaagd" in page.text and "School van Fien" in page.text
    assert "KANARIE" not in page.text
    assert staff.raw("GET", f"/begeleiders/{person}/attest.pdf").mimetype == "application/pdf"


def test_the_school_leads_to_its_people_for_staff_alone(app: Flask) -> None:
    from tests.factories import make_contact_person

    school = make_school()
    person, contact = make_person(school=school).id, make_contact_person(school).id
    link = f"/begeleiders/{person}"
    assert link in office(app).get(f"/scholen/{school.id}").response.get_data(as_text=True)
    assert link not in Browser(app).sign_in(contact).get("/mijn-school").response.get_data(as_text=True)


@pytest.mark.both
def test_number_and_day_outlive_the_person(app: Flask) -> None:
    person = make_finished(library_of(app), name="Wis Mijweg").id
    code = code_of(person)
    assert decide(office(app), person, "intrekken") == 303
    day = db.session.scalars(select(Attest.issued_at)).one()
    db.session.execute(delete(Person).where(Person.id == person))
    db.session.commit()
    row = db.session.scalars(select(Attest)).one()
    assert (row.code, row.issued_at, row.completion_id) == (code, day, None)
    assert db.session.scalar(select(func.count()).select_from(CompletionChange)) == 0
    page = Browser(app).get(f"/attest/{code}")
    assert page.status == 410 and "niet meer beschikbaar" in page.text
    assert "W. M." not in page.text and "Geldig" not in page.text


def test_an_attest_keeps_what_it_was_about_when_the_course_changes(app: Flask) -> None:
    """It outlives the course: title, hours and objectives are those of that day."""
    person = make_finished(library_of(app)).id
    row = db.session.scalars(select(Attest)).one()
    assert row.course["title"] == library_of(app).course.title and len(row.course["objectives"]) > 5
    row.course = {"title": "De navorming van toen", "minutes": 90, "objectives": ["Je kent het doel van toen."]}
    db.session.commit()
    assert "De navorming van toen" in check_page(app, code_of(person))
    answer = Browser(app).sign_in(person).raw("GET", "/navorming/attest.pdf")
    from tests.integration.test_pdf import read, text_of

    text = text_of(read(answer.get_data()))
    assert "De navorming van toen van 1 uur en 30 minuten" in text and "Je kent het doel van toen." in text


# ── at the same moment ─────────────────────────────────────────────────────


def click_at_once(app: Flask, person: int, word: str) -> set[int]:
    """The same decision sent eight times at once; gives the statuses."""
    staff = Visit(app, make_person(role=Role.OS_STAFF).id)
    tabs = [staff.copy() for _ in range(8)]
    data = {"reason": REASON, "followed_on": "2025-10-06"}
    return {
        reply.status for reply in together(8, lambda number: tabs[number].post(f"/begeleiders/{person}/{word}", data))
    }


def count(table: type[object]) -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both
@pytest.mark.parametrize("word", ["live", "openen", "intrekken"])
def test_eight_clicks_are_one_decision(app: Flask, word: str) -> None:
    person = make_finished(library_of(app)).id if word == "intrekken" else make_person().id
    mails, audits = count(OutboxMail), count(AuditRow)
    assert click_at_once(app, person, word) == {303}
    assert (count(CompletionChange), count(OutboxMail) - mails, count(AuditRow) - audits) == (1, 1, 1)
    assert count(Completion) == 1 and count(Attest) == (word != "openen")


def test_without_the_locked_row_eight_clicks_are_more(
    app: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    """The sabotaged twin."""
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    person = make_finished(library_of(app)).id
    monkeypatch.setattr(lms.monitoring.actions, "lock_person", lambda person_id: None)
    click_at_once(app, person, "intrekken")
    assert count(CompletionChange) > 1


def test_the_texts_of_the_mails_have_no_gaps(app: Flask) -> None:
    for word, has in (("live", ""), ("live", REASON), ("openen", REASON)):
        address = f"{word}{len(has)}@school.example"
        person = make_person(email=address).id
        assert decide(office(app), person, word, reason=has) == 303
        body = mails_to(address)[-1].body
        assert "\n\n\n" not in body and (REASON in body) == bool(has)
        assert BeautifulSoup(body, "html.parser").find() is None
