"""Three minutes before a session: on one's own weakest side, without script, and nothing of it is kept."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.learning import actions as learning
from lms.learning.forms import new_key
from lms.learning.rules.warm_up import FOCUS_LABELS, TAKE_ALONG, Focus, warm_up
from tests.factories import make_finished
from tests.integration.test_pages_scale import statements
from tests.visitor import Page
from tests.world import Browser, database_state, end_transaction, library_of

AT = "/pakket/opwarmen"


def owner(app: Flask) -> Browser:
    return Browser(app).sign_in(make_finished(library_of(app)))


def answers(app: Flask, focus: Focus, round_: int = 1) -> dict[str, str]:
    """The first option of each item, and a bijvraag."""
    items = warm_up(library_of(app).course, focus, round_)
    given = {item.id: item.options[0].id if item.options else "Wat vond je daar moeilijk aan?" for item in items}
    return {**given, "soort": focus.value, "ronde": str(round_)}


def chosen(page: Page) -> str:
    assert page.soup is not None
    return page.soup.select_one("input[name=soort]")["value"]  # type: ignore[index,return-value]


@pytest.mark.sqlite_alone
def test_what_somebody_did_decides_where_the_warm_up_begins(app: Flask) -> None:
    """Who takes up no word of the youngster begins with following; without anything to go on it is open questions."""
    live = library_of(app)
    person = make_finished(live)
    browser = Browser(app).sign_in(person)
    page = browser.get(AT)
    assert chosen(page) == Focus.OPEN and "het minst vlot" not in page.text
    for text in ("Hoe was dat?", "Wat deed je toen?", "Hoe ging dat verder?"):
        learning.submit_answer(live, "oq1", {"text": text}, key=new_key(), by=person.id)
    end_transaction()
    page = browser.get(AT)
    assert chosen(page) == Focus.FOLLOW
    assert "Dat ging in de navorming het minst vlot." in page.text and "Alleen jij ziet dit." in page.text


@pytest.mark.both
@pytest.mark.parametrize("focus", Focus)
def test_a_round_is_answered_with_feedback_and_a_sentence_and_nothing_is_kept(app: Flask, focus: Focus) -> None:
    browser = owner(app)
    assert browser.get(f"{AT}?soort={focus.value}&ronde=1").status == 200
    before = database_state()
    page = browser.post(AT, answers(app, focus))
    assert page.status == 200 and TAKE_ALONG[focus] in page.text
    assert "Juist" in page.text or "Niet juist" in page.text or "Deels juist" in page.text
    assert database_state() == before
    assert page.soup is not None and page.soup.find("a", href=f"{AT}?soort={focus.value}&ronde=2")


@pytest.mark.sqlite_alone
def test_what_is_left_open_is_told_and_what_was_typed_stays(app: Flask) -> None:
    browser = owner(app)
    form = answers(app, Focus.OPEN)
    left_open = next(name for name in form if name.startswith("c-"))
    page = browser.post(AT, {**form, left_open: "bestaat-niet"})
    assert page.status == 422 and "Er is nog één antwoord open." in page.text
    assert "Wat vond je daar moeilijk aan?" in page.text
    assert page.soup is not None and len(page.soup.select("input[checked]")) == 2
    assert browser.post(AT, {}).status == 422
    long = next(name for name in form if name.startswith("o-"))
    assert browser.post(AT, {**form, long: "x" * 301}).status == 422


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("query", ["soort=bestaat-niet", "ronde=-1", "ronde=999999999", "ronde=x", "plan=", "plan=x"])
def test_a_strange_address_is_a_round_like_another(app: Flask, query: str) -> None:
    assert owner(app).get(f"{AT}?{query}").status == 200


@pytest.mark.both
def test_from_a_plan_one_comes_back_to_it_and_nobody_to_the_plan_of_another(app: Flask) -> None:
    browser, stranger = owner(app), owner(app)
    saved = browser.post("/pakket/planner/wie-ben-jij", {"uren": "2 × 50", "key": "k" * 30}).location
    plan_id = saved.rpartition("/")[2]
    page = browser.get(saved)
    assert page.soup is not None and page.soup.find("a", href=f"{AT}?plan={plan_id}")
    done = browser.post(AT, {**answers(app, Focus.SAFE), "plan": plan_id})
    assert done.soup is not None and done.soup.find("a", class_="btn", href=saved)
    assert stranger.get(f"{AT}?plan={plan_id}").status == 404
    assert stranger.post(AT, {**answers(app, Focus.SAFE), "plan": plan_id}).status == 404


@pytest.mark.both
def test_a_warm_up_is_a_handful_of_statements(app: Flask) -> None:
    browser = owner(app)
    with statements() as seen:
        browser.get(AT)
    assert len(seen) <= 6, seen


def test_every_focus_has_its_words() -> None:
    assert set(FOCUS_LABELS) == set(TAKE_ALONG) == set(Focus)
    assert all(len(text.split()) <= 16 for text in TAKE_ALONG.values())
