"""Checks across files: what each file says may be well-formed and still contradict another.

Every rule yields problems and none stops another. A rule that asks whether a name exists keeps silent about parts
that could not be read completely: there the reader has already said what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.content import (
    case_rules,
    classroom_rules,
    dialogue_rules,
    exercise_rules,
    format_rules,
    moved_rules,
    rehearsal_rules,
    text_rules,
    toolbox_rules,
)
from lms.content.drafts import Draft, LessonDraft, Located, ModuleDraft, Part
from lms.content.models import DialoguesPlayed, TestItem
from lms.content.naming import Named, once, once_among, quoted
from lms.content.problems import Problem

# Addresses of the site that a lesson may point to, besides lessons and sessions.
SITE_ADDRESSES = frozenset(
    (
        "/navorming",
        "/navorming/toets",
        "/pakket",
        "/werkvormen",
        "/voorbeeld",
        "/account",
        "/privacy",
        "/toegankelijkheid",
    )
)


def check(draft: Draft) -> list[Problem]:
    """Every problem between the files of ``draft``."""
    return [
        *_names(draft),
        *_objectives(draft),
        *_core_minutes(draft),
        *_completion(draft),
        *_links(draft),
        *_test(draft),
        *exercise_rules.check(draft),
        *dialogue_rules.check(draft),
        *toolbox_rules.check(draft),
        *text_rules.check(draft),
        *moved_rules.check(draft),
        *format_rules.check(draft),
        *case_rules.check(draft),
        *classroom_rules.check(draft),
        *rehearsal_rules.check(draft),
    ]


def _heads(draft: Draft) -> list[Located[Any]]:
    return [lesson.head for lesson in draft.lessons if lesson.head is not None]


def _names(draft: Draft) -> Iterator[Problem]:
    """Ids are stored with people's answers and slugs are addresses: each may stand for one thing only."""
    modules = [module.head for module in draft.modules]
    yield from once("het id van een module", (Named(head.value.id, head, ("id",)) for head in modules))
    yield from once("de slug van een module", (Named(head.value.slug, head, ("slug",)) for head in modules))
    yield from once("het id van een les", (Named(head.value.id, head, ("id",)) for head in _heads(draft)))
    for place, module in enumerate(draft.modules):
        yield from _names_in_module(module)
        yield from _after(module, [earlier.head.value.id for earlier in draft.modules[:place]])
        yield from _choice_group(module)
    if draft.course is not None:
        course, source = draft.course.value, draft.course
        objectives = (objective.id for objective in course.objectives)
        parts = (part.id for part in course.completion.parts)
        yield from once_among("het id van een leerdoel", objectives, source, ("objectives",))
        yield from once_among("het id van een voorwaarde", parts, source, ("completion", "parts"))
        folders = (Named(name, source, ("modules", number)) for number, name in enumerate(course.modules))
        yield from once("de map van een module", folders)
    if draft.test is not None:
        items = (item.id for item in draft.test.value.items)
        yield from once_among("het id van een toetsvraag", items, draft.test, ("items",))


def _names_in_module(module: ModuleDraft) -> Iterator[Problem]:
    heads = [lesson.head for lesson in module.lessons if lesson.head is not None]
    yield from once("de slug van een les", (Named(head.value.slug, head, ("slug",)) for head in heads))
    listed = enumerate(module.head.value.lessons)
    yield from once("de les", (Named(name, module.head, ("lessons", number)) for number, name in listed))


def _after(module: ModuleDraft, earlier: list[str]) -> Iterator[Problem]:
    """What must come first stands earlier in the course, so nobody can be locked out in a circle."""
    first = module.head.value.after
    if first is not None and first not in earlier:
        cause = f'de module "{first}" komt niet eerder in de cursus'
        yield module.head.problem(("after",), cause, "het id van een eerdere module" + quoted(earlier))


def _choice_group(module: ModuleDraft) -> Iterator[Problem]:
    """One lesson of a group is enough, so all must weigh the same and exactly the default is on the core route."""
    group = module.head.value.choice_group
    if group is None or any(lesson.head is None for lesson in module.lessons):
        return
    heads = {lesson.head.value.id: lesson.head for lesson in module.lessons if lesson.head is not None}
    for number, name in enumerate(group.lessons):
        if name not in heads:
            cause = f'de les "{name}" staat niet in deze module'
            yield module.head.problem(("choice_group", "lessons", number), cause, "het id van een les" + quoted(heads))
    if group.default not in group.lessons:
        cause = f'de les "{group.default}" staat niet in de keuzegroep'
        yield module.head.problem(("choice_group", "default"), cause, "een van" + quoted(group.lessons))
    members = [heads[name] for name in group.lessons if name in heads]
    for head in members:
        expected_route = "kern" if head.value.id == group.default else "verdieping"
        if head.value.route != expected_route:
            yield head.problem(("route",), f'de les hoort bij keuzegroep "{group.id}"', expected_route)
        if head.value.minutes != members[0].value.minutes:
            cause = "de lessen van een keuzegroep duren niet even lang"
            yield head.problem(("minutes",), cause, str(members[0].value.minutes))


def _is_missing(draft: Draft, part: Part, name: str, known: set[str]) -> bool:
    return name not in known and part not in draft.incomplete


