"""The pages of a session that was given: what a phone may send, the same by hand, and what is nobody else's."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.clock import BRUSSELS, now
from lms.database import db
from lms.learning.forms import new_key
from lms.pack.rules.planning import fingerprint_of
from lms.pack.tables import LoggedBlock, Plan, Question, SessionLog
from tests.factories import give_session, make_finished, make_group, make_person, make_question
from tests.integration.test_pages_scale import LEARNER, LIST, cost
from tests.server import Visit, together
from tests.visitor import Page
from tests.world import UNKNOWN_ID, Browser, database_state, end_transaction, form_token, library_of

RECEIVE = "/pakket/logboek/ontvang"
PLANNER = "/pakket/planner/wie-ben-jij"


def owner(app: Flask) -> tuple[Browser, int]:
    person = make_finished(library_of(app)).id
    return Browser(app).sign_in(person), person


def plan_of(browser: Browser, **fields: str) -> int:
    answer = browser.post(PLANNER, {"uren": "2 × 50", "aantal": "14", "key": new_key(), **fields})
    assert answer.status == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def facts(app: Flask, **fields: Any) -> dict[str, Any]:
    session = library_of(app).sessions[0]
    return {
        "client_id": "log-van-deze-telefoon", "session": session.slug, "digest": fingerprint_of(session), "plan": None,
        "group": None, "day": now().astimezone(BRUSSELS).date().isoformat(), "heads": 14, "mood": "vlot",
        "worked": "De duo's.", "asked": [],
        "blocks": [{"id": "s1-checkin", "outcome": "gedaan", "planned": 5, "actual": 6}],
        "parked": [{"client_id": "vraag-van-deze-telefoon", "text": "Kost dat veel?", "exercise": "s1-checkin"}],
    } | fields  # fmt: skip


def send(browser: Browser, body: Any, *, token: str | None = None) -> tuple[int, dict[str, Any]]:
    answer = browser.raw(
        "POST", RECEIVE, data=json.dumps(body), content_type="application/json",
        headers={"X-CSRFToken": form_token(browser) if token is None else token},
    )  # fmt: skip
    return answer.status_code, answer.get_json(silent=True) or {}


def count(table: type) -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


# ── what a phone sends ─────────────────────────────────────────────────────


def test_a_log_arrives_once_and_the_same_reply_comes_again(app: Flask) -> None:
    browser, person = owner(app)
    first = send(browser, facts(app))
    assert first[0] == 200 and first[1]["url"].startswith("/pakket/logboek/")
    assert send(browser, facts(app, heads=9)) == first
    assert count(SessionLog) == count(Question) == count(LoggedBlock) == 1
    end_transaction()
    assert db.session.scalars(select(SessionLog.head_count)).one() == 14
    assert db.session.scalars(select(Question.person_id)).one() == person


@pytest.mark.both
def test_two_phones_at_the_same_moment_make_one_row(app: Flask) -> None:
    person = make_finished(library_of(app)).id
    body, visit = facts(app), Visit(app, person)

    def post(_number: int) -> tuple[int, str]:
        with app.app_context():
            reply = visit.client.post(
                RECEIVE, data=json.dumps(body), content_type="application/json",
                headers={**visit._headers, "X-CSRFToken": visit._token},
            )  # fmt: skip
            return reply.status_code, reply.get_data(as_text=True)

    assert len(set(together(8, post))) == 1
    assert count(SessionLog) == 1


def test_without_its_token_a_log_is_refused_and_nothing_is_kept(app: Flask) -> None:
    browser, _person = owner(app)
    assert send(browser, facts(app), token="")[0] == 400
    assert send(browser, facts(app), token=form_token(Browser(app)) + "x")[0] == 400
    assert count(SessionLog) == 0


@pytest.mark.parametrize(
    ("field", "value", "status", "named"),
    [
        ("heads", 0, 422, "heads"), ("heads", "61", 422, "heads"), ("day", "2031-01-01", 422, "day"),
        ("session", "bestaat-niet", 422, "log"), ("session", ["x"] * 3, 422, "log"), ("client_id", "kort", 422, "log"),
        ("client_id", None, 422, "log"), ("blocks", [{"id": "s2-talenten"}], 422, "blocks"),
        ("worked", "x" * 501, 422, "worked"), ("namen", ["An"], 422, "log"), ("mood", 5, 422, "mood"),
        ("asked", [["diep"]], 422, "asked"), ("plan", {"id": 1}, 200, ""), ("group", "9" * 40, 200, ""),
    ],
)  # fmt: skip
def test_what_is_wrong_comes_back_at_its_field(app: Flask, field: str, value: Any, status: int, named: str) -> None:
    browser, _person = owner(app)
    code, reply = send(browser, facts(app, **{field: value}))
    assert code == status and (not named or named in reply["errors"])
    assert count(SessionLog) == (status == 200)


@pytest.mark.parametrize("body", [[], "log", None, 5])
def test_what_is_no_log_at_all_is_refused(app: Flask, body: Any) -> None:
    browser, _person = owner(app)
    assert send(browser, body)[0] == 422 and count(SessionLog) == 0


def test_a_signed_out_or_locked_phone_is_told_by_the_status(app: Flask) -> None:
    assert Browser(app).raw("GET", "/live/verbinding").status_code == 302
    locked = Browser(app).sign_in(make_person().id)
    assert locked.raw("GET", "/live/verbinding").status_code == 403
    browser, person = owner(app)
    reply = browser.raw("GET", "/live/verbinding").get_json()
    assert reply["owner"] == str(person)
    assert send(browser, facts(app), token=reply["token"])[0] == 200


# ── nobody else's ──────────────────────────────────────────────────────────


def test_a_plan_or_log_of_somebody_else_is_like_one_that_does_not_exist(app: Flask) -> None:
    mine, person = owner(app)
    plan, log = plan_of(mine), give_session(library_of(app), person)
    assert mine.get(f"/live/{plan}").status == mine.get(f"/pakket/logboek/{log}").status == 200
    other, _person = owner(app)
    before = database_state()
    for real, nothing in (
        (f"/live/{plan}", f"/live/{UNKNOWN_ID}"), (f"/pakket/logboek/{log}", f"/pakket/logboek/{UNKNOWN_ID}"),
        (f"/pakket/logboek/nieuw?plan={plan}", f"/pakket/logboek/nieuw?plan={UNKNOWN_ID}"),
    ):  # fmt: skip
        answers = [other.get(path) for path in (real, nothing)]
        assert [one.status for one in answers] == [404, 404] and answers[0].text == answers[1].text
    for path in (f"/pakket/logboek/{log}", f"/pakket/logboek/{log}/verwijderen"):
        assert other.post(path, {"heads": "3", "versie": "1"}).status == 404
    assert database_state() == before


def test_a_shared_plan_runs_live_only_after_taking_a_copy(app: Flask) -> None:
    mine, _person = owner(app)
    plan = plan_of(mine)
    mine.post(f"/pakket/planner/plan/{plan}/delen", {})
    end_transaction()
    code = db.session.scalars(select(Plan.share_code).where(Plan.id == plan)).one()
    other, _person = owner(app)
    assert other.get(f"/live/{plan}").status == 404
    copy = other.post(f"/pakket/planner/gedeeld/{code}", {"key": new_key()}).location.rpartition("/")[2]
    assert other.get(f"/live/{copy}").status == 200


def test_what_a_group_still_has_to_hear_goes_along_to_the_check_in(app: Flask) -> None:
    person = make_finished(library_of(app))
    group, other = make_group(person), make_group(person)
    make_question(person, group, text="Kan je later nog veranderen?")
    make_question(person, other, text="Kost dat veel?")
    browser = Browser(app).sign_in(person.id)
    page = browser.get(f"/live/{plan_of(browser, groep=str(group.id))}")
    assert page.soup is not None
    words = json.loads(page.soup.select_one("#sessie").get_text())  # type: ignore[union-attr]
    assert words["waiting"] == [{"text": "Kan je later nog veranderen?", "answer": ""}]


def test_a_plan_that_no_longer_fits_leads_to_its_own_page(app: Flask) -> None:
    browser, _person = owner(app)
    plan = plan_of(browser)
    end_transaction()
    db.session.execute(Plan.__table__.update().where(Plan.__table__.c.id == plan).values(hours=[5]))
    db.session.commit()
    answer = browser.get(f"/live/{plan}")
    assert answer.status == 302 and answer.location.endswith(f"/pakket/planner/plan/{plan}")


# ── by hand ────────────────────────────────────────────────────────────────


def typed(**fields: str) -> dict[str, str]:
    return {"sessie": "wie-ben-jij", "heads": "14", "day": "2026-11-05", "key": new_key(), **fields}


def outcomes(page: Page) -> dict[str, str]:
    """What the selects of the form stand on, as a browser would send them."""
    assert page.soup is not None
    found = {}
    for select_ in page.soup.select("select[name^=outcome-]"):
        chosen = select_.select_one("option[selected]") or select_.select_one("option")
        assert chosen is not None
        found[str(select_["name"])] = str(chosen["value"])
    return found


def test_a_log_from_a_plan_is_kept_read_again_mended_and_removed(app: Flask) -> None:
    browser, person = owner(app)
    plan = plan_of(browser)
    page = browser.get(f"/pakket/logboek/nieuw?plan={plan}")
    assert "Mini-check-out" in page.text and page.soup is not None
    assert page.soup.select_one("#heads")["value"] == "14"  # type: ignore[index]
    kept = browser.post(
        "/pakket/logboek/nieuw",
        {**typed(plan=str(plan), worked="Goed gesprek met Yara.", mood="stroef"), **outcomes(page), "actual-0": "7"},
        follow=True,
    )
    assert "Je sessie staat in je logboek." in kept.text and "‘Yara’" in kept.text
    end_transaction()
    log = db.session.scalars(select(SessionLog)).one()
    log_id = log.id
    assert (log.person_id, log.plan_id, log.day, log.mood) == (person, plan, date(2026, 11, 5), "stroef")
    page = browser.get(f"/pakket/logboek/{log_id}")
    assert "Goed gesprek met Yara." in page.text
    stale = browser.post(f"/pakket/logboek/{log_id}", {**typed(heads="15", versie="1"), **outcomes(page)})
    assert stale.status == 303
    again = browser.post(
        f"/pakket/logboek/{log_id}", {**typed(heads="16", worked="mijn tekst", versie="1"), **outcomes(page)}
    )
    assert again.status == 409 and "mijn tekst" in again.text and "Intussen veranderd" in again.text
    assert (
        browser.post(f"/pakket/logboek/{log_id}/verwijderen", {}, follow=True).text.count("Het log is verwijderd.") == 1
    )
    assert count(SessionLog) == count(LoggedBlock) == 0


def test_a_double_click_on_the_form_keeps_one_log(app: Flask) -> None:
    browser, _person = owner(app)
    page = browser.get("/pakket/logboek/nieuw?sessie=wie-ben-jij")
    form = {**typed(), **outcomes(page)}
    for _ in range(2):
        assert browser.post("/pakket/logboek/nieuw", form).status == 303
    assert count(SessionLog) == 1


def test_wrong_input_is_told_at_its_field_and_everything_typed_stays(app: Flask) -> None:
    browser, _person = owner(app)
    page = browser.get("/pakket/logboek/nieuw?sessie=wie-ben-jij")
    form = {**typed(heads="nul", day="31/02/2026", worked="Dit blijft staan."), **outcomes(page), "actual-2": "lang"}
    before = database_state()
    answer = browser.post("/pakket/logboek/nieuw", form)
    assert answer.status == 422 and answer.title.startswith("Fout: ") and answer.soup is not None
    for words in ("van 1 tot 60", "Schrijf de dag zo", "Typ hele minuten", "Dit blijft staan."):
        assert words in answer.text
    assert [link["href"] for link in answer.soup.select("#foutmelding a")] == ["#day", "#heads", "#blocks-2"]
    assert answer.soup.select_one("[name=actual-2]")["value"] == "lang"  # type: ignore[index]
    assert answer.soup.select_one("#heads")["value"] == "nul"  # type: ignore[index]
    assert database_state() == before


def test_a_form_without_key_is_refused(app: Flask) -> None:
    browser, _person = owner(app)
    page = browser.get("/pakket/logboek/nieuw?sessie=wie-ben-jij")
    assert browser.post("/pakket/logboek/nieuw", {**typed(key="x"), **outcomes(page)}).status == 422
    assert count(SessionLog) == 0


def test_a_group_shows_what_was_given_and_what_comes_next(app: Flask) -> None:
    person = make_finished(library_of(app))
    group = make_group(person)
    browser = Browser(app).sign_in(person.id)
    slugs = [session.slug for session in library_of(app).sessions]
    give_session(library_of(app), person.id, slug=slugs[0], group_id=group.id, day=date(2026, 11, 5))
    plan = browser.post(f"/pakket/planner/{slugs[1]}", {"uren": "2 × 50", "groep": str(group.id), "key": new_key()})
    page = browser.get("/pakket/groepen")
    assert "gegeven op 5 november 2026" in page.text and page.soup is not None
    start = page.soup.find("a", href=f"/live/{plan.location.rpartition('/')[2]}")
    assert start is not None and "Start sessie 2 live" in start.get_text()
    assert "Plan sessie 3" in page.text


@pytest.mark.both
def test_the_logbook_costs_the_same_at_any_length_and_a_live_page_little(app: Flask) -> None:
    person = make_finished(library_of(app)).id
    visit = Visit(app, person)
    browser = Browser(app).sign_in(person)
    plan = plan_of(browser)
    give_session(library_of(app), person)
    before = cost(visit, "/pakket/logboek")
    for _ in range(4):
        give_session(library_of(app), person)
    assert cost(visit, "/pakket/logboek") == before <= LIST
    assert cost(visit, f"/live/{plan}") <= LEARNER
    assert cost(visit, "/live/verbinding") <= LEARNER


def test_what_was_given_says_so_and_leaves_the_front(app: Flask) -> None:
    browser, _person = owner(app)
    given, plan = plan_of(browser), plan_of(browser)
    assert "Open de fiche van sessie 1" in browser.get("/pakket").text
    page = browser.get(f"/pakket/logboek/nieuw?plan={given}")
    browser.post("/pakket/logboek/nieuw", {**typed(plan=str(given)), **outcomes(page)})
    assert "Open de fiche van sessie 2" in browser.get("/pakket").text
    cards = browser.get("/pakket/planner").soup.select(".plan-cards > li")  # type: ignore[union-attr]
    assert [f"/plan/{number}" in str(card) for number, card in zip((plan, given), cards, strict=True)] == [True, True]
    assert ["gegeven op 5 november 2026" in str(card) for card in cards] == [False, True]
    assert ["Start live" in str(card) for card in cards] == [True, False]
