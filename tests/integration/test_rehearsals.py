"""A session against the clock as it is kept: decision by decision, resumed anywhere, told kindly when it moved on."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.content.library import find_exercise
from lms.content.rehearsal_models import PlacedRehearsal
from lms.database import db
from lms.didactics.timing.rehearsing import Day
from lms.learning.rules import Result
from lms.learning.tables import Attempt, Evidence
from tests.factories import make_person
from tests.rich_course import change
from tests.server import Reply, Visit

pytestmark = pytest.mark.sqlite_alone

CLOCK = "/navorming/doorloop/wie-ben-jij"
ANSWERS = "/navorming/mijn-antwoorden"
EXERCISE = "m4-l6-wie-ben-jij"


@pytest.fixture
def visit(app: Flask) -> Visit:
    return Visit(app, make_person().id)


def begin(visit: Visit, *, after: int = 0, day: str = "17", path: str = CLOCK) -> Reply:
    return visit.post(f"{path}/begin", {"run": str(after), "day": day})


def decide(visit: Visit, position: int | str, choice: str, *, run: int | str = 1, path: str = CLOCK) -> Reply:
    return visit.post(path, {"run": str(run), "position": str(position), "choice": choice})


def kept() -> list[tuple[int, int, list[str], Result]]:
    """Every attempt ever: run, day, decisions and result."""
    db.session.rollback()
    rows = db.session.scalars(select(Attempt).order_by(Attempt.id))
    return [(row.answer["run"], row.answer["day"], row.answer["choices"], row.result) for row in rows]


def evidence() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Evidence.ref)))


def test_a_run_is_played_to_its_end_and_the_best_plan_stands_beside_it(visit: Visit) -> None:
    start = visit.get(CLOCK)
    assert "Jouw plan" in start.text and "10.30" in start.text
    assert begin(visit).location == f"{CLOCK}#nu"
    page = visit.get(CLOCK)
    assert "11.12" in page.text and "2 min tekort" in page.text and "mag niets naar huis" in page.text
    assert [str(field["value"]) for field in page.soup.find_all("input", {"name": "choice"})] == ["go_on", "shorten"]
    assert decide(visit, 0, "shorten").location == f"{CLOCK}#nu"
    assert evidence() == []
    decide(visit, 1, "go_on")
    end = visit.get(CLOCK)
    assert "stonden er nog 1 minuut op het plan" in end.text and "Zo kon het ook" in end.text
    assert "De schoolfotograaf loopt uit." in end.text
    assert evidence() == [f"exercise:{EXERCISE}"]
    assert kept()[-1] == (1, 17, ["shorten", "go_on"], Result.PARTLY)
    assert "Gespeeld" in visit.get("/navorming/timing/tegen-de-klok").text


def test_the_best_run_is_right_and_says_so(app: Flask, visit: Visit) -> None:
    begin(visit)
    for position in range(2):
        decide(visit, position, "shorten")
    assert kept()[-1][3] is Result.RIGHT
    assert "Beter kon niet" in visit.get(CLOCK).text and "Zo kon het ook" not in visit.get(CLOCK).text
    rehearsal = find_exercise(app.extensions["shelf"].library, EXERCISE)
    assert isinstance(rehearsal, PlacedRehearsal)
    assert Day(rehearsal, 17).play(["shorten", "shorten"]).is_over


def test_another_device_finds_the_run_where_it_was_and_nobody_elses(app: Flask, visit: Visit) -> None:
    begin(visit)
    decide(visit, 0, "shorten")
    person = db.session.scalars(select(Attempt.person_id)).first()
    assert person is not None
    assert "14.16" in Visit(app, person).get(CLOCK).text
    assert "Jouw plan" in Visit(app, make_person().id).get(CLOCK).text


def test_a_decision_sent_twice_is_one_and_an_old_form_changes_nothing(visit: Visit) -> None:
    begin(visit)
    for choice in ("shorten", "go_on", "weg"):
        assert decide(visit, 0, choice).location == f"{CLOCK}#nu"
    assert [row[2] for row in kept()] == [[], ["shorten"]]
    ahead = decide(visit, 3, "shorten")
    assert ahead.status == 409 and "ander moment" in ahead.text and "14.16" in ahead.text


def test_beginning_twice_begins_once_and_the_form_of_the_old_run_is_told_kindly(visit: Visit) -> None:
    for _ in range(2):
        assert begin(visit).location == f"{CLOCK}#nu"
    assert len(kept()) == 1
    decide(visit, 0, "shorten")
    assert begin(visit, after=1, day="").status == 303
    run, day, choices, _ = kept()[-1]
    assert (run, choices) == (2, []) and day != 17 and 1 <= day <= 99
    old = decide(visit, 1, "shorten", run=1)
    assert old.status == 409 and "intussen opnieuw begonnen" in old.text
    assert len(kept()) == 3


@pytest.mark.parametrize(
    ("position", "choice", "run", "says"),
    [(0, "", 1, "Kies eerst wat je doet."), (0, "later", 1, "Kies eerst wat je doet."), ("x", "go_on", 1, "Laad ze opnieuw"),
     (0, "go_on", "²", "Laad ze opnieuw"), (0, "go_on", "", "Laad ze opnieuw")],
)  # fmt: skip
def test_nothing_chosen_or_nonsense_asks_again(
    visit: Visit, position: int | str, choice: str, run: int | str, says: str
) -> None:
    begin(visit)
    reply = decide(visit, position, choice, run=run)
    assert reply.status == 422 and says in reply.text
    assert len(kept()) == 1


@pytest.mark.parametrize("day", ["0", "100", "-1", "1e1", "²", "99999"])
def test_a_day_that_does_not_exist_is_refused_and_kept_in_its_field(visit: Visit, day: str) -> None:
    reply = begin(visit, day=day)
    assert reply.status == 422 and "Kies een dag van 1 tot 99." in reply.text
    assert reply.soup.find("input", {"id": "dag"})["value"] == day
    assert kept() == []


def test_who_never_began_has_nothing_to_decide_and_what_does_not_exist_is_not_found(visit: Visit) -> None:
    assert decide(visit, 0, "go_on", run=0).status == 409
    for path in ("", "/begin"):
        assert visit.post(f"/navorming/doorloop/niets{path}", {"run": "0"}).status == 404
    assert visit.get("/navorming/doorloop/niets").status == 404
    assert visit.post(f"/navorming/timing/tegen-de-klok/{EXERCISE}", {"choice": "a", "key": "k" * 30}).status == 404


def test_own_answers_show_the_run_with_what_it_cost(visit: Visit) -> None:
    begin(visit)
    assert "Dag 17: je bent nog bezig." in visit.get(ANSWERS).text
    for position in range(2):
        decide(visit, position, "shorten")
    shown = visit.get(ANSWERS)
    assert "Dag 17, wat het kostte:" in shown.text and "De check-out werd 1 minuut korter." in shown.text


# ── content that changes ───────────────────────────────────────────────────


def test_a_run_whose_exercise_was_rewritten_between_two_clicks_begins_again(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    lesson, clock = course / "klein" / "alle-soorten.md", "/navorming/doorloop/klein"
    visit = Visit(app, make_person().id)
    begin(visit, day="3", path=clock)
    assert "4 min tekort" in visit.get(clock).text
    change(lesson, "min: 4, max: 4", "min: 5, max: 5")
    assert app.extensions["shelf"].reload() == ()
    reply = decide(visit, 0, "shorten", path=clock)
    assert reply.status == 409 and "herschreven" in reply.text
    page = visit.get(clock)
    assert "herschreven" in page.text and page.soup.find("input", {"name": "choice"}) is None
    begin(visit, after=1, day="3", path=clock)
    decide(visit, 0, "skip", run=2, path=clock)
    assert evidence() == ["exercise:x-doorloop"]
    # A run that is over can still be read, as long as its decisions fit.
    change(lesson, "Eén kort lesuur.", "Eén heel kort lesuur.")
    assert app.extensions["shelf"].reload() == ()
    assert "Weggelaten: Midden." in visit.get(clock).text
    assert "aangepast sinds je antwoordde" in visit.get(ANSWERS).text
    change(lesson, "minutes: 20}]", "minutes: 19}]")
    change(lesson, "during: [t1-checkin]", "during: [t1-midden]")
    assert app.extensions["shelf"].reload() == ()
    assert visit.get(clock).status == 200 and visit.get(ANSWERS).status == 200