def _objectives(draft: Draft) -> Iterator[Problem]:
    if draft.course is None:
        return
    modules = {module.head.value.id for module in draft.modules}
    objectives = draft.course.value.objectives
    for number, objective in enumerate(objectives):
        if _is_missing(draft, "modules", objective.module, modules):
            cause = f'de module "{objective.module}" bestaat niet'
            yield draft.course.problem(
                ("objectives", number, "module"), cause, "het id van een module" + quoted(modules)
            )
    known = {objective.id for objective in objectives}
    taught = {name for head in _heads(draft) for name in head.value.objectives}
    for number, objective in enumerate(objectives):
        if _is_missing(draft, "lessons", objective.id, taught):
            cause = f'geen enkele les werkt aan leerdoel "{objective.id}"'
            yield draft.course.problem(("objectives", number, "id"), cause, "dit id onder objectives in een les")
    for head in _heads(draft):
        for number, name in enumerate(head.value.objectives):
            if name not in known:
                expected = f"het id van een leerdoel in {draft.course.file}" + quoted(known)
                yield head.problem(("objectives", number), f'het leerdoel "{name}" bestaat niet', expected)


def _core_minutes(draft: Draft) -> Iterator[Problem]:
    """The lessons of the core route and the test together last as long as the course promises."""
    if draft.course is None or draft.test is None or draft.incomplete & {"modules", "lessons"}:
        return
    promised = draft.course.value.promised_minutes
    heads = _heads(draft)
    total = sum(head.value.minutes for head in heads if head.value.route == "kern") + draft.test.value.minutes
    if promised is not None and promised != total:
        expected = f"{total}, de som van de kernlessen en de toets"
        yield draft.course.problem(("promised_minutes",), f"promised_minutes is {promised}", expected)


def _completion(draft: Draft) -> Iterator[Problem]:
    if draft.course is None:
        return
    course, source = draft.course.value, draft.course
    dialogues = {dialogue.value.id for dialogue in draft.dialogues}
    for number, part in enumerate(course.completion.parts):
        if not isinstance(part, DialoguesPlayed):
            continue
        for position, name in enumerate(part.needs):
            if _is_missing(draft, "dialogues", name, dialogues):
                steps = ("completion", "parts", number, "needs", position)
                expected = "het id van een gesprek" + quoted(dialogues)
                yield source.problem(steps, f'het gesprek "{name}" bestaat niet', expected)
    exercises = {exercise.id for session in draft.sessions for exercise in session.value.exercises}
    if _is_missing(draft, "sessions", course.sample_exercise, exercises):
        cause = f'de voorbeeldoefening "{course.sample_exercise}" staat in geen enkele sessie'
        yield source.problem(("sample_exercise",), cause, "het id van een oefening uit een sessie.yaml")


def _links(draft: Draft) -> Iterator[Problem]:
    """A lesson may only point to pages that exist."""
    lessons = {
        f"/navorming/{module.head.value.slug}/{lesson.head.value.slug}"
        for module in draft.modules
        for lesson in module.lessons
        if lesson.head is not None
    }
    sessions = {session.value.slug for session in draft.sessions}
    if draft.toolbox is not None:
        sessions |= {card.slug for card in draft.toolbox.value.cards}
    known = SITE_ADDRESSES | lessons | {f"/pakket/{slug}" for slug in sessions}
    for lesson in draft.lessons:
        yield from _dead_links(draft, lesson, known)


def _dead_links(draft: Draft, lesson: LessonDraft, known: frozenset[str]) -> Iterator[Problem]:
    for link in lesson.links:
        if link.address in known:
            continue
        expected = "een adres van deze site (zie docs/authors.md)"
        if link.address.startswith("/navorming/"):
            if "lessons" in draft.incomplete:
                continue
            expected = "/navorming/<module>/<les> van een les die bestaat"
        elif link.address.startswith("/pakket/"):
            if "sessions" in draft.incomplete:
                continue
            expected = "/pakket/<sessie> van een sessie die bestaat"
        yield Problem(lesson.file, link.line, f'de link "{link.address}" leidt nergens heen', expected)


def _test(draft: Draft) -> Iterator[Problem]:
    if draft.test is None:
        return
    source, test = draft.test, draft.test.value
    modules = {module.head.value.id for module in draft.modules}
    for name, number in test.draw.items():
        if _is_missing(draft, "modules", name, modules):
            expected = "het id van een module" + quoted(modules)
            yield source.problem(("draw", name), f'de module "{name}" bestaat niet', expected)
            continue
        items = [item for item in test.items if item.module == name]
        if len(items) < number:
            cause = f'voor module "{name}" is het aantal vragen {len(items)}'
            yield source.problem(("draw", name), cause, f"minstens {number}, het aantal onder draw")
    for name in sorted({item.module for item in test.items if item.critical}):
        critical = sum(1 for item in test.items if item.critical and item.module == name)
        drawn = test.draw.get(name, 0)
        if critical > drawn:
            cause = f'voor module "{name}" is het aantal vragen met critical {critical}'
            yield source.problem(("draw", name), cause, f"hoogstens {drawn}, het aantal onder draw")
    if test.pass_score > test.questions:
        cause = f"pass_score is {test.pass_score}"
        yield source.problem(("pass_score",), cause, f"hoogstens {test.questions}, het aantal vragen onder draw")
    for number, item in enumerate(test.items):
        yield from _test_item(draft, source, number, item, modules)


def _test_item(draft: Draft, source: Located[Any], number: int, item: TestItem, modules: set[str]) -> Iterator[Problem]:
    yield from exercise_rules.check_options(source, ("items", number), item.options)
    if _is_missing(draft, "modules", item.module, modules):
        expected = "het id van een module" + quoted(modules)
        yield source.problem(("items", number, "module"), f'de module "{item.module}" bestaat niet', expected)
        return
    lessons = {
        lesson.head.value.id
        for module in draft.modules
        if module.head.value.id == item.module
        for lesson in module.lessons
        if lesson.head is not None
    }
    if _is_missing(draft, "lessons", item.lesson, lessons):
        cause = f'de les "{item.lesson}" bestaat niet in module "{item.module}"'
        yield source.problem(("items", number, "lesson"), cause, "het id van een les" + quoted(lessons))
