"""Lesson hours, and how many they are, as somebody types them."""

from __future__ import annotations

import re

from lms.errors import Invalid

LONGEST_HOUR = 600
MOST_HOURS = 4
LARGEST_GROUP = 200
_WORD = re.compile(r"(?:(\d{1,6})\s*[x*]\s*)?(\d{1,6})", re.ASCII)


def read_hours(text: str) -> tuple[int, ...]:
    """``50``, ``50,50``, ``50 + 45`` or ``2 × 50`` as minutes per lesson hour. Raises Invalid, saying what to type."""
    plain = re.sub(r"(?<=\d)\s*min(?:uten|\.)?", "", text.lower().replace("×", "x"))
    found = [_WORD.fullmatch(word.strip()) for word in re.split("[,+;]", plain)]
    words = [(int(word[1] or 1), int(word[2])) for word in found if word is not None]
    if len(words) < len(found) or not all(count for count, _ in words):
        raise Invalid("Geef hele minuten per lesuur, zoals 50, 2 × 50 of 50,45.")
    if not all(1 <= minutes <= LONGEST_HOUR for _, minutes in words):
        raise Invalid(f"Een lesuur duurt 1 tot {LONGEST_HOUR} minuten.")
    if sum(count for count, _ in words) > MOST_HOURS:
        raise Invalid(f"Een sessie verdeel je over hoogstens {MOST_HOURS} lesuren.")
    return tuple(minutes for count, minutes in words for _ in range(count))


def hours_text(hours: tuple[int, ...] | list[int]) -> str:
    """``50``, ``2 × 50`` or ``50 + 45``, as ``read_hours`` reads it again."""
    if len(hours) > 1 and len(set(hours)) == 1:
        return f"{len(hours)} × {hours[0]}"
    return " + ".join(str(minutes) for minutes in hours)


def read_size(text: str) -> int | None:
    """With how many youngsters they are, or None when that is left open. Raises Invalid for what is no group."""
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= LARGEST_GROUP:
        return int(text)
    raise Invalid(f"Hoeveel jongeren zijn er? Typ een getal van 1 tot {LARGEST_GROUP}.")
