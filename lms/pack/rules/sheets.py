"""What stands on the sheet for participants, as plain data for the template of its PDF.

Only the sheet itself, the names of the exercises and the lists that the sheet asks for are read: notes, bijvragen,
werkvormen, safety notes and keys of the begeleider are never touched here.
"""

from __future__ import annotations

from typing import Any

from lms.content.sheet_models import ParticipantSheet, SheetBlock
from lms.content.toolbox_models import Session


def sheet_words(session: Session, sheet: ParticipantSheet) -> dict[str, Any]:
    """The whole sheet; every list is written out."""
    exercises = {exercise.id: exercise for exercise in session.exercises}
    return {
        "title": f"Deelnemersblad sessie {session.number}: {session.short_title}",
        "number": session.number,
        "name": session.title,
        "intro": sheet.intro,
        "parts": [
            {
                "name": exercises[part.exercise].name,
                "text": part.text,
                "blocks": [
                    _block(block, {one.title: one.items for one in exercises[part.exercise].lists})
                    for block in part.blocks
                ],
            }
            for part in sheet.parts
        ],
    }


def _block(block: SheetBlock, lists: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """A block with its lists written out; ``items`` for the one most have, ``left`` and ``right`` for a match."""
    words = block.model_dump()
    for key, name in (("list", "items"), ("left", "left"), ("right", "right")):
        title = words.pop(key, None)
        words[name] = list(lists[title]) if title is not None else []
        words |= {"title": title} if key == "list" else {}
    return words
