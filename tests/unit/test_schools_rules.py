"""Decisions about schools that need no database: how far a school is, and the lines that describe it."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.schools.rules import (
    INVITATION_LIFE,
    KIND_LABELS,
    STAGE_LABELS,
    SchoolKind,
    Stage,
    StageFacts,
    clean_line,
    stage_of,
)


def facts(
    *, contacted: bool = False, contact: bool = False, started: int = 0, completed: int = 0, in_use: bool = False
) -> StageFacts:
    return StageFacts(
        was_contacted=contacted, has_contact_person=contact, started=started, completed=completed, in_use=in_use
    )


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        (facts(), Stage.KNOWN),
        (facts(contacted=True), Stage.CONTACTED),
        (facts(contacted=True, contact=True), Stage.CONTACT_PERSON),
        (facts(contacted=True, contact=True, started=1), Stage.COURSE_STARTED),
        (facts(contacted=True, contact=True, started=3, completed=1), Stage.PACK_OPEN),
        # A higher fact counts alone: somebody may finish in a school that was never contacted.
        (facts(started=1), Stage.COURSE_STARTED),
        (facts(started=1, completed=1), Stage.PACK_OPEN),
        (facts(completed=1), Stage.PACK_OPEN),
        (facts(contacted=True, contact=True, started=3, completed=1, in_use=True), Stage.IN_USE),
        (facts(in_use=True), Stage.IN_USE),
        # An aanspreekpunt that left leaves the school contacted, not further.
        (facts(contacted=True, contact=False), Stage.CONTACTED),
    ],
)
def test_the_furthest_fact_decides_how_far_a_school_is(known: StageFacts, stage: Stage) -> None:
    assert stage_of(known) is stage


def test_more_facts_never_put_a_school_back() -> None:
    """Every way to add one fact to any combination of the others."""
    names = ("contacted", "contact", "started", "completed", "in_use")
    options = [(False, True), (False, True), (0, 1, 5), (0, 1, 5), (False, True)]
    combinations = list(itertools.product(*options))

    def stage(values: tuple[int, ...]) -> Stage:
        return stage_of(facts(**dict(zip(names, values, strict=True))))  # type: ignore[arg-type]

    for known in combinations:
        for more in combinations:
            if all(new >= old for new, old in zip(more, known, strict=True)):
                assert stage(more) >= stage(known)


def test_every_stage_and_kind_has_a_word_for_the_screen() -> None:
    assert set(STAGE_LABELS) == set(Stage) and set(KIND_LABELS) == set(SchoolKind)
    for label in [*STAGE_LABELS.values(), *KIND_LABELS.values()]:
        assert label[0].isupper() and label == label.strip()


def test_an_invitation_lives_a_month() -> None:
    assert timedelta(days=30) == INVITATION_LIFE


@pytest.mark.parametrize(
    "line", ["GO! Atheneum O'Connor", "Sint-Jozef & Co", "École <b>", "=1+1", "’t Kofschip", "KTA 3"]
)
def test_a_line_stays_as_it_was_typed(line: str) -> None:
    assert clean_line(line, "De naam", 160) == line


def test_a_line_is_tidied() -> None:
    assert clean_line("  De   Wijzer\u00a0 Bree ", "De naam", 160) == "De Wijzer Bree"
    assert clean_line("E\u0301cole", "De naam", 160) == "École"


@pytest.mark.parametrize("line", ["", "   ", "\u00a0\u2003"])
def test_an_empty_line_is_refused_by_name(line: str) -> None:
    with pytest.raises(Invalid, match=r"^De gemeente is nog leeg"):
        clean_line(line, "De gemeente", 80)


def test_the_longest_line_that_fits_is_taken() -> None:
    assert len(clean_line("a" * 80, "De gemeente", 80)) == 80
    with pytest.raises(Invalid, match="hoogstens 80 tekens"):
        clean_line("a" * 81, "De gemeente", 80)


@pytest.mark.parametrize("sign", ["\x00", "\n", "\r\n", "\t", "\x1b", "\u200b", "\u202e", "\u2066", "\ufeff", "\ue000"])
def test_a_sign_that_nobody_sees_is_refused_inside_a_line(sign: str) -> None:
    with pytest.raises(Invalid, match=r"^De naam bevat een teken"):
        clean_line(f"De{sign}Wijzer", "De naam", 160)


@given(st.text(max_size=120))
def test_a_line_that_is_kept_is_one_line_and_keeps_its_form(text: str) -> None:
    try:
        line = clean_line(text, "De naam", 80)
    except Invalid:
        return
    assert line == clean_line(line, "De naam", 80) == line.strip()
    assert 0 < len(line) <= 80 and len(line.splitlines()) == 1
