"""The questions of O&S: who waits, who takes it, the answer by mail and on the fiche, and two colleagues at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import lms.inbox.actions
from lms.clock import now
from lms.database import db
from lms.learning.forms import new_key
from lms.pack.tables import Question
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from tests.factories import make_finished, make_group, make_person, make_question, make_school
from tests.integration.test_double_posts import all_at_once, same_reply
from tests.integration.test_pages_scale import statements
from tests.server import Visit, together
from tests.world import Browser, end_transaction, library_of, mails_to

LIST = 10


def office(app: Flask, **fields: Any) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF, **fields))


def asked(app: Flask, **fields: Any) -> tuple[Question, Person]:
    """A question that somebody with an open pack sent to O&S."""
    school = make_school(name=f"School Vraagt {new_key()[:8]}")
    person = make_finished(library_of(app), school=school, name="Demo Vrager")
    values = {"school_id": school.id, "sent_at": now(), "text": "Kost een graduaat meer?"}
    return make_question(person, make_group(person, label="6 Geheim"), **values | fields), person


def kept(question: Question) -> Question:
    end_transaction()
    row = db.session.get_one(Question, question.id)
    db.session.expunge(row)
    end_transaction()
    return row


def acts() -> list[str]:
    end_transaction()
    found = db.session.scalars(select(AuditRow.act).where(AuditRow.act.like("question.%")).order_by(AuditRow.id))
    names = list(found)
    end_transaction()
    return names


def answer(browser: Browser, question: Question, text: str = "Nee, hetzelfde.", version: int = 1) -> Any:
    return browser.post(f"/vragen/{question.id}/antwoord", {"answer": text, "versie": str(version)})


@pytest.mark.both
def test_what_waits_longest_comes_first_and_shows_the_begeleider_and_the_school_and_nothing_of_the_group(
    app: Flask,
) -> None:
    late, _ = asked(app, text="Sinds vorige week?", sent_at=now() - timedelta(days=9))
    asked(app, text="Van vandaag?")
    asked(app, text="Niet gestuurd?", sent_at=None)
    asked(app, text="In de klas afgehandeld?", settled_at=now())
    page = office(app).get("/vragen")
    assert page.text.index("Sinds vorige week?") < page.text.index("Van vandaag?")
    assert "Wacht 9 dagen" in page.text and "Vandaag gestuurd" in page.text
    assert "Demo Vrager" in page.text and "School Vraagt" in page.text
    for hidden in ("Niet gestuurd?", "In de klas afgehandeld?", "6 Geheim"):
        assert hidden not in page.text
    assert "6 Geheim" not in office(app).get(f"/vragen/{late.id}").text


@pytest.mark.both
def test_somebody_takes_a_question_and_the_colleagues_see_it(app: Flask) -> None:
    question, _ = asked(app)
    mine, colleague = office(app, name="Demo Eerste"), office(app, name="Demo Tweede")
    assert "Jij hebt geen open vragen" in mine.get("/vragen?toon=mijn").text
    for _ in range(2):
        assert mine.post(f"/vragen/{question.id}/nemen").status == 303
    assert question.text in mine.get("/vragen?toon=mijn").text
    assert "Demo Eerste neemt deze" in colleague.get("/vragen").text
    assert question.text not in colleague.get("/vragen?toon=mijn").text
    assert colleague.post(f"/vragen/{question.id}/loslaten").status == 409
    mine.post(f"/vragen/{question.id}/loslaten")
    assert "Nog vrij" in colleague.get("/vragen").text
    assert acts() == [Act.QUESTION_TAKEN, Act.QUESTION_RELEASED]


def test_an_answer_that_is_being_typed_survives_taking_and_releasing(app: Flask) -> None:
    question, _ = asked(app)
    browser = office(app)
    typed, version = "Een graduaat kost evenveel.", 1
    for way, told in (("nemen", "Jij neemt deze vraag."), ("loslaten", "Een collega kan deze vraag nu nemen.")):
        page = browser.post(f"/vragen/{question.id}/{way}", {"answer": typed, "versie": str(version)})
        assert page.status == 200 and told in page.text and page.soup is not None
        assert page.soup.select_one("#answer").get_text().strip() == typed
        version = int(page.soup.select_one("#antwoord [name=versie]")["value"])
    assert answer(browser, question, typed, version).status == 303
    assert kept(question).answer == typed


def test_taking_does_not_hide_that_a_colleague_changed_something(app: Flask) -> None:
    question, _ = asked(app)
    answer(office(app), question, "Nee.")
    browser = office(app)
    page = browser.post(f"/vragen/{question.id}/nemen", {"answer": "Ja.", "versie": "1"})
    assert page.soup is not None and page.soup.select_one("#antwoord [name=versie]")["value"] == "1"
    assert answer(browser, question, "Ja.", 1).status == 409


@pytest.mark.both
def test_an_answer_goes_by_mail_once_and_comes_back_to_the_group(app: Flask) -> None:
    question, person = asked(app)
    browser = office(app)
    for _ in range(2):
        assert answer(browser, question, "Nee.\n\nKijk op de site.").status == 303
    (mail,) = [one for one in mails_to(person.email) if "antwoordde" in one.subject]
    assert "Kost een graduaat meer?" in mail.body and "Kijk op de site." in mail.body
    assert acts() == [Act.QUESTION_ANSWERED]
    page = Browser(app).sign_in(person).get("/pakket/vragen")
    assert "Kijk op de site." in page.text and "O&S antwoordde" in page.text
    # A better answer is a mail of its own.
    answer(browser, question, "Toch wel.", version=2)
    assert "beter antwoord" in mails_to(person.email)[-1].subject
    assert kept(question).answer == "Toch wel."


@pytest.mark.sqlite_alone
def test_somebody_who_left_gets_no_mail(app: Flask) -> None:
    question, person = asked(app)
    end_transaction()
    db.session.get_one(Person, person.id).disabled_at = now()
    db.session.commit()
    answer(office(app), question)
    assert not [one for one in mails_to(person.email) if "vraag" in one.subject]


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(
    ("text", "says"),
    [("  ", "Het antwoord is nog leeg."), ("x" * 3001, "Gebruik hoogstens 3000 tekens."), ("Ja\x07", "een teken")],
)
def test_an_answer_that_cannot_be_sent_is_told_at_the_field(app: Flask, text: str, says: str) -> None:
    question, _ = asked(app)
    page = answer(office(app), question, text)
    assert page.status == 422 and says in page.text
    assert kept(question).answered_at is None and acts() == []


def lost_updates(app: Flask) -> list[str]:
    """What the second of two colleagues overwrites unseen."""
    question, person = asked(app)
    first, second = office(app), office(app)
    answer(first, question, "Het eerste antwoord.")
    page = answer(second, question, "Het tweede antwoord.")
    found = []
    if page.status != 409 or "Het eerste antwoord." not in page.text or "Het tweede antwoord." not in page.text:
        found.append("both answers are not shown")
    if kept(question).answer != "Het eerste antwoord.":
        found.append("the first answer is lost")
    # The begeleider writes the question down better while somebody answers the old one.
    other, person = asked(app)
    Browser(app).sign_in(person).post(
        f"/pakket/vragen/{other.id}", {"text": "Anders gevraagd?", "place": "wie-ben-jij", "group": "", "versie": "1"}
    )
    page = answer(second, other, "Op de oude vraag.")
    if page.status != 409 or "Anders gevraagd?" not in page.text:
        found.append("answered another question than the one that was read")
    return found


@pytest.mark.both
def test_the_second_of_two_colleagues_sees_both_answers(app: Flask) -> None:
    assert lost_updates(app) == []


@pytest.mark.both
def test_without_the_version_an_answer_is_lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: every version counts as the kept one."""
    once = lms.inbox.actions.answer_question

    def careless(question_id: int, text: str, *, version: int, **words: Any) -> None:
        end_transaction()
        kept_version = db.session.scalars(select(Question.version).where(Question.id == question_id)).one()
        once(question_id, text, version=kept_version, **words)

    monkeypatch.setattr(lms.inbox.actions, "answer_question", careless)
    assert "the first answer is lost" in lost_updates(app)


