"""Rules for the sessions of the toolbox and their cards."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.drafts import CardsFile, Draft, Located
from lms.content.naming import Named, once, once_among
from lms.content.problems import Problem
from lms.content.sheet_rules import check_sheet
from lms.content.toolbox_models import Session, ToolboxExercise
from lms.content.yaml import Steps

MIN_VARIANTS = 3


def check(draft: Draft) -> Iterator[Problem]:
    sessions = draft.sessions
    yield from once("de slug van een sessie", (Named(one.value.slug, one, ("slug",)) for one in sessions))
    yield from once("het nummer van een sessie", (Named(str(one.value.number), one, ("number",)) for one in sessions))
    exercises = (
        Named(exercise.id, source, ("exercises", number, "id"))
        for source in sessions
        for number, exercise in enumerate(source.value.exercises)
    )
    yield from once("het id van een oefening", exercises)
    if draft.toolbox is not None:
        cards = draft.toolbox.value.cards
        slugs, numbers = (card.slug for card in cards), (str(card.number) for card in cards)
        yield from once_among("de slug van een kaart", slugs, draft.toolbox, ("cards",), key="slug")
        yield from once_among("het nummer van een kaart", numbers, draft.toolbox, ("cards",), key="number")
        yield from _check_minis(draft.toolbox)
    for source in sessions:
        yield from _check_card(draft, source)
        yield from _check_session(source)
        yield from check_sheet(source)
    if not sessions and "sessions" not in draft.incomplete:
        yield Problem("toolbox", 1, "er is geen enkele sessie", "minstens één map met een sessie.yaml")


def _check_minis(source: Located[CardsFile]) -> Iterator[Problem]:
    for key, limits in (("mini_checkin", source.value.mini_checkin), ("mini_checkout", source.value.mini_checkout)):
        if limits.min > limits.max:
            yield source.problem((key, "min"), f"min is {limits.min}", f"hoogstens {limits.max}, de waarde van max")


def _check_card(draft: Draft, source: Located[Session]) -> Iterator[Problem]:
    """What anyone may read on the card is what the session says."""
    if draft.toolbox is None:
        return
    session, file = source.value, draft.toolbox.file
    card = next((card for card in draft.toolbox.value.cards if card.slug == session.slug), None)
    if card is None:
        yield source.problem(
            ("slug",), f'de sessie "{session.slug}" heeft geen kaart', f"een kaart met deze slug in {file}"
        )
        return
    if card.number != session.number:
        cause = f"de sessie heeft nummer {session.number}"
        yield source.problem(("number",), cause, f"{card.number}, zoals op de kaart in {file}")
    if card.minutes != session.total_minutes:
        cause = f"de sessie duurt {session.total_minutes} minuten"
        yield source.problem(("total_minutes",), cause, f"{card.minutes}, zoals op de kaart in {file}")


def _check_session(source: Located[Session]) -> Iterator[Problem]:
    session = source.value
    total = sum(exercise.minutes for exercise in session.exercises)
    if total != session.total_minutes:
        cause = f"total_minutes is {session.total_minutes}"
        yield source.problem(("total_minutes",), cause, f"{total}, de som van de oefeningen")
    last = len(session.exercises) - 1
    for number, word, place in ((0, "checkin", "eerste"), (last, "checkout", "laatste")):
        name = session.exercises[number].id
        if not name.endswith(word):
            cause = f'de {place} oefening heet "{name}"'
            yield source.problem(("exercises", number, "id"), cause, f"een id dat eindigt op {word}")
    for number, exercise in enumerate(session.exercises):
        yield from _check_exercise(source, ("exercises", number), exercise)


def _check_exercise(source: Located[Session], steps: Steps, exercise: ToolboxExercise) -> Iterator[Problem]:
    if exercise.min_minutes > exercise.minutes:
        cause = f'min_minutes van "{exercise.id}" is {exercise.min_minutes}'
        yield source.problem((*steps, "min_minutes"), cause, f"hoogstens {exercise.minutes}, de waarde van minutes")
    if exercise.core and exercise.droppable:
        cause = f'de kernoefening "{exercise.id}" mag wegvallen'
        yield source.problem((*steps, "droppable"), cause, "droppable: false zolang core: true is")
    yield from once_among(
        "het label van een stap", (step.label for step in exercise.steps), source, (*steps, "steps"), "label"
    )
    yield from _check_answers(source, steps, exercise)
    yield from _check_home(source, steps, exercise)
    yield from _check_parts(source, steps, exercise)
    variants = sum(len(question.variants) for question in exercise.probing_questions)
    if variants < MIN_VARIANTS:
        cause = f'"{exercise.id}" heeft {variants} varianten van bijvragen'
        place = (*steps, "probing_questions") if exercise.probing_questions else (*steps, "id")
        yield source.problem(place, cause, f"minstens {MIN_VARIANTS}")


def _check_answers(source: Located[Session], steps: Steps, exercise: ToolboxExercise) -> Iterator[Problem]:
    """A begeleider who collects the answers must not be left with an item that the key forgot."""
    key = " ".join(exercise.answer_key).casefold()
    for number, questions in enumerate(exercise.lists):
        for position, item in enumerate(questions.items):
            if questions.in_answer_key and item.casefold() not in key:
                place = (*steps, "lists", number, "items", position)
                yield source.problem(
                    place, f'"{item}" staat niet in de antwoordsleutel', "dezelfde woorden onder answer_key"
                )


def _check_home(source: Located[Session], steps: Steps, exercise: ToolboxExercise) -> Iterator[Problem]:
    """What is done at home in part says which part, and how many of its minutes that saves."""
    if exercise.at_home == "partial" and exercise.at_home_part is None:
        cause = f'een deel van "{exercise.id}" kan thuis, maar welk deel staat er niet'
        yield source.problem((*steps, "at_home"), cause, "de sleutel at_home_part")
    elif exercise.at_home == "none" and exercise.at_home_part is not None:
        cause = f'at_home van "{exercise.id}" is none'
        yield source.problem((*steps, "at_home_part"), cause, "at_home: partial of full, of geen at_home_part")
    saved = exercise.home_saves_minutes
    if saved is None:
        return
    if exercise.at_home != "partial":
        cause = f'"{exercise.id}" heeft at_home: {exercise.at_home}'
        yield source.problem((*steps, "home_saves_minutes"), cause, "deze sleutel alleen bij at_home: partial")
    if saved >= exercise.minutes:
        cause = f"home_saves_minutes is {saved}"
        yield source.problem((*steps, "home_saves_minutes"), cause, f"minder dan {exercise.minutes}, de oefening zelf")


def _check_parts(source: Located[Session], place: Steps, exercise: ToolboxExercise) -> Iterator[Problem]:
    """An exercise that may be split says of each step how long it takes, and together they are the exercise."""
    if not exercise.splittable:
        for number, step in enumerate(exercise.steps):
            if step.home or step.fixed or step.minutes is not None or step.min_minutes is not None:
                cause = f'"{exercise.id}" mag niet gesplitst worden'
                yield source.problem((*place, "steps", number), cause, "label en text, of splittable bij de oefening")
        return
    labels = tuple(step.label for step in exercise.steps)
    if exercise.splittable != labels:
        cause = f'splittable van "{exercise.id}" noemt niet alle stappen in hun volgorde'
        yield source.problem((*place, "splittable"), cause, ", ".join(labels))
    for number, step in enumerate(exercise.steps):
        if step.minutes is None or step.min_minutes is None:
            cause = f'stap "{step.label}" heeft geen minuten'
            yield source.problem((*place, "steps", number), cause, "minutes en min_minutes")
            return
        if step.min_minutes > step.minutes or (step.fixed and step.min_minutes != step.minutes):
            cause = f'min_minutes van stap "{step.label}" is {step.min_minutes}'
            expected = f"{'' if step.fixed else 'hoogstens '}{step.minutes}, de waarde van minutes"
            yield source.problem((*place, "steps", number, "min_minutes"), cause, expected)
    sums = (
        ("minutes", exercise.minutes, sum(step.minutes or 0 for step in exercise.steps)),
        ("min_minutes", exercise.min_minutes, sum(step.min_minutes or 0 for step in exercise.steps)),
    )
    for key, given, total in sums:
        if given != total:
            yield source.problem(
                (*place, key), f'{key} van "{exercise.id}" is {given}', f"{total}, de som van de stappen"
            )
