"""Rules for dialogues: a conversation can always go on and always come to an end."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content import dialogue_scores
from lms.content.drafts import Draft, Located
from lms.content.exercise_rules import check_options
from lms.content.models import Dialogue, DialogueOption, PlayDialogue
from lms.content.naming import Named, once, once_among, quoted
from lms.content.problems import Problem
from lms.content.yaml import Steps


def check(draft: Draft) -> Iterator[Problem]:
    dialogues = draft.dialogues
    yield from once("het id van een gesprek", (Named(source.value.id, source, ("id",)) for source in dialogues))
    yield from once("de slug van een gesprek", (Named(source.value.slug, source, ("slug",)) for source in dialogues))
    used = {
        exercise.value.dialogue
        for lesson in draft.lessons
        for exercise in lesson.exercises
        if isinstance(exercise.value, PlayDialogue)
    }
    for source in dialogues:
        yield from _check_one(source)
        if source.value.id not in used and "exercises" not in draft.incomplete:
            cause = f'het gesprek "{source.value.id}" staat in geen enkele les'
            yield source.problem(("id",), cause, "een les met een oefening van de soort dialogue")


def _check_one(source: Located[Dialogue]) -> Iterator[Problem]:
    dialogue = source.value
    names = [Named(turn.id, source, ("turns", number, "id")) for number, turn in enumerate(dialogue.turns)]
    names += [Named(ending.id, source, ("endings", number, "id")) for number, ending in enumerate(dialogue.endings)]
    yield from once("het id van een beurt of einde", names)
    routes = (route.setting for route in dialogue.routes)
    yield from once_among("de setting van een route", routes, source, ("routes",), key="setting")
    # With a step that leads nowhere, what can be reached and how it ends would be guesswork.
    problems = list(_check_next(source)) or list(_check_ways(source)) or list(dialogue_scores.check(source))
    yield from problems
    for number, turn in enumerate(dialogue.turns):
        steps: Steps = ("turns", number, "options")
        yield from once_among("het id van een antwoord", (option.id for option in turn.options), source, steps)
        for position, option in enumerate(turn.options):
            yield from _check_goals(source, (*steps, position, "goals"), option)
    yield from _check_care(source)


def _check_next(source: Located[Dialogue]) -> Iterator[Problem]:
    dialogue = source.value
    turns = {turn.id for turn in dialogue.turns}
    if dialogue.start not in turns:
        yield source.problem(
            ("start",), f'de beurt "{dialogue.start}" bestaat niet', "het id van een beurt" + quoted(turns)
        )
    known = turns | {ending.id for ending in dialogue.endings}
    for number, turn in enumerate(dialogue.turns):
        for position, option in enumerate(turn.options):
            if option.next not in known:
                steps = ("turns", number, "options", position, "next")
                expected = "het id van een beurt of einde" + quoted(known)
                yield source.problem(steps, f'"{option.next}" bestaat niet in dit gesprek', expected)


def _check_ways(source: Located[Dialogue]) -> Iterator[Problem]:
    """Everything can be reached, and from every turn an ending can be reached, whatever circle one walks in."""
    dialogue = source.value
    ways = {turn.id: {option.next for option in turn.options} for turn in dialogue.turns}
    reached = {dialogue.start}
    waiting = [dialogue.start]
    while waiting:
        for name in ways.get(waiting.pop(), set()) - reached:
            reached.add(name)
            waiting.append(name)
    ending = {one.id for one in dialogue.endings}
    grows = True
    while grows:
        more = {name for name, following in ways.items() if name not in ending and following & ending}
        ending |= more
        grows = bool(more)
    for number, turn in enumerate(dialogue.turns):
        if turn.id not in reached:
            cause = f'niemand komt ooit bij de beurt "{turn.id}"'
            yield source.problem(("turns", number, "id"), cause, "een antwoord met deze beurt als next")
        elif turn.id not in ending:
            cause = f'vanaf de beurt "{turn.id}" komt er nooit een einde'
            yield source.problem(("turns", number, "id"), cause, "een antwoord dat naar een einde kan leiden")
    for number, end in enumerate(dialogue.endings):
        if end.id not in reached:
            cause = f'niemand komt ooit bij het einde "{end.id}"'
            yield source.problem(("endings", number, "id"), cause, "een antwoord met dit einde als next")


def _check_goals(source: Located[Dialogue], steps: Steps, option: DialogueOption) -> Iterator[Problem]:
    """A question that pushes cannot be an open one at the same time."""
    if option.goals.get("duwt_niet") == 0 and option.goals.get("opent") == 2:
        cause = f'antwoord "{option.id}" duwt (duwt_niet: 0) en scoort toch opent: 2'
        yield source.problem((*steps, "opent"), cause, "opent: 0 of 1, of een hogere duwt_niet")


def _check_care(source: Located[Dialogue]) -> Iterator[Problem]:
    dialogue = source.value
    if dialogue.written_variant is not None:
        yield from check_options(source, ("written_variant",), dialogue.written_variant.options)
    if not dialogue.sensitive:
        return
    cause = f'het gevoelige gesprek "{dialogue.id}" heeft geen '
    if dialogue.written_variant is None:
        yield source.problem(("sensitive",), cause + "geschreven vorm", "de sleutel written_variant")
    if not dialogue.routes:
        yield source.problem(("sensitive",), cause + "zorgroutes", "de sleutel routes met minstens één route")