@pytest.mark.both
def test_what_is_published_stands_on_the_fiche_in_the_words_of_the_office_and_names_nobody(app: Flask) -> None:
    question, _ = asked(app, exercise_id="s1-verleden")
    browser, reader = office(app), Browser(app).sign_in(make_finished(library_of(app)))
    at = f"/vragen/{question.id}"
    assert browser.post(f"{at}/publiceren", {"words": "Kost het meer?", "versie": "1"}).status == 409
    answer(browser, question, "Nee, hetzelfde.")
    assert "Kost een graduaat meer?" in browser.get(at).text
    assert browser.post(f"{at}/publiceren", {"words": " ", "versie": "2"}).status == 422
    for _ in range(2):
        assert browser.post(f"{at}/publiceren", {"words": "Wat kost een graduaat?", "versie": "2"}).status == 303
    page = reader.get("/pakket/wie-ben-jij")
    assert "Wat kost een graduaat?" in page.text and "Nee, hetzelfde." in page.text
    for hidden in ("Kost een graduaat meer?", "Demo Vrager", "School Vraagt", "6 Geheim"):
        assert hidden not in page.text
    assert "Wat kost een graduaat?" not in reader.get("/pakket/talenten").text
    assert browser.post(f"{at}/publiceren", {"words": "Andere woorden?", "versie": "2"}).status == 409
    browser.post(f"{at}/niet-publiceren")
    assert "Wat kost een graduaat?" not in reader.get("/pakket/wie-ben-jij").text
    assert acts() == [Act.QUESTION_ANSWERED, Act.QUESTION_PUBLISHED, Act.QUESTION_UNPUBLISHED]


