"""Three minutes of practice before a session, on what somebody found hardest. Made from what is kept, stored nowhere.

Source: the didactics of the course. A kind of bijvraag comes back in three places: in sorting questions, in a bijvraag
that is typed, and in the goals of a conversation. Only the last times count, so who has learned something moves on.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lms.content.models import Classify, ClassifyItem, Course, DialogueTurn, Goal, OwnQuestion
from lms.didactics.probing import Kind, Verdict, judge_question
from lms.errors import Invalid
from lms.learning.rules import Result, judge, shuffled
from lms.learning.rules.growth import Play, Try

# Fewer moments than this say nothing about somebody.
MOMENTS_AT_LEAST = 3
LAST_QUESTIONS = 5
LABELS = ("open", "gesloten", "suggestief")
T = TypeVar("T")


class Focus(enum.StrEnum):
    """What a warm-up is about."""

    OPEN = "open"
    PUSH = "niet-duwen"
    FOLLOW = "volgen"
    SAFE = "veilig"


FOCUS_LABELS = {
    Focus.OPEN: "Open vragen",
    Focus.PUSH: "Vragen zonder te duwen",
    Focus.FOLLOW: "Verder op hun woorden",
    Focus.SAFE: "Het veilig houden",
}
# One sentence to take into class.
TAKE_ALONG = {
    Focus.OPEN: "Begin met wat, hoe, wie of waar. Dan kiest de jongere waarover het gaat.",
    Focus.PUSH: "Hoor je ‘toch’ of ‘zou je niet’? Stop, en vraag het zonder je mening.",
    Focus.FOLLOW: "Pak één woord van de jongere vast en gebruik het in je volgende vraag.",
    Focus.SAFE: "Vertraag. Vraag eerst of iemand hier verder wil vertellen.",
}
_GOALS: dict[Focus, Goal] = {
    Focus.OPEN: "opent", Focus.PUSH: "duwt_niet", Focus.FOLLOW: "volgt", Focus.SAFE: "veilig",
}  # fmt: skip
_OF_GOAL = {goal: focus for focus, goal in _GOALS.items()}
_OF_LABEL = {"open": Focus.OPEN, "gesloten": Focus.OPEN, "suggestief": Focus.PUSH}


# ── what to practise ───────────────────────────────────────────────────────


def weakest_focus(course: Course, tries: Iterable[Try], plays: Iterable[Play]) -> Focus | None:
    """What went well least often in the last times; None when too little is known, or when all of it went well."""
    seen: dict[Focus, list[bool]] = {}
    for focus, good in [*_sorted(course, tries), *_asked(course, tries), *_held(course, plays)]:
        seen.setdefault(focus, []).append(good)
    shares = {focus: sum(moments) / len(moments) for focus, moments in seen.items() if len(moments) >= MOMENTS_AT_LEAST}
    found = min(shares, key=lambda focus: (shares[focus], list(Focus).index(focus)), default=None)
    return found if found is not None and shares[found] < 1 else None


def warm_up_exercises(course: Course) -> dict[str, Classify | OwnQuestion]:
    """The exercises of which the attempts say something, by id."""
    return {
        exercise.id: exercise
        for lesson in course.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, OwnQuestion)
        or (isinstance(exercise, Classify) and {label.id for label in exercise.labels} == set(LABELS))
    }


def _sorted(course: Course, tries: Iterable[Try]) -> Iterator[tuple[Focus, bool]]:
    exercises = warm_up_exercises(course)
    last = {one.exercise_id: one for one in sorted(tries, key=lambda one: one.at)}
    for name, one in last.items():
        exercise = exercises.get(name)
        if not isinstance(exercise, Classify):
            continue
        try:
            parts = judge(exercise, one.answer).parts
        except Invalid:
            # The exercise changed since; what was answered says nothing about what it asks now.
            continue
        for item in exercise.items:
            yield _OF_LABEL[item.label], parts[item.id].result is Result.RIGHT


def _asked(course: Course, tries: Iterable[Try]) -> Iterator[tuple[Focus, bool]]:
    exercises = warm_up_exercises(course)
    own = [one for one in tries if isinstance(exercises.get(one.exercise_id), OwnQuestion)]
    for one in sorted(own, key=lambda one: one.at)[-LAST_QUESTIONS:]:
        exercise = exercises[one.exercise_id]
        assert isinstance(exercise, OwnQuestion)
        verdict = judge_question(exercise.answer, str(one.answer.get("text") or ""))
        yield Focus.OPEN, verdict.type is Kind.OPEN
        yield Focus.PUSH, verdict.type is not Kind.LEADING
        yield Focus.FOLLOW, verdict.uptake


def _held(course: Course, plays: Iterable[Play]) -> Iterator[tuple[Focus, bool]]:
    known = {dialogue.id for dialogue in course.dialogues}
    last = {play.dialogue_id: play for play in sorted(plays, key=lambda play: play.ended_at)}
    for name in sorted(known & set(last)):
        for goals in last[name].turns:
            yield from ((_OF_GOAL[goal], score == 2) for goal, score in goals.items() if goal in _OF_GOAL)  # type: ignore[index]


# ── the items ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One short thing to do with what was ``said``. ``options`` is empty for a bijvraag that is typed."""

    id: str
    question: str
    said: str
    speaker: str
    options: tuple[Option, ...]
    given: str = ""
    result: Result | None = None
    feedback: str = ""
    verdict: Verdict | None = None


