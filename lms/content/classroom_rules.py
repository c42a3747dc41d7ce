"""Rules for the classes to practise with: everybody can speak, and every question and silence does something."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.classroom_models import FOR_ALL, FOR_ONE, Line, PlayClassroom, Scenario
from lms.content.drafts import Draft, Located
from lms.content.naming import Named, once, once_among, quoted
from lms.content.problems import Problem
from lms.content.yaml import Steps

_DEPTHS = ("kort", "vertelt", "persoonlijk")


def check(draft: Draft) -> Iterator[Problem]:
    sources = draft.classrooms
    yield from once("het id van een klas", (Named(one.value.id, one, ("id",)) for one in sources))
    yield from once("de slug van een klas", (Named(one.value.slug, one, ("slug",)) for one in sources))
    # Moves are kept under these ids, and read back without knowing in which class they were made.
    for part, what in (("youngsters", "jongere"), ("questions", "vraag"), ("formats", "werkwijze")):
        yield from once(
            f"het id van een {what}",
            (
                Named(item.id, source, (part, number, "id"))
                for source in sources
                for number, item in enumerate(getattr(source.value, part))
            ),
        )
    yield from _check_places(draft)
    for source in sources:
        yield from _check_youngsters(source)
        yield from _check_questions(source)


def _check_places(draft: Draft) -> Iterator[Problem]:
    """Each class stands in one exercise, and each exercise names a class that exists."""
    exercises = [one for lesson in draft.lessons for one in lesson.exercises if isinstance(one.value, PlayClassroom)]
    known = {source.value.id for source in draft.classrooms}
    yield from once("de klas van een oefening", (Named(one.value.classroom, one, ("classroom",)) for one in exercises))
    for one in exercises:
        name = one.value.classroom
        if name not in known and "classrooms" not in draft.incomplete:
            yield one.problem(("classroom",), f'de klas "{name}" bestaat niet', "het id van een klas" + quoted(known))
    used = {one.value.classroom for one in exercises}
    for source in draft.classrooms:
        if source.value.id not in used and "exercises" not in draft.incomplete:
            cause = f'de klas "{source.value.id}" staat in geen enkele les'
            yield source.problem(("id",), cause, "een les met een oefening van de soort classroom")


def _check_youngsters(source: Located[Scenario]) -> Iterator[Problem]:
    tempers = {one.temper for one in source.value.youngsters}
    if not tempers & {"stille", "denker"}:
        cause = "niemand heeft stilte nodig, dus wachten heeft geen zin"
        yield source.problem(("youngsters",), cause, "minstens één jongere met temper: stille of denker")
    if "prater" not in tempers:
        cause = "niemand neemt vlot het woord, dus de spreektijd verdeelt zichzelf"
        yield source.problem(("youngsters",), cause, "minstens één jongere met temper: prater")
    for number, youngster in enumerate(source.value.youngsters):
        steps: Steps = ("youngsters", number)
        begins = {thread[0].depth for thread in youngster.threads if thread}
        for depth in ("kort", "vertelt"):
            if depth not in begins:
                cause = f"geen enkele draad van {youngster.name} begint met depth: {depth}"
                yield source.problem((*steps, "threads"), cause, f"een draad waarvan de eerste regel {depth} is")
        for place, thread in enumerate(youngster.threads):
            yield from _check_thread(source, (*steps, "threads", place), thread)
        if youngster.temper == "grapjas" and not youngster.jokes:
            yield source.problem((*steps, "temper"), f"{youngster.name} heeft geen grappen", "de sleutel jokes")
        if youngster.temper != "grapjas" and youngster.jokes:
            cause = f"niemand hoort ooit de grappen van {youngster.name}"
            yield source.problem((*steps, "jokes"), cause, "temper: grapjas, of geen jokes")


def _check_thread(source: Located[Scenario], steps: Steps, thread: tuple[Line, ...]) -> Iterator[Problem]:
    """Every layer but the last has the question that opens the next, and no layer is less deep than the one before."""
    if not thread:
        yield source.problem(steps, "deze draad is leeg", "minstens één regel")
        return
    if thread[0].depth == "persoonlijk":
        cause = "een draad begint met iets persoonlijks, en dat zegt niemand als eerste"
        yield source.problem((*steps, 0, "depth"), cause, "kort of vertelt")
    for place, line in enumerate(thread):
        is_last = place + 1 == len(thread)
        if is_last and line.follow is not None:
            cause = "op deze bijvraag komt er geen antwoord"
            yield source.problem((*steps, place, "follow"), cause, "een volgende regel in de draad, of geen follow")
        elif not is_last and line.follow is None:
            cause = "niemand kan vragen naar wat hierna komt"
            yield source.problem((*steps, place), cause, "de sleutel follow, met de bijvraag")
        if place and _DEPTHS.index(line.depth) < _DEPTHS.index(thread[place - 1].depth):
            cause = "deze regel gaat minder diep dan de vorige"
            yield source.problem((*steps, place, "depth"), cause, f"{thread[place - 1].depth} of dieper")


def _check_questions(source: Located[Scenario]) -> Iterator[Problem]:
    scenario = source.value
    for number, question in enumerate(scenario.questions):
        if question.kind not in (FOR_ALL if question.to_all else FOR_ONE):
            whom = "iedereen" if question.to_all else "één jongere"
            cause = f"een vraag van de soort {question.kind} doet niets bij {whom}"
            yield source.problem(
                ("questions", number, "kind"), cause, "to_all: " + ("false" if question.to_all else "true")
            )
    kinds = {(question.kind, question.to_all) for question in scenario.questions}
    for kind, to_all in (("open", False), ("open", True), ("ruimte", False), ("uitnodigend", True)):
        if (kind, to_all) not in kinds:
            whom = "aan iedereen" if to_all else "aan één jongere"
            yield source.problem(("questions",), f"er is geen vraag van de soort {kind} {whom}", f"kind: {kind}")
    if not {"suggestief", "duwend"} & {kind for kind, _ in kinds}:
        cause = "geen enkele vraag duwt, dus er valt niets te leren over duwen"
        yield source.problem(("questions",), cause, "kind: duwend of suggestief")
    if any(one.temper == "grapjas" for one in scenario.youngsters) and ("afspraak", True) not in kinds:
        cause = "er valt een grap en er is geen afspraak om te noemen"
        yield source.problem(("questions",), cause, "kind: afspraak, met to_all: true")
    forms = (one.kind for one in scenario.formats)
    yield from once_among("de soort van een werkwijze", forms, source, ("formats",), key="kind")
