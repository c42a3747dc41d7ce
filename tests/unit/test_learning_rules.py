"""Judging answers, what is done, the draw and the score of the test: decisions without a database."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lms.content.models import PLAYED, Choice, Classify, Library, Match, Multiple, Order, PlayDialogue, Reflection
from lms.content.models import Test as FinalTest
from lms.dev.demo import right_answer
from lms.errors import Invalid
from lms.learning.forms import new_key, read_answer, read_key, typed_part
from lms.learning.rules import (
    REFLECTION_LENGTH,
    Result,
    draw_items,
    evidence_ref,
    is_completed,
    judge,
    lesson_refs,
    minutes_left,
    missing_steps,
    score_test,
    shuffled,
)
from tests.real_course import real_library

CHOICE = Choice.model_validate(
    {
        "id": "c",
        "kind": "choice",
        "question": "?",
        "options": [
            {"id": "a", "text": "a", "correct": True, "feedback": "goed zo"},
            {"id": "b", "text": "b", "usable": True, "feedback": "kan ook"},
            {"id": "c", "text": "c", "feedback": "liever niet"},
        ],
    }
)
MULTIPLE = Multiple.model_validate(
    {
        "id": "m",
        "kind": "multiple",
        "question": "?",
        "options": [
            {"id": "a", "text": "a", "correct": True, "feedback": "fa"},
            {"id": "b", "text": "b", "correct": False, "feedback": "fb"},
            {"id": "c", "text": "c", "correct": True, "feedback": "fc"},
        ],
    }
)
CLASSIFY = Classify.model_validate(
    {
        "id": "k",
        "kind": "classify",
        "question": "?",
        "labels": [{"id": "open", "text": "Open"}, {"id": "dicht", "text": "Gesloten"}],
        "items": [
            {"id": "i1", "text": "1", "label": "open", "feedback": "f1"},
            {"id": "i2", "text": "2", "label": "dicht", "feedback": "f2"},
        ],
    }
)
MATCH = Match.model_validate(
    {
        "id": "x",
        "kind": "match",
        "question": "?",
        "right": [{"id": "r1", "text": "Een"}, {"id": "r2", "text": "Twee"}, {"id": "r3", "text": "Drie"}],
        "pairs": [
            {"id": "p1", "left": "1", "accept": ["r1"], "feedback": "f1"},
            {"id": "p2", "left": "2", "accept": ["r2", "r3"], "feedback": "f2"},
        ],
    }
)
ORDER = Order.model_validate(
    {
        "id": "o",
        "kind": "order",
        "question": "?",
        "feedback": "in het geheel",
        "items": [{"id": name, "text": name, "feedback": f"f{name}"} for name in ("s1", "s2", "s3")],
    }
)
REFLECTION = Reflection.model_validate(
    {"id": "r", "kind": "reflection", "question": "?", "model_answer": "zo", "checklist": ["ok"]}
)


@pytest.mark.parametrize(
    ("exercise", "answer", "result"),
    [
        (CHOICE, {"choice": "a"}, Result.RIGHT),
        (CHOICE, {"choice": "b"}, Result.PARTLY),
        (CHOICE, {"choice": "c"}, Result.WRONG),
        (MULTIPLE, {"choices": ["a", "c"]}, Result.RIGHT),
        (MULTIPLE, {"choices": ["a"]}, Result.PARTLY),
        (MULTIPLE, {"choices": ["a", "b", "c"]}, Result.PARTLY),
        (MULTIPLE, {"choices": ["b"]}, Result.WRONG),
        (CLASSIFY, {"i1": "open", "i2": "dicht"}, Result.RIGHT),
        (CLASSIFY, {"i1": "open", "i2": "open"}, Result.PARTLY),
        (CLASSIFY, {"i1": "dicht", "i2": "open"}, Result.WRONG),
        (MATCH, {"p1": "r1", "p2": "r2"}, Result.RIGHT),
        (MATCH, {"p1": "r1", "p2": "r3"}, Result.RIGHT),
        (MATCH, {"p1": "r2", "p2": "r2"}, Result.PARTLY),
        (MATCH, {"p1": "r3", "p2": "r1"}, Result.WRONG),
        (ORDER, {"order": ["s1", "s2", "s3"]}, Result.RIGHT),
        (ORDER, {"order": ["s2", "s1", "s3"]}, Result.PARTLY),
        (ORDER, {"order": ["s2", "s3", "s1"]}, Result.WRONG),
        (REFLECTION, {"text": "Ik zwijg te weinig."}, Result.SEEN),
    ],
)
def test_judges_the_whole(exercise: Any, answer: dict[str, Any], result: Result) -> None:
    assert judge(exercise, answer).result is result


def test_each_part_has_its_own_verdict_and_feedback() -> None:
    parts = judge(MULTIPLE, {"choices": ["a", "b"]}).parts
    verdicts = {name: (part.result, part.feedback) for name, part in parts.items()}
    assert verdicts == {"a": (Result.RIGHT, "fa"), "b": (Result.WRONG, "fb"), "c": (Result.WRONG, "fc")}


def test_only_the_chosen_option_gives_feedback() -> None:
    judgement = judge(CHOICE, {"choice": "b"})
    assert [(part.title, part.feedback) for part in judgement.parts.values()] == [("Deels juist", "kan ook")]


def test_a_wrong_part_names_what_fits() -> None:
    assert judge(CLASSIFY, {"i1": "dicht", "i2": "dicht"}).parts["i1"].title == "Niet juist. Juist is: open"
    assert judge(MATCH, {"p1": "r1", "p2": "r1"}).parts["p2"].title == "Niet juist. Juist is: Twee of Drie"
    assert judge(CLASSIFY, {"i1": "open", "i2": "dicht"}).parts["i1"].title == "Juist"


def test_an_order_has_feedback_for_the_whole() -> None:
    judgement = judge(ORDER, {"order": ["s3", "s2", "s1"]})
    assert judgement.feedback == "in het geheel"
    assert [part.result for part in judgement.parts.values()] == [Result.WRONG, Result.RIGHT, Result.WRONG]


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        (CHOICE, {}, "Kies eerst"),
        (CHOICE, {"choice": "z"}, "Kies eerst"),
        (MULTIPLE, {"choices": []}, "minstens één"),
        (MULTIPLE, {"choices": ["a", "z"]}, "minstens één"),
        (CLASSIFY, {"i1": "open"}, "nog één antwoord"),
        (CLASSIFY, {"i1": "", "i2": "iets"}, "nog 2 antwoorden"),
        (MATCH, {"p1": "r1", "p2": "z"}, "nog één antwoord"),
        (ORDER, {"order": []}, "eigen plaats"),
        (ORDER, {"order": ["s1", "s2"]}, "eigen plaats"),
        (ORDER, {"order": ["s1", "s1", "s2"]}, "eigen plaats"),
        (REFLECTION, {"text": " \n\t "}, "al is het één zin"),
        (REFLECTION, {"text": "x" * (REFLECTION_LENGTH + 1)}, str(REFLECTION_LENGTH + 1)),
    ],
)
def test_an_incomplete_answer_is_no_wrong_answer(exercise: Any, answer: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        judge(exercise, answer)


def test_a_reflection_of_the_longest_length_is_kept() -> None:
    assert judge(REFLECTION, {"text": "x" * REFLECTION_LENGTH}).result is Result.SEEN


def test_a_dialogue_is_not_answered() -> None:
    with pytest.raises(Invalid):
        judge(PlayDialogue(id="d", kind="dialogue", dialogue="d1"), {"choice": "a"})


names = st.sampled_from(["a", "b", "z", "open", "i1", "p1", "r1", "s1", "s2", "s3", ""])
kept_answers = st.one_of(
    st.just({}),
    st.builds(lambda value: {"choice": value}, names),
    st.builds(lambda values: {"choices": values}, st.lists(names)),
    st.builds(lambda values: {"order": values}, st.lists(names)),
    st.builds(lambda value: {"text": value}, st.text(max_size=5)),
    st.dictionaries(names, names),
)


@given(exercise=st.sampled_from([CHOICE, MULTIPLE, CLASSIFY, MATCH, ORDER, REFLECTION]), answer=kept_answers)
def test_a_kept_answer_of_any_shape_is_judged_or_refused(exercise: Any, answer: dict[str, Any]) -> None:
    """Content may change under a kept answer, so any old shape may meet any exercise."""
    with contextlib.suppress(Invalid):
        assert judge(exercise, answer).result in set(Result)


# ── reading a form ─────────────────────────────────────────────────────────


def test_a_form_gives_the_answer_that_is_judged() -> None:
    assert read_answer(CHOICE, MultiDict({"choice": "a", "key": "k"})) == {"choice": "a"}
    assert read_answer(MULTIPLE, MultiDict([("choices", "c"), ("choices", "a"), ("choices", "z")])) == {
        "choices": ["a", "c"]
    }
    assert read_answer(CLASSIFY, MultiDict({"p-i1": "open", "p-zz": "x"})) == {"i1": "open", "i2": ""}
    assert read_answer(MATCH, MultiDict({"p-p2": "r1"})) == {"p1": "", "p2": "r1"}
    assert read_answer(ORDER, MultiDict({"p-s1": "2", "p-s2": "1", "p-s3": "3"})) == {"order": ["s2", "s1", "s3"]}
    assert read_answer(REFLECTION, MultiDict({"text": "één\r\ntwee\x00"})) == {"text": "één\ntwee"}


@pytest.mark.parametrize("places", [("1", "1", "2"), ("1", "2", ""), ("0", "1", "2"), ("1", "2", "4"), ("a", "b", "c")])
def test_places_that_do_not_fit_are_refused_but_kept_as_typed(places: tuple[str, str, str]) -> None:
    form = MultiDict({f"p-s{number}": place for number, place in enumerate(places, 1)})
    answer = read_answer(ORDER, form)
    with pytest.raises(Invalid):
        judge(ORDER, answer)
    assert tuple(typed_part(answer, f"s{number}") for number in (1, 2, 3)) == places


def test_a_kept_order_fills_the_places_again() -> None:
    assert [typed_part({"order": ["s3", "s1", "s2"]}, part) for part in ("s1", "s2", "s3")] == ["2", "3", "1"]


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "met spatie " * 2, "é" * 20, "x" * 20 + "\n"])
def test_a_key_that_is_not_ours_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        read_key(MultiDict({"key": key}))


def test_our_own_keys_are_accepted_and_never_the_same() -> None:
    keys = [read_key(MultiDict({"key": new_key()})) for _ in range(1000)]
    assert len(set(keys)) == 1000


# ── the order on screen ────────────────────────────────────────────────────


@given(st.integers(), st.text(max_size=10), st.lists(st.integers(), min_size=2, max_size=9, unique=True))
def test_a_shuffle_is_stable_complete_and_never_the_given_order(person: int, name: str, items: list[int]) -> None:
    once = shuffled(items, person, name)
    assert once == shuffled(items, person, name)
    assert sorted(once) == sorted(items)
    assert once != items


def test_people_get_different_orders() -> None:
    orders = {tuple(shuffled("abcde", person, "ex")) for person in range(50)}
    assert len(orders) > 20


def test_a_single_item_stays() -> None:
    assert shuffled(["a"], 1) == ["a"] and shuffled([], 1) == []


# ── what is done ───────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def real() -> Library:
    return real_library()


def needed(library: Library) -> set[str]:
    """What the completion rule asks, told in another way than the code does."""
    course, refs = library.course, set()
    for part in course.completion.parts:
        if part.kind == "test_passed":
            refs.add(f"test:{course.test.id}")
        elif part.kind == "dialogues_played":
            refs |= {f"dialogue:{name}" for name in part.needs}
        else:
            for lesson in course.lessons:
                if lesson.route == "kern":
                    refs |= {evidence_ref(exercise) for exercise in lesson.exercises} or {f"lesson:{lesson.id}"}
    return refs


def test_everything_needed_completes_and_anything_less_does_not(real: Library) -> None:
    refs = needed(real)
    assert is_completed(real.course, frozenset(refs))
    for ref in refs:
        assert not is_completed(real.course, frozenset(refs - {ref})), ref
    assert not is_completed(real.course, frozenset())


def test_who_marked_a_lesson_as_read_before_it_got_exercises_is_asked_nothing_more(real: Library) -> None:
    lesson = next(item for item in real.course.lessons if item.id == "m7-l5")
    its_own = {evidence_ref(exercise) for exercise in lesson.exercises}
    assert its_own and not is_completed(real.course, frozenset(needed(real) - its_own))
    assert is_completed(real.course, frozenset(needed(real) - its_own | {f"lesson:{lesson.id}"}))


def test_deepening_lessons_are_never_asked(real: Library) -> None:
    extra = {ref for lesson in real.course.lessons if lesson.route == "verdieping" for ref in lesson_refs(lesson)}
    assert extra, "the real course has a lesson that deepens"
    assert not is_completed(real.course, frozenset(extra))
    assert is_completed(real.course, frozenset(needed(real) - (extra - needed(real))))


def test_missing_steps_follow_the_course_and_end_with_the_test(real: Library) -> None:
    steps = missing_steps(real.course, frozenset())
    order = [lesson.id for lesson in real.course.lessons]
    places = [order.index(step.lesson.id) for step in steps if step.lesson]
    assert places == sorted(set(places))
    assert steps[-1].lesson is None and steps[-1].title == real.course.test.title
    assert minutes_left(real.course, frozenset()) == sum(step.minutes for step in steps)
    assert minutes_left(real.course, frozenset(needed(real))) == 0


# ── the test ───────────────────────────────────────────────────────────────


def make_test(critical: int = 2) -> FinalTest:
    options = [{"id": "a", "text": "a", "feedback": "."}, {"id": "b", "text": "b", "correct": True, "feedback": "."}]
    items = [
        {"id": f"{module}-{number}", "module": module, "lesson": "l", "critical": module == "m1" and number < critical,
         "question": "?", "options": options}
        for module in ("m1", "m2")
        for number in range(6)
    ]  # fmt: skip
    return FinalTest.model_validate(
        {"id": "t", "title": "T", "minutes": 5, "draw": {"m1": 4, "m2": 3}, "pass_score": 5, "items": items}
    )


@given(st.integers(), st.integers(min_value=0, max_value=4))
def test_a_draw_has_the_numbers_and_every_critical_item(seed: int, critical: int) -> None:
    test = make_test(critical)
    drawn = draw_items(test, random.Random(seed))
    names = [row["item"] for row in drawn]
    assert Counter(name[:2] for name in names) == {"m1": 4, "m2": 3}
    assert len(set(names)) == 7
    assert {item.id for item in test.items if item.critical} <= set(names)
    assert all(sorted(row["options"]) == ["a", "b"] for row in drawn)


def test_every_item_and_every_order_of_options_is_drawn_at_times() -> None:
    test = make_test()
    draws = [draw_items(test, random.Random(seed)) for seed in range(200)]
    assert {row["item"] for drawn in draws for row in drawn} == {item.id for item in test.items}
    assert {tuple(row["options"]) for drawn in draws for row in drawn} == {("a", "b"), ("b", "a")}


def test_the_score_counts_right_answers_to_drawn_items_only() -> None:
    test = make_test(0)
    drawn = [f"m1-{number}" for number in range(4)] + [f"m2-{number}" for number in range(3)]
    right = dict.fromkeys(drawn, "b")
    assert score_test(test, right, drawn).score == 7
    assert score_test(test, right | {"m2-5": "b"}, drawn).score == 7
    assert score_test(test, right | {"m1-0": "a", "m1-1": "a"}, drawn).passed
    assert not score_test(test, right | {"m1-0": "a", "m1-1": "a", "m1-2": "a"}, drawn).passed
    assert not score_test(test, {}, drawn).passed


def test_a_wrong_critical_item_never_passes() -> None:
    test = make_test(1)
    drawn = [f"m1-{number}" for number in range(4)] + [f"m2-{number}" for number in range(3)]
    score = score_test(test, dict.fromkeys(drawn, "b") | {"m1-0": "a"}, drawn)
    assert score.score == 6 and not score.passed
    assert score_test(test, dict.fromkeys(drawn, "b") | {"m1-1": "a"}, drawn).passed


def test_the_best_answers_of_the_demo_are_right(real: Library) -> None:
    for lesson in real.course.lessons:
        for exercise in lesson.exercises:
            if not isinstance(exercise, PLAYED):
                assert judge(exercise, right_answer(exercise)).result in {Result.RIGHT, Result.SEEN}, exercise.id
