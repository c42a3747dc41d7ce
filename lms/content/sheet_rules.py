"""Rules for the sheets of participants: a part is about an exercise, and shows only lists of that exercise."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.drafts import Located
from lms.content.naming import once_among
from lms.content.problems import Problem
from lms.content.sheet_models import Boxes, SheetBlock, Table
from lms.content.toolbox_models import Session
from lms.content.yaml import Steps


def check_sheet(source: Located[Session]) -> Iterator[Problem]:
    sheet = source.value.sheet
    if sheet is None:
        return
    exercises = {exercise.id: exercise for exercise in source.value.exercises}
    yield from once_among(
        "de oefening van een deelnemersblad", (part.exercise for part in sheet.parts), source, ("sheet", "parts"),
        key="exercise",
    )  # fmt: skip
    for number, part in enumerate(sheet.parts):
        place: Steps = ("sheet", "parts", number)
        exercise = exercises.get(part.exercise)
        if exercise is None:
            cause = f'"{part.exercise}" is geen oefening van deze sessie'
            yield source.problem((*place, "exercise"), cause, ", ".join(exercises))
            continue
        titles = [one.title for one in exercise.lists]
        for position, block in enumerate(part.blocks):
            yield from _check_block(source, (*place, "blocks", position), block, titles)


def _check_block(source: Located[Session], place: Steps, block: SheetBlock, titles: list[str]) -> Iterator[Problem]:
    for key in ("list", "left", "right"):
        title = getattr(block, key, None)
        if title is not None and title not in titles:
            cause = f'de oefening heeft geen lijst "{title}"'
            yield source.problem((*place, key), cause, " of ".join(titles) or "eerst een lijst onder lists")
    if isinstance(block, Table) and (block.list is None) == (block.rows is None):
        yield source.problem(place, "een tabel zonder rijen, of met twee soorten", "list of rows, één van beide")
    if isinstance(block, Boxes) and (block.list is None) == (not block.titles):
        yield source.problem(place, "vakken zonder titels, of met twee soorten", "titles of list, één van beide")
