"""What a school counts until September: what has to add up, and until when it may change."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.monitoring.rules.progression import COUNTED, DESTINATIONS, MOST, Reason, field_of, open_years, read_counts

GOOD = {
    "started": "24", "finished": "20", "visited": "12", "enrolled": "9", "working": "8", "elsewhere": "2",
    "not_known": "1", field_of(Reason.WORK): "8", field_of(Reason.TIRED): "5",
}  # fmt: skip


def test_good_counts_are_read_and_an_empty_reason_is_nobody() -> None:
    typed = read_counts(GOOD)
    assert typed.errors == {} and typed.counts is not None
    assert [typed.counts[name] for name in COUNTED] == [24, 20, 12, 9, 8, 2, 1]
    assert typed.counts.reasons == {Reason.WORK: 8, Reason.TIRED: 5}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("started", "", "Is het niemand? Typ 0."),
        ("started", "-1", "van 0 tot 2000"),
        ("started", "2001", "van 0 tot 2000"),
        ("started", "12,5", "van 0 tot 2000"),
        ("started", "١٢", "van 0 tot 2000"),
        ("started", "9" * 400, "van 0 tot 2000"),
        ("started", "veel", "van 0 tot 2000"),
        ("finished", "25", "er begonnen er maar 24"),
        ("visited", "25", "er begonnen er maar 24"),
        ("enrolled", "10", "De vier samen zijn 21, maar er rondden er 20 af"),
        ("not_known", "0", "De vier samen zijn 19"),
        (field_of(Reason.WORK), "12", "Hoogstens 11 bij ‘Wil liever gaan werken’"),
        (field_of(Reason.MONEY), "x", "van 0 tot 2000"),
    ],
)
def test_what_cannot_be_is_told_at_a_field(field: str, value: str, told: str) -> None:
    typed = read_counts(GOOD | {field: value})
    assert typed.counts is None and told in " ".join(typed.errors.values())


def test_every_missing_field_is_told_at_once() -> None:
    assert set(read_counts({}).errors) == set(COUNTED)


@given(st.dictionaries(st.sampled_from([*COUNTED, *map(field_of, Reason)]), st.text(max_size=8)))
def test_no_text_breaks_the_reading(typed: dict[str, str]) -> None:
    found = read_counts(typed)
    assert (found.counts is None) == bool(found.errors)


@given(st.fixed_dictionaries({name: st.integers(0, MOST) for name in COUNTED}))
def test_what_is_accepted_adds_up(numbers: dict[str, int]) -> None:
    counts = read_counts({name: str(number) for name, number in numbers.items()}).counts
    if counts is not None:
        assert sum(counts[name] for name in DESTINATIONS) == counts.finished <= counts.started >= counts.visited


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 5, 31), [2024]), (date(2026, 6, 1), [2025, 2024]), (date(2026, 8, 31), [2025, 2024]),
        (date(2026, 9, 1), [2025]), (date(2026, 12, 31), [2025]), (date(2027, 1, 1), [2025]),
        (date(2027, 8, 31), [2026, 2025]), (date(2028, 2, 29), [2026]),
    ],
)  # fmt: skip
def test_a_school_year_is_open_until_the_next_september(today: date, years: list[int]) -> None:
    assert open_years(today) == years
