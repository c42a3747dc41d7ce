"""A lesson as a learner meets it: answering, feedback, trying again, what is kept and what changes under it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy import func, select

from lms.content.case_models import PlacedPlanTask
from lms.content.models import PlacedClassroom, PlayDialogue, Rehearsal
from lms.database import db
from lms.dev.demo import right_answer
from lms.learning.forms import new_key
from lms.learning.rules import REFLECTION_LENGTH
from lms.learning.tables import Attempt, Completion, Evidence
from lms.permissions import Role
from tests.factories import make_contact_person, make_person, make_school
from tests.rich_course import change
from tests.server import Reply, Visit

FIRST = "/navorming/klein/eerste-les"
KINDS = "/navorming/klein/alle-soorten"

RIGHT: dict[str, dict[str, Any]] = {
    "x-multiple": {"choices": ["a", "c"]},
    "x-classify": {"p-i1": "open", "p-i2": "dicht"},
    "x-match": {"p-p1": "r1", "p-p2": "r3"},
    "x-order": {"p-s1": "1", "p-s2": "2", "p-s3": "3"},
    "x-reflection": {"text": "Ik wil langer wachten."},
    "x-timing": {"p-t1-checkin": "shorten", "p-t1-midden": "shorten", "p-t1-checkout": "keep"},
}
PARTLY: dict[str, dict[str, Any]] = {
    "x-multiple": {"choices": ["a", "b"]},
    "x-classify": {"p-i1": "open", "p-i2": "open"},
    "x-match": {"p-p1": "r1", "p-p2": "r2"},
    "x-order": {"p-s1": "1", "p-s2": "3", "p-s3": "2"},
    "x-timing": {"p-t1-checkin": "shorten", "p-t1-midden": "shorten", "p-t1-checkout": "skip"},
}
OPEN: dict[str, dict[str, Any]] = {
    "x-multiple": {},
    "x-classify": {"p-i1": "open"},
    "x-match": {"p-p2": "r2"},
    "x-order": {"p-s1": "2", "p-s2": "2", "p-s3": "1"},
    "x-reflection": {"text": "   "},
    "x-timing": {"p-t1-checkin": "shorten", "p-t1-midden": "later"},
    "x-format": {"choice": "weg"},
}


@pytest.fixture
def visit(rich: Flask) -> Visit:
    return Visit(rich, make_person().id)


def answer(visit: Visit, exercise: str, data: dict[str, Any], page: str = KINDS) -> Reply:
    return visit.post(f"{page}/{exercise}", {**data, "key": new_key()})


def card(reply: Reply, exercise: str) -> Tag:
    found = reply.soup.find(id=f"ex-{exercise}")
    assert isinstance(found, Tag), f"exercise {exercise} is not on the page"
    return found


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def fields(tag: Tag, name: str) -> list[Tag]:
    return [field for field in tag.find_all(["input", "select", "textarea"]) if field.get("name") == name]


def is_open(tag: Tag) -> bool:
    return tag.find("button") is not None


# ── answering ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("exercise", RIGHT)
def test_a_right_answer_leads_back_to_its_exercise_and_closes_it(visit: Visit, exercise: str) -> None:
    assert is_open(card(visit.get(KINDS), exercise))
    reply = answer(visit, exercise, RIGHT[exercise])
    assert (reply.status, reply.location) == (303, f"{KINDS}#ex-{exercise}")
    shown = card(visit.get(KINDS), exercise)
    assert not is_open(shown)
    assert "Niet juist" not in words(shown)
    assert not is_open(card(Visit(visit.app, db.session.scalars(select(Attempt.person_id)).one()).get(KINDS), exercise))


@pytest.mark.parametrize("exercise", PARTLY)
def test_feedback_stands_beside_each_part_after_answering(visit: Visit, exercise: str) -> None:
    before = words(card(visit.get(KINDS), exercise))
    assert "Uitleg" not in before, "the page gives the answer away"
    answer(visit, exercise, PARTLY[exercise])
    after = card(visit.get(KINDS), exercise)
    assert "Uitleg" in words(after)
    assert "Probeer opnieuw" in words(after)
    assert after.find(attrs={"data-result": "right"}) and after.find(attrs={"data-result": "wrong"})


def test_the_feedback_of_the_whole_stands_under_an_order(visit: Visit) -> None:
    answer(visit, "x-order", PARTLY["x-order"])
    assert "Uitleg over het geheel." in words(card(visit.get(KINDS), "x-order"))


def test_a_timing_case_says_what_the_decisions_cost_and_what_the_best_plan_does(visit: Visit) -> None:
    answer(visit, "x-timing", PARTLY["x-timing"])
    shown = words(card(visit.get(KINDS), "x-timing"))
    assert "De check-out blijft: zonder eindig je midden in een gesprek." in shown
    assert "Dat past, maar er valt iets weg wat moet blijven. Uitleg over de tijd." in shown
    assert "Beste plan:" in shown
    assert db.session.scalars(select(Attempt.result)).one() == "wrong"


def test_a_wrong_werkvorm_names_the_constraint_it_breaks_and_a_right_one_closes_the_case(visit: Visit) -> None:
    before = words(card(visit.get(KINDS), "x-format"))
    assert "Uitleg" not in before and "Iets wat kan" in before
    answer(visit, "x-format", {"choice": "a"})
    shown = card(visit.get(KINDS), "x-format")
    assert "Niet juist: dit botst met tijd" in words(shown) and "Uitleg bij wat niet kan." in words(shown)
    assert shown.find(attrs={"data-result": "wrong"}) and "Probeer opnieuw" in words(shown)
    answer(visit, "x-format", {"choice": "b"})
    shown = card(visit.get(KINDS), "x-format")
    assert shown.find(attrs={"data-result": "right"}) and "Probeer opnieuw" not in words(shown)


def test_deels_juist_has_its_own_word(visit: Visit) -> None:
    answer(visit, "x2", {"choice": "b"}, "/navorming/klein/tweede-les")
    shown = words(card(visit.get("/navorming/klein/tweede-les"), "x2"))
    assert "Deels juist" in shown and "Dat kan straks" in shown


@pytest.mark.parametrize("exercise", OPEN)
def test_an_incomplete_answer_is_refused_beside_its_exercise(visit: Visit, exercise: str) -> None:
    reply = answer(visit, exercise, OPEN[exercise])
    assert reply.status == 422
    shown = card(reply, exercise)
    assert shown.find(class_="error") is not None
    assert is_open(shown)
    assert "Uitleg" not in words(shown)
    for other in set(RIGHT) - {exercise}:
        assert card(reply, other).find(class_="error") is None
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_refused_answer_keeps_what_was_typed(visit: Visit) -> None:
    shown = card(answer(visit, "x-order", OPEN["x-order"]), "x-order")
    assert chosen(shown) == {"p-s1": "2", "p-s2": "2", "p-s3": "1"}
    shown = card(answer(visit, "x-match", OPEN["x-match"]), "x-match")
    assert chosen(shown) == {"p-p1": "", "p-p2": "r2"}
    shown = card(answer(visit, "x-classify", OPEN["x-classify"]), "x-classify")
    assert [field["value"] for field in fields(shown, "p-i1") if field.has_attr("checked")] == ["open"]
    long = "x" * REFLECTION_LENGTH + "einde"
    shown = card(answer(visit, "x-reflection", {"text": long}), "x-reflection")
    assert fields(shown, "text")[0].get_text() == long


def chosen(tag: Tag) -> dict[str, str]:
    """What each list of a card has selected."""
    return {
        str(box["name"]): next((str(one["value"]) for one in box.find_all("option") if one.has_attr("selected")), "")
        for box in tag.find_all("select")
    }


def test_a_refused_answer_does_not_hide_what_was_kept_before(visit: Visit) -> None:
    answer(visit, "x-match", RIGHT["x-match"])
    assert answer(visit, "x-match", OPEN["x-match"]).status == 422
    assert not is_open(card(visit.get(KINDS), "x-match"))


def test_a_form_without_its_key_is_refused_and_kept(visit: Visit) -> None:
    reply = visit.post(f"{KINDS}/x-match", RIGHT["x-match"])
    assert reply.status == 422
    assert chosen(card(reply, "x-match")) == {"p-p1": "r1", "p-p2": "r3"}


@pytest.mark.parametrize(
    "path",
    [
        f"{FIRST}/x-order",
        f"{KINDS}/weg",
        "/navorming/klein/weg/x1",
        "/navorming/weg/eerste-les/x1",
        f"{FIRST}",
        "/navorming/klein/weg",
    ],
)
def test_an_address_that_is_not_there_keeps_nothing(visit: Visit, path: str) -> None:
    assert visit.post(path, {"choice": "a", "key": new_key()}).status == 404
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0


def test_fields_that_do_not_belong_are_not_kept(visit: Visit) -> None:
    answer(visit, "x-match", RIGHT["x-match"] | {"p-zz": "r1", "result": "right", "person_id": "1"})
    row = db.session.scalars(select(Attempt)).one()
    assert row.answer == {"p1": "r1", "p2": "r3"}


def test_a_dialogue_is_not_answered_as_an_exercise(visit: Visit) -> None:
    reply = answer(visit, "d-mini", {"choice": "a"}, "/navorming/klein/tweede-les")
    assert reply.status == 404
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0


# ── trying again ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("exercise", ["x-classify", "x-match"])
def test_trying_again_keeps_the_right_parts_and_opens_the_wrong_ones(visit: Visit, exercise: str) -> None:
    answer(visit, exercise, PARTLY[exercise])
    shown = card(visit.get(f"{KINDS}?opnieuw={exercise}"), exercise)
    assert is_open(shown)
    right, wrong = PARTLY[exercise]
    kept = [field for field in fields(shown, right) if field.get("type") == "hidden"]
    assert [field["value"] for field in kept] == [PARTLY[exercise][right]]
    assert all(field.has_attr("disabled") for field in fields(shown, right) if field.get("type") != "hidden")
    assert fields(shown, wrong) and not any(field.has_attr("disabled") for field in fields(shown, wrong))
    # What was wrong is chosen afresh, and its feedback does not give the answer away.
    assert not any(field.has_attr("checked") for field in fields(shown, wrong))
    assert chosen(shown).get(wrong, "") == ""
    form = {right: kept[0]["value"], wrong: RIGHT[exercise][wrong]}
    assert answer(visit, exercise, form).status == 303
    assert "Niet juist" not in words(card(visit.get(KINDS), exercise))


def test_trying_again_opens_that_exercise_alone(visit: Visit) -> None:
    for exercise, data in PARTLY.items():
        answer(visit, exercise, data)
    page = visit.get(f"{KINDS}?opnieuw=x-order")
    assert [exercise for exercise in PARTLY if is_open(card(page, exercise))] == ["x-order"]
    assert visit.get(f"{KINDS}?opnieuw=weg").status == 200


def test_the_newest_answer_is_the_one_on_screen(visit: Visit) -> None:
    for choice in ("b", "a", "b", "a"):
        answer(visit, "x1", {"choice": choice}, FIRST)
    assert "Hier past ja of nee op." in words(card(visit.get(FIRST), "x1")).split("Bekijk de andere keuzes")[0]
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 4


# ── private, stable, honest ────────────────────────────────────────────────


def test_a_reflection_is_shown_back_to_its_writer_alone(rich: Flask) -> None:
    school = make_school()
    writer = make_person(school=school)
    secret = "Kanarie <b>vliegt</b> & zingt"
    answer(Visit(rich, writer.id), "x-reflection", {"text": secret})
    own = card(Visit(rich, writer.id).get(KINDS), "x-reflection")
    assert secret in words(own)
    assert "Een mogelijk antwoord." in words(own)
    others = [make_person(school=school), make_contact_person(school), make_person(role=Role.OS_STAFF)]
    for person in others:
        for path in (KINDS, "/navorming", "/mijn-school", f"/scholen/{school.id}", "/scholen"):
            assert "Kanarie" not in Visit(rich, person.id).get(path).response.get_data(as_text=True)


def test_the_model_answer_of_a_reflection_waits_for_the_own_text(visit: Visit) -> None:
    assert "Een mogelijk antwoord." not in words(card(visit.get(KINDS), "x-reflection"))


def test_line_breaks_of_a_reflection_are_kept_and_a_nul_is_not(visit: Visit) -> None:
    answer(visit, "x-reflection", {"text": "één\r\n\r\ntwee\x00drie"})
    assert db.session.scalars(select(Attempt.answer)).one() == {"text": "één\n\ntweedrie"}


def order_on_screen(reply: Reply) -> list[str]:
    return [str(box["name"]) for box in card(reply, "x-order").find_all("select")]


def test_the_order_on_screen_is_stable_per_person_and_never_the_right_one(rich: Flask) -> None:
    orders = set()
    for _ in range(8):
        visit = Visit(rich, make_person().id)
        once = order_on_screen(visit.get(KINDS))
        assert once == order_on_screen(visit.get(KINDS))
        answer(visit, "x-order", PARTLY["x-order"])
        assert once == order_on_screen(visit.get(f"{KINDS}?opnieuw=x-order"))
        assert sorted(once) == ["p-s1", "p-s2", "p-s3"] != once
        orders.add(tuple(once))
    assert len(orders) > 1


def test_nothing_on_an_open_exercise_says_what_is_right(visit: Visit) -> None:
    source = visit.get(KINDS).response.get_data(as_text=True)
    for telling in ("Uitleg", "correct", "accept", "data-result"):
        assert telling not in source.split("<main", 1)[1], telling


# ── reading, and the map ───────────────────────────────────────────────────


def test_a_lesson_without_exercise_is_marked_as_read_and_leads_on(visit: Visit) -> None:
    page = visit.get("/navorming/klein/lezen")
    forms = [form for form in page.soup.find_all("form") if "Gelezen" in words(form)]
    assert [form.get("action", "/navorming/klein/lezen") for form in forms] == ["/navorming/klein/lezen"]
    for _ in range(2):
        assert visit.post("/navorming/klein/lezen").location == KINDS
    assert [row.ref for row in db.session.scalars(select(Evidence))] == ["lesson:m1-l3"]


def test_the_map_counts_down(visit: Visit) -> None:
    minutes = [14]
    assert f"nog {minutes[0]} minuten" in visit.get("/navorming").text
    answer(visit, "x1", {"choice": "a"}, FIRST)
    assert "nog 11 minuten" in visit.get("/navorming").text
    for exercise, data in RIGHT.items():
        answer(visit, exercise, data)
    assert "nog 11 minuten" in visit.get("/navorming").text, "verdieping counts for nothing"


def test_the_map_leads_to_the_first_open_step(visit: Visit) -> None:
    def target() -> str:
        return str(visit.get("/navorming").soup.select_one(".course-scene a")["href"])

    assert target() == FIRST
    answer(visit, "x1", {"choice": "a"}, FIRST)
    assert target() == "/navorming/klein/tweede-les"


def test_the_attest_page_shows_initials_only(rich: Flask) -> None:
    from lms.learning.queries import find_own_attest
    from tests.factories import make_finished

    person = make_finished(rich.extensions["shelf"].library, name="Fatima El Amrani")
    attest = find_own_attest(person.id, "navorming")
    assert attest is not None
    stranger = Visit(rich)
    page = stranger.get(f"/attest/{attest.code}")
    assert page.status == 200 and "F. E. A." in page.text and "Geldig" in page.text
    for private in ("Fatima", "Amrani", person.email):
        assert private not in page.response.get_data(as_text=True)
    db.session.scalars(select(Completion)).one().revoked_at = attest.issued_at
    db.session.commit()
    assert "Niet meer geldig" in stranger.get(f"/attest/{attest.code}").text
    assert stranger.get("/attest/onbekend").status == 404


# ── content that changes under an answer ───────────────────────────────────


def publish(app: Flask) -> None:
    problems = app.extensions["shelf"].reload()
    assert problems == (), [str(problem) for problem in problems]


def edit(app: Flask, file: Path, old: str, new: str) -> None:
    change(file, old, new)
    publish(app)


def answered(app: Flask) -> Visit:
    visit = Visit(app, make_person().id)
    for exercise, data in RIGHT.items():
        answer(visit, exercise, data)
    answer(visit, "x1", {"choice": "a"}, FIRST)
    return visit


@pytest.mark.parametrize(
    ("exercise", "old", "new"),
    [
        ("x-multiple", '{id: a, text: "Zwijgen helpt"', '{id: d, text: "Zwijgen helpt"'),
        ("x-classify", '{id: i2, text: "Was het leuk?"', '{id: i9, text: "Was het leuk?"'),
        ("x-match", '{id: p1, left: "Check-in"', '{id: p9, left: "Check-in"'),
        ("x-order", '{id: s3, text: "Vragen"', '{id: s9, text: "Vragen"'),
    ],
)
def test_a_part_that_was_replaced_opens_the_exercise_again(
    editable: tuple[Flask, Path], exercise: str, old: str, new: str
) -> None:
    app, course = editable
    visit = answered(app)
    edit(app, course / "klein" / "alle-soorten.md", old, new)
    page = visit.get(KINDS)
    assert page.status == 200
    assert is_open(card(page, exercise))
    for other in set(RIGHT) - {exercise}:
        assert not is_open(card(page, other)), other


def test_an_exercise_of_another_kind_under_the_same_id_is_simply_open(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = answered(app)
    text = (course / "klein" / "alle-soorten.md").read_text()
    choice = 'kind: choice\nquestion: "Nieuw?"\noptions:\n  - {id: a, text: "ja", correct: true, feedback: "f"}\n'
    choice += '  - {id: b, text: "nee", feedback: "f"}\n```\n'
    start = text.index("id: x-multiple\n") + len("id: x-multiple\n")
    (course / "klein" / "alle-soorten.md").write_text(text[:start] + choice + text[text.index("```\n", start) + 4 :])
    publish(app)
    assert is_open(card(visit.get(KINDS), "x-multiple"))
    assert answer(visit, "x-multiple", {"choice": "a"}).status == 303


def test_a_wording_that_changed_keeps_the_answer(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = answered(app)
    edit(app, course / "klein" / "eerste-les.md", "Was dat leuk?", "Was dat dan leuk?")
    shown = card(visit.get(FIRST), "x1")
    assert not is_open(shown) and "Was dat dan leuk?" in words(shown)


def test_an_answer_to_an_exercise_that_left_says_so(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = Visit(app, make_person().id)
    edit(app, course / "klein" / "eerste-les.md", "id: x1", "id: x1-nieuw")
    assert answer(visit, "x1", {"choice": "a"}, FIRST).status == 404
    assert answer(visit, "x1-nieuw", {"choice": "a"}, FIRST).status == 303


def test_each_attempt_knows_the_exercise_it_answered(editable: tuple[Flask, Path]) -> None:
    """A change elsewhere in the lesson is no change of the exercise."""
    app, course = editable
    visit = Visit(app, make_person().id)
    answer(visit, "x1", {"choice": "a"}, FIRST)
    edit(app, course / "klein" / "eerste-les.md", "title: De eerste les", "title: De allereerste les")
    answer(visit, "x1", {"choice": "a"}, FIRST)
    edit(app, course / "klein" / "eerste-les.md", "Was dat leuk?", "Was dat dan leuk?")
    answer(visit, "x1", {"choice": "a"}, FIRST)
    first, second, third = db.session.scalars(select(Attempt.content_digest).order_by(Attempt.id)).all()
    assert first == second != third


def test_who_had_done_all_but_a_lesson_that_left_is_not_stuck(editable: tuple[Flask, Path]) -> None:
    """Nothing is missing any more, so going on with anything at all must open the pack."""
    app, course = editable
    visit = Visit(app, make_person().id)
    answer(visit, "x1", {"choice": "a"}, FIRST)
    answer(visit, "x2", {"choice": "a"}, "/navorming/klein/tweede-les")
    visit.post("/navorming/gesprek/robin", {"position": "0", "option": "b"})
    visit.post("/navorming/gesprek/sam", {"position": "0", "option": "a"})
    visit.post("/navorming/toets")
    for number in range(1, 6):
        visit.post(f"/navorming/toets/q{number}", {"option": "b"})
    visit.post("/navorming/toets/indienen")
    assert visit.get("/pakket/kleine-sessie").status == 403
    (course / "klein" / "lezen.md").unlink()
    edit(app, course / "klein" / "module.yaml", "lezen.md, ", "")
    answer(visit, "x1", {"choice": "b"}, FIRST)
    assert visit.get("/pakket/kleine-sessie").status == 200


# ── the real course ────────────────────────────────────────────────────────


def fill(form: Tag, given: dict[str, Any]) -> dict[str, Any]:
    """The fields that a browser would send for this answer; every one of them must be in the form."""
    names = {str(field.get("name")) for field in form.find_all(["input", "select", "textarea"])}
    if "choice" in given:
        data: dict[str, Any] = {"choice": given["choice"]}
    elif "choices" in given:
        data = {"choices": given["choices"]}
    elif "order" in given:
        data = {f"p-{item}": str(place) for place, item in enumerate(given["order"], 1)}
    elif "text" in given:
        data = {"text": given["text"]}
    else:
        data = {f"p-{part}": value for part, value in given.items()}
    assert set(data) <= names
    return data | {"key": str(form.find("input", {"name": "key"})["value"])}


def test_the_real_course_is_done_through_its_own_forms(app: Flask) -> None:
    """Every exercise of the real course with what its form offers; then the pack opens."""
    course = app.extensions["shelf"].library.course
    visit = Visit(app, make_person().id)
    for module in course.modules:
        for lesson in module.lessons:
            address = f"/navorming/{module.slug}/{lesson.slug}"
            for exercise in lesson.exercises:
                if isinstance(exercise, Rehearsal):
                    continue
                if isinstance(exercise, PlayDialogue):
                    play(visit, next(one for one in course.dialogues if one.id == exercise.dialogue))
                    continue
                if isinstance(exercise, PlacedPlanTask):
                    hand_in_plan(visit)
                    continue
                if isinstance(exercise, PlacedClassroom):
                    continue
                form = BeautifulSoup(visit.get(address).response.get_data(), "lxml").find(
                    "form", {"action": f"{address}/{exercise.id}"}
                )
                assert isinstance(form, Tag), exercise.id
                reply = visit.post(f"{address}/{exercise.id}", fill(form, right_answer(exercise)))
                assert reply.location == f"{address}#ex-{exercise.id}"
            if not lesson.exercises:
                visit.post(address)
    assert "nog 5 minuten" in visit.get("/navorming").text or course.test.minutes != 5
    visit.post("/navorming/toets")
    for item in course.test.items:
        right = next(option.id for option in item.options if option.correct)
        visit.post(f"/navorming/toets/{item.id}", {"option": right})
    assert visit.post("/navorming/toets/indienen").location == "/navorming/klaar"
    assert visit.get(f"/pakket/{app.extensions['shelf'].library.sessions[0].slug}").status == 200


def hand_in_plan(visit: Visit) -> None:
    """The final task as it is offered: the plan that fits."""
    page = visit.get("/navorming/eindtaak?sessie=talenten&uren=2x50&aantal=12")
    form = BeautifulSoup(page.response.get_data(), "lxml").find("form", {"method": "post"})
    assert isinstance(form, Tag)
    fields = {str(one["name"]): str(one["value"]) for one in form.find_all("input", {"name": True})}
    assert visit.post("/navorming/eindtaak", fields).location.endswith("#ex-eindtaak")


def play(visit: Visit, dialogue: Any) -> None:
    """Play by what stands on screen, choosing the first option each time, until there is nothing to say."""
    for position in range(30):
        form = visit.get(f"/navorming/gesprek/{dialogue.slug}").soup.find(
            "form", {"action": f"/navorming/gesprek/{dialogue.slug}"}
        )
        if form is None:
            return
        assert form.find("input", {"name": "position"})["value"] == str(position)
        option = form.find("input", {"name": "option"})["value"]
        visit.post(f"/navorming/gesprek/{dialogue.slug}", {"position": str(position), "option": option})
    raise AssertionError(f"{dialogue.id} does not end")
