"""Give an exercise the session, the formats or the class that it names, and the final task all sessions."""

from __future__ import annotations

from typing import Any

from lms.content.case_models import FormatCase, PlacedFormatCase, PlacedPlanTask, PlacedTimingCase, PlanTask, TimingCase
from lms.content.classroom_models import PlacedClassroom, PlayClassroom
from lms.content.drafts import Draft
from lms.content.models import Exercise
from lms.content.rehearsal_models import PlacedRehearsal, Rehearsal
from lms.content.toolbox_models import Minis


def place(exercise: Exercise, draft: Draft) -> Exercise:
    """The exercise as the Library holds it. Only for a draft in which no rule found a problem."""
    if isinstance(exercise, TimingCase | Rehearsal) and draft.toolbox is not None:
        toolbox = draft.toolbox.value
        session = next(one.value for one in draft.sessions if one.value.slug == exercise.session)
        minis = Minis(checkin=toolbox.mini_checkin, checkout=toolbox.mini_checkout)
        placed = PlacedTimingCase if isinstance(exercise, TimingCase) else PlacedRehearsal
        return placed(**_written(exercise), taken_from=session, minis=minis)
    if isinstance(exercise, PlanTask) and draft.toolbox is not None:
        toolbox = draft.toolbox.value
        minis = Minis(checkin=toolbox.mini_checkin, checkout=toolbox.mini_checkout)
        sessions = sorted((one.value for one in draft.sessions), key=lambda one: one.number)
        return PlacedPlanTask(**_written(exercise), taken_from=tuple(sessions), minis=minis)
    if isinstance(exercise, FormatCase):
        named = {option.format for option in exercise.options}
        formats = draft.formats.value.formats if draft.formats else ()
        return PlacedFormatCase(**_written(exercise), formats=tuple(one for one in formats if one.id in named))
    if isinstance(exercise, PlayClassroom):
        scenario = next(one.value for one in draft.classrooms if one.value.id == exercise.classroom)
        return PlacedClassroom(**_written(exercise), scenario=scenario)
    return exercise


def _written(exercise: Exercise) -> dict[str, Any]:
    """The keys that stand in the file, so that a placed case still knows which were left out."""
    return {name: getattr(exercise, name) for name in exercise.model_fields_set}
