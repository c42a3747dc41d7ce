"""Sessions for the tests of timing: small made-up ones, and the four of the toolbox."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from hypothesis import strategies as st

from lms.content.toolbox_models import Limits, Minis, Session, Step, ToolboxExercise
from tests.real_course import real_library

MINIS = Minis(checkin=Limits(min=1, max=2), checkout=Limits(min=1, max=3))


def make_exercise(exercise_id: str, minutes: int = 10, floor: int = 5, **fields: object) -> ToolboxExercise:
    values: dict[str, object] = {
        "id": exercise_id,
        "name": exercise_id.capitalize(),
        "minutes": minutes,
        "min_minutes": floor,
        "core": False,
        "steps": (Step(label="a", text="Doe dit."),),
        "facilitator_notes": "Let op.",
    }
    return ToolboxExercise.model_validate(values | fields)


def make_split(exercise_id: str, *steps: tuple[int, int, bool], **fields: object) -> ToolboxExercise:
    """An exercise that may be split; each step has minutes, a minimum, and whether it may be done at home."""
    made = tuple(
        Step(label=label, text="Doe dit.", minutes=minutes, min_minutes=floor, home=home)
        for label, (minutes, floor, home) in zip("abcdef", steps, strict=False)
    )
    return make_exercise(
        exercise_id,
        sum(step[0] for step in steps),
        sum(step[1] for step in steps),
        steps=made,
        splittable=tuple(step.label for step in made),
        **({"core": True} | fields),
    )


def make_session(*exercises: ToolboxExercise) -> Session:
    """A session with these exercises between a check-in of 3 (minimum 2) and a check-out of 3 (minimum 2) minutes."""
    whole = (
        make_exercise("checkin", 3, 2, core=True),
        *exercises,
        make_exercise("checkout", 3, 2, core=True),
    )
    return Session(
        slug="proef",
        number=1,
        title="Proef",
        short_title="Proef",
        theme="Proef",
        aim="Proef",
        lead="Proef",
        total_minutes=sum(exercise.minutes for exercise in whole),
        exercises=whole,
    )


@st.composite
def small_exercises(draw: st.DrawFn, exercise_id: str) -> ToolboxExercise:
    kind = draw(st.sampled_from(["core", "fixed order", "droppable", "home", "split"]))
    if kind == "split":
        steps = []
        for _ in range(2):
            floor = draw(st.integers(1, 3))
            steps.append((floor + draw(st.integers(0, 2)), floor, draw(st.booleans())))
        return make_split(exercise_id, *steps)
    floor = draw(st.integers(1, 4))
    minutes = floor + draw(st.integers(0, 2))
    if kind == "core":
        return make_exercise(exercise_id, minutes, floor, core=True)
    at_home = "full" if kind == "home" else "none"
    return make_exercise(exercise_id, minutes, floor, droppable=kind != "fixed order", at_home=at_home)


@st.composite
def small_sessions(draw: st.DrawFn) -> Session:
    names = ["een", "twee", "drie"][: draw(st.integers(1, 3))]
    return make_session(*(draw(small_exercises(name)) for name in names))


@cache
def real_sessions() -> tuple[tuple[Session, ...], Minis]:
    library = real_library()
    return library.sessions, library.minis


def real_session(slug: str) -> Session:
    return next(session for session in real_sessions()[0] if session.slug == slug)


def is_sorted(values: list[int]) -> bool:
    return all(one <= other for one, other in pairwise(values))
