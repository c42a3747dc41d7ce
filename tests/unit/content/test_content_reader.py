"""The good tree becomes one Library."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.content import yaml
from lms.content.library import (
    find_dialogue,
    find_exercise,
    find_lesson,
    find_lesson_of,
    find_module,
    find_session,
)
from lms.content.models import Prose
from lms.content.reader import read_library

REAL = Path(__file__).parents[3] / "courses"


def test_the_good_tree_is_read_in_the_order_of_its_lists(tree: Path) -> None:
    library = read_library(tree)
    course = library.course
    assert [module.slug for module in course.modules] == ["welkom", "bijvragen"]
    assert [lesson.id for lesson in course.lessons] == ["m1-l1", "m2-l1", "m2-l2"]
    assert [dialogue.id for dialogue in course.dialogues] == ["d1", "d2"]
    assert [item.id for item in course.test.items] == ["q1", "q2", "q3"]
    assert [card.slug for card in library.cards] == ["wie-ben-jij", "talenten"]
    assert [session.slug for session in library.sessions] == ["wie-ben-jij"]
    assert course.core_minutes == 3 + 5 + 5


def test_prose_and_exercises_stand_in_reading_order(tree: Path) -> None:
    lesson = read_library(tree).course.lessons[1]
    kinds = ["prose" if isinstance(block, Prose) else block.kind for block in lesson.blocks]
    assert kinds == ["prose", "choice", "prose", "classify", "match", "order"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing_but_the_fingerprint(tree: Path) -> None:
    before = read_library(tree)
    for path in [*tree.rglob("*.md"), *tree.rglob("*.yaml")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    after = read_library(tree)
    assert after.course == before.course
    assert after.sessions == before.sessions
    assert after.digest != before.digest


def test_the_fingerprint_follows_names_and_bytes_of_all_files_and_ignores_hidden_ones(tree: Path) -> None:
    first = read_library(tree).digest
    assert len(first) == 16
    (tree / "navorming/.bewaard.swp").write_bytes(b"x")
    assert read_library(tree).digest == first
    image = tree / "navorming/bijvragen/kring.png"
    image.write_bytes(image.read_bytes() + b"x")
    second = read_library(tree).digest
    (tree / "nota.txt").write_bytes(b"")
    third = read_library(tree).digest
    (tree / "nota.txt").rename(tree / "notb.txt")
    assert len({first, second, third, read_library(tree).digest}) == 4


def test_everything_is_found_by_name(tree: Path) -> None:
    library = read_library(tree)
    module = library.course.modules[1]
    assert find_module(library, "bijvragen") is module
    assert find_lesson(library, "bijvragen", "gesprekken") is module.lessons[1]
    assert find_exercise(library, "x3") is module.lessons[0].exercises[2]
    assert find_lesson_of(library, "x3") is module.lessons[0]
    assert find_dialogue(library, "d2") is library.course.dialogues[1]
    assert find_session(library, "wie-ben-jij") is library.sessions[0]


def test_what_does_not_exist_is_none(tree: Path) -> None:
    library = read_library(tree)
    assert find_module(library, "m2") is None
    assert find_lesson(library, "welkom", "gesprekken") is None
    assert find_exercise(library, "x99") is None
    assert find_lesson_of(library, "x99") is None
    assert find_dialogue(library, "milan") is None
    assert find_session(library, "talenten") is None


def test_each_library_is_searched_by_itself_even_with_the_same_fingerprint(tree: Path) -> None:
    first = read_library(tree)
    assert find_module(first, "welkom") is first.course.modules[0]
    second = first.model_copy(update={"course": first.course.model_copy(update={"modules": first.course.modules[1:]})})
    assert find_module(second, "welkom") is None
    assert find_module(first, "welkom") is first.course.modules[0]


def test_the_plain_parser_reads_the_same_library(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_library(tree)
    monkeypatch.setattr(yaml, "FAST_PARSER", yaml.PLAIN_PARSER)
    assert read_library(tree) == fast


def test_the_real_content_is_good() -> None:
    assert read_library(REAL).course.id == "navorming"


def test_no_rendered_text_of_the_real_content_carries_style_or_script() -> None:
    rendered = "".join(
        block.html
        for lesson in read_library(REAL).course.lessons
        for block in lesson.blocks
        if isinstance(block, Prose)
    )
    assert rendered
    assert " style=" not in rendered
    assert "<script" not in rendered
