"""Every page for everybody and every page of O&S, in every state, for every eye, hand and screen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error

from lms.dev.demo import STAFF
from tests.browser.checks import EVERY_LOOK, NARROW, TWO_LOOKS, findings, look, show
from tests.browser.site import WINDOW, Site, Tab, Visit
from tests.browser.states import State
from tests.browser.states_accounts import ACCOUNTS
from tests.browser.states_following import FOLLOWING
from tests.browser.states_joining import JOINING
from tests.browser.states_learning import LEARNING, kinds_shown
from tests.browser.states_live import LIVE
from tests.browser.states_mail import MAIL
from tests.browser.states_overview import OVERVIEW
from tests.browser.states_planner import PLANNER
from tests.browser.states_public import PUBLIC
from tests.browser.states_questions import QUESTIONS
from tests.browser.states_register import REGISTER
from tests.browser.states_reporting import REPORTING_PAGES
from tests.browser.states_staff import STAFF_PAGES

HERE = [
    *PUBLIC.all, *ACCOUNTS.all, *STAFF_PAGES.all, *FOLLOWING.all, *REGISTER.all, *OVERVIEW.all,
    *MAIL.all, *REPORTING_PAGES.all, *JOINING.all,
]  # fmt: skip
ALL = [*HERE, *LEARNING.all, *LIVE.all, *PLANNER.all, *QUESTIONS.all]

# Addresses without a page of their own.
NO_PAGE = {
    "public.start": "sends everybody to the own first page",
    "public.health": "data for a monitor",
    "learning.image": "an image of a lesson",
    "learning.preview_image": "an image of a lesson that is not live yet",
    "learning.exercise": "leads to the lesson",
    "learning.item": "leads to the test",
    "privacy.export_file": "a file to take along",
    "learning.own_attest": "a PDF",
    "learning.attest_of": "a PDF",
    "pack.fiche_pdf": "a PDF",
    "reporting.report_pdf": "a PDF",
    "reporting.report_xlsx": "a spreadsheet",
    "reporting.history_xlsx": "a spreadsheet",
    "reporting.history_csv": "a file to take along",
    "pack.sheet_pdf": "a PDF",
    "schools.example_file": "a file to fill in",
    "monitoring.schools_csv": "a file to take along",
    "monitoring.schools_xlsx": "a file to take along",
    "pack.groups_short": "leads to the groups",
    "pack.plan_calendar": "a file for a calendar",
    "pack.calendar_feed": "a file for a calendar",
    "pack.live_connect": "data for the live session",
    "pack.live_worker": "a script",
    "pack.live_manifest": "data for the home screen",
    "pack.nothing": "the same 403 or 404 as an unknown fiche",
}


@pytest.mark.parametrize("state", HERE, ids=lambda state: state.name)
def test_a_page_is_accessible(state: State, next_visit: Callable[..., Visit], request: pytest.FixtureRequest) -> None:
    visit = next_visit(request.getfixturevalue(state.server))
    state.way(visit)
    assert not findings(visit.page, looks=EVERY_LOOK if state.is_first else TWO_LOOKS)


def test_the_next_visitor_of_a_tab_is_nobody_yet(server: Site, enter: Callable[..., Visit]) -> None:
    tab = Tab(server, enter(server).context)
    tab.visit.sign_in(server.demo_id(STAFF)).open("/vandaag")
    tab.visit.context.new_page()
    show(tab.visit.page, NARROW, "dark")
    assert tab.visit.status("/vandaag") == 200
    visit = tab.hand_over()
    assert visit.status("/vandaag") == 302
    assert visit.page.viewport_size == WINDOW and visit.context.pages == [visit.page]
    assert visit.page.evaluate("() => matchMedia('(prefers-color-scheme: light)').matches")


def test_a_tab_that_is_closed_while_its_next_page_comes_is_closed(server: Site, enter: Callable[..., Visit]) -> None:
    """With RenderDocument on, Chromium forgets some of these, and who waits for it waits for ever."""
    context = enter(server).context
    for _ in range(20):
        tab = context.new_page()
        tab.goto(server.url + "/healthz")
        with contextlib.suppress(Error):
            tab.evaluate("() => { location.reload(); return new Promise(() => {}); }")
        tab.close()
    assert len(context.pages) == 1


def test_every_page_is_listed(server: Site) -> None:
    """A new page has to be added to the states before this passes again."""
    pages = {rule.endpoint for rule in server.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    listed = {state.endpoint for state in ALL} | set(NO_PAGE)
    assert pages == listed, f"not listed: {sorted(pages - listed)}; no longer there: {sorted(listed - pages)}"


def test_the_names_of_the_states_are_all_different() -> None:
    names = [state.name for state in ALL]
    assert len(names) == len(set(names))


def test_every_kind_of_exercise_is_among_the_states(server: Site) -> None:
    kinds = {exercise.kind for lesson in server.library.course.lessons for exercise in lesson.exercises}
    assert (
        kinds
        == kinds_shown()
        == {
            "choice",
            "multiple",
            "classify",
            "match",
            "order",
            "reflection",
            "own_question",
            "dialogue",
            "classroom",
            "timing",
            "format",
            "plan",
            "rehearsal",
        }
    )


def test_a_field_without_a_label_is_found(visit: Visit) -> None:
    page = visit.open("/aanmelden")
    assert not look(page)
    page.evaluate("() => document.querySelector('main').append(document.createElement('input'))")
    assert any(line.startswith("axe label:") for line in look(page))


@pytest.mark.parametrize("looks", [EVERY_LOOK, TWO_LOOKS], ids=["every look", "two looks"])
def test_pale_text_small_buttons_and_wide_boxes_are_found(visit: Visit, looks: tuple[Any, ...]) -> None:
    """The other checks can fail too: each fault is put in the page by script."""
    page = visit.open("/privacy")
    assert not findings(page, looks=looks)
    page.evaluate("""() => {
      const main = document.querySelector("main"), button = document.createElement("button");
      button.textContent = "x"; button.style.cssText = "padding:0;border:0;inline-size:12px;block-size:12px";
      const wide = document.createElement("p");
      wide.textContent = "woord".repeat(60); wide.style.cssText = "white-space:nowrap;color:#ccc;background:#fff";
      const cut = document.createElement("div");
      cut.innerHTML = "<span>Deze zin is te lang voor dit vak</span>";
      cut.style.cssText = "inline-size:60px;block-size:20px;overflow:hidden;white-space:nowrap";
      const fits = document.createElement("div");
      fits.textContent = "Dit past net";
      fits.style.cssText = "inline-size:max-content;overflow:hidden;white-space:nowrap";
      main.append(button, wide, cut, fits);
      fits.style.inlineSize = `${fits.offsetWidth + 2}px`;
    }""")
    found = "\n".join(findings(page, looks=looks))
    for sign in (
        "1280 light: axe color-contrast",
        "320 dark: axe color-contrast",
        "under 24 px: <button",
        "under 44 px: <button",
        "scrolls sideways",
        "Deze zin is te lang",
        'with wide spacing: "Dit past net"',
    ):
        assert sign in found, f"{sign} is not in {found}"
