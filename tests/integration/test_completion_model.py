"""Completion, held against a model of its own: what somebody did decides, in whatever order, and nothing else does.

The model knows the rich course by hand and never asks the code under test whether somebody is ready.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, select

from lms.database import db
from lms.learning.forms import new_key
from lms.learning.queries import find_open_play, find_open_sitting, list_turns
from lms.learning.tables import Attest, Completion
from tests.factories import make_person
from tests.server import Visit

LESSONS = "/navorming/klein"
PAGES = (
    "/navorming",
    f"{LESSONS}/eerste-les",
    f"{LESSONS}/tweede-les",
    f"{LESSONS}/lezen",
    f"{LESSONS}/alle-soorten",
    f"{LESSONS}/zwaar",
    f"{LESSONS}/eerste-les?opnieuw=x1",
    "/navorming/gesprek/robin",
    "/navorming/gesprek/sam",
    "/navorming/toets",
    "/navorming/toets?nieuw=1",
    "/navorming/toets?vraag=1",
    "/navorming/klaar",
    "/pakket",
    "/pakket/kleine-sessie",
)
NEEDED = {"x1", "x2", "lezen", "robin", "sam", "toets"}

# The conversations as they stand in the course files: where each option leads.
TALKS = {
    "robin": {"start": "n1", "n1": {"a": "n2", "b": "e_zwak"}, "n2": {"a": "e_goed", "b": "e_zwak"}},
    "sam": {"start": "z1", "z1": {"a": "z_goed", "b": "z_zwak"}},
}
DIALOGUE_IDS = {"robin": "d-mini", "sam": "d-zwaar"}

# How many completions and attests somebody has. Made once: the walks ask it some twenty thousand times.
HELD = (
    select(func.count(Completion.id), func.count(Attest.id))
    .select_from(Completion)
    .outerjoin(Attest, Attest.completion_id == Completion.id)
    .where(Completion.person_id == bindparam("person_id"))
)


@dataclass
class Model:
    """What should be true of one learner, from the actions alone."""

    done: set[str] = field(default_factory=set)
    said: dict[str, list[str]] = field(default_factory=lambda: {"robin": [], "sam": []})
    answers: dict[str, str] | None = None
    drawn: list[str] = field(default_factory=list)
    completed: bool = False

    def note(self, what: str) -> None:
        self.done.add(what)
        self.completed = self.completed or self.done >= NEEDED

    def here(self, talk: str) -> str:
        """The turn or ending where a conversation stands."""
        place = str(TALKS[talk]["start"])
        for option in self.said[talk]:
            place = TALKS[talk][place][option]  # type: ignore[index]
        return place


class Learner:
    """Somebody at the site together with the model of what they did."""

    def __init__(self, app: Flask, chance: random.Random) -> None:
        self.app, self.chance, self.model = app, chance, Model()
        self.id = make_person().id
        self.visit = Visit(app, self.id)
        self.key = new_key()
        self.used: set[str] = set()
        self.trail: list[str] = []

    def post(self, path: str, expected: set[int], **data: str) -> int:
        self.trail.append(f"POST {path} {data}")
        reply = self.visit.post(path, data)
        assert reply.status in expected, f"{reply.status} for {self.trail[-1]}"
        return reply.status

    # ── actions ────────────────────────────────────────────────────────────

    def open_page(self) -> None:
        path = self.chance.choice(PAGES)
        self.trail.append(f"GET {path}")
        assert self.visit.get(path).status in {200, 302, 403}

    def answer(self, exercise: str, lesson: str) -> None:
        """Right, wrong, usable, nothing, nonsense; sometimes with the key of the answer before."""
        choice = self.chance.choice(["a", "b", "c", "", "zz"])
        if self.chance.random() < 0.8:
            self.key = new_key()
        complete = bool(choice) and choice in {"x1": "ab", "x2": "abc"}[exercise]
        self.post(f"{LESSONS}/{lesson}/{exercise}", {303} if complete else {422}, choice=choice, key=self.key)
        if complete and self.key not in self.used:
            self.used.add(self.key)
            self.model.note(exercise)

    def answer_first(self) -> None:
        self.answer("x1", "eerste-les")

    def answer_second(self) -> None:
        self.answer("x2", "tweede-les")

    def answer_without_key(self) -> None:
        self.post(f"{LESSONS}/eerste-les/x1", {422}, choice="b", key="")

    def answer_in_the_wrong_lesson(self) -> None:
        self.post(f"{LESSONS}/lezen/x1", {404}, choice="b", key=new_key())

    def answer_extra(self) -> None:
        """Exercises of a lesson that nobody has to do."""
        self.post(
            f"{LESSONS}/alle-soorten/x-order", {303, 422}, **{"p-s1": "1", "p-s2": "2", "p-s3": "3"}, key=new_key()
        )

    def read(self) -> None:
        self.post(f"{LESSONS}/lezen", {303})
        self.model.note("lezen")

    def read_a_lesson_with_exercises(self) -> None:
        self.post(f"{LESSONS}/eerste-les", {404})

    def say(self) -> None:
        """The right place, an old place or a place that is still to come."""
        talk = self.chance.choice(["robin", "sam"])
        place, now = self.model.here(talk), len(self.model.said[talk])
        position = self.chance.choice([now, now, now, now - 1, now + 1])
        option = self.chance.choice(["a", "b", "zz"])
        path = f"/navorming/gesprek/{talk}"
        if position < 0:
            self.post(path, {422}, position=str(position), option=option)
        elif position < now:
            self.post(path, {303}, position=str(position), option=option)
        elif position > now or place not in TALKS[talk]:
            self.post(path, {409}, position=str(position), option=option)
        elif option == "zz":
            self.post(path, {422}, position=str(position), option=option)
        else:
            self.post(path, {303}, position=str(position), option=option)
            self.model.said[talk].append(option)
            if self.model.here(talk) not in TALKS[talk]:
                self.model.note(talk)

    def take_back(self) -> None:
        talk = self.chance.choice(["robin", "sam"])
        position = self.chance.choice([0, 1, 2])
        self.post(f"/navorming/gesprek/{talk}/terug", {303}, position=str(position))
        del self.model.said[talk][position:]

    def restart(self) -> None:
        talk = self.chance.choice(["robin", "sam"])
        self.post(f"/navorming/gesprek/{talk}/opnieuw", {303})
        self.model.said[talk] = []

    def written_variant(self) -> None:
        """Counts as having talked, whether the choice is the best one or not; only where there is one."""
        option = self.chance.choice(["a", "b", "zz"])
        self.post("/navorming/gesprek/sam/schriftelijk", {303}, choice=option, key=new_key())
        if option != "zz":
            self.model.note("sam")

    def written_variant_that_is_not_there(self) -> None:
        self.post("/navorming/gesprek/robin/schriftelijk", {404}, choice="a", key=new_key())

    def start_test(self) -> None:
        self.post("/navorming/toets", {303})
        if self.model.answers is None:
            sitting = find_open_sitting(self.id, "toets")
            assert sitting is not None
            self.model.answers, self.model.drawn = {}, [row["item"] for row in sitting.drawn]
            assert len(self.model.drawn) == 3 and "q1" in self.model.drawn

    def answer_question(self) -> None:
        item = self.chance.choice(self.model.drawn or ["q1"])
        option = self.chance.choice(["b", "b", "b", "a", "zz"])
        if self.model.answers is None:
            self.post(f"/navorming/toets/{item}", {303}, option=option)
        elif option == "zz":
            self.post(f"/navorming/toets/{item}", {422}, option=option)
        else:
            self.post(f"/navorming/toets/{item}", {303}, option=option)
            self.model.answers[item] = option

    def hand_in(self) -> None:
        self.post("/navorming/toets/indienen", {303})
        answers = self.model.answers
        if answers is None or len(answers) < 3:
            return
        right = sum(option == "b" for option in answers.values())
        self.model.answers = None
        if right >= 2 and answers["q1"] == "b":
            self.model.note("toets")

    def help_on(self) -> None:
        """Do something that is still missing, the way somebody does who wants to get there."""
        missing = sorted(NEEDED - self.model.done)
        match self.chance.choice(missing or ["x1"]):
            case "x1":
                self.post(f"{LESSONS}/eerste-les/x1", {303}, choice="a", key=new_key())
                self.model.note("x1")
            case "x2":
                self.post(f"{LESSONS}/tweede-les/x2", {303}, choice="b", key=new_key())
                self.model.note("x2")
            case "lezen":
                self.read()
            case "toets":
                self.take_the_test()
            case talk:
                self.restart_if_ended(talk)
                position = len(self.model.said[talk])
                self.post(f"/navorming/gesprek/{talk}", {303}, position=str(position), option="b")
                self.model.said[talk].append("b")
                self.model.note(talk)

    def restart_if_ended(self, talk: str) -> None:
        if self.model.here(talk) not in TALKS[talk]:
            self.post(f"/navorming/gesprek/{talk}/opnieuw", {303})
            self.model.said[talk] = []

    def take_the_test(self) -> None:
        self.start_test()
        for item in self.model.drawn:
            self.post(f"/navorming/toets/{item}", {303}, option="b")
            self.model.answers[item] = "b"  # type: ignore[index]
        self.hand_in()

    # ── looking at the outcome ─────────────────────────────────────────────

    def check(self) -> None:
        db.session.rollback()
        row = db.session.connection().execute(HELD, {"person_id": self.id}).one()
        expected = (1, 1) if self.model.completed else (0, 0)
        assert tuple(row) == expected, f"{tuple(row)} for {self.model}\n" + "\n".join(self.trail)

    def check_the_rest(self) -> None:
        """At the end of a walk: the conversations stand where the model says, and the pack follows."""
        for talk, name in DIALOGUE_IDS.items():
            play = find_open_play(self.id, name)
            standing = [row.option_id for row in list_turns(play.id)] if play else []
            assert standing == self.model.said[talk], "\n".join(self.trail)
        assert self.visit.get("/pakket/kleine-sessie").status == (200 if self.model.completed else 403)


ACTIONS: list[Callable[[Learner], None]] = [
    Learner.answer_first, Learner.answer_second, Learner.read, Learner.say, Learner.say, Learner.written_variant,
    Learner.start_test, Learner.answer_question, Learner.answer_question, Learner.answer_question, Learner.hand_in,
    Learner.open_page, Learner.open_page, Learner.take_back, Learner.restart, Learner.answer_extra,
    Learner.answer_without_key, Learner.answer_in_the_wrong_lesson, Learner.read_a_lesson_with_exercises,
    Learner.written_variant_that_is_not_there,
]  # fmt: skip


def walk(app: Flask, seed: int) -> Learner:
    """One random sequence of actions; after each the site and the model must agree."""
    chance = random.Random(seed)
    learner = Learner(app, chance)
    diligence = chance.choice([0.0, 0.4, 0.7])
    for _ in range(chance.randrange(4, 14)):
        act = Learner.help_on if chance.random() < diligence else chance.choice(ACTIONS)
        act(learner)
        learner.check()
    learner.check_the_rest()
    return learner


# The walks of both databases together are two thousand different ones; PostgreSQL takes the last of them.
ON_POSTGRESQL = 1850


@pytest.mark.both
@pytest.mark.parametrize(
    ("first", "count"),
    [
        (0, 40),
        pytest.param(40, 110, marks=pytest.mark.slow),
        *(
            pytest.param(start, 340, marks=[pytest.mark.slow, pytest.mark.sqlite_alone])
            for start in range(150, 1850, 340)
        ),
    ],
)
def test_completion_follows_what_was_done(rich: Flask, database_kind: str, first: int, count: int) -> None:
    if database_kind == "postgresql":
        first += ON_POSTGRESQL
    completed = 0
    for seed in range(first, first + count):
        try:
            completed += walk(rich, seed).model.completed
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    # The walks say little unless a good part of them gets there and a good part does not.
    assert count * 0.15 < completed < count * 0.85


def test_the_model_notices_a_grant_and_a_refusal_that_are_wrong(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twins: a rule that forgets the test, and one that never says yes."""
    from lms.learning import actions

    monkeypatch.setattr(actions, "is_completed", lambda _course, shown: len(shown) >= 4)
    with pytest.raises(AssertionError):
        for seed in range(100):
            walk(rich, seed)
    monkeypatch.setattr(actions, "is_completed", lambda _course, _shown: False)
    with pytest.raises(AssertionError):
        for seed in range(100):
            walk(rich, seed)


