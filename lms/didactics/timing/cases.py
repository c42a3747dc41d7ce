"""Judge what somebody decides for a session that does not fit: keep, shorten, give home or skip, exercise by exercise.

Source: the timing cases of the course blueprint. Check-in, core and check-out stay, two good plans may stand side by
side, and nothing goes that may stay. The minutes follow from the decisions, so it is about choosing and not about sums.
What stands in a fiche alone is not told here, because the pack may still be shut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.content.toolbox_models import Minis, Session, ToolboxExercise
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.parts import ends, is_core
from lms.didactics.timing.plans import Plan
from lms.didactics.timing.squeezing import squeeze
from lms.didactics.timing.words import minutes_text

Decision = Literal["keep", "shorten", "home", "skip"]
Verdict = Literal["right", "partly", "wrong"]
DECISIONS: Mapping[Decision, str] = {
    "keep": "Blijft zoals het is", "shorten": "Kort ik in", "home": "Gaat (deels) naar huis", "skip": "Valt weg",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One decision: its verdict, and in words what it means and what the best plan does."""

    exercise: ToolboxExercise
    verdict: Verdict
    text: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``over``: minutes over the time with everything as short as was decided; 0 when it fits."""

    lines: tuple[Line, ...]
    verdict: Verdict
    over: int
    text: str


def judge_decisions(
    session: Session, minis: Minis, available: int, done: Sequence[str], decisions: Mapping[str, Decision]
) -> Outcome:
    """Judge a decision for every exercise that is not done; ``available`` are the minutes that are left."""
    ahead = [exercise for exercise in session.exercises if exercise.id not in done]
    best = fit(session, [available], minis, done=done)
    wanted = [_wanted(exercise, decisions[exercise.id]) for exercise in ahead]
    floors = [_floor(exercise, decisions[exercise.id], want) for exercise, want in zip(ahead, wanted, strict=True)]
    squeezed = squeeze(wanted, floors, available)
    over = max(0, sum(floors) - available)
    given = squeezed[1] if squeezed else floors
    lines = tuple(
        _line(session, exercise, decisions[exercise.id], minutes, over, best)
        for exercise, minutes in zip(ahead, given, strict=True)
    )
    verdict = _total(lines, over)
    text = _summary(sum(given), available, over, cuts_core=any(line.verdict == "wrong" for line in lines))
    return Outcome(lines=lines, verdict=verdict, over=over, text=text)


def _summary(needs: int, available: int, over: int, *, cuts_core: bool) -> str:
    text = f"Zo vraagt je plan {minutes_text(needs)}, en je hebt er {available}."
    if over:
        return f"{text} Er moet nog {over} af."
    return f"{text} Dat past, maar er valt iets weg wat moet blijven." if cuts_core else f"{text} Dat past."


def best_decisions(session: Session, minis: Minis, available: int, done: Sequence[str]) -> dict[str, Decision]:
    """What the best plan decides, in the words of the exercise."""
    best = fit(session, [available], minis, done=done)
    return {exercise.id: _best_decision(exercise, best) for exercise in session.exercises if exercise.id not in done}


def _best_decision(exercise: ToolboxExercise, best: Plan) -> Decision:
    status, minutes = _in_best(exercise, best)
    if status != "kept":
        return "home" if status == "home" else "skip"
    return "keep" if minutes == exercise.minutes else "shorten"


def _in_best(exercise: ToolboxExercise, best: Plan) -> tuple[str, int]:
    """Status and minutes of an exercise in the best plan; a split one is kept while any step of it is."""
    blocks = [block for block in best.blocks if block.exercise_id == exercise.id]
    kept = [block for block in blocks if block.status == "kept"]
    return (kept or blocks)[0].status, sum(block.minutes for block in blocks)


def _part_at_home(exercise: ToolboxExercise) -> int:
    """Minutes in class when the part that the toolbox names is done at home."""
    return max(exercise.min_minutes, exercise.minutes - (exercise.home_saves_minutes or 0))


def _wanted(exercise: ToolboxExercise, decision: Decision) -> int:
    if decision in ("keep", "shorten"):
        return exercise.minutes
    return _part_at_home(exercise) if decision == "home" and exercise.at_home == "partial" else 0


def _floor(exercise: ToolboxExercise, decision: Decision, wanted: int) -> int:
    return exercise.min_minutes if decision == "shorten" else wanted


def _total(lines: Sequence[Line], over: int) -> Verdict:
    verdicts = {line.verdict for line in lines}
    if over or "wrong" in verdicts:
        return "wrong"
    return "partly" if "partly" in verdicts else "right"


def _line(session: Session, exercise: ToolboxExercise, decision: Decision, minutes: int, over: int, best: Plan) -> Line:
    verdict, text = _judge(session, exercise, decision, minutes, over, best)
    status, best_minutes = _in_best(exercise, best)
    if status == "kept":
        told = (
            "Zo doet het beste plan het ook."
            if minutes == best_minutes
            else f"Beste plan: {minutes_text(best_minutes)}."
        )
    elif decision == status or (decision == "skip" and status == "skipped"):
        told = "Zo doet het beste plan het ook."
    else:
        told = "Beste plan: naar huis." if status == "home" else "Beste plan: valt weg."
    return Line(exercise=exercise, verdict=verdict, text=f"{text} {told}")


def _judge(
    session: Session, exercise: ToolboxExercise, decision: Decision, minutes: int, over: int, best: Plan
) -> tuple[Verdict, str]:
    if decision in ("home", "skip") and _stays(session, exercise, decision):
        return "wrong", _why_it_stays(session, exercise)
    status, best_minutes = _in_best(exercise, best)
    kept_in_best = status == "kept"
    if decision == "skip":
        if exercise.at_home == "full":
            return "partly", "Dit mag helemaal thuis; dan valt er niets weg."
        return (
            ("partly", "Dat hoeft niet: ingekort past het er nog bij.")
            if kept_in_best
            else ("right", "Daar is geen plaats voor.")
        )
    if decision == "home" and exercise.at_home == "partial":
        return "right", f"Een deel kan thuis. In de klas blijven er {minutes_text(minutes)} over."
    if decision == "home":
        text = "Dit mag helemaal thuis."
        return ("partly", f"{text} Het hoeft niet: ingekort past het er nog bij.") if kept_in_best else ("right", text)
    if over and not kept_in_best:
        return "wrong", "Daarvoor is er in de klas geen plaats."
    if over and decision == "keep" and best_minutes < exercise.minutes:
        return "partly", f"Hier kan nog tijd af: het minimum is {minutes_text(exercise.min_minutes)}."
    return "right", f"Blijft, met {minutes_text(minutes)}."


def _stays(session: Session, exercise: ToolboxExercise, decision: Decision) -> bool:
    """Whether it may not leave class: what is core goes home only for the part that the toolbox names."""
    if decision == "home" and exercise.at_home == "partial":
        return False
    return is_core(session, exercise) or (decision == "home" and exercise.at_home == "none")


def _why_it_stays(session: Session, exercise: ToolboxExercise) -> str:
    opening, closing = ends(session)
    if exercise.id == opening:
        return "De check-in blijft: daarmee begint de groep echt."
    if exercise.id == closing:
        return "De check-out blijft: zonder eindig je midden in een gesprek."
    if is_core(session, exercise):
        return "Dit hoort bij de kern en blijft in de klas."
    return "Dit kan niet thuis. Kort het in, of laat het weg."
