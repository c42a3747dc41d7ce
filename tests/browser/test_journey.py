"""The issue in one test: registration, course, test, and the pack opens at the last step and not before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lms.dev.demo import STAFF
from tests.browser.learner import Pointer, whole_way
from tests.browser.site import Site, Visit
from tests.browser.states_learning import learner
from tests.factories import make_school

FICHE = "/pakket/wie-ben-jij"


@pytest.mark.slow
def test_the_pack_opens_at_the_last_step(server: Site, enter: Callable[..., Visit]) -> None:
    """Without script; with script the whole way is gone by keyboard alone, in test_keyboard.py."""
    visit = enter(server, width=390, height=780, java_script_enabled=False)
    staff = enter(server)
    staff.sign_in(server.demo_id(STAFF))
    school = server.inside(lambda: make_school(name="Reisschool")).name
    assert "Nog niet gecontacteerd" in stage_of(staff, school)

    seen = []
    for step in whole_way(visit, Pointer(visit), "reis@demo.example", school):
        seen.append(step)
        if step == "registration":
            assert visit.status(FICHE) == 302, "somebody without an account gets the sign-in page"
        elif step != "the last step":
            answer = visit.context.request.get(server.url + FICHE, max_redirects=0)
            assert answer.status == 403, f"{answer.status} after {step}"
            assert "Je pakket is nog op slot" in answer.text()
        if step == "start of the test":
            assert "Navorming bezig" in stage_of(staff, school)
    assert seen[-1] == "the last step"
    assert visit.page.url.endswith(FICHE)
    assert visit.status(FICHE) == 200
    assert "Wie ben jij" in visit.page.locator("h1").inner_text()
    assert "Pakket ontgrendeld" in stage_of(staff, school)
    assert "1 van 1 klaar" in stage_of(staff, school)


def stage_of(staff: Visit, school: str) -> str:
    """The line of a school in the list of O&S."""
    return staff.open(f"/scholen?zoek={school}").locator("tbody tr", has_text=school).inner_text()


def test_without_script_a_refused_answer_is_told_and_kept(server: Site, enter: Callable[..., Visit]) -> None:
    """What the script does in place, the plain form does as a page."""
    visit = enter(server, java_script_enabled=False)
    learner(visit)
    module, lesson = next(
        (module, lesson)
        for module in server.library.course.modules
        for lesson in module.lessons
        if any(item.kind == "classify" for item in lesson.exercises)
    )
    exercise = next(item for item in lesson.exercises if item.kind == "classify")
    page = visit.open(f"/navorming/{module.slug}/{lesson.slug}")
    first = exercise.items[0]
    chosen = page.locator(f'#ex-{exercise.id} [name="p-{first.id}"][value="{first.label}"]')
    chosen.check()
    with page.expect_navigation():
        page.locator(f"#ex-{exercise.id} form button").click()
    assert page.title().startswith("Fout: ")
    assert page.locator("#foutmelding").is_visible()
    assert chosen.is_checked()
