"""Rules for the texts themselves: nothing that was meant to be filled in later goes live."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lms.content.drafts import Draft, Located
from lms.content.problems import Problem
from lms.content.yaml import Steps

_PLACEHOLDER = re.compile(r"\W*(todo|tbd|xxx+|lorem ipsum|invullen|nog aan te vullen)\b|(\.\.\.|…)$", re.IGNORECASE)


def check(draft: Draft) -> Iterator[Problem]:
    for source in _sources(draft):
        for steps, text in _texts(source.document.data):
            if _PLACEHOLDER.match(text):
                yield source.problem(steps, f'"{text[:40]}" is nog niet ingevuld', "de tekst zelf")


def _sources(draft: Draft) -> Iterator[Located[Any]]:
    yield from (source for source in (draft.course, draft.test, draft.toolbox, draft.formats) if source is not None)
    yield from (module.head for module in draft.modules)
    for lesson in draft.lessons:
        if lesson.head is not None:
            yield lesson.head
        yield from lesson.exercises
    yield from draft.dialogues
    yield from draft.classrooms
    yield from draft.sessions


def _texts(data: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """Every text in ``data`` with the steps that lead to it."""
    if isinstance(data, str):
        yield steps, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*steps, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*steps, number))
