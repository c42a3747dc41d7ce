"""Rules for the exercises of lessons and the options of questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lms.content.drafts import Draft, Located
from lms.content.models import Choice, ChoiceOption, Classify, Match, Multiple, Order, PlayDialogue
from lms.content.naming import Named, once, once_among, quoted
from lms.content.problems import Problem
from lms.content.yaml import Steps


def check(draft: Draft) -> Iterator[Problem]:
    exercises = [exercise for lesson in draft.lessons for exercise in lesson.exercises]
    names = [Named(exercise.value.id, exercise, ("id",)) for exercise in exercises]
    # A written variant is answered like an exercise, so its id lives among theirs.
    for source in draft.dialogues:
        variant = source.value.written_variant
        if variant is not None:
            names.append(Named(variant.id, source, ("written_variant", "id")))
    yield from once("het id van een oefening", names)
    dialogues = {dialogue.value.id for dialogue in draft.dialogues}
    for exercise in exercises:
        yield from _check_one(exercise)
        if isinstance(exercise.value, PlayDialogue) and "dialogues" not in draft.incomplete:
            yield from _check_dialogue(exercise, dialogues)


def check_options(source: Located[Any], steps: Steps, options: Sequence[ChoiceOption]) -> Iterator[Problem]:
    """Exactly one option is right; ``steps`` lead to the question that has the options."""
    yield from once_among("het id van een antwoord", (option.id for option in options), source, (*steps, "options"))
    right = [number for number, option in enumerate(options) if option.correct]
    if not right:
        yield source.problem((*steps, "options"), "geen enkel antwoord is juist", "één antwoord met correct: true")
    for number in right[1:]:
        cause = "er is nog een antwoord juist"
        yield source.problem((*steps, "options", number, "correct"), cause, "één antwoord met correct: true")
    for number, option in enumerate(options):
        if option.correct and option.usable:
            cause = "dit antwoord is juist en deels juist"
            yield source.problem((*steps, "options", number, "usable"), cause, "correct of usable, niet allebei")


def _check_one(source: Located[Any]) -> Iterator[Problem]:
    exercise = source.value
    if isinstance(exercise, Choice):
        yield from check_options(source, (), exercise.options)
    elif isinstance(exercise, Multiple):
        yield from once_among("het id van een antwoord", (one.id for one in exercise.options), source, ("options",))
        if not any(option.correct for option in exercise.options):
            # Whoever ticks nothing is asked to tick something, so nobody could ever be right.
            yield source.problem(
                ("options",), "geen enkel antwoord is juist", "minstens één antwoord met correct: true"
            )
    elif isinstance(exercise, Classify):
        yield from once_among("het id van een label", (one.id for one in exercise.labels), source, ("labels",))
        yield from once_among("het id van een zin", (one.id for one in exercise.items), source, ("items",))
        labels = {label.id for label in exercise.labels}
        for number, item in enumerate(exercise.items):
            if item.label not in labels:
                cause = f'het label "{item.label}" bestaat niet'
                yield source.problem(("items", number, "label"), cause, "een van de labels" + quoted(labels))
    elif isinstance(exercise, Match):
        yield from _check_match(source, exercise)
    elif isinstance(exercise, Order):
        yield from once_among("het id van een stap", (one.id for one in exercise.items), source, ("items",))


def _check_match(source: Located[Any], exercise: Match) -> Iterator[Problem]:
    yield from once_among("het id van een keuze", (one.id for one in exercise.right), source, ("right",))
    yield from once_among("het id van een paar", (one.id for one in exercise.pairs), source, ("pairs",))
    values = {value.id for value in exercise.right}
    for number, pair in enumerate(exercise.pairs):
        for position, name in enumerate(pair.accept):
            if name not in values:
                steps = ("pairs", number, "accept", position)
                yield source.problem(steps, f'de keuze "{name}" bestaat niet', "een id onder right" + quoted(values))


def _check_dialogue(source: Located[Any], dialogues: set[str]) -> Iterator[Problem]:
    name = source.value.dialogue
    if name not in dialogues:
        cause = f'het gesprek "{name}" bestaat niet'
        yield source.problem(("dialogue",), cause, "het id van een gesprek" + quoted(dialogues))
