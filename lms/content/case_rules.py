"""Rules for timing cases and format cases: what they name exists, and each has a good answer and a wrong one."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.case_models import FormatCase, PlanTask, TimingCase
from lms.content.drafts import Draft, Located
from lms.content.naming import once_among, quoted
from lms.content.problems import Problem


def check(draft: Draft) -> Iterator[Problem]:
    tasks = [source for lesson in draft.lessons for source in lesson.exercises if isinstance(source.value, PlanTask)]
    for source in tasks[1:]:
        yield source.problem(("kind",), "er is al een oefening van de soort plan", "één eindtaak in de hele cursus")
    for lesson in draft.lessons:
        for source in lesson.exercises:
            if isinstance(source.value, TimingCase):
                yield from _check_timing(draft, source)
            elif isinstance(source.value, FormatCase):
                yield from _check_format(draft, source)


def _check_timing(draft: Draft, source: Located[TimingCase]) -> Iterator[Problem]:
    case = source.value
    sessions = {one.value.slug: one.value for one in draft.sessions}
    session = sessions.get(case.session)
    if session is None:
        if "sessions" not in draft.incomplete:
            cause = f'de sessie "{case.session}" bestaat niet'
            yield source.problem(("session",), cause, "de slug van een sessie" + quoted(sessions))
        return
    ids = [exercise.id for exercise in session.exercises]
    if list(case.done) != ids[: len(case.done)] or len(case.done) >= len(ids) - 1:
        cause = "done noemt niet de eerste oefeningen van de sessie, in hun volgorde"
        yield source.problem(("done",), cause, "een begin van: " + ", ".join(ids[:-2]))
        return
    least = sum(exercise.min_minutes for exercise in session.exercises[len(case.done) :] if not exercise.droppable)
    if case.available < least:
        yield source.problem(
            ("available",), f"available is {case.available}", f"minstens {least}, wat de kern nog vraagt"
        )


def _check_format(draft: Draft, source: Located[FormatCase]) -> Iterator[Problem]:
    case = source.value
    yield from once_among("het id van een antwoord", (one.id for one in case.options), source, ("options",))
    known = {one.id for one in draft.formats.value.formats} if draft.formats else set()
    exercises = {exercise.id for one in draft.sessions for exercise in one.value.exercises}
    if case.situation.exercise not in exercises and "sessions" not in draft.incomplete:
        cause = f'de oefening "{case.situation.exercise}" bestaat niet'
        yield source.problem(("situation", "exercise"), cause, "het id van een oefening" + quoted(exercises))
    for number, option in enumerate(case.options):
        if option.format is not None and option.format not in known and "formats" not in draft.incomplete:
            cause = f'de werkvorm "{option.format}" bestaat niet'
            yield source.problem(("options", number, "format"), cause, "het id van een werkvorm" + quoted(known))
        if option.format is None and option.text is None:
            yield source.problem(
                ("options", number), "dit antwoord heeft geen werkvorm en geen tekst", "format of text"
            )
