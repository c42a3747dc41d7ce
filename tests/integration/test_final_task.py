"""The final task: a plan for one's own group that counts when it keeps the rules, and waits in the pack as first plan."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, Evidence
from lms.pack.tables import Plan
from tests.factories import make_finished, make_person
from tests.integration.test_pack_lock import leaked, secrets_of
from tests.visitor import Page
from tests.world import Browser, end_transaction, library_of

AT = "/navorming/eindtaak"
ASKED = {"sessie": "wie-ben-jij", "uren": "50", "aantal": "14"}


def fields_of(page: Page) -> dict[str, str]:
    """The form with the decisions, as it stands on the page."""
    assert page.soup is not None
    form = page.soup.select_one("form[method=post][action='/navorming/eindtaak']")
    assert form is not None, page.text
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input[name]") if one["name"] != "csrf_token"}
    for select_field in form.select("select"):
        chosen = select_field.select_one("option[selected]")
        fields[str(select_field["name"])] = str(chosen["value"]) if chosen else ""
    return fields


def begin(browser: Browser, **asked: str) -> dict[str, str]:
    values = ASKED | asked
    return fields_of(browser.get(f"{AT}?" + "&".join(f"{name}={value}" for name, value in values.items())))


def kept(person: int) -> tuple[int, int]:
    end_transaction()
    attempts = db.session.scalar(
        select(func.count()).where(Attempt.person_id == person, Attempt.exercise_id == "eindtaak")
    )
    shown = db.session.scalar(
        select(func.count()).where(Evidence.person_id == person, Evidence.ref == "exercise:eindtaak")
    )
    end_transaction()
    return attempts or 0, shown or 0


def test_a_plan_that_fits_is_handed_in_once_and_stands_there_again(app: Flask) -> None:
    person = make_person().id
    browser = Browser(app).sign_in(person)
    fields = begin(browser) | {"p-s1-verleden": "14", "w-s1-toekomst": "weg", "key": new_key()}
    for _ in range(2):
        answer = browser.post(AT, fields)
        assert answer.status == 303 and answer.location.endswith("#ex-eindtaak")
    assert kept(person) == (1, 1)
    lesson = browser.get("/navorming/aan-de-slag/eindtaak")
    assert "Sessie 1 (Wie ben jij?) in 50 min, met 14 jongeren." in lesson.text
    again = fields_of(browser.get(AT))
    assert (again["p-s1-verleden"], again["w-s1-toekomst"]) == ("14", "weg")
    own = browser.get("/navorming/mijn-antwoorden")
    assert "14 minuten" in own.text and "valt weg" in own.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"p-s1-verleden": "30"}, "Er moet nog 14 af."),
        ({"p-s1-verleden": "11"}, "Verleden vraagt minstens 12 minuten, en krijgt er 11."),
        ({"w-s1-checkout": "weg"}, "Check-out hoort bij de kern en mag niet wegvallen."),
        ({"w-s1-heden-ik": "thuis"}, "Heden: wie ben ik? hoort bij de kern en kan niet naar huis."),
        ({"p-s1-verleden": "veel"}, "Verleden: typ hele minuten"),
        ({"p-s1-verleden": ""}, "Verleden: typ hele minuten"),
        ({"uren": "5"}, "past niet in 5 minuten"),
        ({"uren": "10000"}, "Een lesuur duurt 1 tot 600 minuten."),
        ({"aantal": "500"}, "een getal van 1 tot 200"),
        ({"aantal": "0"}, "een getal van 1 tot 200"),
        ({"sessie": "vijf"}, "Kies eerst welke sessie je plant."),
    ],
)
@pytest.mark.sqlite_alone
def test_a_plan_that_breaks_a_rule_is_told_and_not_kept(app: Flask, changed: dict[str, str], says: str) -> None:
    person = make_person().id
    browser = Browser(app).sign_in(person)
    page = browser.post(AT, begin(browser) | changed)
    assert page.status == 422 and says in page.text
    assert kept(person) == (0, 0)
    if "uren" not in changed and "aantal" not in changed and "sessie" not in changed:
        fields: dict[str, Any] = fields_of(page)
        assert all(fields[name] == value for name, value in changed.items() if name.startswith("w-")), fields


def test_the_page_shows_no_more_of_the_pack_than_names_and_minutes(app: Flask) -> None:
    browser, secrets = Browser(app).sign_in(make_person().id), secrets_of(library_of(app))
    for session in library_of(app).sessions:
        for hours in ("30", "50", "2x50", "5"):
            page = browser.get(f"{AT}?sessie={session.slug}&uren={hours}&aantal=14")
            names = {exercise.name for exercise in session.exercises}
            assert leaked(page.response, secrets) <= names, (session.slug, hours)


def test_the_plan_waits_in_the_pack_and_is_kept_as_first_plan_without_typing(app: Flask) -> None:
    person = make_finished(library_of(app)).id
    browser = Browser(app).sign_in(person)
    fields = begin(browser) | {"p-s1-verleden": "14", "w-s1-toekomst": "weg", "key": new_key()}
    assert browser.post(AT, fields).status == 303
    assert "Plan je eerste sessie" in browser.get("/navorming/klaar").text
    page = browser.get("/pakket/planner")
    assert "Je eerste plan, uit de eindtaak" in page.text and page.soup is not None
    form = page.soup.select_one("form[action='/pakket/planner/wie-ben-jij']")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("input[name]"):
        sent.setdefault(str(field["name"]), []).append(str(field["value"]))
    sent.pop("csrf_token")
    saved = browser.post("/pakket/planner/wie-ben-jij", sent)
    assert saved.status == 303
    plan = browser.get(saved.location)
    assert "Verleden: 14 minuten" in plan.text and "Toekomst valt weg." in plan.text
    end_transaction()
    assert db.session.scalars(select(Plan.is_first).where(Plan.person_id == person)).all() == [True]
    page = browser.get("/pakket/planner")
    assert "je eerste plan" in page.text and "uit de eindtaak" not in page.text
