"""Every page opens for the person it is meant for, in each of its states."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.content.case_models import PlacedPlanTask
from lms.content.models import PLAYED
from lms.content.rules import SITE_ADDRESSES
from lms.dev.demo import right_answer
from lms.learning.forms import new_key
from lms.permissions import Role
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.visitor import Browser

PUBLIC_PAGES = [
    "/",
    "/aanmelden",
    "/registreren",
    "/privacy",
    "/toegankelijkheid",
    "/voorbeeld",
    "/huisstijl",
    "/_postvak",
]


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_opens(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 200


def test_health_tells_that_the_site_is_well(browser: Browser) -> None:
    assert browser.get("/healthz").response.json["status"] == "ok"


def test_a_learner_opens_the_course_and_every_lesson(app: Flask, browser: Browser) -> None:
    browser.sign_in(make_person(school=make_school()))
    page = browser.get("/navorming")
    assert page.status == 200
    for link in page.soup.select(".lessons a"):
        assert browser.get(link["href"]).status == 200


def test_each_kind_of_exercise_can_be_answered_rightly(app: Flask, browser: Browser) -> None:
    # Somebody who finished, so that no module waits for another one.
    browser.sign_in(make_finished(app.extensions["shelf"].library))
    for module in app.extensions["shelf"].library.course.modules:
        for lesson in module.lessons:
            address = f"/navorming/{module.slug}/{lesson.slug}"
            for exercise in lesson.exercises:
                # These have a page of their own.
                if isinstance(exercise, (*PLAYED, PlacedPlanTask)):
                    continue
                answer = right_answer(exercise)
                fields = {
                    "choice": answer.get("choice"),
                    "choices": answer.get("choices"),
                    "text": answer.get("text"),
                    **{f"p-{part}": value for part, value in answer.items()},
                    **{f"p-{item}": str(place) for place, item in enumerate(answer.get("order", []), start=1)},
                }
                data = {name: value for name, value in fields.items() if isinstance(value, str | list)}
                page = browser.post(f"{address}/{exercise.id}", {"key": new_key(), **data})
                assert page.status == 303, page.text
                assert page.location == f"{address}#ex-{exercise.id}"
                shown = browser.get(address).soup.find(id=f"ex-{exercise.id}")
                assert "Niet juist" not in shown.select_one("form").get_text().split("Bekijk de andere keuzes")[0]


def test_someone_who_finished_sees_pack_fiche_and_attest(app: Flask, browser: Browser) -> None:
    person = make_finished(app.extensions["shelf"].library, school=make_school())
    browser.sign_in(person)
    for path in ["/navorming", "/navorming/klaar", "/navorming/toets", "/pakket", "/pakket/wie-ben-jij", "/account"]:
        assert browser.get(path).status == 200, path
    link = browser.get("/navorming/klaar").soup.select_one("a[href^='/attest/']")
    check = browser.get(link["href"])
    assert "Geldig" in check.text
    assert person.name not in check.text


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("path", sorted(SITE_ADDRESSES))
def test_where_a_lesson_may_lead_is_a_page_for_who_finished(app: Flask, browser: Browser, path: str) -> None:
    finished = make_finished(app.extensions["shelf"].library)
    assert browser.sign_in(finished).get(path).status in {200, 302}


def test_staff_open_the_register_and_a_school(app: Flask, browser: Browser) -> None:
    school = make_school()
    make_contact_person(school)
    browser.sign_in(make_person(role=Role.OS_STAFF))
    for path in ["/scholen", "/scholen/nieuw", f"/scholen/{school.id}", f"/scholen/{school.id}/aanspreekpunt"]:
        assert browser.get(path).status == 200, path
    assert browser.get(f"/scholen/{school.id}/aanspreekpunt/beeindigen").status == 200


def test_the_aanspreekpunt_opens_the_own_school(app: Flask, browser: Browser) -> None:
    school = make_school()
    browser.sign_in(make_contact_person(school))
    assert school.name in browser.get("/mijn-school").text


def test_the_qr_code_of_the_second_factor_scales_as_a_whole(app: Flask, browser: Browser) -> None:
    """Without a viewBox the style sheet would crop it, and no phone could read it."""
    new = make_person(role=Role.OS_STAFF, totp_secret=None, totp_confirmed_at=None)
    browser.sign_in(new, second_factor=False)
    drawing = browser.get("/aanmelden/tweede-stap").soup.select_one("svg.qr")
    assert drawing.get("viewbox") and not drawing.get("width")
