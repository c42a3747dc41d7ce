"""Forms that are kind: errors are told and can be mended, and no click, reload or way back does harm."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from lms.content.models import Choice
from lms.database import db
from lms.dev.demo import right_answer
from lms.learning.tables import Attempt, DialoguePlay, DialogueTurnSaid
from tests.browser.site import Site, Visit, Watch, extra_tab
from tests.browser.states_learning import dialogue_after, learner, sit
from tests.browser.states_staff import staff
from tests.browser.test_keyboard import first_choice


def registration(visit: Visit) -> Page:
    page = visit.open("/registreren")
    page.locator("#name").fill("Ægir O'Neill")
    page.locator("#email").fill("geen adres")
    page.locator("#school").select_option("anders")
    page.get_by_role("button", name="Maak mijn account").click()
    return page


def new_school(visit: Visit) -> Page:
    page = staff(visit).open("/scholen/nieuw")
    page.locator("#name").fill("School Zonder Soort")
    page.get_by_role("button", name="Voeg toe").click()
    return page


def sign_in(visit: Visit) -> Page:
    page = visit.open("/aanmelden")
    page.locator("#email").fill("geen adres")
    page.get_by_role("button", name="Stuur mij een code").click()
    return page


def exam_question(visit: Visit) -> Page:
    sit(visit, answered=0)
    visit.page.get_by_role("button", name="Volgende").click()
    return visit.page


def dialogue_turn(visit: Visit) -> Page:
    dialogue_after(visit.site.library.course.dialogues[0], 0)(visit)
    visit.page.get_by_role("button", name="Zeg dit").click()
    return visit.page


@pytest.mark.parametrize(
    ("way", "kept"),
    [
        (registration, {"#name": "Ægir O'Neill", "#email": "geen adres", "#school": "anders"}),
        (sign_in, {"#email": "geen adres"}),
        (new_school, {"#name": "School Zonder Soort"}),
        (exam_question, {}),
        (dialogue_turn, {}),
    ],
    ids=["registration", "sign in", "new school", "test", "dialogue"],
)
def test_errors_are_told_and_what_was_typed_is_kept(
    visit: Visit, way: Callable[[Visit], Page], kept: dict[str, str]
) -> None:
    page = way(visit)
    summary = page.locator("#foutmelding")
    summary.wait_for()
    assert page.title().startswith("Fout: ")
    assert visit.has_focus("#foutmelding")
    assert {field: page.locator(field).input_value() for field in kept} == kept
    links = summary.locator("a")
    assert links.count() >= 1
    for number in range(links.count()):
        target = (links.nth(number).get_attribute("href") or "").removeprefix("#")
        links.nth(number).click()
        assert page.evaluate(
            "(id) => { const e = document.activeElement; return e.id === id || !!e.closest(`#${CSS.escape(id)}`); }",
            target,
        ), f"the link does not lead to {target}"
        field = page.locator(f"#{target}")
        described = field.get_attribute("aria-describedby") or ""
        if field.evaluate("(e) => e.matches('input, select')"):
            assert field.get_attribute("aria-invalid") == "true"
            assert f"{target}-fout" in described
            assert page.locator(f"#{target}-fout").inner_text().strip()


def attempts(site: Site, person_id: int) -> int:
    query = select(func.count()).select_from(Attempt).where(Attempt.person_id == person_id)
    return site.inside(lambda: db.session.scalar(query) or 0)


def open_choice(visit: Visit) -> tuple[int, Choice]:
    """A new begeleider at the first choice exercise, with the right option chosen."""
    person_id = learner(visit)
    module, lesson, exercise = first_choice(visit.site)
    page = visit.open(f"/navorming/{module}/{lesson}")
    page.locator(f'#ex-{exercise.id} [value="{right_answer(exercise)["choice"]}"]').check()
    return person_id, exercise


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_a_double_click_is_one_attempt(server: Site, enter: Callable[..., Visit], with_script: bool) -> None:
    visit = enter(server, java_script_enabled=with_script)
    person_id, exercise = open_choice(visit)
    visit.page.locator(f"#ex-{exercise.id} form button").dblclick()
    visit.page.locator(f"#ex-{exercise.id} .feedback-right").wait_for()
    visit.page.wait_for_load_state("networkidle")
    assert attempts(server, person_id) == 1


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_a_reload_after_an_answer_asks_and_sends_nothing(
    server: Site, enter: Callable[..., Visit], with_script: bool
) -> None:
    visit = enter(server, java_script_enabled=with_script)
    person_id, exercise = open_choice(visit)
    page = visit.page
    page.locator(f"#ex-{exercise.id} form button").click()
    page.locator(f"#ex-{exercise.id} .feedback-right").wait_for()
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.method))
    page.reload()
    assert set(posted) == {"GET"}
    assert page.locator(f"#ex-{exercise.id} .feedback-right").is_visible()
    assert attempts(server, person_id) == 1


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_the_back_button_after_an_answer_shows_a_page_that_still_works(
    server: Site, enter: Callable[..., Visit], with_script: bool
) -> None:
    visit = enter(server, java_script_enabled=with_script)
    person_id, exercise = open_choice(visit)
    page = visit.page
    address = page.url
    page.locator(f"#ex-{exercise.id} form button").click()
    page.locator(f"#ex-{exercise.id} .feedback-right").wait_for()
    page.goto(server.url + "/navorming")
    page.go_back()
    assert page.url.startswith(address)
    page.locator(f"#ex-{exercise.id} .feedback-right").wait_for()
    assert attempts(server, person_id) == 1


def say_first(page: Page) -> None:
    """Say the first thing on offer."""
    page.locator("#nu [type=radio]").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Zeg dit").click()


def turns_said(site: Site, person_id: int) -> int:
    query = (
        select(func.count())
        .select_from(DialogueTurnSaid)
        .join(DialoguePlay, DialoguePlay.id == DialogueTurnSaid.play_id)
        .where(DialoguePlay.person_id == person_id)
    )
    return site.inside(lambda: db.session.scalar(query) or 0)


def test_the_back_button_in_a_dialogue_shows_where_it_stands(visit: Visit) -> None:
    person_id = learner(visit)
    page = visit.open(f"/navorming/gesprek/{visit.site.library.course.dialogues[0].slug}")
    say_first(page)
    page.go_back()
    assert page.locator(".chat .me").count() == 1, "what was said has to show, or it would be said twice"
    assert turns_said(visit.site, person_id) == 1


def test_a_second_tab_cannot_say_the_same_turn_again(visit: Visit) -> None:
    person_id = learner(visit)
    address = f"/navorming/gesprek/{visit.site.library.course.dialogues[0].slug}"
    page = visit.open(address)
    with extra_tab(visit) as other:
        other.goto(visit.site.url + address)
        say_first(page)
        say_first(other)
        assert other.locator(".chat .me").count() == 1
        assert other.locator("#nu").is_visible()
    assert turns_said(visit.site, person_id) == 1


def test_leaving_the_form_for_another_school_hides_its_field(visit: Visit) -> None:
    page = visit.open("/registreren")
    assert page.locator("#wish").is_hidden()
    page.locator("#school").select_option("anders")
    assert page.locator("#wish").is_visible()


def test_the_watch_sees_errors_and_strangers(server: Site, chromium: Browser) -> None:
    """The watch of every test can fail: a foreign image, a forbidden style, a script error and a missing file."""
    context = chromium.new_context()
    watch = Watch(server.url)
    watch.follow(context)
    page = context.new_page()
    page.goto(server.url)
    assert not watch.complaints
    page.evaluate("""() => {
      document.body.append(Object.assign(new Image(), {src: "http://127.0.0.1:9/vreemd.png"}));
      document.body.append(Object.assign(document.createElement("style"), {textContent: "h1 { color: red }"}));
      document.head.append(Object.assign(document.createElement("link"), {rel: "stylesheet", href: "/static/weg.css"}));
      setTimeout(() => { throw new Error("stuk"); });
    }""")
    page.wait_for_timeout(300)
    context.close()
    found = "\n".join(watch.complaints)
    for sign in ("img-src", "style-src", "script error: stuk", "weg.css"):
        assert sign in found, f"{sign} is not in {found}"


def test_the_browser_asks_nothing_of_another_place(server: Site, chromium: Browser) -> None:
    """A request the policy lets through would be seen too: here by a link that is followed."""
    context = chromium.new_context()
    watch = Watch(server.url)
    watch.follow(context)
    page = context.new_page()
    page.goto(server.url)
    with pytest.raises(Exception, match="ERR_"):
        page.goto("http://127.0.0.1:9/elders")
    context.close()
    assert any("another place: http://127.0.0.1:9/elders" in line for line in watch.complaints)
