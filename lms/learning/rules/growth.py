"""What somebody learned, held against their own first tries and nobody else's. Made from what is kept, stored nowhere.

Source: the didactics of the course: openness is told and not scored, a dialogue has several goals and no total, and in
a session the minutes behind the bell count. A first and a last try say more to a learner than an average does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from lms.content.case_models import PlacedFormatCase, PlacedTimingCase
from lms.content.models import Course, Dialogue, Exercise, Goal, OwnQuestion
from lms.content.rehearsal_models import PlacedRehearsal
from lms.didactics.probing import Kind, judge_question
from lms.didactics.timing.cases import DECISIONS, Decision, judge_decisions
from lms.didactics.timing.costs import cost_of
from lms.didactics.timing.rehearsing import Day, Lost
from lms.learning.rules import Result
from lms.learning.rules.rehearsals import read_run

# So many first and last bijvragen stand beside each other.
SHOWN = 5
GOALS: tuple[Goal, ...] = ("opent", "volgt", "duwt_niet", "veilig")
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Try:
    """One answer to an exercise."""

    exercise_id: str
    at: datetime
    answer: Mapping[str, Any]
    result: Result


@dataclass(frozen=True, kw_only=True)
class Play:
    """One conversation that came to an end: the scores of each turn that stood."""

    dialogue_id: str
    ending_id: str
    ended_at: datetime
    turns: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A bijvraag of the learner, with what the youngster said before, as the rules judge it now."""

    said: str
    text: str
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class Openness:
    """The first and the last bijvragen, as many of each; ``last`` is empty when there is only one."""

    total: int
    first: tuple[Asked, ...]
    last: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True)
class Talk:
    """How a conversation went: its rating, and per goal in how many turns of how many it was *goed*."""

    rating: str
    goals: tuple[tuple[Goal, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Talks:
    """The first and, when there are more, the last time somebody had a conversation."""

    dialogue: Dialogue
    times: int
    first: Talk
    last: Talk | None


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """Minutes behind the bell in the first and, when there are more, the last try at a session."""

    exercise: Exercise
    title: str
    times: int
    first: int
    last: int | None


@dataclass(frozen=True, kw_only=True)
class Formats:
    """In how many of the cases that were answered a format that suits was chosen, at first and now."""

    cases: int
    first: int
    now: int
    chosen: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Each part is empty or None where nothing was practised yet."""

    openness: Openness | None
    talks: tuple[Talks, ...]
    minutes: tuple[Minutes, ...]
    formats: Formats | None


def growth_of(course: Course, tries: Iterable[Try], plays: Iterable[Play]) -> Growth:
    """What the tries and plays of one learner say, in whatever order they come."""
    made: dict[str, list[Try]] = {}
    for one in sorted(tries, key=lambda one: one.at):
        made.setdefault(one.exercise_id, []).append(one)
    exercises = [exercise for lesson in course.lessons for exercise in lesson.exercises]
    return Growth(
        openness=_openness(exercises, made),
        talks=tuple(_talks(course, plays)),
        minutes=tuple(_minutes(exercises, made)),
        formats=_formats(exercises, made),
    )


def _ends(items: Sequence[Made]) -> tuple[Made, Made | None]:
    """The first, and the last when that is another one."""
    return items[0], items[-1] if len(items) > 1 else None


# ── bijvragen ──────────────────────────────────────────────────────────────


def _openness(exercises: Sequence[Exercise], made: Mapping[str, Sequence[Try]]) -> Openness | None:
    asked = sorted(
        (
            (one.at, exercise.answer, str(one.answer.get("text") or ""))
            for exercise in exercises
            if isinstance(exercise, OwnQuestion)
            for one in made.get(exercise.id, ())
        ),
        key=lambda one: one[0],
    )
    if not asked:
        return None
    beside = min(SHOWN, len(asked) // 2)
    return Openness(
        total=len(asked),
        first=tuple(_asked(said, text) for _, said, text in asked[: max(1, beside)]),
        last=tuple(_asked(said, text) for _, said, text in asked[len(asked) - beside :]),
    )


def _asked(said: str, text: str) -> Asked:
    return Asked(said=said, text=text, kind=judge_question(said, text).type)


# ── dialogues ──────────────────────────────────────────────────────────────


def _talks(course: Course, plays: Iterable[Play]) -> Iterator[Talks]:
    held: dict[str, list[Play]] = {}
    for play in sorted(plays, key=lambda play: play.ended_at):
        held.setdefault(play.dialogue_id, []).append(play)
    for dialogue in course.dialogues:
        talks = [talk for play in held.get(dialogue.id, ()) if (talk := _talk(dialogue, play)) is not None]
        if talks:
            first, last = _ends(talks)
            yield Talks(dialogue=dialogue, times=len(talks), first=first, last=last)


def _talk(dialogue: Dialogue, play: Play) -> Talk | None:
    """None for an ending that the dialogue no longer has."""
    ending = next((one for one in dialogue.endings if one.id == play.ending_id), None)
    if ending is None:
        return None
    scores = {goal: [turn[goal] for turn in play.turns if goal in turn] for goal in GOALS}
    goals = tuple((goal, sum(score == 2 for score in given), len(given)) for goal, given in scores.items() if given)
    return Talk(rating=ending.rating, goals=goals)


# ── minutes and formats ────────────────────────────────────────────────────


def _minutes(exercises: Sequence[Exercise], made: Mapping[str, Sequence[Try]]) -> Iterator[Minutes]:
    for exercise in exercises:
        if not isinstance(exercise, PlacedTimingCase | PlacedRehearsal):
            continue
        late = [over for one in made.get(exercise.id, ()) if (over := _over(exercise, one)) is not None]
        if late:
            first, last = _ends(late)
            title = exercise.title if isinstance(exercise, PlacedRehearsal) else exercise.scene or exercise.question
            yield Minutes(exercise=exercise, title=title, times=len(late), first=first, last=last)


def _over(exercise: PlacedTimingCase | PlacedRehearsal, one: Try) -> int | None:
    """Minutes behind the bell; None for what does not fit the exercise of now or is not at its end."""
    if isinstance(exercise, PlacedRehearsal):
        run = read_run(one.answer)
        if run is None or one.result is Result.SEEN:
            return None
        day = Day(exercise, run.day)
        try:
            return cost_of(day, day.play(run.choices)).over
        except Lost:
            return None
    decisions = {ahead.id: one.answer.get(ahead.id) for ahead in exercise.ahead}
    if any(decision not in DECISIONS for decision in decisions.values()):
        return None
    given = cast(dict[str, Decision], decisions)
    return judge_decisions(exercise.taken_from, exercise.minis, exercise.available, exercise.done, given).over


def _formats(exercises: Sequence[Exercise], made: Mapping[str, Sequence[Try]]) -> Formats | None:
    cases = [one for one in exercises if isinstance(one, PlacedFormatCase) and one.id in made]
    if not cases:
        return None
    now = [case for case in cases if made[case.id][-1].result is Result.RIGHT]
    chosen = (
        case.text_of(option)
        for case in now
        for option in case.options
        if option.id == made[case.id][-1].answer.get("choice")
    )
    return Formats(
        cases=len(cases),
        first=sum(made[case.id][0].result is Result.RIGHT for case in cases),
        now=len(now),
        chosen=tuple(dict.fromkeys(chosen)),
    )
