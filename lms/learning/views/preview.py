"""New content as staff see it before it goes live. Learners stay on the live version, and nothing is stored here."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, render_template, request, send_from_directory
from markupsafe import Markup

from lms.content.library import find_lesson, find_module
from lms.content.markdown import IMAGE_ADDRESS, IMAGE_SUFFIXES
from lms.content.models import Exercise, Lesson, Library, Module, PlayDialogue, Prose
from lms.content.moved_rules import check_kept
from lms.content.preview import Previewed
from lms.content.reading_level import reading_levels
from lms.content.review import what_changed
from lms.didactics.dialogue import Lost, replay
from lms.errors import NotFound
from lms.learning import queries
from lms.learning.rules.case_answers import list_all_answers
from lms.learning.views import blueprint
from lms.learning.views.dialogues import GOALS, GRADES
from lms.learning.views.exercises import ShownExercise
from lms.permissions import Permission
from lms.web.access import requires
from lms.web.pages import library, previewed_library

PREVIEW = "/voorproef"
# Links in a lesson stay inside the preview: what they lead to may be new as well.
_TO_LESSON = re.compile(r'href="/navorming/([\w-]+/[\w-]+)"')
_TO_SESSION = re.compile(r'href="/pakket/([\w-]+)"')


def _look() -> Previewed | None:
    return current_app.extensions["preview"].look()  # type: ignore[no-any-return]


@blueprint.get("/voorproef")
@requires(Permission.PREVIEW_CONTENT)
def preview() -> str:
    """Which folder is previewed, what is wrong with it, and what in it differs from what is live."""
    found, live = _look(), library()
    problems = list(found.problems) if found else []
    new = found.library if found else None
    if new is not None:
        problems = check_kept(new, queries.count_kept(new.course.id))
    return render_template(
        "learning/preview.html",
        found=found,
        new=new,
        problems=problems,
        is_live=new is not None and new.digest == live.digest,
        changes=what_changed(live, new) if new else None,
        levels={level.name: level for level in reading_levels(new)} if new else {},
    )


@blueprint.get("/voorproef/<module_slug>/<lesson_slug>")
@requires(Permission.PREVIEW_CONTENT)
def preview_lesson(module_slug: str, lesson_slug: str) -> str:
    new = previewed_library()
    module, lesson = find_module(new, module_slug), find_lesson(new, module_slug, lesson_slug)
    if module is None or lesson is None:
        raise NotFound
    return render_template(
        "learning/preview_lesson.html",
        module=module,
        lesson=lesson,
        blocks=[_block(new, module, lesson, block) for block in lesson.blocks],
    )


def _block(new: Library, module: Module, lesson: Lesson, block: Prose | Exercise) -> dict[str, Any]:
    """What the template shows of a block: safe HTML, and for an exercise what each answer leads to."""
    if isinstance(block, Prose):
        html = block.html.replace(f'src="{IMAGE_ADDRESS}navorming/', f'src="{PREVIEW}/inhoud/')
        html = _TO_SESSION.sub(rf'href="{PREVIEW}/sessie/\1"', _TO_LESSON.sub(rf'href="{PREVIEW}/\1"', html))
        return {"html": Markup(html)}  # noqa: S704 - made safe by the reader
    if isinstance(block, PlayDialogue):
        return {"dialogue": next(item for item in new.course.dialogues if item.id == block.dialogue)}
    it = ShownExercise(exercise=block, answer={}, judgement=None, checked=False, seed=0)
    html = render_template(f"exercises/{block.kind}.html", it=it, module=module, lesson=lesson, token="", key="")
    return {"html": Markup(html), "answers": list_all_answers(block), "exercise": block}  # noqa: S704 - our templates


@blueprint.get("/voorproef/gesprek/<slug>")
@requires(Permission.PREVIEW_CONTENT)
def preview_dialogue(slug: str) -> str:
    """A conversation in which the address itself remembers what was said: ``?weg=a~b``."""
    dialogue = next((item for item in previewed_library().course.dialogues if item.slug == slug), None)
    if dialogue is None:
        raise NotFound
    way = [name for name in request.args.get("weg", "")[:400].split("~") if name]
    said: list[tuple[str, str]] = []
    try:
        for name in way:
            turn = replay(dialogue, said).turn
            said.append((turn.id if turn else "", name))
        state = replay(dialogue, said)
    except Lost as error:
        raise NotFound from error
    return render_template(
        "learning/preview_dialogue.html", dialogue=dialogue, state=state, way=way, goals=GOALS, grades=GRADES
    )


@blueprint.get("/voorproef/inhoud/<path:name>")
@requires(Permission.PREVIEW_CONTENT)
def preview_image(name: str) -> Any:
    found = _look()
    if found is None or not name.endswith(IMAGE_SUFFIXES):
        raise NotFound
    return send_from_directory(found.folder / "navorming", name)
