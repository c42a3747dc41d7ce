"""Rules for the catalogue of werkvormen."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.drafts import Draft
from lms.content.naming import once_among, quoted
from lms.content.problems import Problem


def check(draft: Draft) -> Iterator[Problem]:
    if draft.formats is None:
        return
    source, formats = draft.formats, draft.formats.value.formats
    yield from once_among("het id van een werkvorm", (one.id for one in formats), source, ("formats",))
    yield from once_among("de slug van een werkvorm", (one.slug for one in formats), source, ("formats",), key="slug")
    exercises = {exercise.id: exercise for session in draft.sessions for exercise in session.value.exercises}
    for number, one in enumerate(formats):
        for key in ("group", "per_set", "minutes"):
            limits = getattr(one, key)
            if limits is not None and limits.min > limits.max:
                cause = f"min van {key} is {limits.min}"
                yield source.problem(
                    ("formats", number, key, "min"), cause, f"hoogstens {limits.max}, de waarde van max"
                )
        for place, name in enumerate(one.suits):
            steps = ("formats", number, "suits", place)
            if name not in exercises:
                if "sessions" not in draft.incomplete:
                    cause = f'de oefening "{name}" bestaat niet'
                    yield source.problem(steps, cause, "het id van een oefening" + quoted(exercises))
            elif one.minutes.min > exercises[name].minutes:
                cause = f'"{one.id}" duurt minstens {one.minutes.min} minuten en past niet in "{name}"'
                yield source.problem(steps, cause, f"hoogstens {exercises[name].minutes} minuten")
