"""Going the whole way from registration to the open pack, with any pair of hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from lms.content.case_models import PlacedPlanTask
from lms.content.models import Dialogue, Exercise, Lesson, PlayDialogue
from lms.dev.demo import right_answer
from tests.browser.answers import best_way
from tests.browser.site import Visit, code_in_mailbox

NEXT = 'nav[aria-label="Vorige en volgende les"] a:last-child'
# The parts of a form that somebody fills in, as they stand on the page.
PARTS = """(form) => [...form.elements].filter((e) => e.name && e.type !== "hidden" && !e.disabled)
  .map((e) => ({name: e.name, type: e.type, value: e.value}))"""


class Hands(Protocol):
    """How somebody works a page: chooses, types, pushes and goes on."""

    def choose(self, group: str, value: str) -> None: ...
    def tick(self, selector: str) -> None: ...
    def select(self, selector: str, value: str) -> None: ...
    def fill(self, selector: str, text: str) -> None: ...
    def push(self, selector: str) -> None: ...
    def follow(self, selector: str) -> None: ...


class Pointer:
    """Hands with a mouse, or a finger."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page

    def choose(self, group: str, value: str) -> None:
        self.page.locator(f'{group}[value="{value}"]').check()

    def tick(self, selector: str) -> None:
        self.page.locator(selector).check()

    def select(self, selector: str, value: str) -> None:
        self.page.locator(selector).select_option(value)

    def fill(self, selector: str, text: str) -> None:
        self.page.locator(selector).fill(text)

    def push(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def follow(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.push(selector)


def values_of(answer: dict[str, Any]) -> dict[str, Any]:
    """A stored answer as the fields of the form that posts it."""
    match answer:
        case {"order": order}:
            return {f"p-{item}": str(place) for place, item in enumerate(order, start=1)}
        case {"choice": _} | {"choices": _} | {"text": _}:
            return answer
        case _:
            return {f"p-{part}": value for part, value in answer.items()}


def fill_in(visit: Visit, hands: Hands, exercise: Exercise, answer: dict[str, Any]) -> None:
    """Put an answer in the open form of an exercise, part by part in the order of the page."""
    values, card = values_of(answer), f"#ex-{exercise.id}"
    done = set()
    for part in visit.page.locator(f"{card} form").evaluate(PARTS):
        name, where = part["name"], f'{card} [name="{part["name"]}"]'
        if part["type"] == "checkbox" and part["value"] in values[name]:
            hands.tick(f'{where}[value="{part["value"]}"]')
        elif name in done:
            continue
        elif part["type"] == "radio":
            hands.choose(where, values[name])
        elif part["type"] == "select-one":
            hands.select(where, values[name])
        elif part["type"] == "textarea":
            hands.fill(where, values[name])
        done.add(name)


def check(visit: Visit, hands: Hands, exercise: Exercise) -> None:
    """Push "Kijk na" and wait for the judgement, which comes in place or as a page."""
    # An own bijvraag that was judged has a form of its own, to disagree.
    button = f"#ex-{exercise.id} form:not([action$='niet-eens']) button"
    hands.push(button)
    visit.page.locator(button).wait_for(state="detached")
    visit.page.wait_for_load_state()


def register(visit: Visit, hands: Hands, email: str, school: str) -> Iterator[str]:
    page = visit.open("/registreren")
    hands.fill("#name", "Ilse Nieuw")
    hands.fill("#email", email)
    value = page.locator("#school option", has_text=school).get_attribute("value")
    assert value is not None
    hands.select("#school", value)
    hands.follow("main form button")
    yield "registration"
    hands.fill("#code", code_in_mailbox(visit, email))
    hands.follow("main form button")
    assert page.url.endswith("/navorming"), page.url
    yield "code"


def play(visit: Visit, hands: Hands, dialogue: Dialogue) -> Iterator[str]:
    """Say what follows the youngster, turn by turn, and go on to the next lesson."""
    hands.follow(f'.exercise a[href="/navorming/gesprek/{dialogue.slug}"]')
    for option in best_way(dialogue):
        hands.choose('#nu [name="option"]', option.id)
        hands.follow("#nu button")
        yield f"turn {option.id} of {dialogue.slug}"
    hands.follow("#nu a.btn-big")


def make_plan(hands: Hands) -> None:
    """Hand in the plan that fits session 1 in a lesson hour; the lesson comes back."""
    hands.follow('.exercise a[href="/navorming/eindtaak"]')
    hands.select("#sessie", "wie-ben-jij")
    hands.fill("#uren", "50")
    hands.fill("#aantal", "14")
    hands.follow('main form[method="get"] button')
    hands.follow('main form[method="post"] button')


def do_lesson(visit: Visit, hands: Hands, lesson: Lesson) -> Iterator[str]:
    """Do what a lesson asks and go on; a lesson that is never required is passed by."""
    dialogues = {dialogue.id: dialogue for dialogue in visit.site.library.course.dialogues}
    gone_on = False
    for exercise in lesson.exercises if lesson.is_core else ():
        if isinstance(exercise, PlayDialogue):
            yield from play(visit, hands, dialogues[exercise.dialogue])
            gone_on = True
        elif isinstance(exercise, PlacedPlanTask):
            make_plan(hands)
            yield f"exercise {exercise.id}"
        else:
            fill_in(visit, hands, exercise, right_answer(exercise))
            check(visit, hands, exercise)
            yield f"exercise {exercise.id}"
    if lesson.is_core and not lesson.exercises:
        hands.follow("main form button")
        yield f"reading {lesson.id}"
    elif not gone_on:
        hands.follow(NEXT)


def take_test(visit: Visit, hands: Hands) -> Iterator[str]:
    """Answer every question right and hand in."""
    test = visit.site.library.course.test
    items = {item.id: item for item in test.items}
    hands.follow("main form button")
    yield "start of the test"
    for _ in range(test.questions):
        address = visit.page.locator("main form").get_attribute("action")
        assert address is not None
        item = items[address.rpartition("/")[2]]
        hands.choose('main [name="option"]', next(option.id for option in item.options if option.correct))
        hands.follow("main form button")
        yield f"question {item.id}"
    hands.follow("main form button")
    yield "the last step"


def whole_way(visit: Visit, hands: Hands, email: str, school: str) -> Iterator[str]:
    """From /registreren to the open fiche; yields the name of every step once it is done."""
    yield from register(visit, hands, email, school)
    hands.follow(".course-scene a")
    for lesson in visit.site.library.course.lessons:
        yield from do_lesson(visit, hands, lesson)
    assert visit.page.url.endswith("/navorming/toets"), visit.page.url
    yield from take_test(visit, hands)
    assert visit.page.url.endswith("/navorming/klaar"), visit.page.url
    hands.follow('main a[href="/pakket"]')
    hands.follow('main a[href="/pakket/wie-ben-jij"]')
