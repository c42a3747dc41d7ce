"""Two real browsers of one person: what was begun on the phone goes on at the desk, at the same place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lms.dev.demo import right_answer
from tests.browser.learner import Pointer, check, fill_in
from tests.browser.site import Site, Visit
from tests.browser.states_learning import learner

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def two(server: Site, enter: Callable[..., Visit]) -> tuple[Visit, Visit]:
    phone, desk = enter(server, **PHONE), enter(server, **DESK)
    person_id = learner(phone)
    desk.sign_in(person_id)
    return phone, desk


def go_on(visit: Visit) -> str:
    """Open the start page and push its one big button; gives the address it leads to."""
    visit.open("/start")
    visit.page.locator(".course-scene a.btn-big").click()
    visit.page.wait_for_load_state()
    return visit.page.url.removeprefix(visit.site.url)


def test_a_lesson_goes_on_at_the_exercise_after_the_last_answer(two: tuple[Visit, Visit]) -> None:
    phone, desk = two
    module, lesson = next(
        (module, lesson)
        for module in phone.site.library.course.modules
        for lesson in module.lessons
        if not module.after and lesson.is_core and len([x for x in lesson.exercises if x.kind != "dialogue"]) > 1
    )
    first, second = lesson.exercises[:2]
    phone.open(f"/navorming/{module.slug}/{lesson.slug}")
    fill_in(phone, Pointer(phone), first, right_answer(first))
    check(phone, Pointer(phone), first)
    assert go_on(desk) == f"/navorming/{module.slug}/{lesson.slug}#ex-{second.id}"
    card = desk.page.locator(f"#ex-{second.id}")
    assert card.evaluate("(card) => card.getBoundingClientRect().top < window.innerHeight"), "it is in sight"
    desk.page.get_by_role("link", name="Ga verder waar je stopte").wait_for()


def test_a_conversation_goes_on_where_it_was(two: tuple[Visit, Visit]) -> None:
    phone, desk = two
    dialogue = phone.site.library.course.dialogues[0]
    phone.open(f"/navorming/gesprek/{dialogue.slug}")
    phone.page.locator('#nu [name="option"]').first.check()
    phone.page.locator("#nu button").click()
    phone.page.locator('[name="position"][value="1"]').first.wait_for(state="attached")
    spoken = phone.page.locator(".chat .me .bubble").all_inner_texts()
    address = go_on(desk)
    desk.page.locator(f'.exercise a[href="/navorming/gesprek/{dialogue.slug}"]').first.click()
    desk.page.locator(".chat .me .bubble").first.wait_for()
    assert desk.page.locator(".chat .me .bubble").all_inner_texts() == spoken, address


def test_a_half_filled_test_goes_on_at_the_first_open_question(two: tuple[Visit, Visit]) -> None:
    phone, desk = two
    phone.open("/navorming/toets")
    phone.page.get_by_role("button", name="Start de toets").click()
    for number in range(1, 4):
        phone.page.get_by_role("heading", name="Toets").wait_for()
        phone.page.locator('main [name="option"]').first.check()
        phone.page.get_by_role("button", name="Volgende").click()
        phone.page.wait_for_load_state()
        phone.page.get_by_text(f"Vraag {number + 1} van").first.wait_for()
    question = phone.page.locator("legend").inner_text()
    assert go_on(desk) == "/navorming/toets"
    assert desk.page.locator("legend").inner_text() == question