def warm_up(course: Course, focus: Focus, round_: int) -> tuple[Item, ...]:
    """Three or four items of the course about ``focus``; the same for the same ``round_``, and always in this order."""
    sorting = [_sorting(item) for item in _pick(_classified(course, focus), 3, focus, round_)]
    replies = [_reply(name, turn) for name, turn in _pick(_turns(course, focus), 3, focus, round_)]
    asking = [_asking(one) for one in _pick(_own(course), 1, focus, round_)]
    if focus is Focus.OPEN:
        return (*sorting, *asking)
    if focus is Focus.PUSH:
        return (*sorting, *replies[:1])
    return (*replies[:2], *asking) if focus is Focus.FOLLOW else tuple(replies)


def _pick(items: Sequence[T], count: int, focus: Focus, round_: int) -> list[T]:
    """So many items, going on where the round before stopped, so that two rounds after each other differ."""
    mixed = shuffled(items, focus)
    start = round_ * count
    return [mixed[(start + step) % len(mixed)] for step in range(min(count, len(mixed)))]


def _classified(course: Course, focus: Focus) -> list[ClassifyItem]:
    found = [one for one in warm_up_exercises(course).values() if isinstance(one, Classify)]
    items = [item for one in found for item in one.items]
    return [item for item in items if _OF_LABEL[item.label] is focus or item.label == "open"]


def _turns(course: Course, focus: Focus) -> list[tuple[str, DialogueTurn]]:
    """Turns in which one thing to say is good for this goal and another is not.

    What is sensitive stays where it is explained: nobody meets it three minutes before the bell.
    """
    goal = _GOALS[focus]
    return [
        (f"{dialogue.id}-{turn.id}", turn)
        for dialogue in course.dialogues
        if not dialogue.sensitive
        for turn in dialogue.turns
        if {2, 0} <= {option.goals.get(goal) for option in turn.options}
    ]


def _own(course: Course) -> list[OwnQuestion]:
    return [one for one in warm_up_exercises(course).values() if isinstance(one, OwnQuestion)]


def _sorting(item: ClassifyItem) -> Item:
    options = tuple(Option(id=label, text=label.capitalize()) for label in LABELS)
    question = "Wat voor vraag is dit?"
    return Item(id=f"c-{item.id}", question=question, said=item.text, speaker=item.context or "", options=options)


def _reply(name: str, turn: DialogueTurn) -> Item:
    options = tuple(Option(id=option.id, text=option.text) for option in shuffled(turn.options, name))
    return Item(id=f"t-{name}", question="Wat zeg jij?", said=turn.text, speaker=turn.speaker, options=options)


def _asking(exercise: OwnQuestion) -> Item:
    return Item(
        id=f"o-{exercise.id}", question=exercise.question, said=exercise.answer, speaker=exercise.speaker, options=()
    )


# ── what it was worth ──────────────────────────────────────────────────────


def answer_warm_up(course: Course, focus: Focus, items: Sequence[Item], given: Mapping[str, str]) -> tuple[Item, ...]:
    """The items with what was answered, and what that does, by the rules of the course.

    Raises Invalid when something is still open, saying how much.
    """
    missing = [item for item in items if not _is_complete(item, given.get(item.id, ""))]
    if missing:
        raise Invalid(
            "Er is nog één antwoord open." if len(missing) == 1 else f"Er zijn nog {len(missing)} antwoorden open."
        )
    sorting = {f"c-{item.id}": item for item in _classified(course, focus)}
    turns = {f"t-{name}": turn for name, turn in _turns(course, focus)}
    own = {f"o-{one.id}": one for one in _own(course)}
    done = []
    for item in items:
        answer = given[item.id]
        if item.id in sorting:
            done.append(_with_label(item, sorting[item.id], answer))
        elif item.id in turns:
            done.append(_with_turn(item, turns[item.id], _GOALS[focus], answer))
        else:
            judged = judge(own[item.id], {"text": answer})
            done.append(replace(item, given=answer, result=judged.result, verdict=judged.verdict))
    return tuple(done)


def _is_complete(item: Item, answer: str) -> bool:
    return answer in {option.id for option in item.options} if item.options else bool(answer.strip())


def _with_label(item: Item, source: ClassifyItem, answer: str) -> Item:
    result = Result.RIGHT if answer == source.label else Result.WRONG
    return replace(item, given=answer, result=result, feedback=source.feedback)


def _with_turn(item: Item, turn: DialogueTurn, goal: Goal, answer: str) -> Item:
    said = next(option for option in turn.options if option.id == answer)
    # What the goal does not apply to is no fault against it, and no answer to it either.
    result = {0: Result.WRONG, 1: Result.PARTLY, 2: Result.RIGHT}[said.goals.get(goal, 1)]
    return replace(item, given=answer, result=result, feedback=said.feedback)
