"""Pages of the navorming: the course, its lessons, dialogues, the test and the attest."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("learning", __name__)

from lms.learning.views import (  # noqa: E402
    answers,
    attest,
    classrooms,
    course,
    dialogues,
    final_task,
    formats,
    growth,
    lessons,
    objections,
    preview,
    rehearsals,
    search,
    test,
)

__all__ = [
    "answers", "attest", "blueprint", "classrooms", "course", "dialogues", "final_task", "formats", "growth", "lessons",
    "objections", "preview", "rehearsals", "search", "test",
]  # fmt: skip
