"""Searching the course: what finds what, what is marked, and what no search may tell."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content import search as module
from lms.content.models import Library
from lms.content.search import QUERY_LENGTH, Found, asked_words, plain, search, stem
from tests.real_course import real_library

REAL = real_library()


def slugs(query: str) -> list[str]:
    return [hit.lesson.slug for hit in search(REAL, query).hits]


def text_of(found: Found) -> str:
    return " ".join(text for hit in found.hits for text, _ in (*hit.title, *hit.module_title, *hit.snippet))


def marked(found: Found) -> set[str]:
    pieces = (piece for hit in found.hits for piece in (*hit.title, *hit.module_title, *hit.snippet))
    return {text for text, is_asked in pieces if is_asked}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bijvraag", "bijvragen"), ("les", "lessen"), ("groep", "groepen"), ("gesprek", "gesprekken"),
        ("drempel", "drempels"), ("school", "scholen"), ("keuze", "keuzes"), ("brief", "brieven"),
        ("sessie", "sessies"), ("jongere", "jongeren"), ("werkvorm", "werkvormen"), ("klas", "klassen"),
    ],
)  # fmt: skip
def test_a_word_and_its_plural_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_singular_plural_capitals_and_accents_find_the_same() -> None:
    assert slugs("bijvraag") == slugs("Bijvragen") == slugs("BIJVRÁÁG") != []
    assert plain("Coördineren") == "coordineren"


def test_the_beginning_of_a_word_finds_it() -> None:
    assert set(slugs("bijvr")) >= set(slugs("bijvraag"))
    assert slugs("ijvraag") == [], "not its middle"
    assert slugs("bi") == [], "and two letters are no beginning"


def test_a_title_comes_before_a_text() -> None:
    assert slugs("check-in")[0] == "check-in" and slugs("check-out")[0] == "check-out"
    assert slugs("ouders")[0] == "ouders" and slugs("privacy")[0] == "privacy-en-zorg"


def test_more_words_ask_for_all_of_them() -> None:
    both = slugs("jongeren zwijgen")
    assert both and set(both) == set(slugs("jongeren")) & set(slugs("zwijgen"))
    some = search(REAL, "zwijgen xyzzy")
    assert not some.has_all and [hit.lesson.slug for hit in some.hits] == slugs("zwijgen")


def test_what_was_asked_is_marked_and_nothing_else() -> None:
    found = search(REAL, "bijvragen")
    assert {plain(word) for word in marked(found)} <= {"bijvraag", "bijvragen"}
    assert any(is_asked for hit in found.hits for _, is_asked in hit.snippet)
    first = found.hits[0]
    assert "".join(text for text, _ in first.title) == first.lesson.title, "no letter is lost by marking"


@pytest.mark.parametrize("query", ["", "   ", "de het een", "?!", "a", "🙂", "\u202e", "%", "'"])
def test_a_question_without_a_word_finds_nothing(query: str) -> None:
    assert search(REAL, query) == Found(words=())


def test_a_long_question_is_cut_between_two_words() -> None:
    assert asked_words("vraag " * 100) == ("vraag",)
    assert asked_words("x" * (QUERY_LENGTH + 1)) == ()
    assert len(asked_words(" ".join(f"woord{number}" for number in range(40)))) == module.MOST_WORDS


@given(st.text(max_size=300))
def test_nothing_anybody_types_breaks_it(query: str) -> None:
    for hit in search(REAL, query).hits:
        assert "".join(text for text, _ in hit.title) == hit.lesson.title


# ── what may not come out ──────────────────────────────────────────────────

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def words_in(*texts: str) -> set[str]:
    return {plain(word) for text in texts for word in WORD.findall(text)}


def public_words(library: Library) -> set[str]:
    """All words of the lessons themselves."""
    return words_in(*(lesson.model_dump_json() for lesson in library.course.lessons)) | words_in(
        *(item.title for item in library.course.modules), *(item.model_dump_json() for item in library.course.dialogues)
    )


def leaks(library: Library, secrets: set[str]) -> list[str]:
    """The words among ``secrets`` that stand in what a search for them shows."""
    return sorted(word for word in secrets if word in words_in(text_of(search(library, word))))


def test_no_word_of_the_locked_pack_or_of_the_test_comes_out() -> None:
    hidden = [*(session.model_dump_json() for session in REAL.sessions), REAL.course.test.model_dump_json()]
    secrets = words_in(*hidden) - public_words(REAL)
    assert len(secrets) > 500
    assert leaks(REAL, set(random.Random(1).sample(sorted(secrets), 500))) == []


def test_an_answer_or_its_feedback_does_not_come_out() -> None:
    said = {
        plain(word)
        for lesson in REAL.course.lessons
        for exercise in lesson.exercises
        for option in getattr(exercise, "options", ())
        for word in WORD.findall(option.feedback)
    }
    shown = words_in(
        *(block.text for lesson in REAL.course.lessons for block in lesson.blocks if hasattr(block, "text")),
        *(lesson.title for lesson in REAL.course.lessons),
    )
    asked = words_in(
        *(str(getattr(item, "question", "")) for lesson in REAL.course.lessons for item in lesson.exercises)
    )
    scenes = words_in(*(str(getattr(item, "scene", "")) for lesson in REAL.course.lessons for item in lesson.exercises))
    secrets = said - shown - asked - scenes
    assert len(secrets) > 20 and leaks(REAL, secrets) == []


def test_a_search_that_reads_the_pack_too_is_seen() -> None:
    """The sabotaged twin: a note of the toolbox has come into a lesson's text."""
    note = REAL.sessions[0].exercises[0].facilitator_notes
    secrets = words_in(note) - public_words(REAL)
    first = REAL.course.modules[0]
    prose = next(block for block in first.lessons[0].blocks if hasattr(block, "text"))
    told = first.lessons[0].model_copy(update={"blocks": (prose.model_copy(update={"text": note}),)})
    spoiled = REAL.model_copy(
        update={
            "course": REAL.course.model_copy(
                update={"modules": (first.model_copy(update={"lessons": (told,)}), *REAL.course.modules[1:])}
            )
        }
    )
    assert secrets and leaks(spoiled, secrets)
