"""The whole way without a mouse, on a phone screen, with the focus in sight at every stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from lms.content.models import Choice, PlayDialogue
from lms.database import db
from lms.dev.demo import STAFF
from lms.pack.tables import Question
from tests.browser.answers import wrong_answer
from tests.browser.keys import STOP, Keys
from tests.browser.learner import check, fill_in, whole_way
from tests.browser.site import Site, Visit, invitation_in_mailbox
from tests.browser.states_learning import learner
from tests.factories import make_finished, make_school

PHONE = {"width": 390, "height": 844}


@pytest.mark.slow
def test_from_registration_to_the_open_fiche(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    keys = Keys(visit.page)
    steps = []
    for step in whole_way(visit, keys, "toetsenbord@demo.example", server.inside(make_school).name):
        steps.append(step)
        if step.startswith("exercise "):
            # All was right: the focus is on the card, so that a screen reader goes on from there.
            expected = f"ex-{step.removeprefix('exercise ')}"
            assert visit.has_focus(f"#{expected}"), f"after {step} the focus is elsewhere"
    course = server.library.course
    core = [item for lesson in course.lessons if lesson.is_core for item in lesson.exercises]
    assert {f"exercise {item.id}" for item in core if not isinstance(item, PlayDialogue)} <= set(steps)
    assert visit.page.url.endswith("/pakket/wie-ben-jij")
    assert visit.page.locator("ol.fiche > li").count() > 1
    assert keys.stops > 100


def test_after_a_wrong_answer_the_focus_is_on_the_first_wrong_question(
    server: Site, enter: Callable[..., Visit]
) -> None:
    visit = enter(server, **PHONE)
    learner(visit)
    keys = Keys(visit.page)
    module, lesson = next(
        (module, lesson)
        for module in server.library.course.modules
        for lesson in module.lessons
        if any(item.kind == "classify" for item in lesson.exercises)
    )
    exercise = next(item for item in lesson.exercises if item.kind == "classify")
    visit.open(f"/navorming/{module.slug}/{lesson.slug}")
    answer = {item.id: item.label for item in exercise.items}
    second = exercise.items[1].id
    answer[second] = wrong_answer(exercise)[second]
    fill_in(visit, keys, exercise, answer)
    check(visit, keys, exercise)
    assert visit.has_focus(f"#ex-{exercise.id}-{second}")
    visit.page.locator(f"#ex-{exercise.id}-{second} .feedback-wrong").wait_for()


def test_typing_an_own_bijvraag_trying_again_and_disagreeing(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    learner(visit)
    module, lesson, exercise = next(
        (module.slug, lesson.slug, exercise)
        for module in server.library.course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if exercise.kind == "own_question"
    )
    card = f"#ex-{exercise.id}"
    keys = Keys(visit.open(f"/navorming/{module}/{lesson}"))
    fill_in(visit, keys, exercise, wrong_answer(exercise))
    left = 300 - len(wrong_answer(exercise)["text"])
    assert visit.page.locator(f"{card} [data-count-of]").inner_text() == f"nog {left} tekens"
    check(visit, keys, exercise)
    assert visit.has_focus(f"#ex-{exercise.id}")
    assert "Dit kan beter" in visit.page.locator(card).inner_text()
    keys.follow(f"{card} form a")
    assert visit.page.locator(f"{card} textarea").input_value() == wrong_answer(exercise)["text"]
    check(visit, keys, exercise)
    keys.push(f"{card} form[action$='niet-eens'] button")
    visit.page.get_by_text("O&S leest je vraag en dit oordeel").wait_for()
    assert visit.has_focus(f"#ex-{exercise.id}")


def test_without_script_the_focus_is_on_the_card_after_an_answer(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, java_script_enabled=False, **PHONE)
    learner(visit)
    keys = Keys(visit.page)
    module, lesson, exercise = first_choice(server)
    visit.open(f"/navorming/{module}/{lesson}")
    keys.choose(f'#ex-{exercise.id} [name="choice"]', wrong_answer(exercise)["choice"])
    keys.follow(f"#ex-{exercise.id} form button")
    visit.page.locator(f"#ex-{exercise.id} .feedback-wrong").wait_for()
    assert visit.has_focus(f"#ex-{exercise.id}")


def test_an_incomplete_answer_puts_the_focus_on_what_is_missing(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    learner(visit)
    keys = Keys(visit.page)
    module, lesson, exercise = first_choice(server)
    visit.open(f"/navorming/{module}/{lesson}")
    keys.push(f"#ex-{exercise.id} form button")
    visit.page.locator(f"#ex-{exercise.id}-fout").wait_for()
    assert visit.has_focus(f"#ex-{exercise.id}-fout")


def first_choice(server: Site) -> tuple[str, str, Choice]:
    """Module, lesson and the first exercise that is a plain choice."""
    return next(
        (module.slug, lesson.slug, exercise)
        for module in server.library.course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, Choice)
    )


def test_noting_a_contact_in_a_dialog(server: Site, enter: Callable[..., Visit]) -> None:
    """The form opens over the page of the school, keeps the focus inside, and Escape closes it."""
    staff = enter(server, **PHONE)
    school = server.inside(make_school)
    staff.sign_in(server.demo_id(STAFF))
    page = staff.open(f"/scholen/{school.id}")
    keys = Keys(page)
    keys.push("a[data-dialog]")
    page.get_by_role("dialog", name="Contact noteren").wait_for()
    keys.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    assert staff.has_focus("a"), "the focus is back on the link"
    keys.press("Enter")
    page.get_by_role("dialog", name="Contact noteren").wait_for()
    keys.reach("#text")
    keys.type("Gebeld met het onthaal, met het toetsenbord alleen.")
    keys.follow("dialog form .btn-big")
    assert "is genoteerd" in page.locator(".flash").inner_text()
    page.get_by_text("met het toetsenbord alleen").wait_for()


def test_appointing_an_aanspreekpunt_and_accepting(server: Site, enter: Callable[..., Visit]) -> None:
    staff, asked = enter(server, **PHONE), enter(server, **PHONE)
    # The list shows the schools without an aanspreekpunt first, by name.
    new = server.inside(lambda: make_school(name="Aaschool"))
    keys = Keys(staff.open("/aanmelden"))
    keys.follow(f'button[value="{STAFF.email}"]')
    assert staff.page.url.endswith("/vandaag")
    keys.push("button.menu-btn")
    keys.follow('nav.menu a[href="/scholen"]')
    school = f"/scholen/{new.id}"
    keys.follow(f'a[href="{school}"]')
    keys.follow(f'a[href="{school}/aanspreekpunt"]')
    keys.fill("#name", "Toetse Bord")
    keys.fill("#email", "toetse.bord@demo.example")
    keys.follow("main form button")
    assert "Toetse Bord krijgt een mail" in staff.page.locator(".flash").inner_text()

    link = invitation_in_mailbox(asked, "toetse.bord@demo.example")
    own = Keys(asked.page)
    asked.page.goto(link)
    own.follow("main form button")
    assert asked.page.url.endswith("/mijn-school")
    assert "Aaschool" in asked.page.locator("h1").inner_text()
    staff.page.reload()
    assert "Aanspreekpunt sinds" in staff.page.locator("main").inner_text()


def test_the_menu_of_a_phone_opens_and_closes(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    learner(visit)
    keys = Keys(visit.open("/navorming"))
    keys.push(".menu-btn")
    menu = visit.page.locator("#menu")
    menu.wait_for()
    keys.press("Escape")
    menu.wait_for(state="hidden")
    assert visit.has_focus(".menu-btn")
    keys.press("Enter")
    keys.follow('#menu a[href="/pakket"]')
    assert visit.page.url.endswith("/pakket")


def test_staff_find_the_rest_of_the_menu_behind_meer(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, width=1000, height=800)
    keys = Keys(visit.open("/aanmelden"))
    keys.follow(f'button[value="{STAFF.email}"]')
    assert visit.page.locator(".nav a").all_inner_texts() == ["Vandaag", "Scholen", "Overzicht", "Vragen", "Demo"]
    keys.push(".nav-more")
    keys.follow('#menu a[href="/werkvormen"]')
    assert visit.page.locator(".nav-more").get_attribute("aria-current") == "true"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(visit: Visit) -> None:
    keys = Keys(visit.open("/"))
    keys.reach("a")
    assert visit.has_focus(".skip")
    keys.press("Enter")
    keys.reach("a, button")
    assert visit.page.evaluate("() => !!document.activeElement.closest('main')")


def test_a_hidden_focus_is_found(visit: Visit) -> None:
    """The look at each stop can fail: here the outlines are taken away."""
    page = visit.open("/")
    page.evaluate("""() => { const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { outline: none !important; box-shadow: none !important; }");
      document.adoptedStyleSheets = [sheet]; }""")
    page.keyboard.press("Tab")
    assert not page.evaluate(STOP, "a")["seen"]
    with pytest.raises(AssertionError, match="cannot be seen"):
        Keys(page).reach("button")


def test_a_round_with_a_class_without_script(server: Site, enter: Callable[..., Visit]) -> None:
    """Open a youngster, say something, keep silent, close: Tab and Enter are enough, and the focus tells what came."""
    visit = enter(server, java_script_enabled=False, **PHONE)
    learner(visit)
    keys = Keys(visit.open("/navorming/klas/check-out"))
    keys.push(".seat summary")
    keys.follow(".seat details[open] button[value^='ask:']")
    assert visit.has_focus("#nu") and "Net gebeurd" in visit.page.locator("#nu").inner_text()
    keys.follow("button[value='wait']")
    assert visit.has_focus("#nu")
    keys.follow("button[value='close']")
    assert "Zo liep je ronde" in visit.page.locator("#nu").inner_text()
    keys.push(".replay summary")
    keys.follow("button[value='new']")
    assert "De ronde begint" in visit.page.locator("#nu").inner_text()


def test_a_session_against_the_clock_without_script(server: Site, enter: Callable[..., Visit]) -> None:
    """Begin, decide until the bell, read what it cost: radio buttons and one button, by keyboard."""
    visit = enter(server, java_script_enabled=False, **PHONE)
    learner(visit)
    keys = Keys(visit.open("/navorming/doorloop/wie-ben-jij"))
    keys.follow("form[action$='/begin'] button")
    decisions = 0
    while visit.page.locator("input[name='choice']").count():
        keys.choose("input[name='choice']", "shorten" if decisions == 0 else "go_on")
        keys.follow("form:not([action$='/begin']) button:not([popovertarget])")
        decisions += 1
    assert decisions >= 1
    assert "Wat het kostte" in visit.page.locator("main").inner_text()


def test_a_question_is_parked_sent_answered_and_settled_by_keyboard_alone(
    server: Site, enter: Callable[..., Visit]
) -> None:
    """Two people without a mouse: the begeleider on a phone, O&S at a desk."""
    phone, desk = enter(server, **PHONE), enter(server)
    phone.sign_in(server.inside(lambda: make_finished(server.library).id))
    keys = Keys(phone.page)
    phone.open("/pakket/vragen")
    keys.fill("#text", "Wie helpt als ik vastzit?")
    keys.follow("form[action='/pakket/vragen'] button")
    keys.follow("form[action$='/naar-os'] button")
    assert "De vraag ligt bij O&S." in phone.page.locator("main").inner_text()
    desk.sign_in(server.demo_id(STAFF))
    newest = server.inside(lambda: db.session.scalars(select(Question.id).order_by(Question.id.desc())).first())
    keys = Keys(desk.page)
    desk.open("/vragen")
    keys.follow(f"a[href='/vragen/{newest}']")
    keys.follow("button[formaction$='/nemen']")
    keys.fill("#answer", "Je studentencoach.")
    keys.follow("form[action$='/antwoord'] button")
    assert "krijgt het per mail" in desk.page.locator(".flash").inner_text()
    keys = Keys(phone.page)
    phone.open("/pakket/vragen")
    assert "Je studentencoach." in phone.page.locator("main").inner_text()
    keys.follow("form[action$='/klaar'] button")
    assert "Afgehandeld." in phone.page.locator(".flash").inner_text()
