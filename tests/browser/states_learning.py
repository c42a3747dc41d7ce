"""Pages of the navorming and the pack, for every lesson of the course."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from lms.content.models import PLAYED, Dialogue, Exercise, OwnQuestion, PlacedClassroom
from lms.database import db
from lms.dev.demo import FACILITATOR, FINISHED, right_answer
from lms.didactics.classroom.running import begin, make_move
from lms.learning import actions
from lms.learning.actions import rehearsals
from lms.learning.forms import new_key
from lms.learning.queries import find_open_sitting
from lms.learning.rules import course_refs, lesson_refs
from lms.learning.rules.classrooms import ClassStep
from lms.learning.tables import Attempt, Completion, DialoguePlay, DialogueTurnSaid
from lms.monitoring import actions as decisions
from tests.browser.answers import best_way, wrong_answer
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_finished, make_person, make_school
from tests.real_course import real_library
from tests.rich_course import KINDS
from tests.unit.classroom.ways import Way, always_push, follow_the_youngsters, never_stop
from tests.world import STAFF, revoke_pack

LEARNING = States()
REAL = real_library().course
Answer = Callable[[Exercise], dict[str, Any]]

# How many states of a lesson are listed: open; what an answer tells as well; or all of it, where every kind stands.
OPEN, TOLD, ALL_OF_IT = 1, 2, 5
# The lessons that the test site has besides those of the real course.
EXTRA_LESSONS = [("bijvragen", "alle-soorten", ALL_OF_IT), ("bijvragen", "lezen", OPEN)]


def learner(visit: Visit, *, answers: Answer | None = None, lesson: str = "", finished: bool = False) -> int:
    """Sign in as a begeleider who answered the exercises of one lesson; gives the id.

    ``finished``: who did the whole course before, so that no module waits for another one.
    """

    def make() -> int:
        made = make_finished(visit.site.library) if finished else make_person(school=make_school())
        person_id = made.id
        if answers is not None:
            live = visit.site.library
            chosen = next(item for item in live.course.lessons if item.slug == lesson)
            for exercise in chosen.exercises:
                if not isinstance(exercise, PLAYED):
                    actions.submit_answer(live, exercise.id, answers(exercise), key=new_key(), by=person_id)
        return person_id

    person_id = visit.site.inside(make)
    visit.sign_in(person_id)
    return person_id


# ── the map, and what comes after it ───────────────────────────────────────


@LEARNING.add("learning.course", "course, nothing done")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/navorming")


@LEARNING.add("learning.course", "course, half way")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FACILITATOR)).open("/navorming")


@LEARNING.add("learning.course", "course, everything done")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FINISHED)).open("/navorming")


@LEARNING.add("learning.course", "course, without a school")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.inside(make_person).id).open("/navorming")


@LEARNING.add("learning.course", "course, something new since the attest")
def _(visit: Visit) -> None:
    def make() -> int:
        person_id = make_finished(visit.site.library, school=make_school()).id
        extra = next(lesson for lesson in visit.site.library.course.lessons if not lesson.is_core)
        known = sorted(course_refs(visit.site.library.course) - set(lesson_refs(extra)))
        db.session.execute(update(Completion).where(Completion.person_id == person_id).values(known_refs=known))
        db.session.commit()
        return person_id

    visit.sign_in(visit.site.inside(make)).open("/navorming")
    assert visit.page.get_by_role("heading", name="Nieuw sinds je attest").is_visible()


@LEARNING.add("learning.course", "course, everything done and the attest taken back")
def _(visit: Visit) -> None:
    def make() -> int:
        person_id = make_finished(visit.site.library).id
        revoke_pack(person_id)
        return person_id

    visit.sign_in(visit.site.inside(make)).open("/navorming")


for endpoint, name, path in [
    ("learning.finished", "finished", "/navorming/klaar"),
    ("pack.pack", "open pack", "/pakket"),
    ("pack.fiche", "fiche", "/pakket/wie-ben-jij"),
    ("pack.fiche", "fiche with clock times", "/pakket/wie-ben-jij?start=10.25"),
    ("pack.fiche", "fiche with a wrong time", "/pakket/wie-ben-jij?start=halfelf"),
    ("pack.fiche", "fiche that does not exist", "/pakket/bestaat-niet"),
    ("learning.formats", "werkvormen", "/werkvormen"),
    ("learning.formats", "werkvormen, filtered", "/werkvormen?minuten=10&groep=12&zonder=gsm&zonder=scherm"),
    ("learning.formats", "werkvormen, nothing found", "/werkvormen?doel=afronden&energie=hoog"),
    ("learning.formats", "werkvormen, a wrong group", "/werkvormen?groep=veel"),
    ("learning.formats", "werkvormen, no favourites yet", "/werkvormen?favoriet=1"),
    ("learning.format_page", "werkvorm", "/werkvormen/placemat"),
    ("learning.test", "test, passed before", "/navorming/toets?nieuw=1"),
]:
    LEARNING.put(endpoint, name, lambda visit, path=path: visit.sign_in(visit.site.demo_id(FINISHED)).open(path))


@LEARNING.add("pack.pack", "locked pack")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/pakket")


@LEARNING.add("pack.fiche", "fiche behind the lock")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/pakket/wie-ben-jij")


@LEARNING.add("pack.pack", "pack that was taken back")
def _(visit: Visit) -> None:
    def make() -> int:
        person_id = make_finished(visit.site.library).id
        reason = "Deze account wordt door twee mensen gebruikt. Dat spraken we zo niet af."
        decisions.revoke(visit.site.library, person_id, reason=reason, by=STAFF, link_base="http://127.0.0.1")
        return person_id

    visit.sign_in(visit.site.inside(make)).open("/pakket")


# ── looking back ───────────────────────────────────────────────────────────


@LEARNING.add("learning.answers", "own answers, none yet")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/navorming/mijn-antwoorden")


@LEARNING.add("learning.answers", "own answers, of every kind and wrong")
def _(visit: Visit) -> None:
    learner(visit, answers=wrong_answer, lesson="alle-soorten")
    visit.open("/navorming/mijn-antwoorden")


@LEARNING.add("learning.answers", "own answers, of one module")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(FINISHED)).open("/navorming/mijn-antwoorden?deel=bijvragen")


@LEARNING.add("learning.growth", "what I learned, nothing yet")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/navorming/wat-leerde-ik")


@LEARNING.add("learning.growth", "what I learned, first and last")
def _(visit: Visit) -> None:
    person_id = learner(visit, answers=wrong_answer, lesson="alle-soorten")
    dialogue = REAL.dialogues[0]
    say(visit, person_id, dialogue.id, len(best_way(dialogue)))

    def act() -> None:
        live = visit.site.library
        asked = next(one for item in REAL.lessons for one in item.exercises if isinstance(one, OwnQuestion))
        for text in ("Was dat leuk?", "Wat trekt je daarin aan?"):
            actions.submit_answer(live, asked.id, {"text": text}, key=new_key(), by=person_id)

    visit.site.inside(act)
    visit.open("/navorming/wat-leerde-ik")


for name, query in [
    ("nothing asked", ""),
    ("something found", "?q=bijvragen"),
    ("not all words found", "?q=zwijgen+xyzzy"),
    ("nothing found", "?q=xyzzy"),
    ("too short to find anything", "?q=de"),
]:
    LEARNING.put(
        "learning.search_course",
        f"search, {name}",
        lambda visit, query=query: (learner(visit), visit.open(f"/navorming/zoeken{query}"))[0],
    )


# ── lessons ────────────────────────────────────────────────────────────────


WAITING = {module.slug for module in REAL.modules if module.after}


def open_lesson(module: str, lesson: str, answers: Answer | None, query: str = "") -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        learner(visit, answers=answers, lesson=lesson, finished=module in WAITING)
        visit.open(f"/navorming/{module}/{lesson}{query}")

    return way


def try_again(module: str, lesson: str) -> Callable[[Visit], None]:
    """Everything answered wrong, then the first exercise opened again."""

    def way(visit: Visit) -> None:
        open_lesson(module, lesson, wrong_answer)(visit)
        visit.page.get_by_role("link", name="Probeer opnieuw").or_(
            visit.page.get_by_role("link", name="Schrijf verder")
        ).first.click()
        visit.page.wait_for_url("**opnieuw=*")

    return way


def leave_empty(module: str, lesson: str) -> Callable[[Visit], None]:
    """Send the first exercise that can be incomplete, without script: the whole page comes back with an error."""

    def way(visit: Visit) -> None:
        open_lesson(module, lesson, None)(visit)
        visit.page.locator("[data-exercise] form").first.evaluate("(form) => form.submit()")
        visit.page.locator("#foutmelding").wait_for()

    return way


def put_lesson(module: str, lesson: str, states: int) -> None:
    for name, way in [
        ("open", open_lesson(module, lesson, None)),
        ("answered wrong", open_lesson(module, lesson, wrong_answer)),
        ("answered right", open_lesson(module, lesson, right_answer)),
        ("trying again", try_again(module, lesson)),
        ("incomplete", leave_empty(module, lesson)),
    ][:states]:
        LEARNING.put("learning.lesson", f"lesson {lesson}, {name}", way)


looked_at: set[str] = {"dialogue", "classroom", "rehearsal", "plan"}
for module in REAL.modules:
    for lesson in module.lessons:
        kinds = {item.kind for item in lesson.exercises}
        put_lesson(module.slug, lesson.slug, OPEN if kinds <= looked_at or module.slug in WAITING else TOLD)
        looked_at |= kinds
LEARNING.put(
    "learning.lesson",
    "lesson that waits for another module",
    lambda visit: (learner(visit), visit.open("/navorming/sessies/sessie-wie-ben-jij"))[0],
)
for module_slug, lesson_slug, states in EXTRA_LESSONS:
    put_lesson(module_slug, lesson_slug, states)


def kinds_shown() -> set[str]:
    """The kinds of exercise that the listed lessons hold."""
    return {exercise.kind for lesson in REAL.lessons for exercise in lesson.exercises} | {
        line.split()[1] for line in KINDS.splitlines() if line.startswith("kind: ")
    }


# ── dialogues ──────────────────────────────────────────────────────────────


def say(visit: Visit, person_id: int, dialogue_id: str, turns: int) -> None:
    """Let somebody say the first so many turns of the best way."""

    def act() -> None:
        live = visit.site.library
        dialogue = next(item for item in live.course.dialogues if item.id == dialogue_id)
        for position, option in enumerate(best_way(dialogue)[:turns]):
            actions.say(live, dialogue_id, position=position, option_id=option.id, by=person_id)

    visit.site.inside(act)


def dialogue_after(dialogue: Dialogue, turns: int) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        say(visit, learner(visit), dialogue.id, turns)
        visit.open(f"/navorming/gesprek/{dialogue.slug}")

    return way


def say_nothing(dialogue: Dialogue) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        dialogue_after(dialogue, 1)(visit)
        visit.page.get_by_role("button", name="Zeg dit").click()
        visit.page.locator("#foutmelding").wait_for()

    return way


def lost(dialogue: Dialogue) -> Callable[[Visit], None]:
    """What was said is no longer in the content."""

    def way(visit: Visit) -> None:
        person_id = learner(visit)
        say(visit, person_id, dialogue.id, 1)

        def forget() -> None:
            plays = select(DialoguePlay.id).where(DialoguePlay.person_id == person_id)
            db.session.execute(
                update(DialogueTurnSaid).where(DialogueTurnSaid.play_id.in_(plays)).values(option_id="weg")
            )
            db.session.commit()

        visit.site.inside(forget)
        visit.open(f"/navorming/gesprek/{dialogue.slug}")

    return way


def written_variant(dialogue: Dialogue, button: int) -> Callable[[Visit], None]:
    """Answer the written variant of a heavy conversation in the page."""

    def way(visit: Visit) -> None:
        learner(visit)
        page = visit.open(f"/navorming/gesprek/{dialogue.slug}")
        page.locator("#schriftelijk [type=radio]").nth(button).check()
        page.locator("#schriftelijk button").click()
        page.locator("#schriftelijk .feedback").wait_for()

    return way


for dialogue in REAL.dialogues:
    length = len(best_way(dialogue))
    # Half way looks the same in each conversation.
    turns_of = {"start": 0, "ended": length} | ({"half way": length // 2} if dialogue is REAL.dialogues[0] else {})
    for name, turns in turns_of.items():
        LEARNING.put("learning.dialogue", f"dialogue {dialogue.slug}, {name}", dialogue_after(dialogue, turns))
    if dialogue.written_variant:
        for button in range(len(dialogue.written_variant.options)):
            name = f"dialogue {dialogue.slug}, written variant {button + 1}"
            LEARNING.put("learning.dialogue", name, written_variant(dialogue, button))
LEARNING.put("learning.dialogue", "dialogue, nothing chosen", say_nothing(REAL.dialogues[0]))
LEARNING.put("learning.dialogue", "dialogue, rewritten meanwhile", lost(REAL.dialogues[0]))


# ── a class ────────────────────────────────────────────────────────────────


def class_after(way: Way, turns: int, seed: int = 1) -> Callable[[Visit], None]:
    """A class in which somebody made the first so many moves of a way to lead it."""

    def enter(visit: Visit) -> None:
        person_id = learner(visit)

        def act() -> None:
            live = visit.site.library
            run = begin(CLASS.scenario, seed)
            for position in range(turns):
                if run.is_over:
                    break
                move = way(run)
                step = ClassStep(kind="move", seed=seed, position=position, move=move.id)
                actions.play_classroom(live, CLASS.id, step, key=new_key(), by=person_id)
                run = make_move(run, move)

        visit.site.inside(act)
        visit.open(CLASS_PAGE)

    return enter


def class_with_a_youngster_open(visit: Visit) -> None:
    class_after(follow_the_youngsters, 4)(visit)
    visit.page.locator(".seat summary").first.click()
    visit.page.locator(".seat details[open] button").first.wait_for()


def class_elsewhere(visit: Visit) -> None:
    """A move on a page that another window has left behind."""
    class_after(follow_the_youngsters, 2)(visit)
    visit.page.evaluate("() => { for (const one of document.getElementsByName('position')) one.value = '0'; }")
    visit.page.get_by_role("button", name="Wacht en zwijg").click()
    visit.page.locator("#foutmelding").wait_for()


def class_rewritten(visit: Visit) -> None:
    class_after(follow_the_youngsters, 2)(visit)

    def forget() -> None:
        gone = {"seed": 1, "moves": ["ask:weg"]}
        db.session.execute(update(Attempt).where(Attempt.exercise_id == CLASS.id).values(answer=gone))
        db.session.commit()

    visit.site.inside(forget)
    visit.open(CLASS_PAGE)


CLASS = next(item for lesson in REAL.lessons for item in lesson.exercises if isinstance(item, PlacedClassroom))
CLASS_PAGE = f"/navorming/klas/{CLASS.scenario.slug}"
for name, enter in {
    "start": class_after(follow_the_youngsters, 0),
    "a youngster open": class_with_a_youngster_open,
    "the bell": class_after(never_stop, 14),
    "debrief, all good": class_after(follow_the_youngsters, 20),
    "debrief, weak": class_after(always_push, 20),
    "another window": class_elsewhere,
    "rewritten meanwhile": class_rewritten,
}.items():
    LEARNING.put("learning.classroom", f"class, {name}", enter)
# ── a session against the clock ────────────────────────────────────────────


def rehearse(visit: Visit, *choices: str, day: int = 17, forget: bool = False) -> None:
    """Session 1 on one day, after these decisions; ``forget``: the exercise was rewritten since."""
    person_id = learner(visit)

    def act() -> None:
        live = visit.site.library
        rehearsals.begin(live, "m4-l6-wie-ben-jij", after=0, day=day, by=person_id)
        for position, choice in enumerate(choices):
            rehearsals.decide(live, "m4-l6-wie-ben-jij", run=1, position=position, choice=choice, by=person_id)
        if forget:
            db.session.execute(update(Attempt).where(Attempt.person_id == person_id).values(content_digest="oud"))
            db.session.commit()

    visit.site.inside(act)
    visit.open("/navorming/doorloop/wie-ben-jij")


@LEARNING.add("learning.rehearsal", "against the clock, before the start")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/navorming/doorloop/studiekeuze")


@LEARNING.add("learning.rehearsal", "against the clock, a day that does not exist")
def _(visit: Visit) -> None:
    learner(visit)
    page = visit.open("/navorming/doorloop/wie-ben-jij")
    page.locator("summary").filter(has_text="collega").click()
    page.locator("#dag").fill("100")
    page.get_by_role("button", name="Speel deze dag").click()
    page.locator("#foutmelding").wait_for()


@LEARNING.add("learning.rehearsal", "against the clock, nothing chosen")
def _(visit: Visit) -> None:
    rehearse(visit)
    visit.page.get_by_role("button", name="Doe dit en ga verder").click()
    visit.page.locator("#foutmelding").wait_for()


LEARNING.put("learning.rehearsal", "against the clock, half way", lambda visit: rehearse(visit, "shorten"))
LEARNING.put(
    "learning.rehearsal", "against the clock, it could be better", lambda visit: rehearse(visit, "shorten", "go_on")
)
LEARNING.put("learning.rehearsal", "against the clock, the best", lambda visit: rehearse(visit, "shorten", "shorten"))
LEARNING.put(
    "learning.rehearsal", "against the clock, rewritten", lambda visit: rehearse(visit, "shorten", forget=True)
)


# ── the test ───────────────────────────────────────────────────────────────


def sit(visit: Visit, *, answered: int | None, right: bool = True, hand_in: bool = False) -> None:
    """A begeleider in the test after so many answers; None means all."""
    person_id = learner(visit)

    def act() -> None:
        live = visit.site.library
        actions.start_test(live, by=person_id)
        sitting = find_open_sitting(person_id, live.course.test.id)
        assert sitting is not None
        items = {item.id: item for item in live.course.test.items}
        for row in sitting.drawn[:answered]:
            option = next(option for option in items[row["item"]].options if bool(option.correct) is right)
            actions.answer_item(live, row["item"], option.id, by=person_id)
        if hand_in:
            actions.hand_in_test(live, by=person_id)

    visit.site.inside(act)
    visit.open("/navorming/toets")


@LEARNING.add("learning.test", "test, before the start")
def _(visit: Visit) -> None:
    learner(visit)
    visit.open("/navorming/toets")


LEARNING.put("learning.test", "test, second question", lambda visit: sit(visit, answered=1))
LEARNING.put("learning.test", "test, overview", lambda visit: sit(visit, answered=None))
LEARNING.put("learning.test", "test, passed", lambda visit: sit(visit, answered=None, hand_in=True))
LEARNING.put("learning.test", "test, failed", lambda visit: sit(visit, answered=None, right=False, hand_in=True))


@LEARNING.add("learning.test", "test, nothing chosen")
def _(visit: Visit) -> None:
    sit(visit, answered=0)
    visit.page.get_by_role("button", name="Volgende").click()
    visit.page.locator("#foutmelding").wait_for()