@pytest.mark.sqlite_alone
def test_a_first_name_in_what_everybody_reads_gets_a_warning_and_is_kept(app: Flask) -> None:
    question, _ = asked(app)
    browser = office(app)
    answer(browser, question)
    browser.post(f"/vragen/{question.id}/publiceren", {"words": "Vraagt Yasmina iets?", "versie": "2"})
    assert "naam van een jongere" in browser.get(f"/vragen/{question.id}").text
    assert kept(question).published_as == "Vraagt Yasmina iets?"


@pytest.mark.sqlite_alone
def test_what_was_taken_back_is_gone_for_the_office(app: Flask) -> None:
    question, person = asked(app)
    Browser(app).sign_in(person).post(f"/pakket/vragen/{question.id}/niet-naar-os")
    browser = office(app)
    assert browser.get(f"/vragen/{question.id}").status == 404
    assert answer(browser, question).status == 404


@pytest.mark.both
def test_the_inbox_costs_the_same_statements_at_any_length(app: Flask) -> None:
    _, person = asked(app)
    browser = office(app)

    def cost() -> list[int]:
        found = []
        for path in ("/vragen", "/vragen?toon=mijn", "/vragen?toon=beantwoord&pagina=2"):
            with statements() as seen:
                assert browser.get(path).status == 200
            found.append(len(seen))
        return found

    def send(count: int) -> None:
        for _ in range(count):
            make_question(person, sent_at=now())
            make_question(person, sent_at=now(), answered_at=now(), answer="Ja.")

    send(35)
    once = cost()
    assert max(once) <= LIST, once
    send(35)
    assert cost() == once


@pytest.mark.both
def test_eight_times_the_same_at_the_same_moment_is_once(app: Flask) -> None:
    """A question parked, and an answer sent, by a hand that trembles: one row, one mail, one line in the audit."""
    question, person = asked(app)
    key = {"text": "Nog een vraag?", "place": "wie-ben-jij", "group": "", "key": new_key()}
    parked = all_at_once(Visit(app, person.id), "/pakket/vragen", key)
    assert same_reply(parked).status == 303
    end_transaction()
    assert len(list(db.session.scalars(select(Question.id).where(Question.text == "Nog een vraag?")))) == 1
    end_transaction()
    staff = make_person(role=Role.OS_STAFF)
    form = {"answer": "Ja, dat kan.", "versie": "1"}
    assert same_reply(all_at_once(Visit(app, staff.id), f"/vragen/{question.id}/antwoord", form)).status == 303
    assert acts() == [Act.QUESTION_ANSWERED]
    assert len([one for one in mails_to(person.email) if "antwoordde" in one.subject]) == 1


@pytest.mark.both
def test_of_two_different_answers_at_the_same_moment_one_is_kept_and_the_other_is_shown(app: Flask) -> None:
    question, person = asked(app)
    staff = [Visit(app, make_person(role=Role.OS_STAFF).id) for _ in range(4)]
    replies = together(
        4,
        lambda number: staff[number].post(
            f"/vragen/{question.id}/antwoord", {"answer": f"Antwoord {number}.", "versie": "1"}
        ),
    )
    assert sorted(reply.status for reply in replies) == [303, 409, 409, 409]
    winner = next(number for number, reply in enumerate(replies) if reply.status == 303)
    assert kept(question).answer == f"Antwoord {winner}."
    assert len([one for one in mails_to(person.email) if "antwoordde" in one.subject]) == 1
