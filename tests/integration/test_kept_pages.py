"""Pieces of pages that are kept: everybody sees their own state of the newest content, and nothing personal stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from lms.learning.forms import new_key
from lms.learning.views import course as course_views
from lms.learning.views import exercises as exercise_views
from lms.learning.views import lessons as lesson_views
from lms.web.kept import Kept
from tests.factories import make_person
from tests.rich_course import change
from tests.server import Visit

pytestmark = pytest.mark.sqlite_alone

FIRST, KINDS = "/navorming/klein/eerste-les", "/navorming/klein/alle-soorten"
LATER = """```exercise
id: x-later
kind: choice
question: "En nu?"
options:
  - {id: a, text: "Dit", correct: true, feedback: "Ja."}
  - {id: b, text: "Dat", feedback: "Nee."}
```
"""
KEEPERS = (course_views, exercise_views, lesson_views)


def kept_html() -> str:
    return "\n".join(html for views in KEEPERS for html in views._kept._html.values())


def answer(visit: Visit, address: str, **data: str) -> None:
    assert visit.post(address, {**data, "key": new_key()}).status == 303


def test_each_of_two_learners_sees_the_own_state(rich: Flask) -> None:
    one, other = Visit(rich, make_person().id), Visit(rich, make_person().id)
    for page in (FIRST, "/navorming"):
        assert one.get(page).status == other.get(page).status == 200
    answer(one, f"{FIRST}/x1", choice="b")
    assert "Klaar: De eerste les" in one.get("/navorming").text
    assert "Klaar: De eerste les" not in other.get("/navorming").text
    assert "· klaar" in one.get(FIRST).text and "· klaar" not in other.get(FIRST).text


def test_what_is_kept_is_really_used(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the other tests here would pass without keeping anything."""
    visit = Visit(rich, make_person().id)
    visit.get(FIRST)
    monkeypatch.setattr(lesson_views._kept, "_html", dict.fromkeys(lesson_views._kept._html, "<h1>Bewaard</h1>"))
    assert "Bewaard" in visit.get(FIRST).response.get_data(as_text=True)


def test_new_content_is_seen_at_once(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = Visit(app, make_person().id)
    assert "De eerste les" in visit.get("/navorming").text and "De eerste les" in visit.get(FIRST).text
    change(course / "klein" / "eerste-les.md", "De eerste les", "De allereerste les")
    assert app.extensions["shelf"].reload() == ()
    assert "De allereerste les" in visit.get("/navorming").text
    assert visit.get(FIRST).soup.select_one("h1").get_text() == "De allereerste les"


def test_no_name_token_key_or_own_text_is_kept(rich: Flask) -> None:
    person = make_person(name="Kanarie Vogelaar")
    visit = Visit(rich, person.id)
    answer(visit, f"{KINDS}/x-reflection", text="Kanarie in mijn notitie")
    secrets = ["Kanarie", person.email]
    for page in ("/navorming", FIRST, KINDS, "/navorming/klein/lezen"):
        reply = visit.look(page) if page != "/navorming" else visit.get(page)
        secrets += [str(field["value"]) for field in reply.soup.select("input[name=csrf_token], input[name=key]")]
    assert len(secrets) > 8
    html = kept_html()
    assert html and not [secret for secret in secrets if secret in html]


def test_what_somebody_writes_is_never_taken_for_a_place_on_the_page(editable: tuple[Flask, Path]) -> None:
    """Also not for the place of an exercise that comes after what was written."""
    app, course = editable
    file = course / "klein" / "alle-soorten.md"
    file.write_text(file.read_text() + "\n" + LATER)
    assert app.extensions["shelf"].reload() == ()
    visit = Visit(app, make_person().id)
    answer(visit, f"{KINDS}/x-reflection", text="Voor \ue000ex-x-later\ue000 na.")
    assert len(visit.get(KINDS).soup.find_all(id="ex-x-later")) == 1


def test_the_store_begins_anew_when_it_is_full() -> None:
    kept, made = Kept(2), []

    def render(number: int) -> str:
        made.append(number)
        return f"<p>{number}</p>"

    for number in (1, 2, 1, 2, 3, 3, 1):
        assert kept.html(number, lambda number=number: render(number)) == f"<p>{number}</p>"
    assert made == [1, 2, 3, 1]
