"""A conversation as it is kept: what was said stands, can be taken back and started again, and counts at its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.content.models import Dialogue
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, DialoguePlay, DialogueTurnSaid, Evidence
from lms.schools.rules import SchoolKind
from tests.factories import make_person, make_school
from tests.rich_course import change
from tests.server import Reply, Visit

ROBIN = "/navorming/gesprek/robin"
SAM = "/navorming/gesprek/sam"


@pytest.fixture
def visit(rich: Flask) -> Visit:
    return Visit(rich, make_person().id)


def say(visit: Visit, position: int | str, option: str, talk: str = ROBIN) -> Reply:
    return visit.post(talk, {"position": str(position), "option": option})


def rows() -> list[tuple[int, str, str, bool]]:
    """Every turn ever said: position, turn, option and whether it was taken back."""
    db.session.rollback()
    said = db.session.scalars(select(DialogueTurnSaid).order_by(DialogueTurnSaid.id))
    return [(row.position, row.turn_id, row.option_id, row.taken_back_at is not None) for row in said]


def evidence() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Evidence.ref)))


def test_what_is_said_appears_with_what_it_did(visit: Visit) -> None:
    first = visit.get(ROBIN)
    assert "Dit is de boot van mijn tante." in first.text
    assert "Je vertrekt van de foto van Robin." not in first.text
    assert say(visit, 0, "a").location == f"{ROBIN}#nu"
    page = visit.get(ROBIN)
    assert "Je vertrekt van de foto van Robin." in page.text
    assert "Aan het roer staan. Dan zwijgt iedereen." in page.text
    assert "Beurt 2" in page.text
    assert rows() == [(0, "n1", "a", False)] and evidence() == []


def test_the_ending_shows_the_replay_and_counts(visit: Visit) -> None:
    say(visit, 0, "a")
    say(visit, 1, "a")
    page = visit.get(ROBIN)
    assert "Goed gesprek" in page.text and "Robin vertelt over het roer." in page.text
    assert page.soup.find("input", {"name": "option"}) is None
    replay = page.soup.select("ol.replay > li")
    assert len(replay) == 2
    # What else could have been said stands behind a fold, with what it would have done.
    assert "Je gok zit in de vraag." in replay[0].get_text()
    assert evidence() == ["dialogue:d-mini"]
    play = db.session.scalars(select(DialoguePlay)).one()
    assert play.ending_id == "e_goed" and play.ended_at is not None


def test_a_bad_ending_counts_as_well(visit: Visit) -> None:
    say(visit, 0, "b")
    assert "Het gesprek viel stil" in visit.get(ROBIN).text
    assert evidence() == ["dialogue:d-mini"]


def test_the_goals_of_a_turn_are_kept_one_by_one(visit: Visit) -> None:
    say(visit, 0, "b")
    assert db.session.scalars(select(DialogueTurnSaid.goals)).one() == {"opent": 0, "volgt": 1, "duwt_niet": 0}


def test_taking_back_keeps_what_was_said_but_marks_it(visit: Visit) -> None:
    say(visit, 0, "a")
    say(visit, 1, "b")
    assert visit.post(f"{ROBIN}/terug", {"position": "1"}).location == f"{ROBIN}#nu"
    assert rows() == [(0, "n1", "a", False), (1, "n2", "b", True)]
    page = visit.get(ROBIN)
    assert "Aan het roer staan." in page.text and "Robin krijgt geen vraag." not in page.text
    play = db.session.scalars(select(DialoguePlay)).one()
    assert play.ending_id is None and play.ended_at is None
    say(visit, 1, "a")
    assert rows() == [(0, "n1", "a", False), (1, "n2", "b", True), (1, "n2", "a", False)]
    assert "Goed gesprek" in visit.get(ROBIN).text


def test_taking_back_the_first_turn_takes_back_all(visit: Visit) -> None:
    say(visit, 0, "a")
    say(visit, 1, "b")
    visit.post(f"{ROBIN}/terug", {"position": "0"})
    assert [row[3] for row in rows()] == [True, True]
    assert "Beurt 1" in visit.get(ROBIN).text


def test_taking_back_does_not_take_back_what_was_shown(visit: Visit) -> None:
    say(visit, 0, "b")
    visit.post(f"{ROBIN}/terug", {"position": "0"})
    assert evidence() == ["dialogue:d-mini"]


@pytest.mark.parametrize("position", ["", "-1", "x", "99999", "1e3"])
def test_taking_back_nonsense_changes_nothing(visit: Visit, position: str) -> None:
    say(visit, 0, "a")
    assert visit.post(f"{ROBIN}/terug", {"position": position}).status == 303
    assert visit.post(f"{SAM}/terug", {"position": "0"}).status == 303
    assert rows() == [(0, "n1", "a", False)]


def test_starting_again_keeps_the_first_conversation(visit: Visit) -> None:
    say(visit, 0, "a")
    say(visit, 1, "b")
    assert visit.post(f"{ROBIN}/opnieuw").location == ROBIN
    assert "Beurt 1" in visit.get(ROBIN).text
    say(visit, 0, "b")
    assert db.session.scalar(select(func.count()).select_from(DialoguePlay)) == 2
    assert [row[:3] for row in rows()] == [(0, "n1", "a"), (1, "n2", "b"), (0, "n1", "b")]
    assert not any(row[3] for row in rows())
    assert evidence() == ["dialogue:d-mini"]


def test_starting_again_before_a_word_is_said_makes_nothing(visit: Visit) -> None:
    for _ in range(2):
        assert visit.post(f"{ROBIN}/opnieuw").status == 303
    assert db.session.scalar(select(func.count()).select_from(DialoguePlay)) == 0


def test_an_old_position_changes_nothing(visit: Visit) -> None:
    say(visit, 0, "a")
    say(visit, 1, "a")
    for position, option in ((0, "b"), (1, "b"), (0, "zz")):
        assert say(visit, position, option).location == f"{ROBIN}#nu"
    assert [row[2] for row in rows()] == ["a", "a"]


def test_a_position_that_is_still_to_come_shows_where_the_conversation_is(visit: Visit) -> None:
    say(visit, 0, "a")
    reply = say(visit, 2, "a")
    assert reply.status == 409
    assert "andere plek" in reply.text and "Aan het roer staan." in reply.text
    assert len(rows()) == 1


def test_after_the_ending_nothing_can_be_added(visit: Visit) -> None:
    say(visit, 0, "b")
    assert say(visit, 1, "a").status == 409
    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("position", "option"), [(0, ""), (0, "zz"), ("", "a"), ("-1", "a"), ("x", "a"), ("12345", "a"), ("²", "a")]
)
def test_nothing_chosen_or_nonsense_asks_for_a_choice(visit: Visit, position: int | str, option: str) -> None:
    reply = say(visit, position, option)
    assert reply.status == 422 and "Kies eerst wat je zegt." in reply.text
    assert rows() == []


def test_an_unknown_conversation_is_not_found(visit: Visit) -> None:
    for path in ("", "/terug", "/opnieuw", "/schriftelijk"):
        assert visit.post(f"/navorming/gesprek/niemand{path}", {"position": "0", "option": "a"}).status == 404
    assert visit.get("/navorming/gesprek/niemand").status == 404


def test_two_people_have_two_conversations(rich: Flask) -> None:
    one, other = Visit(rich, make_person().id), Visit(rich, make_person().id)
    say(one, 0, "a")
    assert "Beurt 1" in other.get(ROBIN).text
    say(other, 0, "b")
    assert "Beurt 2" in one.get(ROBIN).text


def test_the_options_stand_in_an_order_of_ones_own_that_stays(visit: Visit) -> None:
    def options() -> list[str]:
        return [str(field["value"]) for field in visit.get(ROBIN).soup.find_all("input", {"name": "option"})]

    once = options()
    assert sorted(once) == ["a", "b"]
    assert all(options() == once for _ in range(3))


# ── the written variant ────────────────────────────────────────────────────


@pytest.mark.parametrize(("choice", "words"), [("a", "Zo is het."), ("b", "Dat is werk voor anderen.")])
def test_the_written_variant_counts_as_the_conversation(visit: Visit, choice: str, words: str) -> None:
    page = visit.get(SAM)
    assert "Dit gesprek kan raken." in page.text and "de leerlingenbegeleiding" in page.text
    assert words not in page.text
    reply = visit.post(f"{SAM}/schriftelijk", {"choice": choice, "key": new_key()})
    assert reply.location == f"{SAM}#schriftelijk"
    assert evidence() == ["dialogue:d-zwaar"]
    assert words in visit.get(SAM).text
    assert db.session.scalar(select(func.count()).select_from(DialoguePlay)) == 0


@pytest.mark.parametrize("choice", ["", "zz"])
def test_the_written_variant_without_a_choice_says_so(visit: Visit, choice: str) -> None:
    assert visit.post(f"{SAM}/schriftelijk", {"choice": choice, "key": new_key()}).location == f"{SAM}#schriftelijk"
    assert evidence() == []
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_the_written_variant_sent_twice_is_one_answer(visit: Visit) -> None:
    form = {"choice": "a", "key": new_key()}
    for _ in range(2):
        visit.post(f"{SAM}/schriftelijk", form)
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_conversation_without_written_variant_has_none(visit: Visit) -> None:
    assert visit.post(f"{ROBIN}/schriftelijk", {"choice": "a", "key": new_key()}).status == 404
    assert "Schriftelijke variant" not in visit.get(ROBIN).text
    assert evidence() == []


# ── content that changes ───────────────────────────────────────────────────


def publish(app: Flask) -> None:
    assert app.extensions["shelf"].reload() == ()


def test_a_conversation_that_was_rewritten_says_so_and_starts_again(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = Visit(app, make_person().id)
    say(visit, 0, "a")
    change(course / "dialogen" / "d-mini.yaml", "next: n2", "next: n3")
    change(course / "dialogen" / "d-mini.yaml", "- id: n2", "- id: n3")
    change(
        course / "dialogen" / "d-mini.yaml",
        '      - id: a\n        text: "Wat doe',
        '      - id: c\n        text: "Wat doe',
    )
    publish(app)
    page = visit.get(ROBIN)
    assert page.status == 200
    assert "intussen herschreven" in page.text and "Begin opnieuw" in page.text
    assert page.soup.find("input", {"name": "option"}) is None
    reply = say(visit, 1, "a")
    assert reply.status == 409 and "herschreven" in reply.text
    assert visit.post(f"{ROBIN}/opnieuw").status == 303
    assert "herschreven" not in visit.get(ROBIN).text
    assert say(visit, 0, "c").status == 303
    assert rows() == [(0, "n1", "a", False), (0, "n1", "c", False)]


def test_a_turn_that_left_the_conversation_does_not_break_it(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = Visit(app, make_person().id)
    say(visit, 0, "a")
    say(visit, 1, "a")
    for old, new in (("id: n2", "id: nieuw"), ("next: n2", "next: nieuw")):
        change(course / "dialogen" / "d-mini.yaml", old, new)
    publish(app)
    assert visit.get(ROBIN).status == 200
    assert visit.get("/navorming/klein/tweede-les").status == 200
    assert evidence() == ["dialogue:d-mini"]


def test_a_written_variant_that_was_rewritten_is_simply_open(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = Visit(app, make_person().id)
    visit.post(f"{SAM}/schriftelijk", {"choice": "b", "key": new_key()})
    change(course / "dialogen" / "d-zwaar.yaml", '{id: b, text: "Uitvragen"', '{id: c, text: "Uitvragen"')
    publish(app)
    page = visit.get(SAM)
    assert page.status == 200
    assert "Dat is werk voor anderen." not in page.text
    assert visit.post(f"{SAM}/schriftelijk", {"choice": "c", "key": new_key()}).status == 303
    assert "Dat is werk voor anderen." in visit.get(SAM).text


# ── the real conversations ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "words"),
    [(None, "in de klas"), (SchoolKind.SECONDARY, "in de klas"), (SchoolKind.YOUTH_WORK, "in het jeugdhuis"),
     (SchoolKind.ADULT_EDUCATION, "in het CVO")],
)  # fmt: skip
def test_words_follow_where_somebody_works(rich: Flask, kind: SchoolKind | None, words: str) -> None:
    visit = Visit(rich, make_person(school=make_school(kind=kind) if kind else None).id)
    assert words in visit.get(SAM).text
    say(visit, 0, "a", SAM)
    assert words in visit.get(SAM).text


@pytest.mark.parametrize(("way", "endings"), [("best", {"goed"}), ("worst", {"zwak", "matig"})])
def test_every_real_conversation_rewards_who_follows(app: Flask, way: str, endings: set[str]) -> None:
    visit = Visit(app, make_person().id)
    for dialogue in app.extensions["shelf"].library.course.dialogues:
        assert walk(visit, dialogue, best=way == "best") in endings, dialogue.id


def walk(visit: Visit, dialogue: Dialogue, *, best: bool) -> str:
    """Play on the site and give the rating at the end."""
    turns = {turn.id: turn for turn in dialogue.turns}
    endings = {ending.id: ending.rating for ending in dialogue.endings}
    path, here, position = f"/navorming/gesprek/{dialogue.slug}", dialogue.start, 0
    while here in turns:
        choose = max if best else min
        option = choose(turns[here].options, key=lambda one: sum(one.goals.values()) / len(one.goals))
        assert say(visit, position, option.id, path).status == 303
        here, position = option.next, position + 1
    labels = {"goed": "Goed gesprek", "matig": "De deur staat op een kier", "zwak": "Het gesprek viel stil"}
    assert labels[endings[here]] in visit.get(path).text
    return endings[here]