def test_opening_every_page_many_times_completes_nothing(rich: Flask) -> None:
    learner = Learner(rich, random.Random(1))
    for _ in range(3):
        for path in PAGES:
            assert learner.visit.get(path).status in {200, 302, 403}, path
    learner.check()
    assert learner.visit.get("/navorming/klaar").location == "/navorming"


@pytest.mark.parametrize("last", sorted(NEEDED))
def test_any_step_may_be_the_last(rich: Flask, last: str) -> None:
    """Completion and attest appear with the last step, whichever that is, and that step leads to the attest."""
    visit = Visit(rich, make_person().id)

    def do(step: str) -> str:
        match step:
            case "x1":
                return visit.post(f"{LESSONS}/eerste-les/x1", {"choice": "a", "key": new_key()}).location
            case "x2":
                return visit.post(f"{LESSONS}/tweede-les/x2", {"choice": "c", "key": new_key()}).location
            case "lezen":
                return visit.post(f"{LESSONS}/lezen").location
            case "robin":
                return visit.post("/navorming/gesprek/robin", {"position": "0", "option": "b"}).location
            case "sam":
                return visit.post("/navorming/gesprek/sam/schriftelijk", {"choice": "b", "key": new_key()}).location
        visit.post("/navorming/toets")
        for item in ("q1", "q2", "q3", "q4", "q5"):
            visit.post(f"/navorming/toets/{item}", {"option": "b"})
        return visit.post("/navorming/toets/indienen").location

    for step in sorted(NEEDED - {last}):
        assert do(step) != "/navorming/klaar", step
    assert visit.get("/pakket/kleine-sessie").status == 403
    assert do(last) == "/navorming/klaar"
    assert visit.get("/pakket/kleine-sessie").status == 200
    assert visit.get("/navorming/klaar").status == 200


def test_a_completion_is_never_made_twice_and_stays_when_revoked(rich: Flask) -> None:
    from lms.clock import now
    from tests.factories import make_finished

    person = make_finished(rich.extensions["shelf"].library)
    visit = Visit(rich, person.id)
    assert visit.get("/pakket/kleine-sessie").status == 200
    db.session.scalars(select(Completion)).one().revoked_at = now()
    db.session.commit()
    assert visit.get("/pakket/kleine-sessie").status == 403
    # Doing everything again does not give back what was taken away.
    visit.post(f"{LESSONS}/eerste-les/x1", {"choice": "b", "key": new_key()})
    visit.post("/navorming/toets")
    for item in ("q1", "q2", "q3", "q4", "q5"):
        visit.post(f"/navorming/toets/{item}", {"option": "b"})
    visit.post("/navorming/toets/indienen")
    assert db.session.scalar(select(func.count()).select_from(Completion)) == 1
    assert db.session.scalar(select(func.count()).select_from(Attest)) == 1
    assert visit.get("/pakket/kleine-sessie").status == 403
