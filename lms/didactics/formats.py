"""Does a werkvorm suit a group? Every constraint that it breaks, in words.

Source: the catalogue of the course blueprint (group, minutes, needs, energy) with what its lessons add: how much trust
and how much language a format asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.content.format_models import ActivityFormat, Amount, Constraint, Energy, FormatGoal, Need, Situation

_ENERGIES: tuple[Energy, ...] = ("laag", "midden", "hoog")
_AMOUNTS: tuple[Amount, ...] = ("weinig", "gewoon", "veel")

NEED_WORDS: dict[Need, str] = {
    "papier": "papier", "grote-vellen": "grote vellen", "stiften": "stiften", "post-its": "post-its",
    "kaartjes": "kaartjes", "beeldkaarten": "beeldkaarten", "tijdschriften": "tijdschriften",
    "knipgerief": "knipgerief", "teksten": "korte teksten", "voorwerp": "een eigen voorwerp",
    "ruimte": "vrije ruimte", "timer": "een klok", "gsm": "gsm's", "scherm": "een scherm", "gast": "een gast",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A constraint that a format breaks, and why, in a Dutch sentence."""

    constraint: Constraint
    text: str


def find_broken(activity: ActivityFormat, situation: Situation) -> tuple[Broken, ...]:
    """Every constraint of ``situation`` that ``activity`` breaks; nothing means that it can be used here."""
    return (
        *_group(activity, situation),
        *_time(activity, situation),
        *_material(activity, situation),
        *_energy(activity, situation),
        *_safety(activity, situation),
        *_language(activity, situation),
    )


def suits(activity: ActivityFormat, situation: Situation) -> bool:
    """Whether it breaks nothing and is made for this exercise."""
    return not find_broken(activity, situation) and situation.exercise in activity.suits


def _group(activity: ActivityFormat, situation: Situation) -> Iterator[Broken]:
    least, most = activity.group.min, activity.group.max
    if activity.per_set is not None:
        least = max(least, activity.per_set.min)
    if situation.size < least:
        yield Broken(
            constraint="groep", text=f"{activity.name} vraagt minstens {least} mensen, en je hebt er {situation.size}."
        )
    elif situation.size > most:
        yield Broken(
            constraint="groep", text=f"{activity.name} werkt tot {most} mensen, en je hebt er {situation.size}."
        )


def _time(activity: ActivityFormat, situation: Situation) -> Iterator[Broken]:
    if activity.minutes.min > situation.minutes:
        text = f"{activity.name} vraagt minstens {activity.minutes.min} minuten, en je hebt er {situation.minutes}."
        yield Broken(constraint="tijd", text=text)


def _material(activity: ActivityFormat, situation: Situation) -> Iterator[Broken]:
    missing = [NEED_WORDS[need] for need in activity.needs if need not in situation.available]
    if missing:
        yield Broken(constraint="materiaal", text=f"Daarvoor ontbreekt hier: {', '.join(missing)}.")


def _energy(activity: ActivityFormat, situation: Situation) -> Iterator[Broken]:
    """Only the opposite breaks: a quiet form for a tired group, a lively one for a group that needs rest."""
    if situation.energy is None:
        return
    step = _ENERGIES.index(situation.energy) - _ENERGIES.index(activity.energy)
    if step >= 2:
        yield Broken(constraint="energie", text=f"{activity.name} is rustig, en deze groep moet eerst wakker worden.")
    elif step <= -2:
        yield Broken(constraint="energie", text=f"{activity.name} is druk, en deze groep heeft nu rust nodig.")


def _safety(activity: ActivityFormat, situation: Situation) -> Iterator[Broken]:
    if _AMOUNTS.index(activity.trust) > _AMOUNTS.index(situation.trust):
        yield Broken(constraint="veiligheid", text=f"{activity.name} vraagt meer vertrouwen dan deze groep al heeft.")


def _language(activity: ActivityFormat, situation: Situation) -> Iterator[Broken]:
    if _AMOUNTS.index(activity.language) > _AMOUNTS.index(situation.language):
        yield Broken(
            constraint="taal", text=f"{activity.name} vraagt meer taal dan voor iedereen in deze groep haalbaar is."
        )


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody looks for in the catalogue; None or empty is no wish."""

    goal: FormatGoal | None = None
    minutes: int | None = None
    size: int | None = None
    energy: Energy | None = None
    without: frozenset[Need] = frozenset()
    exercise: str | None = None


def search(formats: Iterable[ActivityFormat], wish: Wish) -> tuple[ActivityFormat, ...]:
    """The formats that answer every part of ``wish``, in the order of the catalogue."""
    return tuple(one for one in formats if _answers(one, wish))


def _answers(one: ActivityFormat, wish: Wish) -> bool:
    return (
        (wish.goal is None or wish.goal in one.goals)
        and (wish.minutes is None or one.minutes.min <= wish.minutes)
        and (wish.size is None or one.group.min <= wish.size <= one.group.max)
        and (wish.energy is None or one.energy == wish.energy)
        and not wish.without & set(one.needs)
        and (wish.exercise is None or wish.exercise in one.suits)
    )
