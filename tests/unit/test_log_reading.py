"""Reading the log of a session: everything wrong at once, each at its field, and nothing that is not asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lms.pack.rules.log_reading import LogReading, read_log
from lms.pack.rules.logs import Mood, Outcome
from lms.pack.rules.planning import fingerprint_of
from tests.unit.timing.sessions import real_session

# Half past midnight on the first of September in Brussels.
MOMENT = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)
SESSION = real_session("wie-ben-jij")
QUESTION = next(variant for one in SESSION.exercises for asked in one.probing_questions for variant in asked.variants)


def given(**fields: Any) -> dict[str, Any]:
    return {
        "client_id": "een-log-van-deze-gsm",
        "session": "wie-ben-jij",
        "digest": fingerprint_of(SESSION),
        "plan": 3,
        "group": None,
        "day": "2026-09-01",
        "heads": 14,
        "mood": "vlot",
        "worked": "De duo's.",
        "asked": [QUESTION],
        "blocks": [{"id": "s1-checkin", "outcome": "gedaan", "planned": 5, "actual": 6}],
        "parked": [],
    } | fields


def read(**fields: Any) -> LogReading:
    return read_log(given(**fields), SESSION, moment=MOMENT)


def test_a_good_log_is_read_as_it_is() -> None:
    facts = read().facts
    assert facts is not None
    assert (facts.day, facts.head_count, facts.mood) == (date(2026, 9, 1), 14, Mood.SMOOTH)
    assert [(block.block_id, block.outcome, block.actual) for block in facts.blocks] == [
        ("s1-checkin", Outcome.DONE, 6)
    ]
    assert facts.asked == (QUESTION,) and facts.plan_id == 3 and facts.content_digest == fingerprint_of(SESSION)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("day", "2026-09-02", "moet nog komen"),
        ("day", "2024-08-30", "meer dan twee jaar geleden"),
        ("day", "31/02/2026", "Schrijf de dag zo"),
        ("day", None, "Schrijf de dag zo"),
        ("day", "0202-01-01", "meer dan twee jaar"),
        ("heads", 0, "van 1 tot 60"),
        ("heads", 61, "van 1 tot 60"),
        ("heads", "veel", "van 1 tot 60"),
        ("heads", True, "van 1 tot 60"),
        ("heads", 3.5, "van 1 tot 60"),
        ("mood", "geweldig", "vlot, wisselend of stroef"),
        ("worked", "x" * 501, "1 tekens te veel"),
        ("worked", 5, "niet volledig aangekomen"),
        ("asked", ["Hoe heet jij?"], "hoort niet bij deze sessie"),
        ("asked", "alles", "niet volledig aangekomen"),
        ("asked", [QUESTION, 5], "hoort niet bij deze sessie"),
        (
            "blocks",
            [{"id": "s2-checkin", "outcome": "gedaan", "planned": 5, "actual": 5}],
            "hoort niet bij deze sessie",
        ),
        ("blocks", [{"id": "s1-checkin", "outcome": "gedaan", "planned": 5, "name": "Els"}], "niet volledig"),
        ("blocks", [5], "niet volledig"),
        ("blocks", [{}] * 61, "niet volledig"),
        ("parked", [{"client_id": "kort", "text": "Mag ik stoppen?"}], "niet volledig"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, value: Any, says: str) -> None:
    reading = read(**{field: value})
    assert reading.facts is None
    assert [name for name, _ in reading.errors] == [field]
    assert says in reading.errors[0][1]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"outcome": "gedaan", "planned": 5, "actual": 601}, "van 0 tot 600"),
        ({"outcome": "gedaan", "planned": 5, "actual": -1}, "van 0 tot 600"),
        ({"outcome": "gedaan", "planned": 5, "actual": "lang"}, "van 0 tot 600"),
        ({"outcome": "misschien", "planned": 5, "actual": 5}, "Kies wat er met deze oefening gebeurde"),
        ({"outcome": "gedaan", "planned": None, "actual": 5}, "niet volledig"),
    ],
)
def test_wrong_minutes_are_told_at_their_block(block: dict[str, Any], says: str) -> None:
    reading = read(blocks=[{"id": "s1-checkin", "outcome": "gedaan", "planned": 5}, {"id": "s1-checkout", **block}])
    assert [name for name, _ in reading.errors] == ["blocks-1"] and says in reading.errors[0][1]


def test_everything_wrong_is_told_at_once() -> None:
    assert [name for name, _ in read(day="", heads="", mood="x").errors] == ["day", "heads", "mood"]


def test_a_key_that_nobody_asked_for_is_refused() -> None:
    reading = read(names=["An"])
    assert reading.facts is None and reading.errors[0][0] == "log" and "names" in reading.errors[0][1]


def test_what_a_revised_session_no_longer_holds_is_left_out_and_told() -> None:
    reading = read(
        digest="0" * 64,
        asked=[QUESTION, "Een oude bijvraag?"],
        blocks=[
            {"id": "s1-weg", "outcome": "gedaan", "planned": 5},
            {"id": "s1-checkin", "outcome": "weg", "planned": 5},
        ],
    )
    assert reading.facts is not None and len(reading.notes) == 2
    assert reading.facts.asked == (QUESTION,) and [one.block_id for one in reading.facts.blocks] == ["s1-checkin"]
    assert reading.facts.content_digest == "0" * 64


def test_a_parked_question_keeps_its_own_id_and_a_moment_that_can_be() -> None:
    reading = read(
        parked=[
            {
                "client_id": "vraag-nummer-een",
                "text": " Moet ik\nmeteen kiezen? ",
                "exercise": "s1-verleden",
                "at": "2026-08-31T10:00:00Z",
            },
            {"client_id": "vraag-nummer-twee", "text": "Later?", "exercise": "s9-niets", "at": "3026-01-01T00:00:00Z"},
            {"client_id": "vraag-nummer-drie", "text": "   "},
        ]
    )
    assert reading.facts is not None
    one, two = reading.facts.parked
    assert (one.text, one.exercise_id, one.parked_at) == (
        "Moet ik meteen kiezen?", "s1-verleden", datetime(2026, 8, 31, 10, tzinfo=UTC),
    )  # fmt: skip
    assert (two.exercise_id, two.parked_at) == (None, MOMENT)


def test_what_nobody_can_see_is_taken_out_of_a_text() -> None:
    facts = read(worked="goed\x00 \u202egelukt\r\nen rustig").facts
    assert facts is not None and facts.worked == "goed gelukt\nen rustig"


def test_what_was_not_done_in_class_took_no_minutes() -> None:
    facts = read(blocks=[{"id": "s1-checkin", "outcome": "thuis", "planned": 5, "actual": 5}]).facts
    assert facts is not None and facts.blocks[0].actual is None
