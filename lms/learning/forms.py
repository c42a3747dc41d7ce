"""Reading an answer from a posted form, per kind of exercise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from werkzeug.datastructures import MultiDict

from lms.content.case_models import PlacedFormatCase, PlacedPlanTask, PlacedTimingCase
from lms.content.format_models import Energy, FormatGoal, Need
from lms.content.models import Choice, Classify, Exercise, Match, Multiple, Order, OwnQuestion, Reflection
from lms.didactics.formats import Wish
from lms.didactics.timing.parts import parts_of
from lms.didactics.timing.tasks import HOME, SKIP
from lms.errors import Invalid
from lms.learning.rules.classrooms import FIRST_CLASS, LAST_CLASS, ClassStep
from lms.people.rules import new_token

_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")

PART, PLACE = "p-", "w-"
TYPED_LENGTH = 60
MINUTES_WISHED = (5, 10, 15, 20, 30)
LARGEST_GROUP = 500


def read_answer(exercise: Exercise, form: MultiDict[str, str]) -> dict[str, Any]:
    """The answer in the shape that ``rules.judge`` and the database use; fields that do not belong are left out."""
    match exercise:
        case Choice():
            return {"choice": form.get("choice", "")}
        case Multiple():
            known = [option.id for option in exercise.options]
            return {"choices": [value for value in known if value in form.getlist("choices")]}
        case Classify():
            return {item.id: form.get(PART + item.id, "") for item in exercise.items}
        case Match():
            return {pair.id: form.get(PART + pair.id, "") for pair in exercise.pairs}
        case Order():
            return _read_order(exercise, form)
        case Reflection() | OwnQuestion():
            # A NUL cannot be stored by PostgreSQL and nobody can see it; line breaks are kept.
            return {"text": form.get("text", "").replace("\x00", "").replace("\r\n", "\n")}
        case PlacedTimingCase():
            return {one.id: form.get(PART + one.id, "") for one in exercise.ahead}
        case PlacedFormatCase():
            return {"choice": form.get("choice", "")}
        case PlacedPlanTask():
            return _read_plan(exercise, form)
        case _:
            return {}


def _read_order(exercise: Order, form: MultiDict[str, str]) -> dict[str, Any]:
    """Places 1 … n per item become a list of ids; ``places`` keeps what was typed when they do not fit."""
    places = {item.id: form.get(PART + item.id, "") for item in exercise.items}
    by_place = {place: item_id for item_id, place in places.items()}
    order = [by_place[str(place)] for place in range(1, len(places) + 1) if str(place) in by_place]
    return {"order": order} if len(order) == len(places) else {"order": [], "places": places}


def _read_plan(task: PlacedPlanTask, form: MultiDict[str, str]) -> dict[str, Any]:
    """Session, time and size as typed; per block its minutes, unless it leaves class."""
    known = {part.id for one in task.taken_from for part in parts_of(one)}
    known |= {exercise.id for one in task.taken_from for exercise in one.exercises}
    blocks = {}
    for block_id in sorted(known):
        place, minutes = form.get(PLACE + block_id, ""), form.get(PART + block_id, "").strip()[:TYPED_LENGTH]
        if PART + block_id in form or place in (HOME, SKIP):
            blocks[block_id] = place if place in (HOME, SKIP) else minutes
    return {
        "session": form.get("sessie", "")[:TYPED_LENGTH],
        "time": form.get("uren", "")[:TYPED_LENGTH],
        "size": form.get("aantal", "").strip()[:TYPED_LENGTH],
        "blocks": blocks,
    }


def read_key(form: MultiDict[str, str]) -> str:
    """The key that makes a double click one attempt. Raises Invalid when the form is not ours."""
    key = form.get("key", "")
    if not _KEY.fullmatch(key):
        raise Invalid("Deze pagina is niet volledig geladen. Laad ze opnieuw en verstuur nog eens.")
    return key


def read_wish(args: MultiDict[str, str]) -> Wish:
    """What somebody looks for among the werkvormen, from the address; a value that does not exist is no wish.

    Raises Invalid when the size of the group is no number of people.
    """
    goal, energy, minutes = args.get("doel"), args.get("energie"), args.get("minuten", "")
    size = args.get("groep", "").strip()
    if size and not (size.isascii() and size.isdecimal() and 1 <= int(size[:6]) <= LARGEST_GROUP):
        raise Invalid(f"Typ met hoeveel jullie zijn, van 1 tot {LARGEST_GROUP}.")
    return Wish(
        goal=next((one for one in get_args(FormatGoal) if one == goal), None),
        energy=next((one for one in get_args(Energy) if one == energy), None),
        minutes=next((one for one in MINUTES_WISHED if str(one) == minutes), None),
        size=int(size) if size else None,
        without=frozenset(one for one in get_args(Need) if one in args.getlist("zonder")),
        exercise=args.get("oefening") or None,
    )


def read_class_step(form: MultiDict[str, str]) -> ClassStep:
    """What was asked in a class. Raises Invalid when the form is not ours."""
    seed, position = form.get("seed", ""), form.get("position", "")
    if not (_is_small(seed) and _is_small(position) and FIRST_CLASS <= int(seed) <= LAST_CLASS):
        raise Invalid("Deze pagina is niet volledig geladen. Laad ze opnieuw en kies nog eens.")
    if form.get("class") == "again":
        return ClassStep(kind="again", seed=int(seed))
    if form.get("class") == "new":
        return ClassStep(kind="new", seed=int(seed))
    return ClassStep(kind="move", seed=int(seed), position=int(position), move=form.get("move", ""))


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


def new_key() -> str:
    return new_token()


def typed_part(answer: Mapping[str, Any], part: str) -> str:
    """What was chosen for one part, to fill the form in again."""
    if "places" in answer:
        return str(answer["places"].get(part, ""))
    if "order" in answer:
        order = list(answer["order"])
        return str(order.index(part) + 1) if part in order else ""
    return str(answer.get(part, ""))
