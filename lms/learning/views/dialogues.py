"""A conversation with a youngster, turn by turn, with a replay at the end."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.content.library import find_lesson_of
from lms.content.models import Dialogue, DialogueOption, Library, PlayDialogue
from lms.didactics.dialogue import Exchange, Lost, State, longest_way, replay
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import actions, queries
from lms.learning.forms import new_key, read_key
from lms.learning.rules import shuffled
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.schools.queries import list_workplaces
from lms.schools.rules import SchoolKind
from lms.web.access import requires, visitor
from lms.web.pages import library

GOALS = {"opent": "Opent", "volgt": "Volgt de jongere", "duwt_niet": "Laat ruimte", "veilig": "Houdt het veilig"}
GRADES = {0: "niet", 1: "half", 2: "goed"}

# Which wording of an option fits where somebody works; a school is the wording of the text itself.
_SETTINGS = {SchoolKind.ADULT_EDUCATION: "cvo", SchoolKind.YOUTH_WORK: "jeugdhuis"}


def _get_dialogue(live: Library, slug: str) -> Dialogue:
    dialogue = next((dialogue for dialogue in live.course.dialogues if dialogue.slug == slug), None)
    if dialogue is None:
        raise NotFound
    return dialogue


def _state(dialogue: Dialogue, person_id: int) -> tuple[State, bool]:
    """Where the conversation stands; True when what was said no longer fits the content."""
    play = queries.find_open_play(person_id, dialogue.id)
    said = [(row.turn_id, row.option_id) for row in queries.list_turns(play.id)] if play else []
    try:
        return replay(dialogue, said), False
    except Lost:
        return replay(dialogue, []), True


def _tone(exchange: Exchange) -> str:
    """The colour of the coach note: what the weakest goal of the turn says."""
    return {0: "bad", 1: "info", 2: "good"}[min(exchange.option.goals.values())]


def _page(live: Library, dialogue: Dialogue, error: str | None = None, status: int = 200) -> tuple[str, int]:
    me = visitor()
    state, lost = _state(dialogue, me.id)
    setting = next((_SETTINGS[place.kind] for place in list_workplaces(me.id) if place.kind in _SETTINGS), "school")

    def words(option: DialogueOption) -> str:
        return option.variants.get(setting, option.text)

    module, lesson, following = _place(live, dialogue)
    page = render_template(
        "learning/dialogue.html",
        dialogue=dialogue,
        state=state,
        lost=lost,
        options=shuffled(state.turn.options, me.id, state.turn.id) if state.turn else [],
        words=words,
        tone=_tone,
        goals=GOALS,
        grades=GRADES,
        longest=longest_way(dialogue),
        lesson=lesson,
        lesson_address=lesson_url(module, lesson),
        following=following,
        key=new_key(),
        error=error,
        written=_last_written(live, dialogue, me.id),
    )
    return page, status


def _last_written(live: Library, dialogue: Dialogue, person_id: int) -> queries.LastAttempt | None:
    variant = dialogue.written_variant
    return queries.last_attempts(person_id, [variant.id], live.course).get(variant.id) if variant else None


def _place(live: Library, dialogue: Dialogue) -> tuple[Any, Any, tuple[str, str] | None]:
    """The module and lesson a dialogue stands in, and the title and address of what follows."""
    exercise = next(
        item
        for lesson in live.course.lessons
        for item in lesson.exercises
        if isinstance(item, PlayDialogue) and item.dialogue == dialogue.id
    )
    lesson = find_lesson_of(live, exercise.id)
    lessons = [(module, item) for module in live.course.modules for item in module.lessons]
    place = next(index for index, (_, item) in enumerate(lessons) if item is lesson)
    if place + 1 < len(lessons):
        module, item = lessons[place + 1]
        return *lessons[place], (item.title, lesson_url(module, item))
    return *lessons[place], (live.course.test.title, url_for("learning.test"))


@blueprint.get("/navorming/gesprek/<slug>")
@requires(Permission.LEARN)
def dialogue(slug: str) -> Any:
    live = library()
    return _page(live, _get_dialogue(live, slug))


@blueprint.post("/navorming/gesprek/<slug>")
@requires(Permission.LEARN)
def say(slug: str) -> Any:
    live = library()
    dialogue = _get_dialogue(live, slug)
    position = request.form.get("position", "")
    try:
        if not position.isdecimal() or len(position) > 4:
            raise Invalid("Kies eerst wat je zegt.")
        completed = actions.say(
            live, dialogue.id, position=int(position), option_id=request.form.get("option", ""), by=visitor().id
        )
    except Invalid as error:
        return _page(live, dialogue, error.message, 422)
    except Conflict as error:
        return _page(live, dialogue, error.message, 409)
    if completed:
        return redirect(url_for("learning.finished"), 303)
    return redirect(url_for("learning.dialogue", slug=slug) + "#nu", 303)


@blueprint.post("/navorming/gesprek/<slug>/terug")
@requires(Permission.LEARN)
def take_back(slug: str) -> Any:
    dialogue = _get_dialogue(library(), slug)
    position = request.form.get("position", "")
    if position.isdecimal() and len(position) <= 4:
        actions.take_back(dialogue.id, position=int(position), by=visitor().id)
    return redirect(url_for("learning.dialogue", slug=slug) + "#nu", 303)


@blueprint.post("/navorming/gesprek/<slug>/opnieuw")
@requires(Permission.LEARN)
def restart(slug: str) -> Any:
    dialogue = _get_dialogue(library(), slug)
    actions.restart_dialogue(dialogue.id, by=visitor().id)
    return redirect(url_for("learning.dialogue", slug=slug), 303)


@blueprint.post("/navorming/gesprek/<slug>/schriftelijk")
@requires(Permission.LEARN)
def written(slug: str) -> Any:
    live = library()
    dialogue = _get_dialogue(live, slug)
    try:
        completed = actions.answer_written_variant(
            live, dialogue.id, request.form.get("choice", ""), key=read_key(request.form), by=visitor().id
        )
    except Invalid as error:
        flash(error.message, "bad")
        return redirect(url_for("learning.dialogue", slug=slug) + "#schriftelijk", 303)
    if completed:
        return redirect(url_for("learning.finished"), 303)
    return redirect(url_for("learning.dialogue", slug=slug) + "#schriftelijk", 303)
