"""Questions that travel: those of a begeleider, and the inbox of O&S."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.clock import now
from lms.database import db
from lms.dev.demo import STAFF
from lms.pack.rules.logs import Outcome
from lms.pack.tables import LoggedBlock
from lms.people.tables import Person
from lms.permissions import Role
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_finished, make_group, make_log, make_person, make_question, make_school

QUESTIONS = States()
AT = "/pakket/vragen"


def owner(visit: Visit, *, full: bool = False) -> int:
    """Sign in with an open pack; ``full``: with questions in every state. Gives the id of an open one, or 0."""

    def make() -> tuple[int, int]:
        person = make_finished(visit.site.library)
        if not full:
            return person.id, 0
        group = make_group(person, label="6 TSO maandag")
        make_group(person, label="Graduaat verpleegkunde, avondgroep")
        answered = {"sent_at": now(), "answered_at": now(), "answer": "Ja.\n\nKijk op https://www.ucll.be/nl/vervoer."}
        waiting = make_question(person, group, text="Mag je naast een graduaat werken?")
        make_question(person, group, text="Wat als ik de richting niet aankan?", sent_at=now())
        make_question(person, group, text="Betaalt iemand de bus?", published_at=now(), published_as="Bus?", **answered)
        make_question(person, group, text="Hoe groot zijn de klassen?", settled_at=now(), **answered)
        return person.id, waiting.id

    person_id, waiting = visit.site.inside(make)
    visit.sign_in(person_id)
    return waiting


@QUESTIONS.add("pack.questions", "questions, none yet")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open(AT)


@QUESTIONS.add("pack.questions", "questions in every state")
def _(visit: Visit) -> None:
    owner(visit, full=True)
    visit.open(AT).locator("summary").first.click()


@QUESTIONS.add("pack.questions", "question, with an error")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open(AT).get_by_role("button", name="Parkeer", exact=True).click()


@QUESTIONS.add("pack.questions", "questions behind the lock")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.inside(lambda: make_person().id))
    visit.open(AT)


@QUESTIONS.add("pack.question", "question to write down better")
def _(visit: Visit) -> None:
    visit.open(f"{AT}/{owner(visit, full=True)}")


@QUESTIONS.add("pack.question", "question, changed elsewhere")
def _(visit: Visit) -> None:
    page = visit.open(f"{AT}/{owner(visit, full=True)}")
    page.locator("[name=versie]").evaluate("field => { field.value = '7' }")
    page.get_by_label("Wat vroeg de groep?").fill("Mag je werken naast de opleiding?")
    page.get_by_role("button", name="Bewaar").click()


@QUESTIONS.add("pack.fiche", "fiche with published questions")
def _(visit: Visit) -> None:
    owner(visit, full=True)
    visit.open("/pakket/wie-ben-jij").locator("summary").last.click()


@QUESTIONS.add("pack.fiche", "fiche with real durations and one's own last time")
def _(visit: Visit) -> None:
    owner(visit)

    def give() -> None:
        person = db.session.scalars(select(Person).order_by(Person.id.desc())).first()
        for number in range(5):
            log = make_log(person, group_mark=f"staat-{number}", worked="In duo's praten")
            for position, outcome in enumerate((Outcome.DONE, Outcome.HOME)):
                block = ("s1-verleden", "s1-toekomst")[position]
                db.session.add(
                    LoggedBlock(
                        log_id=log.id, position=position, block_id=block, exercise_id=block, outcome=outcome,
                        planned_minutes=20, actual_minutes=None if position else 22 + number,
                    )
                )  # fmt: skip
        db.session.commit()

    visit.site.inside(give)
    visit.open("/pakket/wie-ben-jij").get_by_text("Gepland en echt").click()


@QUESTIONS.add("pack.warm_up", "warm-up on open questions")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/pakket/opwarmen?ronde=1&soort=open")


@QUESTIONS.add("pack.warm_up", "warm-up, with something open")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/pakket/opwarmen?ronde=1&soort=volgen").get_by_role("button", name="Kijk na").click()


@QUESTIONS.add("pack.warm_up", "warm-up, looked at")
def _(visit: Visit) -> None:
    owner(visit)
    page = visit.open("/pakket/opwarmen?ronde=1&soort=volgen")
    for number in range(page.locator("fieldset.q").count()):
        page.locator("fieldset.q").nth(number).locator("label").nth(number % 2).click()
    page.locator("textarea").fill("Waarom doe je dat toch?")
    page.get_by_role("button", name="Kijk na").click()
    page.get_by_text("Neem mee naar de klas").wait_for()


def sent(visit: Visit, *, answered: bool = False, published: bool = False) -> int:
    """Something that a school sent last week; gives its id. Signs in as O&S."""

    def make() -> int:
        person = make_finished(visit.site.library, name="Demo Vrager")
        more = {"answered_at": now(), "answer": "Vraag het aan de trajectcoach."} if answered else {}
        more |= {"published_at": now(), "published_as": "Wie helpt met een traject?"} if published else {}
        return make_question(
            person, text="Wie helpt met mijn traject?", school_id=make_school().id, sent_at=now() - timedelta(days=9),
            **more,
        ).id  # fmt: skip

    question = visit.site.inside(make)
    visit.sign_in(visit.site.demo_id(STAFF))
    return question


@QUESTIONS.add("inbox.questions", "inbox, nothing waits", server="empty_server")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.inside(lambda: make_person(role=Role.OS_STAFF).id))
    visit.open("/vragen")


@QUESTIONS.add("inbox.questions", "inbox with a question that waits long")
def _(visit: Visit) -> None:
    sent(visit)
    visit.open("/vragen")


@QUESTIONS.add("inbox.questions", "inbox, answered")
def _(visit: Visit) -> None:
    sent(visit, answered=True, published=True)
    visit.open("/vragen?toon=beantwoord")


@QUESTIONS.add("inbox.question", "question for the office")
def _(visit: Visit) -> None:
    visit.open(f"/vragen/{sent(visit)}")


@QUESTIONS.add("inbox.question", "question for the office, published")
def _(visit: Visit) -> None:
    visit.open(f"/vragen/{sent(visit, answered=True, published=True)}")


@QUESTIONS.add("inbox.question", "question for the office, with an error")
def _(visit: Visit) -> None:
    visit.open(f"/vragen/{sent(visit)}").get_by_role("button", name="Verstuur het antwoord").click()


@QUESTIONS.add("inbox.question", "question for the office, answered by a colleague meanwhile")
def _(visit: Visit) -> None:
    page = visit.open(f"/vragen/{sent(visit, answered=True)}")
    page.locator("[name=versie]").first.evaluate("field => { field.value = '7' }")
    page.get_by_label("Je antwoord").fill("Vraag het aan de studiecoach.")
    page.get_by_role("button", name="Verstuur het betere antwoord").click()
