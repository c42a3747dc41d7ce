"""Demo data for an empty database: schools and people that are plainly named so, made by the real actions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms.clock import BRUSSELS, now
from lms.content.case_models import FormatCase, PlacedFormatCase, PlacedPlanTask, PlacedTimingCase, PlanTask, TimingCase
from lms.content.classroom_models import PlacedClassroom, PlayClassroom
from lms.content.library import find_session
from lms.content.models import (
    Choice,
    Exercise,
    Library,
    Multiple,
    Order,
    OwnQuestion,
    PlayDialogue,
    Reflection,
    Rehearsal,
)
from lms.database import db
from lms.dev import demo_following, demo_sessions
from lms.dev.demo_register import add_more_schools
from lms.didactics.timing.cases import best_decisions
from lms.didactics.timing.tasks import fit_bare, written
from lms.errors import Invalid
from lms.inbox import actions as inbox
from lms.learning import actions as learning
from lms.learning.forms import new_key
from lms.learning.queries import find_open_sitting
from lms.learning.rules import Result, judge_option, lesson_refs
from lms.learning.rules.classrooms import FIRST_CLASS, ClassStep
from lms.monitoring.actions.progression import keep_progression
from lms.monitoring.rules.progression import Counts, Reason, open_years
from lms.pack import actions as groups
from lms.pack.actions import questions
from lms.pack.rules.planning import school_year_of
from lms.pack.rules.questions import QuestionFacts
from lms.pack.tables import GroupFacts
from lms.people.queries import find_person_by_email
from lms.people.rules import SignedIn, Visitor
from lms.people.tables import Person, SignIn
from lms.permissions import Role
from lms.schools import actions as schools
from lms.schools.actions import register
from lms.schools.rules import SchoolKind
from lms.schools.rules.register import SchoolFacts
from lms.schools.tables import Contact, Membership


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    email: str
    name: str
    label: str
    role: Role = Role.FACILITATOR


FACILITATOR = DemoPerson(email="begeleider@demo.example", name="Demo Begeleider", label="begeleider")
FINISHED = DemoPerson(email="klaar@demo.example", name="Demo Klaar", label="begeleider met open pakket")
CONTACT = DemoPerson(email="aanspreekpunt@demo.example", name="Demo Aanspreekpunt", label="aanspreekpunt")
STAFF = DemoPerson(email="os@demo.example", name="Demo Medewerker", label="O&S", role=Role.OS_STAFF)
ADMIN = DemoPerson(email="beheerder@demo.example", name="Demo Beheerder", label="beheerder", role=Role.ADMIN)
DEMO_PEOPLE = (FACILITATOR, FINISHED, CONTACT, STAFF, ADMIN)

_SCHOOLS = (
    ("Demoschool Genk", SchoolKind.SECONDARY, "Genk"),
    ("Demoschool Beringen", SchoolKind.SECONDARY, "Beringen"),
    ("Demo-CVO Hasselt", SchoolKind.ADULT_EDUCATION, "Hasselt"),
    ("Demojeugdhuis Maasmechelen", SchoolKind.YOUTH_WORK, "Maasmechelen"),
    ("Demoschool Houthalen", SchoolKind.SECONDARY, "Houthalen-Helchteren"),
)

GENK_COUNTED = Counts(
    started=46, finished=38, visited=21, enrolled=17, working=13, elsewhere=5, not_known=3,
    reasons={Reason.WORK: 11, Reason.TIRED: 6, Reason.UNSURE: 4},
)  # fmt: skip
BERINGEN_COUNTED = Counts(
    started=31, finished=27, visited=9, enrolled=8, working=12, elsewhere=4, not_known=3,
    reasons={Reason.WORK: 9, Reason.MONEY: 5, Reason.ABILITY: 4},
)  # fmt: skip


def is_empty() -> bool:
    return db.session.scalar(select(Person.id).limit(1)) is None


def add_person(person: DemoPerson) -> int:
    """Give a demo person an account; gives its id. No door of the site lets somebody in without mail."""
    row = Person(email=person.email, name=person.name, role=person.role, created_at=now())
    db.session.add(row)
    db.session.commit()
    return row.id


def open_session(email: str, *, device: str | None = None) -> SignedIn:
    """Sign in as a demo person, second factor included. Raises Invalid when there is no such person."""
    person = find_person_by_email(email)
    if person is None:
        raise Invalid("Deze demopersoon bestaat niet. Vul de databank met demogegevens.")
    sign_in, token = SignIn.open_for(person, own_device=False, second_factor=True, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=token, own_device=False)


def fill(library: Library, *, link_base: str) -> None:
    """Fill an empty database. One school is in use, one has nobody, one waits for an answer.

    ``link_base``: where the links in the mails lead.
    """
    ids = {person.email: add_person(person) for person in DEMO_PEOPLE}
    genk, beringen, hasselt, maasmechelen, houthalen = (
        register.add_school(SchoolFacts(name=name, kind=kind, municipality=municipality), by=None)
        for name, kind, municipality in _SCHOOLS
    )
    add_more_schools()
    for email, school_id in ((FACILITATOR.email, genk), (FINISHED.email, beringen), (CONTACT.email, genk)):
        db.session.add(Membership(person_id=ids[email], school_id=school_id, started_at=now()))
    db.session.add(
        Contact(
            school_id=genk,
            name=CONTACT.name,
            email=CONTACT.email,
            person_id=ids[CONTACT.email],
            appointed_at=now(),
            accepted_at=now(),
        )
    )
    db.session.commit()
    staff = _visitor(ids[STAFF.email], STAFF)
    schools.appoint(hasselt, name="Demo Gevraagd", email="gevraagd@demo.example", by=staff, link_base=link_base)
    for lesson in library.course.lessons[:2]:
        answer(library, lesson.exercises, ids[FACILITATOR.email])
    complete(library, ids[FINISHED.email])
    _ask(library, ids[FINISHED.email], SchoolKind.SECONDARY, beringen, staff, link_base)
    demo_following.follow(
        staff=ids[STAFF.email], genk=genk, beringen=beringen, hasselt=hasselt, maasmechelen=maasmechelen,
        houthalen=houthalen, shown=lesson_refs(library.course.lessons[0]),
    )  # fmt: skip
    _count_until_september(genk, GENK_COUNTED, by=_visitor(ids[CONTACT.email], CONTACT))
    _count_until_september(beringen, BERINGEN_COUNTED, by=staff)


def _ask(library: Library, person_id: int, kind: SchoolKind, school_id: int, staff: Visitor, link_base: str) -> None:
    """Questions of a group: one waits, one lies with O&S, one was answered for everybody."""
    today = now().astimezone(BRUSSELS).date()
    facts = GroupFacts(label="6 TSO, maandag", school_id=school_id, school_year=school_year_of(today), kind=kind)
    group_id = groups.add_group(facts, by=person_id)
    demo_sessions.give_sessions(library, person_id, group_id)
    asked = []
    for slug, exercise, text in (
        ("studiekeuze", None, "Mag je van een graduaat naar een bachelor overstappen?"),
        ("leven-als-student", "s4-vragen", "Kan je een studiebeurs krijgen als je ook werkt?"),
        ("leven-als-student", "s4-wie-is-er", "Bij wie kan je terecht als het niet lukt?"),
    ):
        if find_session(library, slug) is not None:
            parked = QuestionFacts(text=text, group_id=group_id, session_slug=slug, exercise_id=exercise)
            asked.append(questions.park_question(parked, key=new_key(), by=person_id))
    for question_id in asked[1:]:
        questions.send_question(question_id, by=person_id)
    for question_id in asked[2:]:
        answer_text = "Begin bij je studentencoach. Die luistert, en weet wie je verder kan helpen."
        inbox.answer_question(question_id, answer_text, version=2, by=staff, link_base=link_base)
        inbox.publish_question(question_id, "Bij wie kan ik terecht als het tegenzit?", version=3, by=staff)


def _count_until_september(school_id: int, counts: Counts, *, by: Visitor) -> None:
    """What the school counted of last school year."""
    year = open_years(now().astimezone(BRUSSELS).date())[0]
    keep_progression(school_id, year, counts, version=0, by=by)


def _visitor(person_id: int, person: DemoPerson) -> Visitor:
    return Visitor(
        token="", sign_in_id=0, id=person_id, name=person.name, email=person.email, role=person.role,
        has_second_factor=True, gave_second_factor=True, is_contact_person=False, has_open_pack=False,
    )  # fmt: skip


def complete(library: Library, person_id: int) -> None:
    """Do everything the completion rule asks, as this person, with right answers."""
    for lesson in library.course.lessons:
        if lesson.is_core:
            if not lesson.exercises:
                learning.finish_lesson(library, lesson.id, by=person_id)
            answer(library, lesson.exercises, person_id)
    test = library.course.test
    learning.start_test(library, by=person_id)
    sitting = find_open_sitting(person_id, test.id)
    drawn = [row["item"] for row in sitting.drawn] if sitting else []
    for item in test.items:
        if item.id in drawn:
            right = next(option.id for option in item.options if option.correct)
            learning.answer_item(library, item.id, right, by=person_id)
    learning.hand_in_test(library, by=person_id)


def answer(library: Library, exercises: tuple[Exercise, ...], person_id: int) -> None:
    """Do these exercises, with right answers."""
    for exercise in exercises:
        if isinstance(exercise, PlayDialogue):
            _play(library, exercise.dialogue, person_id)
        elif isinstance(exercise, PlacedClassroom):
            step = ClassStep(kind="move", seed=FIRST_CLASS, move="close")
            learning.play_classroom(library, exercise.id, step, key=new_key(), by=person_id)
        else:
            learning.submit_answer(library, exercise.id, right_answer(exercise), key=new_key(), by=person_id)


def right_answer(exercise: Exercise) -> dict[str, object]:
    """The best answer to an exercise, in the shape that is stored."""
    match exercise:
        case Choice():
            return {"choice": next(option.id for option in exercise.options if option.correct)}
        case Multiple():
            return {"choices": [option.id for option in exercise.options if option.correct]}
        case Order():
            return {"order": [item.id for item in exercise.items]}
        case Reflection():
            return {"text": "Een voorbeeld van een notitie."}
        case OwnQuestion():
            return {"text": "Wat bedoel je daar precies mee?"}
        case PlayDialogue() | Rehearsal():
            raise TypeError("this is played, not answered")
        case PlacedTimingCase():
            return dict(best_decisions(exercise.taken_from, exercise.minis, exercise.available, exercise.done))
        case PlacedFormatCase():
            return {
                "choice": next(one.id for one in exercise.options if judge_option(exercise, one).result is Result.RIGHT)
            }
        case PlacedPlanTask():
            return _best_plan(exercise)
        case PlayClassroom():
            raise TypeError("a class is played, not answered")
        case TimingCase() | FormatCase() | PlanTask():
            raise TypeError("a case stands in the library with what it is about")
        case _ if exercise.kind == "classify":
            return {item.id: item.label for item in exercise.items}
        case _:
            return {pair.id: pair.accept[0] for pair in exercise.pairs}


def _best_plan(task: PlacedPlanTask) -> dict[str, object]:
    """The plan that fits the first session in one go, as it stands in the toolbox."""
    session = task.taken_from[0]
    hours = (sum(one.minutes for one in session.exercises),)
    blocks = written(fit_bare(session, hours, task.minis).blocks)
    return {"session": session.slug, "time": str(hours[0]), "size": "14", "blocks": blocks}


def _play(library: Library, dialogue_id: str, person_id: int) -> None:
    """Play a dialogue along its best options, the way someone who follows the youngster would."""
    dialogue = next(dialogue for dialogue in library.course.dialogues if dialogue.id == dialogue_id)
    turns = {turn.id: turn for turn in dialogue.turns}
    here, position = dialogue.start, 0
    while here in turns:
        best = max(turns[here].options, key=lambda option: min(option.goals.values()))
        learning.say(library, dialogue_id, position=position, option_id=best.id, by=person_id)
        here, position = best.next, position + 1
