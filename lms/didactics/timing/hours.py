"""Lesson hours as somebody types them."""

from __future__ import annotations

from lms.errors import Invalid

LONGEST_HOUR = 600
MOST_HOURS = 4


def read_hours(text: str) -> tuple[int, ...]:
    """``50`` or ``50,50`` as minutes per lesson hour. Raises Invalid, saying in Dutch what is expected."""
    words = [word.strip() for word in text.split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) <= 6 for word in words):
        raise Invalid("Geef hele minuten per lesuur, met een komma ertussen, zoals 50 of 50,50.")
    hours = tuple(int(word) for word in words)
    if not all(1 <= minutes <= LONGEST_HOUR for minutes in hours):
        raise Invalid(f"Een lesuur duurt 1 tot {LONGEST_HOUR} minuten.")
    if len(hours) > MOST_HOURS:
        raise Invalid(f"Een sessie verdeel je over hoogstens {MOST_HOURS} lesuren.")
    return hours
