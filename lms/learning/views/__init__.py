"""Pages of the navorming: the course, its lessons, dialogues, the test and the attest."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("learning", __name__)

from lms.learning.views import answers, attest, course, dialogues, lessons, preview, search, test  # noqa: E402

__all__ = ["answers", "attest", "blueprint", "course", "dialogues", "lessons", "preview", "search", "test"]
