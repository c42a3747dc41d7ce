"""Timing cases: what somebody decides per exercise, judged by the rules of the planner."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.toolbox_models import Session
from lms.didactics.timing.cases import DECISIONS, best_decisions, judge_decisions
from lms.didactics.timing.plans import DoesNotFit
from tests.unit.timing.sessions import MINIS, real_session, real_sessions, small_sessions

DONE = ["s2-checkin", "s2-wat-is-talent", "s2-bewust"]


def judge_late(**decisions: str):  # type: ignore[no-untyped-def]
    """Session two with 18 minutes left: the talent test, asking others, and the check-out."""
    session, minis = real_session("talenten"), real_sessions()[1]
    given = {"s2-talententest": "shorten", "s2-anderen": "home", "s2-checkout": "keep"}
    given |= {f"s2-{name}": decision for name, decision in decisions.items()}
    return judge_decisions(session, minis, 18, DONE, given)  # type: ignore[arg-type]


def test_the_plan_of_the_toolbox_is_right_and_its_minutes_follow() -> None:
    outcome = judge_late()
    assert (outcome.verdict, outcome.over) == ("right", 0)
    assert [line.verdict for line in outcome.lines] == ["right", "right", "right"]
    assert outcome.lines[0].text == "Blijft, met 13 minuten. Beste plan: 14 minuten."
    assert outcome.text == "Zo vraagt je plan 18 minuten, en je hebt er 18. Dat past."


@pytest.mark.parametrize(
    ("decisions", "verdict", "says"),
    [
        ({"checkout": "skip"}, "wrong", "De check-out blijft"),
        ({"talententest": "skip"}, "wrong", "Dit hoort bij de kern"),
        ({"anderen": "keep"}, "wrong", "Daarvoor is er in de klas geen plaats. Beste plan: naar huis."),
        ({"anderen": "skip"}, "partly", "Dit mag helemaal thuis; dan valt er niets weg."),
        ({"talententest": "keep"}, "wrong", "Hier kan nog tijd af: het minimum is 12 minuten."),
        ({"talententest": "home"}, "right", "In de klas blijven er 12 minuten over."),
    ],
)
def test_every_decision_is_told_why(decisions: dict[str, str], verdict: str, says: str) -> None:
    outcome = judge_late(**decisions)
    assert outcome.verdict == verdict
    assert any(says in line.text for line in outcome.lines)


def test_over_time_says_how_much_and_a_cut_core_is_no_good_plan() -> None:
    assert judge_late(anderen="keep").text == "Zo vraagt je plan 27 minuten, en je hebt er 18. Er moet nog 9 af."
    assert judge_late(checkout="skip").text.endswith("Dat past, maar er valt iets weg wat moet blijven.")


def test_dropping_what_would_fit_is_only_partly_right() -> None:
    session, minis = real_session("wie-ben-jij"), real_sessions()[1]
    decisions = best_decisions(session, minis, 50, ())
    assert decisions["s1-toekomst"] == "shorten"
    outcome = judge_decisions(session, minis, 50, (), decisions | {"s1-toekomst": "skip"})
    assert outcome.verdict == "partly"
    assert [line.text for line in outcome.lines if line.verdict == "partly"] == [
        "Dat hoeft niet: ingekort past het er nog bij. Beste plan: 5 minuten."
    ]


@settings(max_examples=50, deadline=None)
@given(session=small_sessions(), available=st.integers(6, 25))
@pytest.mark.slow
def test_the_best_plan_is_right_and_no_right_answer_breaks_the_rules(session: Session, available: int) -> None:
    if any(exercise.splittable for exercise in session.exercises):
        return
    try:
        best = best_decisions(session, MINIS, available, ())
    except DoesNotFit:
        return
    outcome = judge_decisions(session, MINIS, available, (), best)
    assert (outcome.verdict, outcome.over) == ("right", 0)
    for decisions in product(DECISIONS, repeat=len(session.exercises)):
        given = dict(zip(best, decisions, strict=True))
        judged = judge_decisions(session, MINIS, available, (), given)
        if judged.verdict == "wrong":
            continue
        assert judged.over == 0
        stays = [e.id for e in session.exercises if not e.droppable]
        assert all(given[name] in ("keep", "shorten") for name in stays)
        least = sum(
            e.minutes if given[e.id] == "keep" else e.min_minutes
            for e in session.exercises
            if given[e.id] in ("keep", "shorten")
        )
        assert least <= available
